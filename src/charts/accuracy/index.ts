import type { Result } from "../../record/result.js";
import { accuracies } from "../../tables/costs.js";
import { t } from "../../text/language.js";
import { countText, percentText } from "../../text/numbers.js";
import { pointsWord } from "../../text/places.js";
import type { Chart, View } from "../chart.js";
import { FEW_COSTS } from "../costs/spec.js";
import { clockMark, columnAreas } from "../hover.js";
import { calculate, LINE, layer, lineLooks, listLegend, oneOf, paramsOf, updatesX } from "../parts.js";
import { comparedText, isSingle } from "../runs.js";
import type { Spec } from "../spec.js";
import { LEGEND_LABEL, NARROW_LABEL, NARROW_WIDTH } from "../theme.js";
import { countExpr, shareExpr, textExpr } from "../vega-text.js";
import { activationText, lastUpdate } from "../wording.js";
import { accuracyLooks, accuracySeries, CHANCE, chanceOf } from "./series.js";

/** Which share of the points is classified right, over updates; of several runs each has its own. */
export const accuracy: Chart = {
  name: "accuracy",
  subject: t`Accuracy over the updates`,
  scope: "every seed",
  title: (runs) => t`Accuracy during training — ${activationText(runs[0].result)}, ${comparedText(runs)}`,
  tables: [accuracies],
  spec: (runs, view) => (isSingle(runs) ? accuracySpec(runs[0].result, view) : undefined),
  caption: ([{ result }]) => {
    const several = result.seeds.length > 1;
    const lines = accuracySeries(result).flatMap(({ name, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      if (first === undefined || last === undefined) return [];
      const ends = [first, last].map(
        ({ accuracy, update }) => t`${percentText(accuracy)} at update ${countText(update)}`,
      );
      return [t`The ${several ? t`median accuracy` : t`accuracy`} of ${name} goes from ${ends.join(t` to `)}.`];
    });
    const median = several
      ? t` Lines: median over ${countText(result.seeds.length)} seeds; areas: their middle half (25–75 %).`
      : "";
    return {
      description: lines.join(" "),
      notes: [
        t`The share of ${countText(result.data.evaluationSamples)} ${pointsWord(result.config)} whose class is predicted correctly; costs are measured on the same ones. The legend has the share at the last update.${median}`,
      ],
    };
  },
};

/** Of the plot, px. */
const SIZES = { wide: { width: 820, height: 300 }, narrow: { width: NARROW_WIDTH - 54, height: 220 } } as const;

/** Accuracy over updates: each arm's median over the seeds in every mode, and their middle half. */
function accuracySpec(record: Result, view: View): Spec | undefined {
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
    axis: { title: t`accuracy`, tickCount: 5, labelExpr: shareExpr("datum.value") },
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
  const half = textExpr` (middle half ${shareExpr("datum.lower_quartile")}–${shareExpr("datum.upper_quartile")})`;
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
        oneOf(),
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
      layer(undefined, { type: "point", filled: true, size: 45, opacity: 1 }, { x, y: y("median"), color }, [
        ...medians,
        { joinaggregate: [{ op: "count", as: "points" }], groupby: ["line"] },
        { filter: `datum.points <= ${FEW_COSTS}` },
      ]),
      ...clockMark(view, { x }),
      ...columnAreas(
        view,
        {
          transform: medians,
          field: "updates",
          place: "indexof(series, datum.line)",
          count: series.length,
          line: `names[indexof(series, datum.line)] + ': ' + ${shareExpr("datum.median")}${isSeveral ? ` + ${half}` : ""}`,
          heading: textExpr`update ${countExpr("datum.updates")}`,
        },
        x,
      ),
    ],
  };
}
