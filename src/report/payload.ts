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
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface SpotText {
  readonly lines: readonly string[];
  /** 0 is the first hidden layer. */
  readonly layer?: number;
}

/** The recorded histograms of all layers, for the slider over the updates. */
export interface Film {
  readonly updates: readonly number[];
  readonly arms: readonly FilmArm[];
  readonly quantities: readonly FilmQuantity[];
}

export interface FilmArm {
  readonly name: string;
  readonly divergedAt?: number;
  /** Bin edges by quantity and layer. */
  readonly edges: readonly (readonly (readonly number[])[])[];
  readonly records: readonly FilmRecord[];
}

interface FilmRecord {
  readonly update: number;
  /** By quantity and layer: the bins' counts, behind them those of values below, above and not finite. */
  readonly counts: readonly (readonly (readonly number[])[])[];
  /** By quantity and layer, what is said about it. */
  readonly notes: readonly (readonly string[])[];
}

interface FilmQuantity {
  readonly quantity: "preActivation" | "layerInput";
  readonly name: string;
  /** A Vega spec whose data sets are those of the marks, by name, without values. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly panelWidth: number;
}

/** Rows of the same keys, column by column; a column with one value holds it for all rows. */
export interface PackedTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
}

export type Row = Readonly<Record<string, unknown>>;

export function packed(rows: readonly Row[]): PackedTable {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = keys.map((key) => {
    const values = rows.map((row) => row[key] ?? null);
    const isConstant = values.length > 0 && values.every((value) => value === values[0]);
    return [key, isConstant ? values.slice(0, 1) : values] as const;
  });
  return { rows: rows.length, columns: Object.fromEntries(columns) };
}

export function unpacked({ rows, columns }: PackedTable): Row[] {
  const entries = Object.entries(columns);
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(entries.map(([key, values]) => [key, values.length === 1 ? values[0] : values[row]])),
  );
}
