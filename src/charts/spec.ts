/** A part of a Vega-Lite spec, or a whole one: Vega-Lite's own types would have each literal spelled out. */
export interface Spec {
  readonly params?: readonly Param[];
  readonly [part: string]: unknown;
}

export interface Param {
  readonly name: string;
  readonly value?: unknown;
}

/** A compiled spec, whose data sets and parameters can be given values. */
export interface VegaSpec {
  readonly data?: readonly { readonly name: string; readonly values?: unknown }[];
  readonly signals?: readonly Param[];
  readonly [key: string]: unknown;
}
