/** A cell of a CSV file; null and undefined are empty. */
export type Cell = string | number | null | undefined;

/** A CSV file's text: the columns' names, then a line a row. */
export function csvText(columns: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [columns.join(",")];
  for (const row of rows) lines.push(row.map(written).join(","));
  return `${lines.join("\n")}\n`;
}

/** Quoted where a comma, a quote or a new line would break the row (RFC 4180). */
function written(cell: Cell): string {
  const text = cell === null || cell === undefined ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
