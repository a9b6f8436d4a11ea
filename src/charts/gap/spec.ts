import { t } from "../../text/language.js";
import { lossWords } from "../../text/losses.js";
import type { View } from "../chart.js";
import { columnAreas } from "../hover.js";
import { logDomain } from "../log-axis.js";
import { armOfRow, armPanels, panelsOf } from "../panels.js";
import { calculate, LINE, type Look, layer, lineLooks, logY, paramsOf, positive, updatesX } from "../parts.js";
import type { Runs } from "../runs.js";
import type { Spec } from "../spec.js";
import { INK } from "../theme.js";
import { countExpr, numberExpr, quoted, textExpr } from "../vega-text.js";
import { lastUpdate } from "../wording.js";
import { gapArms, gapCostDomain, recalibratedCosts, SMALLEST_GAP, shownGaps } from "./parts.js";

const HEIGHT = 140;
/** Of an axis beside a panel, and between panels, px. */
const SIDE = 64;
const GAP = 12;

/** By the keys of modes and of `gap` in a record. */
const LOOKS: readonly Look[] = [
  { key: "inference", text: t`cost, inference mode`, color: "#0072B2", dash: [5, 4] },
  { key: "train", text: t`cost, training mode`, color: "#0072B2", dash: [1, 0] },
  { key: "recalibrated", text: t`cost, recalibrated at the end`, color: "#56B4E9", dash: [1, 0] },
  { key: "total", text: t`gap, total`, color: INK, dash: [1, 0] },
  { key: "initializationBias", text: t`initialization bias`, color: "#E69F00", dash: [6, 3] },
  { key: "lag", text: t`lag`, color: "#CC79A7", dash: [2, 2] },
  { key: "noise", text: t`batch noise`, color: "#009E73", dash: [9, 3, 2, 3] },
  { key: "rounding", text: t`rounding`, color: "#D55E00", dash: [4, 2, 1, 2, 1, 2] },
];

/** The largest of each part over the normalizations of an arm. */
const largest = (moment: string) => [
  { filter: `datum.moment === '${moment}'` },
  { aggregate: [{ op: "max", field: "gap", as: "gap" }], groupby: ["panel", "updates", "part"] },
  calculate("line", "datum.part"),
  calculate("gap", "datum.gap >= smallest ? datum.gap : null"),
];

/** The rows of panels, from the top. */
const PLOTS = [
  {
    title: t`cost`,
    field: "cost",
    data: "costs",
    domain: "costDomain",
    transform: [
      { filter: "datum.seed === firstSeeds[datum.run || '']" },
      calculate("line", "datum.mode"),
      ...positive("cost"),
    ],
  },
  {
    title: t`gap of the means, in standard deviations`,
    field: "gap",
    data: "gap",
    domain: "meanDomain",
    transform: largest("mean"),
  },
  {
    title: t`gap of the variances, as a share of the variance`,
    field: "gap",
    data: "gap",
    domain: "varianceDomain",
    transform: largest("variance"),
  },
] as const;

/** Costs in every mode above the gaps of the means and the variances: a column per arm that has moving averages. */
export function gapSpec(runs: Runs, view: View): Spec | undefined {
  const arms = armPanels(gapArms(runs));
  const [first, ...others] = arms;
  if (first === undefined) return undefined;
  /** A facet costs a dataflow of its own: a single arm needs none, and its name stands before the first panel's. */
  const isSingle = others.length === 0;
  const isWide = view.viewport === "wide";
  const sizes = { narrowest: 0, widest: isSingle ? 1000 : 480, side: isWide ? GAP + 52 / arms.length : SIDE };
  const panels = panelsOf(arms, view, sizes);
  const gaps = shownGaps(runs);
  const drawn = new Set(["train", "inference", ...recalibratedCosts(runs), ...gaps.map(({ part }) => part)]);
  const looks = lineLooks(
    "line",
    LOOKS.filter(({ key }) => drawn.has(key)),
    { columns: isWide ? 6 : 1, symbolSize: 900 },
  );
  const x = updatesX("updates", Math.max(2, Math.min(6, Math.floor(panels.width / 50))), 6);
  // A recalibrated cost is a single point.
  const larger = (large: number, other: number) => ({
    condition: { test: "datum.line === 'total' || datum.line === 'recalibrated'", value: large },
    value: other,
  });
  const plot = ({ field, title, domain }: (typeof PLOTS)[number]) => ({
    width: panels.width,
    height: HEIGHT,
    encoding: { x, y: logY(field, domain, HEIGHT), color: looks.color },
    layer: [
      layer(undefined, LINE, { strokeDash: looks.strokeDash, strokeWidth: larger(3, 1.8) }),
      layer(undefined, { type: "point", filled: true, opacity: 1 }, { size: larger(46, 20) }, [
        { joinaggregate: [{ op: "count", as: "records" }], groupby: ["panel", "line"] },
        { filter: `datum.records <= 12 && datum.${field} <= ${domain}[1]` },
      ]),
      ...columnAreas(view, toldParts(field, title, domain, looks.params.lines.length), x),
    ],
  });
  const row = (each: (typeof PLOTS)[number], place: number) => {
    const title = each.field === "cost" ? t`cost (${lossWords(runs[0].result.referenceCosts).cost})` : each.title;
    const text = isSingle && place === 0 ? [...(panels.params.headings[0] ?? []), title] : title;
    return {
      title: { text, fontSize: 12, fontWeight: "normal", anchor: "start", frame: "bounds", offset: 6 },
      data: { name: each.data },
      transform: [armOfRow(runs), ...panels.transform, ...each.transform],
      ...(isSingle ? plot(each) : facets(plot(each), place)),
    };
  };
  // All arms stand in one row, whose names are above the first of its panels.
  const facets = (spec: Spec, place: number) => {
    if (!isWide) return panels.of(spec);
    const column = place === 0 ? panels.facet : { ...panels.facet, header: { labels: false, title: null } };
    return { facet: { column }, spacing: GAP, spec };
  };
  const domainOf = (wanted: string) => logDomain(gaps.flatMap(({ moment, gap }) => (moment === wanted ? [gap] : [])));
  return {
    params: paramsOf(view, {
      ...panels.params,
      ...looks.params,
      lastUpdate: Math.max(1, ...runs.map(({ result }) => lastUpdate(result))),
      firstSeeds: Object.fromEntries(runs.map(({ label, result }) => [label, result.seeds[0]?.seed ?? null])),
      smallest: SMALLEST_GAP,
      costDomain: gapCostDomain(runs),
      meanDomain: domainOf("mean"),
      varianceDomain: domainOf("variance"),
    }),
    spacing: 18,
    vconcat: PLOTS.map(row),
  };
}

/** What is said at an update: the costs in both modes, or the parts of a gap. */
function toldParts(field: string, title: string, domain: string, count: number) {
  const place = "indexof(lines, datum.line)";
  return {
    name: `areas-${domain}`,
    transform: [{ filter: `datum.${field} !== null` }],
    field: "updates",
    groupby: ["panel"],
    place,
    count,
    line: `texts[${place}] + ': ' + ${numberExpr(`datum.${field}`)}`,
    heading: `datum.panel + ${textExpr`, update ${countExpr("datum.updates")}`} + ${quoted(`, ${title}`)}`,
  };
}
