import type { Result } from "../../record/result.js";
import { TABLES } from "../../tables/index.js";
import { csvText } from "../csv-text.js";
import type { RunFormat } from "./format.js";

/** Tables for other tools, one observation a row; docs/csv.md says what every column means. */
export const csv: RunFormat = {
  names: TABLES.map(({ name }) => `${name}.csv`),
  wanted: (settings) => settings.csv ?? false,
  from: "record",
  files: ({ result }) => csvFilesOf(result),
};

/** The tables that have rows. */
export function csvFilesOf(record: Result): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name, columns, rows } of TABLES) {
    const found = [...rows(record)];
    if (found.length > 0) files.set(`${name}.csv`, csvText(columns, found));
  }
  return files;
}
