/** A cell of a CSV file; null and undefined are empty. */
export type Cell = string | number | null | undefined;

/** A CSV file's text: the columns' names, then a line a row. */
export function csvText(columns: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [columns.join(",")];
  for (const row of rows) lines.push(row.map(written).join(","));
  return `${lines.join("\n")}\n`;
}

/** Quoted where a comma, a quote or a new line would break the row (RFC 4180). Programs read back what names hold. */
function written(cell: Cell): string {
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
