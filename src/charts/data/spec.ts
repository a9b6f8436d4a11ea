import { ownEntry } from "../../record/own-entry.js";
import type { Result } from "../../record/result.js";
import { t } from "../../text/language.js";
import { axisNumbers } from "../axis-numbers.js";
import type { View, Viewport } from "../chart.js";
import { namedText } from "../costs/series.js";
import { columnAreas, pointArea } from "../hover.js";
import { armOfRow, armPanels, panelsOf, RUN_HEIGHT, runLooks, runPanels, toldRuns } from "../panels.js";
import { armLooks, calculate, LINE, type Look, layer, linear, lineLooks, listLegend, paramsOf } from "../parts.js";
import { armsOf, endText, type Runs, styledArms, titledArms } from "../runs.js";
import type { Spec } from "../spec.js";
import { INK, LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { numberExpr, textExpr } from "../vega-text.js";
import { columnNames, type Domain, dataDomains } from "./domain.js";

/** Of the plot, px. */
const SIZES = { wide: { width: 840, height: 440 }, narrow: { width: NARROW_WIDTH - 54, height: 240 } } as const;
const TRUTH_DASH = [2, 3];

/** What all curves over x are drawn with. */
function curveParts(record: Result, size: Record<"width" | "height", number>, xTicks: number, yTicks: number) {
  const { x: xDomain = [0, 1], y: yDomain } = dataDomains(record);
  const names = columnNames(record, size);
  const x = linear("x", "xDomain", axisNumbers(xDomain), names.x, { grid: false, tickCount: xTicks });
  const y = (field: string) => linear(field, "yDomain", axisNumbers(yDomain), names.y, { tickCount: yTicks });
  const ends = ["xDomain[0]", "xDomain[1]"] as const;
  return { params: { xDomain, yDomain }, x, y, ends };
}

/** What each arm's curve looks like, and what the legend says of it. */
export function fitLooks(record: Result, viewport: Viewport): Look[] {
  const widest = viewport === "wide" ? LEGEND_LABEL : NARROW_LABEL;
  return styledArms(record).map(({ label, arm, color, dash }) => {
    const rest = arm.status === "trained" ? t`, fit` : t`: ${endText(arm)}, no fit`;
    return { key: label, text: namedText(label, rest, widest), color, dash };
  });
}

/** The training points and each trained arm's curve through them. */
export function curvesOfOne(record: Result, view: View): Spec {
  const { truth } = record.data;
  const arms = styledArms(record);
  const fits = arms.filter(({ arm }) => arm.status === "trained").map(({ label }) => label);
  const curve = truth === undefined ? [] : [{ key: "truth", text: t`truth: ${truth}`, color: INK, dash: TRUTH_DASH }];
  const looks = lineLooks("line", [...curve, ...fitLooks(record, view.viewport)], listLegend(view));
  const { color, strokeDash } = looks;
  const { params, x, y, ends } = curveParts(record, SIZES[view.viewport], view.viewport === "wide" ? 15 : 5, 7);
  const line = { ...LINE, strokeWidth: 2.5 };
  const point = { type: "point", filled: true, color: "#8c8c8c", ...pointLook(record.data.drawn.y.length) };
  return {
    ...SIZES[view.viewport],
    params: paramsOf(view, { ...looks.params, ...params, ...(view.interactive ? { fitted: fits } : {}) }),
    layer: [
      layer("points", point, { x, y: y("y") }),
      layer("truth", line, { x, y: y("y"), color, strokeDash }, [calculate("line", "'truth'")]),
      layer("fits", line, { x, y: y("shown"), color, strokeDash }, [
        calculate("line", "datum.arm"),
        ...nearby(["arm"]),
      ]),
      ...columnAreas(view, toldCurves(fits, truth !== undefined), x, ends),
    ],
  };
}

/** What is said at an x: the true curve and each fit; of runs without a fit the curve alone. */
function toldCurves(arms: readonly string[], hasTruth: boolean) {
  const curve = hasTruth ? ` + ${textExpr`\ntruth: ${numberExpr("datum.y")}`}` : "";
  const told = {
    field: "x",
    groupby: hasTruth ? ["y"] : [],
    place: "indexof(fitted, datum.arm)",
    count: arms.length,
    line: `datum.arm + ': ' + ${numberExpr("datum.predicted")}`,
    heading: `'x = ' + ${numberExpr("datum.x")}${curve}`,
  };
  if (arms.length === 0) return { ...told, data: "truth", place: "0", line: "''" };
  const truth = { lookup: "x", from: { data: { name: "truth" }, key: "x", fields: ["y"] } };
  return { ...told, data: "fits", transform: hasTruth ? [truth] : [] };
}

/** Curves of several runs over their common points: a panel for each arm, a line for each run. */
export function curvesOfSeveral(runs: Runs, view: View): Spec {
  const trained = armsOf(runs).filter(({ name }) =>
    runs.some(({ result }) => ownEntry(result.arms, name)?.status === "trained"),
  );
  const panels = runPanels(
    trained.map(({ label }) => label),
    view,
  );
  const size = { width: panels.width, height: RUN_HEIGHT };
  const { params, x, y, ends } = curveParts(runs[0].result, size, 8, 6);
  const looks = runLooks(runs, view);
  const truth = { ...LINE, color: INK, strokeWidth: 1.5, strokeDash: TRUTH_DASH };
  return {
    data: { name: "fits" },
    params: paramsOf(view, { ...panels.params, ...looks.params, ...params }),
    transform: [calculate("panel", "datum.arm"), ...panels.transform, ...nearby(["run", "arm"])],
    ...panels.of({
      height: RUN_HEIGHT,
      layer: [
        layer("points", { type: "point", filled: true, size: 9, color: "#b4b4b4", opacity: 1 }, { x, y: y("y") }),
        layer("truth", truth, { x, y: y("y") }),
        layer(undefined, LINE, { x, y: y("shown"), color: looks.color, strokeDash: looks.strokeDash }),
        ...columnAreas(view, toldRuns(runs, "x", "predicted", `'x = ' + ${numberExpr("datum.x")}`), x, ends),
      ],
    }),
  };
}

/**
 * Those values of a line whose neighborhood can be seen, at most fifty times the range away: where the line leaves the
 * picture is right to a fiftieth of the way between two points. Some programs that read SVG fail on coordinates of
 * millions of px, or on lines of which nothing is inside.
 */
function nearby(groupby: readonly string[]): Spec[] {
  const far = "50 * (yDomain[1] - yDomain[0])";
  const isSeen = (side: string) => `(isNumber(datum.${side}) && datum.${side} !== datum.side)`;
  const near = `clamp(datum.predicted, yDomain[0] - ${far}, yDomain[1] + ${far})`;
  return [
    calculate(
      "side",
      "datum.predicted === null ? null : datum.predicted < yDomain[0] ? -1 : datum.predicted > yDomain[1] ? 1 : 0",
    ),
    {
      window: [
        { op: "lag", field: "side", as: "before" },
        { op: "lead", field: "side", as: "after" },
      ],
      groupby,
    },
    calculate(
      "shown",
      `datum.predicted !== null && (datum.side === 0 || ${isSeen("before")} || ${isSeen("after")}) ? ${near} : null`,
    ),
  ];
}

/** Few points are drawn large enough to be seen behind the lines. */
function pointLook(count: number): { readonly size: number; readonly opacity: number } {
  if (count <= 30) return { size: 110, opacity: 0.9 };
  if (count <= 120) return { size: 36, opacity: 0.8 };
  return { size: 14, opacity: count > 1000 ? 0.4 : 0.7 };
}

/** With several input columns there is no curve to draw: a square per trained arm, whose right points are on the diagonal. */
export function agreementSpec(runs: Runs, domain: Domain, view: View): Spec | undefined {
  const trained = armPanels(titledArms(runs).filter(({ arm }) => arm.status === "trained"));
  if (trained.length === 0) return undefined;
  const panels = panelsOf(trained, view, { narrowest: 200, widest: 380, side: 76 });
  const numbers = axisNumbers(domain);
  const { y: target } = columnNames(runs[0].result);
  const channel = (field: string, title: string) =>
    linear(field, "yDomain", numbers, title, { tickCount: panels.width > 250 ? 6 : 4 });
  const { params, color } = armLooks(armsOf(runs));
  const told = `datum.panel + ${textExpr`\nactual: ${numberExpr("datum.actual")}\npredicted: ${numberExpr("datum.predicted")}`}`;
  return {
    data: { name: "fits" },
    params: paramsOf(view, { ...panels.params, ...params, yDomain: domain }),
    transform: [
      armOfRow(runs),
      ...panels.transform,
      { filter: "datum.predicted !== null && inrange(datum.predicted, yDomain)" },
      ...(view.interactive ? [calculate("told", told)] : []),
    ],
    ...panels.of({
      height: panels.width,
      encoding: { x: channel("actual", t`actual ${target}`), y: channel("predicted", t`predicted ${target}`) },
      layer: [
        layer(undefined, { type: "line", color: INK, strokeWidth: 1.5, strokeDash: TRUTH_DASH }, {}, [
          { sample: 1 },
          calculate("actual", "yDomain"),
          { flatten: ["actual"] },
          calculate("predicted", "datum.actual"),
        ]),
        layer(undefined, { type: "point", filled: true, size: 16, opacity: 0.6 }, { color, ...pointArea(view, 16) }),
      ],
    }),
  };
}
