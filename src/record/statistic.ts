import type { Statistic } from "./values.js";

/*
 * Without the schema, which what trains has no use for and would take longer to load than to train.
 */

/** Writes a non-finite number by name, so that it is never written as null. */
export function statistic(value: number): Statistic {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

export function statistics(values: ArrayLike<number>): Statistic[] {
  return Array.from(values, statistic);
}
