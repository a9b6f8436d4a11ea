import type { Quartiles } from "../record/effects.js";

/** Quartiles of finite values in any order, undefined of none. What is not finite is to be counted apart: it throws. */
export function quartiles(values: readonly number[]): Quartiles | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [q25, median, q75] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  return q25 === undefined || median === undefined || q75 === undefined ? undefined : { q25, median, q75 };
}

/**
 * The p-quantile, 0 ≤ p ≤ 1, of finite ascending values, undefined of none: linear between the order statistics around
 * (n − 1)·p (definition 7 of Hyndman & Fan 1996, the default of R and numpy).
 */
export function quantile(sorted: readonly number[], p: number): number | undefined {
  requireFinite(sorted);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A quantile's share is between 0 and 1, not ${p}`);
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below];
  if (low === undefined) return undefined;
  const high = sorted[below + 1] ?? low;
  return low + (position - below) * (high - low);
}

export function requireFinite(values: readonly number[]): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`Statistics over seeds need finite values, not ${wrong}`);
}
