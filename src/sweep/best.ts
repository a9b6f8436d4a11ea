import { naturalLogarithm } from "../data/logarithm.js";
import { mean } from "../metrics/bootstrap.js";
import { CONFIDENCE, type FinalCost } from "../metrics/effect.js";
import { studentQuantile } from "../metrics/student.js";
import type { Factor } from "../record/sweep.js";

/** Final costs of an arm by seed, in inference mode. */
export type Finals = ReadonlyMap<number, FinalCost>;

/**
 * By which factor the control's cost is higher than the treated arm's: the geometric mean over the seeds in which both
 * have a positive cost, with Student's t interval of the log ratios. Of few seeds it covers what it promises where the
 * bootstrap does not; with one pair there is none. Undefined without a pair. A pair without two costs is counted.
 */
export function factorOf(control: Finals, treated: Finals, seeds: readonly number[]): Factor | undefined {
  const ratios = seeds.flatMap((seed) => {
    const [above, below] = [control.get(seed), treated.get(seed)];
    return isCost(above) && isCost(below) ? [naturalLogarithm(above) - naturalLogarithm(below)] : [];
  });
  if (ratios.length === 0) return undefined;
  const center = mean(ratios);
  const counted = { factor: Math.exp(center), pairs: ratios.length, undefinedPairs: seeds.length - ratios.length };
  if (ratios.length < 2) return counted;
  const squares = ratios.reduce((sum, ratio) => sum + (ratio - center) * (ratio - center), 0);
  const error = Math.sqrt(squares / (ratios.length - 1) / ratios.length);
  const reach = studentQuantile((1 + CONFIDENCE) / 2, ratios.length - 1) * error;
  return { ...counted, low: Math.exp(center - reach), high: Math.exp(center + reach) };
}

function isCost(cost: FinalCost | undefined): cost is number {
  return typeof cost === "number" && Number.isFinite(cost) && cost > 0;
}

/** The seeds in two halves: every other one chooses, the rest measure. */
export function halves(seeds: readonly number[]): { readonly choosing: number[]; readonly measuring: number[] } {
  return {
    choosing: seeds.filter((_, place) => place % 2 === 0),
    measuring: seeds.filter((_, place) => place % 2 === 1),
  };
}

/**
 * The place with the lowest median over the seeds; a run that diverges is above every cost. Of equal medians the first
 * one. Undefined where at every place more than half of the runs diverge.
 */
export function bestPlace(places: readonly Finals[], seeds: readonly number[]): number | undefined {
  const medians = places.map((finals) => medianOf(finals, seeds));
  const lowest = Math.min(...medians);
  return Number.isFinite(lowest) ? medians.indexOf(lowest) : undefined;
}

/** The lower median: of an even number of runs the better one of the two in the middle. Infinity where it diverges. */
export function medianOf(finals: Finals, seeds: readonly number[]): number {
  const costs = seeds
    .map((seed) => finals.get(seed))
    .map((cost) => (typeof cost === "number" ? cost : Number.POSITIVE_INFINITY));
  return costs.sort((a, b) => a - b)[Math.floor((costs.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}
