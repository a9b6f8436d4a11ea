import type { Result } from "../../record/result.js";
import { t } from "../../text/language.js";
import { lossWords } from "../../text/losses.js";
import { axisNumbers } from "../axis-numbers.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { clockMark, columnAreas } from "../hover.js";
import {
  calculate,
  LINE,
  type Look,
  layer,
  linear,
  lineLooks,
  listLegend,
  logY,
  oneOf,
  paramsOf,
  positive,
  updatesX,
} from "../parts.js";
import type { Spec } from "../spec.js";
import { LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { countExpr, numberExpr, textExpr } from "../vega-text.js";
import { lastUpdate } from "../wording.js";
import { costDomain, linearDomain } from "./domain.js";
import { costSeries, legendEntries } from "./series.js";

/** Of the plot, px. */
const SIZES = { wide: { width: 820, height: 420 }, narrow: { width: NARROW_WIDTH - 54, height: 260 } } as const;
/** Of more seeds so many are drawn one by one; median and quartiles are of all. */
export const MOST_LINES = 40;
/** A line with fewer costs has a point at each. */
export const FEW_COSTS = 12;

export const MIDDLE_HALF = ` + ${textExpr` (middle half ${numberExpr("datum.lower_quartile")}–${numberExpr("datum.upper_quartile")})`}`;
export const HEADING = textExpr`update ${countExpr("datum.updates")}`;

/**
 * Cost over updates: each arm's median over the seeds, their middle half, and each seed as a thin line. `seen` may change
 * what the lines look like.
 */
export function costsInOnePlot(record: Result, view: View, seen: (look: Look) => Look = (look) => look): Spec {
  const { viewport, scale = "log" } = view;
  const { width, height } = SIZES[viewport];
  const series = costSeries(record);
  const entries = legendEntries(record, series, viewport === "wide" ? LEGEND_LABEL : NARROW_LABEL).map(seen);
  const domain = scale === "log" ? costDomain(record, series) : linearDomain(record, series);
  const seeds = record.seeds.map(({ seed }) => seed);
  const isSeveral = seeds.length > 1;
  const single = isSeveral ? "cost" : "median";
  const looks = lineLooks("line", entries, listLegend(view));
  const { color, strokeDash } = looks;
  const x = updatesX("updates", 6);
  const unit = lossWords(record.referenceCosts).cost;
  const y = (field: string) =>
    scale === "log"
      ? logY(field, "domain", height, t`cost (${unit}, log scale)`)
      : linear(field, "domain", axisNumbers(domain), t`cost (${unit})`, {});
  const shown = (...fields: string[]) => (scale === "log" ? positive(...fields) : []);
  const ofLines = [calculate("line", "datum.arm + ' · ' + datum.mode"), { filter: "indexof(lines, datum.line) >= 0" }];
  return {
    width,
    height,
    params: paramsOf(view, {
      ...looks.params,
      lastUpdate: Math.max(1, lastUpdate(record)),
      domain,
      seeds: chooseEvenly(seeds, MOST_LINES),
      ...(view.interactive ? { series: series.map(({ key }) => key), names: series.map(({ name }) => name) } : {}),
    }),
    layer: [
      layer("references", { type: "rule", strokeWidth: 1 }, { y: y("cost"), color, strokeDash }, [
        calculate("line", "datum.reference"),
        ...shown("cost"),
      ]),
      layer("arms", { type: "rule", strokeWidth: 1.5, strokeOpacity: 0.8 }, { x: updatesX("first", 6), color }, [
        { filter: "datum.status === 'diverged'" },
        { aggregate: [{ op: "min", field: "divergence_updates", as: "first" }], groupby: ["arm"] },
        calculate("line", "datum.arm + ' · inference'"),
      ]),
      ...(record.roundingProbe === undefined
        ? []
        : [
            layer(
              "rounding",
              { type: "area", clip: true, fillOpacity: 0.13, strokeOpacity: 0.8, strokeWidth: 1, strokeDash: [1, 2] },
              { x, y: y("low"), y2: { field: "high" }, fill: color, stroke: color },
              [...ofLines, ...shown("low", "high")],
            ),
          ]),
      ...(isSeveral
        ? [
            layer(
              "costs",
              { ...LINE, strokeWidth: 0.8, opacity: seeds.length > 10 ? 0.15 : 0.3 },
              { x, y: y("cost"), color, detail: { field: "seed" } },
              [...ofLines, { filter: "indexof(seeds, datum.seed) >= 0" }, ...shown("cost")],
            ),
            layer(
              "medians",
              { type: "area", clip: true, fillOpacity: series.length > 3 ? 0.15 : 0.3 },
              { x, y: y("lower_quartile"), y2: { field: "upper_quartile" }, color },
              [...ofLines, ...shown("lower_quartile", "upper_quartile")],
            ),
            layer(
              "costs",
              { type: "point", shape: "M-1,-1L1,1M1,-1L-1,1", size: 30, strokeWidth: 1.5, opacity: 1 },
              { x, y: y("cost"), color },
              [
                ...ofLines,
                { filter: "datum.cost !== null && indexof(seeds, datum.seed) >= 0" },
                { joinaggregate: [{ op: "max", field: "updates", as: "end" }], groupby: ["line", "seed"] },
                { filter: "datum.updates === datum.end && datum.updates < lastUpdate && datum.cost <= domain[1]" },
              ],
            ),
          ]
        : []),
      layer("medians", LINE, { x, y: y("median"), color, strokeDash }, [...ofLines, ...shown("median")]),
      layer("medians", { type: "point", filled: true, size: 45, opacity: 1 }, { x, y: y("median"), color }, [
        ...ofLines,
        { joinaggregate: [{ op: "count", as: "points" }], groupby: ["line"] },
        { filter: `datum.points <= ${FEW_COSTS} && datum.median > 0 && datum.median <= domain[1]` },
      ]),
      layer(
        isSeveral ? "costs" : "medians",
        { type: "point", shape: "triangle-up", filled: true, size: 60, opacity: 1, yOffset: 6 },
        { x, y: y("top"), color },
        [
          ...ofLines,
          { filter: `datum.${single} > domain[1]` },
          oneOf("line", "updates"),
          calculate("top", "domain[1]"),
        ],
      ),
      ...clockMark(view, { x }),
      ...columnAreas(
        view,
        {
          data: "medians",
          transform: ofLines,
          field: "updates",
          place: "indexof(series, datum.line)",
          count: series.length,
          line: `names[indexof(series, datum.line)] + ': ' + ${numberExpr("datum.median")}${isSeveral ? MIDDLE_HALF : ""}`,
          heading: HEADING,
        },
        x,
      ),
    ],
  };
}
