import { randomStream } from "../data/streams.js";
import type { IntervalReason, MeanInterval } from "../record/effects.js";
import { normalCumulative, normalQuantile } from "./normal.js";
import { requireFinite } from "./quantiles.js";

/** A statistic with its bootstrap interval, in the unit of the values. */
export type BootstrapInterval = Omit<MeanInterval, "confidence">;

/** Must not depend on the order of its values, which it gets ascending. */
type Statistic = (ascending: readonly number[]) => number;

export interface BootstrapOptions {
  /** Of the interval, in (0, 1). */
  confidence?: number;
  resamples?: number;
  statistic?: Statistic;
  /** Seed and name of the random stream: the same values give the same interval. */
  seed?: number;
  stream?: string;
}

/**
 * The BCa interval (bias-corrected and accelerated: Efron 1987; Efron & Tibshirani 1993, eqs. 14.9–14.15), undefined of no
 * values. Its ends are order statistics of the replicates, never interpolated. Where BCa is not defined the answer is the
 * percentile interval (ibid., eq. 13.5), and `reason` says why. A value that is not finite throws.
 */
export function bootstrapInterval(
  values: readonly number[],
  {
    confidence = 0.95,
    resamples = 9999,
    statistic = mean,
    seed = 1,
    stream = "bootstrap",
  }: Readonly<BootstrapOptions> = {},
): BootstrapInterval | undefined {
  requireFinite(values);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies in (0, 1), not ${confidence}`);
  if (!Number.isInteger(resamples) || resamples < 1) throw new RangeError(`${resamples} is no number of resamples`);
  if (values.length === 0) return undefined;

  // Sums over ascending values give a resample that is the sample over again the estimate's very bits.
  const sample = values.toSorted((a, b) => a - b);
  const measure: Statistic = (ascending) => {
    // A zero without a sign: JSON knows no other, and what is read back must be what was drawn.
    const value = statistic(ascending) + 0;
    requireFinite([value]);
    return value;
  };
  const estimate = measure(sample);
  if (sample.length === 1) return { estimate, method: "none", resamples: 0, reason: "one-value" };
  if (sample[0] === sample.at(-1)) {
    return { estimate, low: estimate, high: estimate, method: "none", resamples: 0, reason: "equal-values" };
  }

  const replicates = replicatesOf(sample, measure, resamples, randomStream(seed, stream).uniform);
  const tail = (1 - confidence) / 2;
  const adjusted = adjustedShares(replicates, estimate, acceleration(sample, measure), tail);
  const [low, high] = (typeof adjusted === "string" ? [tail, 1 - tail] : adjusted).map((share) => {
    // Rounded, not cut: without bias and skewness the share times resamples + 1 is whole but for its last bit.
    const rank = Math.round(share * (resamples + 1));
    return replicates[Math.min(Math.max(rank, 1), resamples) - 1] as number;
  }) as [number, number];
  return typeof adjusted === "string"
    ? { estimate, low, high, method: "percentile", resamples, reason: adjusted }
    : { estimate, low, high, method: "BCa", resamples };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The statistic of samples drawn with replacement, ascending. */
function replicatesOf(
  sample: readonly number[],
  statistic: Statistic,
  resamples: number,
  uniform: () => number,
): Float64Array {
  const times = new Int32Array(sample.length);
  const drawn = new Array<number>(sample.length).fill(0);
  const replicates = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let i = 0; i < sample.length; i++) {
      const index = Math.floor(uniform() * sample.length);
      times[index] = (times[index] as number) + 1;
    }
    let at = 0;
    for (let i = 0; i < sample.length; i++) {
      for (let left = times[i] as number; left > 0; left--) drawn[at++] = sample[i] as number;
    }
    replicates[r] = statistic(drawn);
  }
  return replicates.sort();
}

/** Shares of the replicates below either end (Efron & Tibshirani 1993, eq. 14.10), or why there are none. */
function adjustedShares(
  replicates: Float64Array,
  estimate: number,
  acceleration: number | undefined,
  tail: number,
): [number, number] | IntervalReason {
  if (acceleration === undefined) return "no-influence";
  let twiceBelow = 0;
  for (const replicate of replicates) twiceBelow += replicate < estimate ? 2 : replicate === estimate ? 1 : 0;
  if (twiceBelow === 0) return "all-above";
  if (twiceBelow === 2 * replicates.length) return "all-below";
  // Eq. 14.14; half of the ties count as below.
  const bias = normalQuantile(twiceBelow / (2 * replicates.length));
  const z = normalQuantile(tail);
  const shares: number[] = [];
  for (const shifted of [bias + z, bias - z]) {
    const scale = 1 - acceleration * shifted;
    if (scale <= 0) return "large-acceleration";
    shares.push(normalCumulative(bias + shifted / scale));
  }
  return shares as [number, number];
}

/** By the jackknife (ibid., eq. 14.15); undefined if the statistic does not depend on any one value. */
function acceleration(sample: readonly number[], statistic: Statistic): number | undefined {
  const without = sample.map((_, left) => statistic(sample.toSpliced(left, 1)));
  const middle = mean(without);
  const deviations = without.map((value) => middle - value);
  // Over the largest, so that neither tiny nor huge values leave float64's range when cubed.
  const largest = Math.max(...deviations.map(Math.abs));
  if (!(largest > 0)) return undefined;
  let [squares, cubes] = [0, 0];
  for (const deviation of deviations) {
    const d = deviation / largest;
    squares += d * d;
    cubes += d * d * d;
  }
  return cubes / (6 * squares * Math.sqrt(squares));
}
