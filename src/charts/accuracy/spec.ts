import type { Result } from "../../record/result.js";
import type { View } from "../chart.js";
import { clockMark, columnAreas } from "../hover.js";
import { calculate, LINE, layer, lineLooks, listLegend, paramsOf, updatesX } from "../parts.js";
import type { Spec } from "../spec.js";
import { LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { countExpr, shareExpr } from "../vega-text.js";
import { lastUpdate } from "../wording.js";
import { accuracyLooks, accuracySeries, CHANCE, chanceOf } from "./series.js";

/** Of the plot, px. */
const SIZES = { wide: { width: 820, height: 300 }, narrow: { width: NARROW_WIDTH - 54, height: 220 } } as const;

/** Accuracy over updates: each arm's median over the seeds in every mode, and their middle half. */
export function accuracySpec(record: Result, view: View): Spec | undefined {
  const series = accuracySeries(record);
  if (series.length === 0) return undefined;
  const { viewport } = view;
  const isSeveral = record.seeds.length > 1;
  const looks = lineLooks(
    "line",
    accuracyLooks(record, series, viewport === "wide" ? LEGEND_LABEL : NARROW_LABEL),
    listLegend(view),
  );
  const { color, strokeDash } = looks;
  const x = updatesX("updates", 6);
  const y = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [0, 1], nice: false },
    axis: { title: "accuracy", tickCount: 5, labelExpr: shareExpr("datum.value") },
  });
  const medians = [
    calculate("line", "datum.arm + ' · ' + datum.mode"),
    { filter: "indexof(lines, datum.line) >= 0" },
    {
      aggregate: [
        { op: "median", field: "accuracy", as: "median" },
        { op: "q1", field: "accuracy", as: "lower_quartile" },
        { op: "q3", field: "accuracy", as: "upper_quartile" },
      ],
      groupby: ["line", "updates"],
    },
  ];
  const half = `' (middle half ' + ${shareExpr("datum.lower_quartile")} + '–' + ${shareExpr("datum.upper_quartile")} + ')'`;
  return {
    ...SIZES[viewport],
    data: { name: "accuracies" },
    params: paramsOf(view, {
      ...looks.params,
      lastUpdate: Math.max(1, lastUpdate(record)),
      chance: chanceOf(record),
      ...(view.interactive ? { series: series.map(({ key }) => key), names: series.map(({ name }) => name) } : {}),
    }),
    layer: [
      layer(undefined, { type: "rule", strokeWidth: 1 }, { y: y("level"), color, strokeDash }, [
        { aggregate: [{ op: "count", as: "rows" }] },
        calculate("level", "chance"),
        calculate("line", `'${CHANCE}'`),
      ]),
      ...(isSeveral
        ? [
            layer(
              undefined,
              { type: "area", fillOpacity: 0.2 },
              { x, y: y("lower_quartile"), y2: { field: "upper_quartile" }, color },
              medians,
            ),
          ]
        : []),
      layer(undefined, LINE, { x, y: y("median"), color, strokeDash }, medians),
      ...clockMark(view, { x }),
      ...columnAreas(
        view,
        {
          transform: medians,
          field: "updates",
          place: "indexof(series, datum.line)",
          count: series.length,
          line: `names[indexof(series, datum.line)] + ': ' + ${shareExpr("datum.median")}${isSeveral ? ` + ${half}` : ""}`,
          heading: `'update ' + ${countExpr("datum.updates")}`,
        },
        x,
        ["0", "lastUpdate"],
      ),
    ],
  };
}
