import { CsvError, parse } from "csv-parse/sync";
import { usageError } from "../errors.js";
import { excerpt } from "../text/excerpt.js";
import type { Points } from "./points.js";

/** How many faults or columns of one file are listed before the rest is only counted. */
const LISTED = 10;

interface Row {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads points from CSV text with a header: columns `x,y`, or `x1,x2,…,y`, in any order.
 * Throws a usage error that lists every fault with file, line and column: an unknown or missing column, a row of the
 * wrong length, a value that is no finite float32 number.
 */
export function parsePoints(text: string, file: string): Points {
  const [header, ...rows] = readRows(text, file);
  if (header === undefined)
    throw usageError(`${file}: the file is empty; the first line must name the columns: x,y or x1,x2,…,y`);
  const columns = columnOrder(header.record, file);
  if (rows.length === 0) throw usageError(`${file}: there is a header but no data below it`);

  const inputs = columns.length - 1;
  const x = new Float32Array(rows.length * inputs);
  const y = new Float32Array(rows.length);
  const faults: string[] = [];
  rows.forEach(({ record, info }, i) => {
    if (record.length !== columns.length) {
      faults.push(`${file}:${info.lines}: ${record.length} values where the header names ${columns.length} columns`);
      return;
    }
    columns.forEach((column, input) => {
      const cell = record[column] as string;
      const value = cell === "" ? Number.NaN : Math.fround(Number(cell));
      if (!Number.isFinite(value)) {
        const what = cell === "" ? "is empty" : `holds "${excerpt(cell)}"`;
        faults.push(
          `${file}:${info.lines}: column ${header.record[column]} ${what}; it must be a finite number (float32)`,
        );
      }
      if (input < inputs) x[i * inputs + input] = value;
      else y[i] = value;
    });
  });
  if (faults.length > 0) {
    const rest = faults.length - LISTED;
    throw usageError([...faults.slice(0, LISTED), ...(rest > 0 ? [`${file}: and ${rest} more`] : [])]);
  }
  return { samples: rows.length, inputs, x, y };
}

function readRows(text: string, file: string): Row[] {
  try {
    const options = { bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true };
    return parse(text, options) as unknown as Row[];
  } catch (error) {
    if (error instanceof CsvError) throw usageError(`${file}: this is not CSV: ${excerpt(error.message, 200)}`);
    throw error;
  }
}

/** Positions in a row of x1, x2, …, y, in this order. */
function columnOrder(names: readonly string[], file: string): number[] {
  const inputs = names.length - 1;
  const wanted = inputs === 1 && names.includes("x") ? ["x", "y"] : [];
  if (wanted.length === 0) {
    for (let i = 1; i <= inputs; i++) wanted.push(`x${i}`);
    wanted.push("y");
  }
  const missing = wanted.filter((name) => !names.includes(name));
  if (inputs < 1 || missing.length > 0) {
    const found = listed(names.map((name) => `"${excerpt(name)}"`));
    throw usageError(
      `${file}:1: the columns must be x,y or x1,x2,…,y separated by commas; found ${found}` +
        (missing.length > 0 && inputs >= 1 ? `, missing ${listed(missing)}` : ""),
    );
  }
  return wanted.map((name) => names.indexOf(name));
}

function listed(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return names.slice(0, LISTED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
