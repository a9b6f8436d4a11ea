/** A number, or the name of one that JSON cannot write. */
export type Statistic = number | "Infinity" | "-Infinity" | "NaN";

/** Names a number that is not finite, so that it is never written as null. */
export function statistic(value: number): Statistic {
  return Number.isFinite(value) ? value : (String(value) as Statistic);
}

export function statistics(values: ArrayLike<number>): Statistic[] {
  return Array.from(values, statistic);
}
