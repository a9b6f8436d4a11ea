import type { Result } from "../../record/result.js";
import { decadesOf, logDomain } from "../log-axis.js";
import { type Mode, referenceCosts, type Series, seedArms } from "./series.js";

/** Times the cost of predicting the mean: costs above that press the others flat on a linear scale. */
const TOP_IN_MEANS = 3;

type Domain = [low: number, high: number];

/**
 * What the log scale must hold. Costs of an arm on its way to divergence can be so large that the others would lie flat
 * at the bottom: then they are beyond the scale.
 */
export function costDomain(record: Result, series: readonly Series[]): Domain {
  const levels = referenceCosts(record).map(({ cost }) => cost);
  const isLost = ({ divergences }: Series) => divergences.diverged === divergences.of;
  const every = [...series.flatMap((line) => drawnCosts(record, line, () => true)), ...levels];
  const trained = series.filter((line) => !isLost(line));
  if (trained.length === 0) return logDomain(every);
  const steady = [...trained.flatMap((line) => drawnCosts(record, line, (status) => status === "trained")), ...levels];
  return logDomain(decadesOf(every) > 3 * Math.max(1, decadesOf(steady)) ? steady : every);
}

/** From 0 to what matters in the end. */
export function linearDomain(record: Result, series: readonly Series[]): Domain {
  const mean = record.referenceCosts.predictMean;
  const finals = series.flatMap(({ points }) => points.slice(-1).map(({ cost }) => cost));
  const ordinary = finals.filter((cost) => cost < 100 * mean).reduce((most, cost) => Math.max(most, cost), 0);
  const [, highest] = costDomain(record, series);
  return [0, Number((Math.min(highest, Math.max(TOP_IN_MEANS * mean, 1.2 * ordinary)) || 1).toPrecision(6))];
}

/** The costs of a line's seeds, which hold its medians, and of the rounding probe, which repeats the first seed. */
function drawnCosts(record: Result, { style, mode }: Series, keep: (status: string) => boolean): number[] {
  const arms = seedArms(record, style.name);
  const [first] = arms;
  const repeats = first !== undefined && keep(first.status) ? record.roundingProbe?.arms[style.name]?.costs : [];
  return [
    ...arms.filter(({ status }) => keep(status)).flatMap(({ costs }) => costs.flatMap((entry) => finite(entry, mode))),
    ...(repeats ?? []).flatMap(({ [mode]: spread }) => (spread === undefined ? [] : [spread.low, spread.high])),
  ];
}

function finite(entry: Readonly<Record<Mode, unknown>>, mode: Mode): number[] {
  const cost = entry[mode];
  return typeof cost === "number" ? [cost] : [];
}
