import type { Cell, Column, Row } from "../tables/table.js";

/** A CSV file's text: the columns' names, then a line a row. */
export function csvText(columns: readonly Column[], rows: Iterable<Row>): string {
  const names = columns.map(({ name }) => name);
  const lines = [names.join(",")];
  for (const row of rows) lines.push(names.map((name) => written(row[name])).join(","));
  return `${lines.join("\n")}\n`;
}

/** Quoted where a comma, a quote or a new line would break the row (RFC 4180). Programs read back what names hold. */
function written(cell: Cell | undefined): string {
  const text = typeof cell === "string" ? inert(cell) : String(cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/**
 * A spreadsheet takes a text that begins like a formula for one, in quotes too, and a formula can read other cells and
 * files. An apostrophe before it makes it text. No name that a configuration may hold begins like that, but a
 * `result.json` from elsewhere may say anything.
 */
function inert(text: string): string {
  return /^\s*[=+@-]/.test(text) && text !== "-Infinity" ? `'${text}` : text;
}
