import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";

/** A number that is not finite is named by a string; what there is nothing to tell of is null. */
export type Cell = string | number | null;

export type Row = Readonly<Record<string, Cell>>;

export interface Column {
  /** Reserved neither in Python nor in SQL. */
  readonly name: string;
  /** An `arm` is the name of one; a `number` may be the name of one that is not finite. */
  readonly type: "text" | "arm" | "count" | "number";
  readonly unit?: string;
  /** In Markdown, for docs/csv.md. */
  readonly description: string;
}

/** A tidy view of a record, or of another source: one observation a row. CSV files hold it, charts encode it, the page embeds it. */
export interface Table<Source = Result> {
  readonly name: string;
  /** What a row is, in Markdown. */
  readonly description: string;
  readonly columns: readonly Column[];
  /** What else is to be known of it, in Markdown. */
  readonly details?: string;
  /** Whether it is of the data alone, and so the same in every run over them. */
  readonly isOfData?: true;
  readonly rows: (source: Source) => Iterable<Row>;
}

/** Columns that several tables have. `update` is a word of SQL. */
export const SEED: Column = { name: "seed", type: "count", description: "seed of data, weights and shuffling" };
export const ARM: Column = { name: "arm", type: "arm", description: "name of the arm" };
export const UPDATES: Column = {
  name: "updates",
  type: "count",
  unit: "updates",
  description: "updates made so far; 0: the initial weights",
};
/** The modes that a cost may be measured in; not every record has the last one. */
export const MODES = ["train", "inference", "recalibrated"] as const;
export const MODE: Column = {
  name: "mode",
  type: "text",
  description: "`train`: normalized with the points' own statistics; `inference`: with the moving averages",
};
export const MODE_WITH_RECALIBRATED: Column = {
  ...MODE,
  description: `${MODE.description}; \`recalibrated\`, at the last update of an arm with moving averages: with these replaced by the training set's statistics under the final weights`,
};
export const LAYER: readonly Column[] = [
  { name: "layer", type: "count", description: "the layer, from 0" },
  { name: "layer_name", type: "text", description: "the layer's name in the charts" },
];

/** "layer 1" is the first hidden layer, as in every chart. */
export function layerName(layer: number, layerCount: number): string {
  return layer === layerCount - 1 ? "output" : `layer ${layer + 1}`;
}

/** A statistic that may be absent. */
export function cellOf(value: Statistic | null | undefined): Cell {
  return value ?? null;
}
