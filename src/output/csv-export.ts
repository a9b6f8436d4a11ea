import type { Result } from "../record/result.js";
import { TABLES } from "../tables/index.js";
import { csvText } from "./csv-text.js";

/** Files of a run for other tools, one observation a row; docs/csv.md says what every column means. */
export const CSV_NAMES: readonly string[] = TABLES.map(({ name }) => `${name}.csv`);

/** The tables that have rows. */
export function csvFilesOf(record: Result): Record<string, string> {
  return Object.fromEntries(
    TABLES.flatMap((table) => {
      const rows = [...table.rows(record)];
      return rows.length === 0 ? [] : [[`${table.name}.csv`, csvText(table.columns, rows)]];
    }),
  );
}
