import type { Row } from "../../tables/table.js";
import { type Payload, unpacked, unpackedSpec } from "../payload.js";

/** Gives specs of the payload, with rows in the data sets that are named; both are unpacked when they are first asked for. */
export type Filled = (place: number, sets?: Readonly<Record<string, number>>) => VegaSpec;

interface VegaSpec {
  readonly width?: unknown;
  readonly height?: unknown;
  readonly data?: readonly { readonly name: string }[];
}

export function filler({ tables, specs, parts }: Payload): Filled {
  const known = new Map<number, readonly Row[]>();
  const rowsOf = (place: number) => {
    const table = tables[place];
    const rows = known.get(place) ?? (table === undefined ? [] : unpacked(table));
    known.set(place, rows);
    return rows;
  };
  return (place, sets = {}) => {
    const spec = unpackedSpec(specs[place], parts) as VegaSpec;
    const data = spec.data?.map((source) => {
      const table = sets[source.name];
      // Vega writes into rows that it is given.
      return table === undefined ? source : { ...source, values: rowsOf(table).map((row) => ({ ...row })) };
    });
    return { ...spec, ...(data === undefined ? {} : { data }) };
  };
}
