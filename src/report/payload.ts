import type { ArmExtents, DrawnLayers } from "../charts/layers/panels.js";
import type { Quantity } from "../tables/histograms.js";
import type { Cell, Row } from "../tables/table.js";

/** What the page's script is given: the charts as Vega specs without rows, and each table once. */
export interface Payload {
  readonly tables: readonly PackedTable[];
  /** Packed; charts name them by their places. */
  readonly specs: readonly unknown[];
  /** What several of them have in common. */
  readonly parts: readonly unknown[];
  readonly charts: Readonly<Record<string, InteractiveChart>>;
  /** By the id of the section that shows them. */
  readonly players: Readonly<Record<string, Player>>;
}

export interface InteractiveChart {
  /** For screen readers. */
  readonly label: string;
  /** The first one is shown; further ones are the same chart in another way. */
  readonly variants: readonly Variant[];
  /** Places of tables by the names of data sets. */
  readonly sets: Readonly<Record<string, number>>;
  /** What is not the same as in the picture without script. */
  readonly note?: string;
}

interface Variant {
  /** On the button that chooses it. */
  readonly name: string;
  readonly specs: Specs;
}

/** A place among the specs for each viewport. */
export interface Specs {
  readonly wide: number;
  readonly narrow: number;
}

/** The recorded histograms of all layers, for a slider over the updates. */
export interface Player {
  readonly updates: readonly number[];
  /** Of how many. */
  readonly recorded: number;
  readonly layers: DrawnLayers;
  readonly specs: Specs;
  readonly sets: { readonly histograms: number; readonly tails: number; readonly notes: number };
  readonly quantities: readonly PlayerQuantity[];
}

export interface PlayerQuantity {
  readonly quantity: Quantity;
  /** That it is chosen by. */
  readonly name: string;
  readonly arms: readonly (ArmExtents & {
    /** What the layers look like at each update: "at update 50 is most saturated in …". */
    readonly captions: readonly string[];
  })[];
}

/** Rows of the same columns, column by column. */
export interface PackedTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, PackedColumn>>;
}

/**
 * Values in order, without those that repeat what came shortly before: so many of `values`, then so many again from so
 * far back, and so on. Of a column with few different texts, `values` are places among `texts`.
 */
export interface PackedColumn {
  readonly values: readonly Cell[];
  readonly copies?: readonly (readonly [fresh: number, back: number, length: number])[];
  readonly texts?: readonly Cell[];
}

export function unpackedColumns({ columns }: PackedTable): Record<string, Cell[]> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, unpackedColumn(column)]));
}

function unpackedColumn({ values, copies = [], texts }: PackedColumn): Cell[] {
  const all: Cell[] = [];
  let next = 0;
  for (const [fresh, back, length] of copies) {
    for (const end = next + fresh; next < end; next += 1) all.push(values[next] ?? null);
    for (let copied = 0; copied < length; copied += 1) all.push(all[all.length - back] ?? null);
  }
  for (; next < values.length; next += 1) all.push(values[next] ?? null);
  return texts === undefined ? all : all.map((place) => texts[Number(place)] ?? null);
}

export function unpacked(table: PackedTable): Row[] {
  const columns = Object.entries(unpackedColumns(table));
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row] ?? null])),
  );
}

/** A spec with the parts that it shares with others put in. */
export function unpackedSpec(packed: unknown, parts: readonly unknown[]): unknown {
  if (Array.isArray(packed)) return packed.map((each) => unpackedSpec(each, parts));
  if (typeof packed !== "object" || packed === null) return packed;
  if (PART in packed) return unpackedSpec(parts[Number(packed[PART])], parts);
  return Object.fromEntries(Object.entries(packed).map(([key, value]) => [key, unpackedSpec(value, parts)]));
}

/** The only key of what stands for a part. */
export const PART = "$";
