import { studentQuantile } from "../metrics/student.js";

/** A mean with its interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Of each end's distance from the mean: what the values' own spread makes of it, and what was added for rounding. */
  readonly spread: number;
  readonly rounding: number;
  readonly confidence: number;
  readonly values: number;
}

/**
 * Student's t interval of a mean (Student 1908), widened by `rounding` at both ends. Undefined of fewer than two values:
 * one value has no spread.
 */
export function meanInterval(values: readonly number[], confidence: number, rounding = 0): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (n - 1);
  const spread = quantile(confidence, n) * Math.sqrt(variance / n);
  const reach = spread + rounding;
  return { mean, low: mean - reach, high: mean + reach, spread, rounding, confidence, values: n };
}

/**
 * How many values in all would put the interval clear of `limit` if mean, spread and rounding of each value stayed as they
 * are; undefined when no number up to `most` would.
 */
export function valuesNeeded(
  { mean, spread, rounding, values, confidence }: Interval,
  limit: number,
  most = 10_000,
): number | undefined {
  const deviation = (spread / quantile(confidence, values)) * Math.sqrt(values);
  const decides = (n: number) =>
    (quantile(confidence, n) * deviation) / Math.sqrt(n) + rounding * Math.sqrt(values / n) < Math.abs(limit - mean);
  // The interval only shrinks with n.
  let [below, enough] = [values, most];
  if (!decides(enough)) return undefined;
  while (enough - below > 1) {
    const middle = (below + enough) >> 1;
    if (decides(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

/** Of Student's t with n − 1 degrees of freedom, two-sided. */
function quantile(confidence: number, n: number): number {
  return studentQuantile((1 + confidence) / 2, n - 1);
}

/** Confidence of a decision as a whole. */
export const CONFIDENCE = 0.95;

/**
 * The numbers of seeds at which a gate looks: the experiment's own, then twice as many until `most`. They are fixed before
 * anything is run, and each look's interval has the confidence 1 − (1 − 0.95)/looks, so that all looks together err no
 * more often than one would (Bonferroni).
 */
export function plannedLooks(
  seeds: number,
  most: number,
): { readonly looks: readonly number[]; readonly confidence: number } {
  const looks = [seeds];
  for (let next = 2 * seeds; (looks.at(-1) as number) < most; next *= 2) looks.push(Math.min(next, most));
  return { looks, confidence: 1 - (1 - CONFIDENCE) / looks.length };
}
