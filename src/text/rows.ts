/** Rows under headings; the first `left` columns are text, the others numbers. */
export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly left: number;
}
