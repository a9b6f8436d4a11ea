import type { Result } from "../../record/result.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { clockMark, layerAreas } from "../hover.js";
import { band, calculate, layer, paramsOf, rangeFrom } from "../parts.js";
import type { Spec } from "../spec.js";
import { GRID, INK, LABEL_SIZE, NARROW_WIDTH, PANEL_FRAME, QUIET_INK } from "../theme.js";
import { numberExpr, textExpr } from "../vega-text.js";
import { lastUpdate } from "../wording.js";
import { costDomain, linearDomain } from "./domain.js";
import { costSeries, endingText, REFERENCE_DASH, type Series } from "./series.js";
import { costsInOnePlot, HEADING, MIDDLE_HALF, MOST_LINES } from "./spec.js";

/** In one plot more arms could not be told apart. */
const MOST_IN_ONE = 4;
/** Of the picture, and of a panel with its heading; the heading; px. */
const SIZES = {
  wide: { width: 1060, columns: 4, row: 160 },
  narrow: { width: NARROW_WIDTH - 44, columns: 2, row: 130 },
};
const TEXT = 40;
const COMPARED = "#b0b0b0";

export function hasPanels(record: Result): boolean {
  return Object.keys(record.arms).length > MOST_IN_ONE;
}

/** The arm whose line is in every panel, to compare with: the first one that trained in every seed. */
export function comparedArm(series: readonly Series[]): Series | undefined {
  return series.find(({ divergences, points }) => divergences.diverged === 0 && points.length > 0);
}

export function costsOfOne(record: Result, view: View): Spec {
  return hasPanels(record) ? costPanels(record, view) : costsInOnePlot(record, view);
}

/** Cost over updates, a panel for each arm: bands and offsets in them, since facets would cost a dataflow each. */
function costPanels(record: Result, view: View): Spec {
  const { viewport, scale = "log", interactive } = view;
  const series = costSeries(record);
  const { width, row, ...size } = SIZES[viewport];
  const columns = Math.ceil(series.length / Math.ceil(series.length / size.columns));
  const rows = Math.ceil(series.length / columns);
  const domain = scale === "log" ? costDomain(record, series) : linearDomain(record, series);
  const seeds = record.seeds.map(({ seed }) => seed);
  const places = (count: number) => [...Array(count).keys()];
  const x = band("column", places(columns), 0.07, null);
  const y = band("row", places(rows), TEXT / row, null, TEXT / row / 2);
  const xOffset = {
    field: "updates",
    type: "quantitative",
    scale: { domain: { expr: "[0, lastUpdate]" }, nice: false },
  };
  const costScale = {
    type: scale,
    domain: { expr: "[domain[1], domain[0]]" },
    nice: false,
    ...(scale === "log" ? {} : { zero: false }),
  };
  const yOffset = (field: string) => ({ field, type: "quantitative", scale: costScale });
  const [top, bottom] = ["domain[1]", "domain[0]"].map((expr) => ({
    datum: { expr },
    type: "quantitative",
    scale: costScale,
  }));
  const [left, right] = ["0", "lastUpdate"].map((expr) => ({ ...xOffset, field: undefined, datum: { expr } }));
  const color = {
    field: "line",
    type: "nominal",
    scale: { domain: { expr: "lines" }, range: rangeFrom("colors", series.length) },
    legend: null,
  };
  const cut = (field: string) =>
    calculate(
      field,
      `datum.${field} === null || datum.${field} < domain[0] / 1e6 ? null : clamp(datum.${field}, domain[0], domain[1])`,
    );
  const placed = [calculate("column", `datum.panel % ${columns}`), calculate("row", `floor(datum.panel / ${columns})`)];
  const ofLines = (...fields: string[]) => [
    calculate("line", "datum.arm + ' · ' + datum.mode"),
    calculate("panel", "indexof(lines, datum.line)"),
    { filter: "datum.panel >= 0" },
    ...placed,
    ...fields.map(cut),
  ];
  const ofSeeds = [{ filter: "indexof(seeds, datum.seed) >= 0" }, ...ofLines("cost")];
  const panels = (mark: Spec, encoding: Spec, ...transform: Spec[]) => ({
    data: { name: "panels", values: places(series.length).map((panel) => ({ panel })) },
    transform: [...placed, ...transform],
    mark,
    encoding,
  });
  const ticks = (mark: Spec, encoding: Spec) => ({
    data: {
      name: "cost-ticks",
      values: tickValues(domain, scale).flatMap((cost) => places(rows).map((row) => ({ row, cost }))),
    },
    mark,
    encoding: { yOffset: yOffset("cost"), ...encoding },
  });
  const text = { type: "text", fontSize: LABEL_SIZE };
  const head = { ...text, align: "left", baseline: "bottom", limit: { expr: "bandwidth('x')" } };
  const line = { type: "line", strokeJoin: "round" };
  const lines = (data: string, field: string, look: Spec, encoding: Spec, transform: readonly Spec[]) =>
    layer(data, { ...line, ...look }, { xOffset, yOffset: yOffset(field), color, ...encoding }, transform);
  const spread = [
    lines("costs", "cost", { strokeWidth: 0.7, opacity: 0.25 }, { detail: { field: "seed" } }, ofSeeds),
    ...["lower_quartile", "upper_quartile"].map((field) =>
      lines("medians", field, { strokeWidth: 0.8, opacity: 0.8 }, {}, ofLines(field)),
    ),
  ];
  const repeats = ["low", "high"].map((field) =>
    lines("rounding", field, { strokeWidth: 1, strokeDash: [1, 2] }, {}, ofLines(field)),
  );
  return {
    width,
    height: rows * row,
    view: { stroke: null },
    params: paramsOf(view, {
      lines: series.map(({ key }) => key),
      names: series.map(({ name }) => name),
      endings: series.map((one) => endingText(record, one)),
      colors: series.map(({ style }) => style.color),
      range: places(series.length),
      compared: comparedArm(series)?.key ?? null,
      lastUpdate: Math.max(1, lastUpdate(record)),
      domain,
      seeds: chooseEvenly(seeds, MOST_LINES),
    }),
    encoding: { x, y },
    layer: [
      panels(PANEL_FRAME, {}),
      ticks({ type: "rule", color: GRID }, { x: null }),
      layer(
        "references",
        { type: "rule", color: QUIET_INK, strokeDash: REFERENCE_DASH },
        { x: null, yOffset: yOffset("cost") },
        [
          { filter: "datum.cost >= domain[0] && datum.cost <= domain[1]" },
          calculate("row", `sequence(${rows})`),
          { flatten: ["row"] },
        ],
      ),
      layer("medians", { ...line, strokeWidth: 1.5, stroke: COMPARED }, { xOffset, yOffset: yOffset("median") }, [
        ...ofLines("median"),
        { filter: "datum.line === compared" },
        calculate("panel", "range"),
        { flatten: ["panel"] },
        ...placed,
      ]),
      ...(record.roundingProbe === undefined ? [] : repeats),
      ...(seeds.length > 1 ? spread : []),
      lines("medians", "median", { strokeWidth: 2 }, {}, ofLines("median")),
      panels(
        { ...head, dy: -17, fontWeight: "bold", color: INK },
        { xOffset: left, yOffset: top, text: { field: "name" } },
        calculate("name", "names[datum.panel]"),
      ),
      panels(
        { ...head, dy: -4, color: QUIET_INK },
        { xOffset: left, yOffset: top, text: { field: "ending" } },
        calculate("ending", "endings[datum.panel]"),
      ),
      panels(
        { ...text, baseline: "top", align: "right", dy: 4 },
        { xOffset: right, yOffset: bottom, text: { value: { expr: textExpr`update ${"lastUpdate"}` } } },
        { filter: `datum.panel + ${columns} >= length(names)` },
      ),
      ticks(
        { ...text, align: "right", baseline: "middle", dx: -4 },
        { x: { datum: 0, type: "ordinal" }, xOffset: left, text: { value: { expr: numberExpr("datum.cost") } } },
      ),
      ...clockMark(
        view,
        { x, xOffset },
        places(columns).map((column) => ({ column })),
      ),
      ...layerAreas(
        view,
        {
          data: "medians",
          transform: ofLines(),
          field: "updates",
          groupby: ["column", "row", "line"],
          place: "0",
          count: 1,
          line: `${numberExpr("datum.median")}${seeds.length > 1 ? MIDDLE_HALF : ""}`,
          heading: `names[indexof(lines, datum.line)] + ', ' + ${HEADING}`,
        },
        { xOffset },
        {
          thickness: interactive
            ? { expr: `bandwidth('x') / ${Math.max(1, ...series.map(({ points }) => points.length))}` }
            : 1,
          size: { expr: "bandwidth('y')" },
        },
      ),
    ],
  };
}

/** Costs at which there is a line across the panels: powers of ten, or a few round ones. */
function tickValues([low, high]: readonly [number, number], scale: "log" | "linear"): number[] {
  if (scale === "log") {
    const decades = [...Array(640).keys()].map((place) => Number(`1e${place - 320}`));
    const few = decades.filter((cost) => cost >= low && cost <= high);
    return few.length > 1
      ? few.filter((_, place) => place % Math.ceil(few.length / 5) === 0)
      : few.length === 1
        ? few
        : [low, high];
  }
  const step = Number((high / 3).toPrecision(1));
  return [0, 1, 2, 3].map((place) => place * step).filter((cost) => cost <= high);
}
