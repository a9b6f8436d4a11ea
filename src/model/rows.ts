/*
 * Values by their place in a matrix `[rows][columns]` that is kept in one array, as the float64 definitions read them.
 */

/** The value at `index`; NaN outside, so that a wrong index is seen. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/** values[index] += term. */
export function add(values: Float64Array, index: number, term: number): void {
  values[index] = at(values, index) + term;
}

/** Σ values in their order. */
export function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
