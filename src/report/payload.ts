import type { Room } from "../charts/theme.js";

type Row = Readonly<Record<string, unknown>>;

interface PanelLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly namesUpdates: boolean;
}

/** What the page's script is given: the charts as Vega specs, with their data apart and packed. */
export interface Payload {
  readonly tables: readonly PackedTable[];
  readonly charts: Readonly<Record<string, InteractiveChart>>;
  /** By the id of the section that shows them. */
  readonly films: Readonly<Record<string, Film>>;
}

export interface InteractiveChart {
  /** For screen readers. */
  readonly label: string;
  /** The first one is shown; further ones are the same chart in another way. */
  readonly variants: readonly Variant[];
  /** What is said about each spot, by its number in the chart's data. */
  readonly spots: readonly SpotText[];
}

interface Variant {
  /** On the button that chooses it. */
  readonly name: string;
  /** A Vega spec; its data sets hold numbers of tables in place of values. */
  readonly spec: VegaSpec;
  /** The same for a phone; where there is none, the other one is drawn there too. */
  readonly narrow?: VegaSpec;
}

export type VegaSpec = Readonly<Record<string, unknown>>;

export interface SpotText {
  readonly lines: readonly string[];
  /** 0 is the first hidden layer. */
  readonly layer?: number;
}

/** The recorded histograms of all layers, for the slider over the updates. */
export interface Film {
  readonly updates: readonly number[];
  readonly arms: readonly FilmArm[];
  /** Edges of bins; most layers of all arms have the same. */
  readonly edges: readonly (readonly number[])[];
  /** The kinds of values, each with the name it is chosen by. */
  readonly quantities: readonly { readonly quantity: "preActivation" | "layerInput"; readonly name: string }[];
  readonly layouts: Readonly<Record<Room, FilmLayout>>;
}

export interface FilmLayout {
  readonly panels: PanelLayout;
  /** A Vega spec for every update: its data sets are those of the marks, by name, without values. */
  readonly spec: VegaSpec;
}

export interface FilmArm {
  /** As the charts call it. */
  readonly name: string;
  readonly divergedAt?: number;
  /** By quantity and update, what the layers look like: "at update 50 is most saturated in …". */
  readonly readings: readonly (readonly string[])[];
  /** By quantity and layer, which of the film's bins the counts are of. */
  readonly bins: readonly (readonly number[])[];
  readonly records: readonly FilmRecord[];
}

interface FilmRecord {
  readonly update: number;
  /** By quantity and layer: the bins' counts, behind them those of values below, above and not finite. */
  readonly counts: readonly (readonly (readonly number[])[])[];
  /** By quantity and layer, what is said about it. */
  readonly notes: readonly (readonly string[])[];
}

/** Rows of the same keys, column by column. */
export interface PackedTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** All values, or the different ones and which of them stands in each row; one alone stands in all. */
type Column = readonly unknown[] | { readonly values: readonly unknown[]; readonly places?: readonly number[] };

export function packed(rows: readonly Row[]): PackedTable {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { rows: rows.length, columns: Object.fromEntries(keys.map((key) => [key, columnOf(rows, key)])) };
}

function columnOf(rows: readonly Row[], key: string): Column {
  const all = rows.map((row) => row[key] ?? null);
  const known = new Map<unknown, number>();
  const values: unknown[] = [];
  const places: number[] = [];
  for (const value of all) {
    const same = typeof value === "object" ? JSON.stringify(value) : value;
    const place = known.get(same) ?? values.push(value) - 1;
    known.set(same, place);
    places.push(place);
    if (values.length > Math.max(1, all.length / 4)) return all;
  }
  return values.length === 1 ? { values } : { values, places };
}

export function unpacked({ rows, columns }: PackedTable): Row[] {
  const entries = Object.entries(columns);
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(entries.map(([key, column]) => [key, at(column, row)])),
  );
}

function isList(column: Column): column is readonly unknown[] {
  return Array.isArray(column);
}

function at(column: Column, row: number): unknown {
  return isList(column) ? column[row] : column.values[column.places?.[row] ?? 0];
}
