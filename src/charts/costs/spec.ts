import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../../record/result.js";
import { axisNumbers } from "../axis-numbers.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { columnAreas, HOVER_PARAMS } from "../hover.js";
import { logAxis } from "../log-axis.js";
import { paramsOf, rangeFrom } from "../params.js";
import { LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { countExpr, numberExpr } from "../vega-text.js";
import { lastUpdate } from "../wording.js";
import { costDomain, linearDomain } from "./domain.js";
import { costSeries, legendEntries } from "./series.js";

/** Of the plot, px. */
const SIZES = { wide: { width: 820, height: 420 }, narrow: { width: NARROW_WIDTH - 54, height: 260 } } as const;
/** Of more seeds so many are drawn one by one; median and quartiles are of all. */
export const MOST_LINES = 40;
/** A line with fewer costs has a point at each. */
const FEW_COSTS = 12;

/** Cost over updates: each arm's median over the seeds, their middle half, and each seed as a thin line. */
export function costsSpec(record: Result, { viewport, interactive, scale = "log" }: View): TopLevelSpec {
  const { width, height } = SIZES[viewport];
  const series = costSeries(record);
  const entries = legendEntries(record, series, viewport === "wide" ? LEGEND_LABEL : NARROW_LABEL);
  const domain = scale === "log" ? costDomain(record, series) : linearDomain(record, series);
  const seeds = record.seeds.map(({ seed }) => seed);
  const isSeveral = seeds.length > 1;
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: { expr: "[0, lastUpdate]" }, nice: false },
    axis: { title: "update", grid: false, tickMinStep: 1, tickCount: 6, labelExpr: countExpr("datum.value") },
  });
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: scale, domain: { expr: "domain" }, nice: false, ...(scale === "linear" ? { zero: false } : {}) },
    axis:
      scale === "log"
        ? { title: "cost (mean squared error, log scale)", ...logAxis("domain", height) }
        : { title: "cost (mean squared error)", labelExpr: axisNumbers(domain).expr },
  });
  const legend = {
    orient: viewport === "wide" ? "right" : "bottom",
    direction: "vertical",
    symbolType: "stroke",
    symbolSize: 1100,
    rowPadding: 5,
    columns: 1,
    offset: viewport === "wide" ? 14 : 8,
    labelExpr: "texts[indexof(series, datum.value)]",
  };
  const channel = (range: string) => ({
    field: "series",
    type: "nominal",
    scale: { domain: { expr: "series" }, range: rangeFrom(range, entries.length) },
    legend,
  });
  const color = channel("colors");
  const strokeDash = channel("dashes");
  const lines = (...transform: object[]) => [
    { calculate: "datum.arm + ' · ' + datum.mode", as: "series" },
    { filter: "indexof(series, datum.series) >= 0" },
    ...transform,
  ];
  const positive = (field: string) =>
    scale === "log" ? [{ calculate: `datum.${field} > 0 ? datum.${field} : null`, as: field }] : [];
  return {
    width,
    height,
    params: paramsOf({
      series: entries.map(({ key }) => key),
      colors: entries.map(({ color }) => color),
      dashes: entries.map(({ dash }) => [...dash]),
      texts: entries.map(({ text }) => text),
      lastUpdate: Math.max(1, lastUpdate(record)),
      domain,
      seeds: chooseEvenly([...seeds.keys()], MOST_LINES).map((place) => seeds[place]),
      ...(interactive
        ? { ...HOVER_PARAMS, lines: series.map(({ key }) => key), names: series.map(({ name }) => name) }
        : {}),
    }),
    layer: [
      {
        data: { name: "references" },
        transform: [{ calculate: "datum.reference", as: "series" }, ...positive("cost")],
        mark: { type: "rule", strokeWidth: 1 },
        encoding: { y: y("cost"), color, strokeDash },
      },
      {
        data: { name: "arms" },
        transform: [
          { filter: "datum.status === 'diverged'" },
          { aggregate: [{ op: "min", field: "divergence_updates", as: "first" }], groupby: ["arm"] },
          { calculate: "datum.arm + ' · train'", as: "series" },
        ],
        mark: { type: "rule", strokeWidth: 1.5, strokeOpacity: 0.8 },
        encoding: { x: x("first"), color },
      },
      ...(record.roundingProbe === undefined
        ? []
        : [
            {
              data: { name: "rounding" },
              transform: lines(...positive("low"), ...positive("high")),
              mark: {
                type: "area",
                clip: true,
                fillOpacity: 0.13,
                strokeOpacity: 0.8,
                strokeWidth: 1,
                strokeDash: [1, 2],
              },
              encoding: {
                x: x("updates"),
                y: y("low"),
                y2: { field: "high" },
                fill: color,
                stroke: color,
              },
            },
          ]),
      ...(isSeveral
        ? [
            {
              data: { name: "medians" },
              transform: lines(...positive("lower_quartile"), ...positive("upper_quartile")),
              mark: { type: "area", clip: true, fillOpacity: series.length > 3 ? 0.12 : 0.22 },
              encoding: { x: x("updates"), y: y("lower_quartile"), y2: { field: "upper_quartile" }, color },
            },
            {
              data: { name: "costs" },
              transform: lines({ filter: "indexof(seeds, datum.seed) >= 0" }, ...positive("cost")),
              mark: { type: "line", clip: true, strokeWidth: 0.8, strokeJoin: "round", opacity: 0.3 },
              encoding: { x: x("updates"), y: y("cost"), color, detail: { field: "seed" } },
            },
            {
              data: { name: "costs" },
              transform: lines(
                { filter: "datum.cost !== null && indexof(seeds, datum.seed) >= 0" },
                { joinaggregate: [{ op: "max", field: "updates", as: "end" }], groupby: ["series", "seed"] },
                { filter: "datum.updates === datum.end && datum.updates < lastUpdate && datum.cost <= domain[1]" },
              ),
              mark: { type: "point", shape: "M-1,-1L1,1M1,-1L-1,1", size: 30, strokeWidth: 1.5, opacity: 1 },
              encoding: { x: x("updates"), y: y("cost"), color },
            },
          ]
        : []),
      {
        data: { name: "medians" },
        transform: lines(...positive("median")),
        mark: { type: "line", clip: true, strokeWidth: 2, strokeJoin: "round" },
        encoding: { x: x("updates"), y: y("median"), color, strokeDash },
      },
      {
        data: { name: "medians" },
        transform: lines(
          { joinaggregate: [{ op: "count", as: "points" }], groupby: ["series"] },
          { filter: `datum.points <= ${FEW_COSTS} && datum.median > 0 && datum.median <= domain[1]` },
        ),
        mark: { type: "point", filled: true, size: 45, opacity: 1 },
        encoding: { x: x("updates"), y: y("median"), color },
      },
      {
        data: { name: isSeveral ? "costs" : "medians" },
        transform: lines(
          { filter: `datum.${isSeveral ? "cost" : "median"} > domain[1]` },
          { aggregate: [{ op: "count", as: "rows" }], groupby: ["series", "updates"] },
          { calculate: "domain[1]", as: "top" },
        ),
        mark: { type: "point", shape: "triangle-up", filled: true, size: 60, opacity: 1, yOffset: 6 },
        encoding: { x: x("updates"), y: y("top"), color },
      },
      ...(interactive
        ? columnAreas(toldCosts(series.length, isSeveral, lines()), x("updates"), ["0", "lastUpdate"])
        : []),
    ],
  } as unknown as TopLevelSpec;
}

/** What is said at an update: each line's cost. */
function toldCosts(count: number, isSeveral: boolean, transform: readonly object[]) {
  const spread = ` + ' (middle half ' + ${numberExpr("datum.lower_quartile")} + '–' + ${numberExpr("datum.upper_quartile")} + ')'`;
  return {
    data: { name: "medians" },
    transform,
    field: "updates",
    place: "indexof(lines, datum.series)",
    count,
    line: `names[indexof(lines, datum.series)] + ': ' + ${numberExpr("datum.median")}${isSeveral ? spread : ""}`,
    heading: `'update ' + ${countExpr("datum.updates")}`,
  };
}
