import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../../record/result.js";
import { divergedText } from "../../text/endings.js";
import { armPanels } from "../arm-panels.js";
import { axisNumbers } from "../axis-numbers.js";
import type { View } from "../chart.js";
import { namedText } from "../costs/series.js";
import { columnAreas, HOVER_PARAMS, TOLD } from "../hover.js";
import { paramsOf, rangeFrom } from "../params.js";
import { armStyles, INK, LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { numberExpr } from "../vega-text.js";
import { columnNames, type Domain, dataDomains } from "./domain.js";

/** Of the plot, px. */
const SIZES = { wide: { width: 840, height: 440 }, narrow: { width: NARROW_WIDTH - 54, height: 240 } } as const;
const TRUTH_DASH = [2, 3];
const POINT = "#8c8c8c";

/** The training points and what each trained arm makes of them: curves over x, or predicted against actual values. */
export function dataSpec(record: Result, view: View): TopLevelSpec | undefined {
  const { x, y } = dataDomains(record);
  return x === undefined ? agreementSpec(record, y, view) : curvesSpec(record, x, y, view);
}

/** What the legend calls the fits, at most `widest` px; an arm that diverged has none. */
function fitTexts(record: Result, widest: number) {
  return armStyles(Object.keys(record.arms)).map(({ name, label, color, dash }) => {
    const arm = record.arms[name];
    const rest = arm?.status === "diverged" ? `: ${divergedText(arm.divergence.update)}, no fit` : ", fit";
    return { label, text: namedText(label, rest, widest), color, dash };
  });
}

function curvesSpec(record: Result, xDomain: Domain, yDomain: Domain, { viewport, interactive }: View): TopLevelSpec {
  const isWide = viewport === "wide";
  const { truth } = record.data;
  const fits = armStyles(Object.keys(record.arms)).flatMap(({ name, label }) =>
    record.arms[name]?.status === "trained" ? [label] : [],
  );
  const entries = [
    ...(truth === undefined ? [] : [{ label: "truth", text: `truth: ${truth}`, color: INK, dash: TRUTH_DASH }]),
    ...fitTexts(record, isWide ? LEGEND_LABEL : NARROW_LABEL),
  ];
  const [xNumbers, yNumbers] = [axisNumbers(xDomain), axisNumbers(yDomain)];
  const names = columnNames(record, SIZES[viewport]);
  const legend = {
    orient: isWide ? "right" : "bottom",
    direction: "vertical",
    columns: 1,
    symbolType: "stroke",
    symbolSize: 1100,
    labelExpr: "texts[indexof(lines, datum.value)]",
  };
  const channel = (range: string) => ({
    field: "line",
    type: "nominal",
    scale: { domain: { expr: "lines" }, range: rangeFrom(range, entries.length) },
    legend,
  });
  const x = {
    field: "x",
    type: "quantitative",
    scale: { domain: { expr: "xDomain" }, nice: false, zero: false },
    axis: { title: xNumbers.title(names.x), grid: false, labelExpr: xNumbers.expr, tickCount: isWide ? 15 : 5 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: { expr: "yDomain" }, nice: false, zero: false },
    axis: { title: yNumbers.title(names.y), labelExpr: yNumbers.expr, tickCount: 7 },
  });
  const line = { type: "line", strokeWidth: 2.5, strokeJoin: "round", clip: true };
  const looks = { color: channel("colors"), strokeDash: channel("dashes") };
  return {
    ...SIZES[viewport],
    params: paramsOf({
      lines: entries.map(({ label }) => label),
      texts: entries.map(({ text }) => text),
      colors: entries.map(({ color }) => color),
      dashes: entries.map(({ dash }) => [...dash]),
      xDomain,
      yDomain,
      ...(interactive ? { ...HOVER_PARAMS, fitted: fits } : {}),
    }),
    layer: [
      {
        data: { name: "points" },
        mark: { type: "point", filled: true, color: POINT, ...pointLook(record.data.drawn.y.length) },
        encoding: { x, y: y("y") },
      },
      {
        data: { name: "truth" },
        transform: [{ calculate: "'truth'", as: "line" }],
        mark: line,
        encoding: { x, y: y("y"), ...looks },
      },
      {
        data: { name: "fits" },
        transform: [{ calculate: "datum.arm", as: "line" }, ...nearby(["arm"])],
        mark: line,
        encoding: { x, y: y("shown"), ...looks },
      },
      ...(interactive ? columnAreas(toldFits(fits, truth !== undefined), x, ["xDomain[0]", "xDomain[1]"]) : []),
    ],
  } as unknown as TopLevelSpec;
}

/** What is said at an x: the true curve and each fit; of runs without a fit the curve alone. */
function toldFits(arms: readonly string[], hasTruth: boolean) {
  const curve = `'\\ntruth: ' + ${numberExpr("datum.y")}`;
  const heading = `'x = ' + ${numberExpr("datum.x")}${hasTruth ? ` + ${curve}` : ""}`;
  if (arms.length === 0)
    return {
      data: { name: "truth" },
      transform: [],
      field: "x",
      groupby: ["y"],
      place: "0",
      count: 0,
      line: "''",
      heading,
    };
  return {
    data: { name: "fits" },
    transform: hasTruth ? [{ lookup: "x", from: { data: { name: "truth" }, key: "x", fields: ["y"] } }] : [],
    field: "x",
    groupby: hasTruth ? ["y"] : [],
    place: "indexof(fitted, datum.arm)",
    count: arms.length,
    line: `datum.arm + ': ' + ${numberExpr("datum.predicted")}`,
    heading,
  };
}

/**
 * Those values of a line whose neighborhood can be seen, at most fifty times the range away: where the line leaves the
 * picture is right to a fiftieth of the way between two points. Some programs that read SVG fail on coordinates of
 * millions of px, or on lines of which nothing is inside.
 */
export function nearby(groupby: readonly string[]): object[] {
  const far = "50 * (yDomain[1] - yDomain[0])";
  const isSeen = (side: string) => `(isNumber(datum.${side}) && datum.${side} !== datum.side)`;
  return [
    {
      calculate:
        "datum.predicted === null ? null : datum.predicted < yDomain[0] ? -1 : datum.predicted > yDomain[1] ? 1 : 0",
      as: "side",
    },
    {
      window: [
        { op: "lag", field: "side", as: "before" },
        { op: "lead", field: "side", as: "after" },
      ],
      groupby,
    },
    {
      calculate: `datum.side === 0 || ${isSeen("before")} || ${isSeen("after")} ? (datum.predicted === null ? null : clamp(datum.predicted, yDomain[0] - ${far}, yDomain[1] + ${far})) : null`,
      as: "shown",
    },
  ];
}

/** Few points are drawn large enough to be seen behind the lines. */
function pointLook(count: number): { readonly size: number; readonly opacity: number } {
  if (count <= 30) return { size: 110, opacity: 0.9 };
  if (count <= 120) return { size: 36, opacity: 0.8 };
  return { size: 14, opacity: count > 1000 ? 0.4 : 0.7 };
}

/** With several input columns there is no curve to draw: a square per trained arm, whose right points are on the diagonal. */
function agreementSpec(record: Result, domain: Domain, view: View): TopLevelSpec | undefined {
  const trained = Object.keys(record.arms).filter((name) => record.arms[name]?.status === "trained");
  if (trained.length === 0) return undefined;
  const panels = armPanels(record, trained, view, { narrowest: 200, widest: 380, side: 76 });
  const numbers = axisNumbers(domain);
  const target = columnNames(record).y;
  const styles = armStyles(Object.keys(record.arms)).filter(({ name }) => trained.includes(name));
  const channel = (field: string, title: string) => ({
    field,
    type: "quantitative",
    scale: { domain: { expr: "yDomain" }, nice: false, zero: false },
    axis: { title: numbers.title(title), tickCount: panels.width > 250 ? 6 : 4, labelExpr: numbers.expr },
  });
  return {
    data: { name: "fits" },
    params: paramsOf({
      ...panels.params,
      colors: styles.map(({ color }) => color),
      yDomain: domain,
      ...(view.interactive ? HOVER_PARAMS : {}),
    }),
    transform: [
      panels.order,
      { filter: "datum.predicted !== null && inrange(datum.predicted, yDomain)" },
      ...(view.interactive ? [TOLD_SAMPLE] : []),
    ],
    facet: panels.facet,
    columns: panels.columns,
    spacing: { row: 16, column: 16 },
    resolve: { axis: { x: "independent", y: "independent" } },
    spec: {
      width: panels.width,
      height: panels.width,
      encoding: { x: channel("actual", `actual ${target}`), y: channel("predicted", `predicted ${target}`) },
      layer: [
        {
          transform: [
            { sample: 1 },
            { calculate: "yDomain", as: "actual" },
            { flatten: ["actual"] },
            { calculate: "datum.actual", as: "predicted" },
          ],
          mark: { type: "line", color: INK, strokeWidth: 1.5, strokeDash: TRUTH_DASH },
        },
        {
          mark: { type: "point", filled: true, size: 16, opacity: 0.6 },
          encoding: {
            color: {
              field: "arm",
              type: "nominal",
              scale: { domain: { expr: "arms" }, range: rangeFrom("colors", styles.length) },
              legend: null,
            },
            ...(view.interactive ? POINTED_SAMPLE : {}),
          },
        },
      ],
    },
  } as unknown as TopLevelSpec;
}

const TOLD_SAMPLE = {
  calculate: `datum.arm + '\\nactual: ' + ${numberExpr("datum.actual")} + '\\npredicted: ' + ${numberExpr("datum.predicted")}`,
  as: "told",
};
const POINTED_SAMPLE = {
  size: { condition: { test: "pointed !== null && pointed === datum.told", value: 90 }, value: 16 },
  tooltip: TOLD,
};
