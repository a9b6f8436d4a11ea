// Tables on stdout; the same figures go to JSON by way of what each section returns.
import { plainTable } from "../build/text/screen-table.js";

export function heading(text) {
  console.log(`\n${text}`);
}

/** Rows of cells; the first column is text, the others are numbers. */
export function table(head, rows) {
  const lines = plainTable(
    head,
    rows,
    head.map((_, column) => (column === 0 ? "left" : "right")),
  );
  console.log(lines.text.replace(/^/gm, "  "));
}

export function note(text) {
  console.log(`  ${text}`);
}

/** Three significant digits, without an exponent. */
export function digits(value) {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(decimals, 4));
}

export const times = (value) => `${digits(value)}×`;
/** A ratio of the bests, and in brackets the median one. */
export const ratios = ({ best, median }) => `${times(best)} (${times(median)})`;
export const percent = (share) => `${Math.round(100 * share)} %`;
