import type { TopLevelSpec } from "vega-lite";
import type { ArmResult } from "../../record/arms.js";
import type { Result } from "../../record/result.js";
import { gap } from "../../tables/gap.js";
import { armPanels } from "../arm-panels.js";
import type { View } from "../chart.js";
import { columnAreas, HOVER_PARAMS } from "../hover.js";
import { flattens, logAxis, logDomain } from "../log-axis.js";
import { paramsOf } from "../params.js";
import { INK } from "../theme.js";
import { countExpr, numberExpr } from "../vega-text.js";
import { lastUpdate } from "../wording.js";

/** Smaller gaps than this change no prediction that can be seen, and would press the others into the upper edge. */
export const SMALLEST_GAP = 1e-4;

const HEIGHT = 140;
/** Of an axis beside a panel, and between panels, px. */
const SIDE = 64;
const GAP = 12;

export const MOMENTS = [
  { moment: "mean", title: "gap of the means, in standard deviations" },
  { moment: "variance", title: "gap of the variances, as a share of the variance" },
] as const;

interface Look {
  readonly key: string;
  readonly text: string;
  readonly color: string;
  readonly dash: readonly number[];
}

const MODES: readonly Look[] = [
  { key: "train", text: "cost, training mode", color: "#0072B2", dash: [1, 0] },
  { key: "inference", text: "cost, inference mode", color: "#0072B2", dash: [5, 4] },
];

/** The keys of `gap` in a record. */
const PARTS: readonly Look[] = [
  { key: "total", text: "gap, total", color: INK, dash: [1, 0] },
  { key: "initializationBias", text: "initialization bias", color: "#E69F00", dash: [6, 3] },
  { key: "lag", text: "lag", color: "#CC79A7", dash: [2, 2] },
  { key: "noise", text: "batch noise", color: "#009E73", dash: [9, 3, 2, 3] },
  { key: "rounding", text: "rounding", color: "#D55E00", dash: [4, 2, 1, 2, 1, 2] },
];

/** The arms that have moving averages: seen in what was recorded, or in costs that differ for them. */
export function gapArms({ arms }: Result): string[] {
  return Object.entries(arms).flatMap(([name, arm]) => (normalizes(arm) ? [name] : []));
}

function normalizes({ costs, checkpoints }: ArmResult): boolean {
  return (
    checkpoints.some(
      ({ inputNorm, layers }) =>
        inputNorm !== undefined || layers.some(({ movingMean, gap }) => movingMean !== undefined || gap !== undefined),
    ) || costs.some(({ train, inference }) => train !== inference)
  );
}

/** The finite positive costs of an arm of the first seed, in both modes. */
function costsOf({ arms }: Result, name: string): number[] {
  return (arms[name]?.costs ?? []).flatMap(({ train, inference }) =>
    [train, inference].filter((cost): cost is number => typeof cost === "number" && cost > 0),
  );
}

/** Arms on their way to divergence may leave the scale where the others would lie flat on it. */
export function gapCostDomain(record: Result): [low: number, high: number] {
  const names = gapArms(record);
  const all = names.map((name) => costsOf(record, name));
  const trained = names.filter((name) => record.arms[name]?.status === "trained").map((name) => costsOf(record, name));
  return logDomain((flattens(all) && trained.length > 0 ? trained : all).flat());
}

/** The largest of each part over the normalizations of one record; a string where one is not finite. */
export interface LargestGap {
  readonly arm: string;
  readonly updates: number;
  readonly moment: string;
  readonly part: string;
  readonly gap: number | string;
}

export function largestGaps(record: Result): LargestGap[] {
  const names = new Set(gapArms(record));
  const largest = new Map<string, LargestGap>();
  for (const { arm, updates, moment, part, gap: value } of gap.rows(record)) {
    if (!names.has(String(arm)) || value === null || value === undefined) continue;
    const key = JSON.stringify([arm, updates, moment, part]);
    const before = largest.get(key);
    if (before === undefined || typeof value === "string" || (typeof before.gap === "number" && value > before.gap)) {
      largest.set(key, {
        arm: String(arm),
        updates: Number(updates),
        moment: String(moment),
        part: String(part),
        gap: value,
      });
    }
  }
  return [...largest.values()];
}

/** Costs in both modes above the gaps of the means and the variances: a column per arm that has moving averages. */
export function gapSpec(record: Result, view: View): TopLevelSpec | undefined {
  const names = gapArms(record);
  if (names.length === 0) return undefined;
  const isWide = view.viewport === "wide";
  const panels = armPanels(record, names, view, {
    narrowest: 0,
    widest: names.length === 1 ? 1000 : 480,
    side: isWide ? GAP + 52 / names.length : SIDE,
  });
  const gaps = largestGaps(record).filter(
    (one): one is LargestGap & { readonly gap: number } => Number(one.gap) >= SMALLEST_GAP,
  );
  const parts = PARTS.filter(({ key }) => gaps.some(({ part }) => part === key));
  const looks = [...MODES, ...parts];
  const domainOf = (moment: string) => logDomain(gaps.filter((one) => one.moment === moment).map((one) => one.gap));
  const channel = (range: readonly unknown[]) => ({
    field: "line",
    type: "nominal",
    scale: { domain: looks.map(({ key }) => key), range },
    legend: {
      symbolType: "stroke",
      columns: isWide ? 6 : 1,
      symbolSize: 900,
      labelExpr: "texts[indexof(lines, datum.value)]",
    },
  });
  const encoding = (field: string, domain: string) => ({
    x: {
      field: "updates",
      type: "quantitative",
      scale: { domain: { expr: "[0, lastUpdate]" }, nice: false, padding: 6 },
      axis: {
        title: "update",
        grid: false,
        tickMinStep: 1,
        tickCount: Math.max(2, Math.min(6, Math.floor(panels.width / 50))),
        labelExpr: countExpr("datum.value"),
      },
    },
    y: {
      field,
      type: "quantitative",
      scale: { type: "log", nice: false, domain: { expr: domain } },
      axis: { title: null, minExtent: 40, ...logAxis(domain, HEIGHT) },
    },
    color: channel(looks.map(({ color }) => color)),
  });
  const strokeDash = channel(looks.map(({ dash }) => [...dash]));
  const { header, ...byArm } = panels.facet;
  const plot = (title: string, field: string, domain: string) => ({
    width: panels.width,
    height: HEIGHT,
    encoding: encoding(field, domain),
    layer: [
      {
        mark: { type: "line", clip: true, strokeJoin: "round" },
        encoding: {
          strokeDash,
          strokeWidth: { condition: { test: "datum.line === 'total'", value: 3 }, value: 1.8 },
        },
      },
      {
        transform: [
          { joinaggregate: [{ op: "count", as: "records" }], groupby: ["arm", "line"] },
          { filter: `datum.records <= 12 && datum.${field} <= ${domain}[1]` },
        ],
        mark: { type: "point", filled: true, opacity: 1 },
        encoding: { size: { condition: { test: "datum.line === 'total'", value: 46 }, value: 20 } },
      },
      ...(view.interactive
        ? columnAreas(
            { name: `areas-${domain}`, ...toldParts(field, title, looks.length) },
            encoding(field, domain).x,
            ["0", "lastUpdate"],
          )
        : []),
    ],
  });
  const [only, ...others] = panels.params.headings;
  /** A facet costs a dataflow of its own: a single arm needs none, and its name stands before the first panel's. */
  const isSingle = others.length === 0;
  const headed = (title: string, place: number) => (isSingle && place === 0 ? [...(only ?? []), title] : title);
  const panel = (
    title: string,
    data: string,
    transform: readonly object[],
    field: string,
    domain: string,
    place: number,
  ) => ({
    title: {
      text: headed(title, place),
      fontSize: 12,
      fontWeight: "normal",
      anchor: "start",
      frame: "bounds",
      offset: 6,
    },
    data: { name: data },
    transform: [...transform, { filter: "indexof(arms, datum.arm) >= 0" }, panels.order],
    // All arms stand in one row, whose names are above the first of its panels.
    ...(isSingle
      ? plot(title, field, domain)
      : {
          spec: plot(title, field, domain),
          ...(isWide
            ? {
                facet: { column: { ...byArm, header: place === 0 ? header : { labels: false, title: null } } },
                spacing: GAP,
              }
            : { facet: panels.facet, columns: 1, resolve: { axis: { x: "independent" } } }),
        }),
  });
  return {
    params: paramsOf({
      ...panels.params,
      lines: looks.map(({ key }) => key),
      texts: looks.map(({ text }) => text),
      lastUpdate: Math.max(1, lastUpdate(record)),
      firstSeed: record.seeds[0]?.seed ?? 0,
      smallest: SMALLEST_GAP,
      costDomain: gapCostDomain(record),
      meanDomain: domainOf("mean"),
      varianceDomain: domainOf("variance"),
      ...(view.interactive ? HOVER_PARAMS : {}),
    }),
    spacing: 18,
    vconcat: [
      panel(
        "cost (mean squared error)",
        "costs",
        [
          { filter: "datum.seed === firstSeed" },
          { calculate: "datum.mode", as: "line" },
          { calculate: "datum.cost > 0 ? datum.cost : null", as: "cost" },
        ],
        "cost",
        "costDomain",
        0,
      ),
      ...MOMENTS.map(({ moment, title }, place) =>
        panel(
          title,
          "gap",
          [
            { filter: `datum.moment === '${moment}'` },
            { aggregate: [{ op: "max", field: "gap", as: "gap" }], groupby: ["arm", "updates", "part"] },
            { calculate: "datum.part", as: "line" },
            { calculate: "datum.gap >= smallest ? datum.gap : null", as: "gap" },
          ],
          "gap",
          `${moment}Domain`,
          place + 1,
        ),
      ),
    ],
  } as unknown as TopLevelSpec;
}

/** What is said at an update: the costs in both modes, or the parts of a gap. */
function toldParts(field: string, title: string, count: number) {
  const place = "indexof(lines, datum.line)";
  return {
    transform: [{ filter: `datum.${field} !== null` }],
    field: "updates",
    groupby: ["arm"],
    place,
    count,
    line: `texts[${place}] + ': ' + ${numberExpr(`datum.${field}`)}`,
    heading: `datum.arm + ', update ' + ${countExpr("datum.updates")} + ${JSON.stringify(`, ${title}`)}`,
  };
}
