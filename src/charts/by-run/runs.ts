import type { Result } from "../../record/result.js";
import type { Table } from "../../tables/table.js";
import { armLabels, type DataSets, drawableRows } from "../data-sets.js";
import { QUIET_INK } from "../theme.js";

/** A record under a name that no other record of the picture has. */
export interface LabeledRecord {
  readonly label: string;
  readonly result: Result;
}

/**
 * Lines of runs in one chart: Okabe and Ito's colors, each with its ink for text, and a dash to tell it without color.
 * Those of the arms plain and bn come last.
 */
export const RUN_STYLES = [
  { color: "#009E73", ink: "#007a59", dash: [1, 0] },
  { color: "#CC79A7", ink: "#a34479", dash: [8, 3] },
  { color: "#E69F00", ink: "#8a6000", dash: [2, 2] },
  { color: "#56B4E9", ink: "#1c70a3", dash: [9, 3, 2, 3] },
  { color: "#0072B2", ink: "#00659e", dash: [12, 3] },
  { color: "#D55E00", ink: "#ad4a00", dash: [5, 2, 1, 2, 1, 2] },
] as const;

/** Runs of the same color differ in dash. */
export function runStyle(run: number): { readonly color: string; readonly dash: readonly number[] } {
  const count = RUN_STYLES.length;
  const { color } = RUN_STYLES[run % count] ?? { color: QUIET_INK };
  const { dash } = RUN_STYLES[(run + Math.floor(run / count)) % count] ?? { dash: [1, 0] };
  return { color, dash };
}

/** The tables of all records, each row with its run. */
export function runSets(tables: readonly Table[], runs: readonly LabeledRecord[]): DataSets {
  const labels = armLabels(armsOf(runs));
  return Object.fromEntries(
    tables.map((table) => [
      table.name,
      runs.flatMap(({ label, result }) => drawableRows(table, result, labels).map((row) => ({ run: label, ...row }))),
    ]),
  );
}

/** Every arm that some run has, in the order of the runs. */
export function armsOf(runs: readonly LabeledRecord[]): string[] {
  return [...new Set(runs.flatMap(({ result }) => Object.keys(result.arms)))];
}
