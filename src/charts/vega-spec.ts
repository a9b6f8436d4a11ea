/** A Vega spec whose data sets and parameters can be given values. */
export interface VegaSpec {
  readonly data?: readonly { readonly name: string; readonly values?: unknown }[];
  readonly signals?: readonly { readonly name: string; readonly value?: unknown }[];
  readonly [key: string]: unknown;
}
