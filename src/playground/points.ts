import type { Points } from "../data/points.js";
import { FLOAT32_MAX } from "../engines/engine.js";
import { excerpt } from "../text/excerpt.js";

const MOST_POINTS = 20_000;
const MOST_COLUMNS = 65;

/** Columns of numbers as people paste them → points, or what is wrong. The target is the column y, else the last one. */
export function parsePoints(text: string): { readonly points: Points } | { readonly problem: string } {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n?|\n/)
    .map((line, place) => ({ line: line.trim(), number: place + 1 }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"));
  const [first] = lines;
  if (first === undefined) return { problem: "there are no points: give one per line, like 1.5, 2" };
  const separator = ["\t", ";", ","].find((mark) => first.line.includes(mark)) ?? /\s+/;
  const cellsOf = (line: string) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  const head = cellsOf(first.line);
  const isHeader = head.some((cell) => numberOf(cell) === undefined);
  const rows = isHeader ? lines.slice(1) : lines;
  const columns = head.length;
  if (columns < 2)
    return { problem: "there is only one column: give the input and the target of each point, like 1.5, 2" };
  if (columns > MOST_COLUMNS) return { problem: `there are ${columns} columns; this page takes ${MOST_COLUMNS}` };
  if (rows.length === 0) return { problem: "there is a header but no points below it" };
  if (rows.length > MOST_POINTS)
    return { problem: `there are ${rows.length} points; this page takes ${MOST_POINTS}, the command more` };
  const named = isHeader ? head.lastIndexOf("y") : -1;
  const target = named < 0 ? columns - 1 : named;
  const [x, y]: [number[], number[]] = [[], []];
  for (const { line, number } of rows) {
    const cells = cellsOf(line);
    if (cells.length !== columns)
      return { problem: `line ${number}: has ${cells.length} columns where the first line has ${columns}` };
    for (const [column, cell] of cells.entries()) {
      const value = numberOf(cell);
      if (value === undefined) return { problem: `line ${number}: "${excerpt(cell)}" is not a number` };
      (column === target ? y : x).push(value);
    }
  }
  return { points: { samples: y.length, inputs: columns - 1, x: Float32Array.from(x), y: Float32Array.from(y) } };
}

/** A number that float32 can hold. */
function numberOf(cell: string): number | undefined {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN;
  return Math.abs(value) <= FLOAT32_MAX ? value : undefined;
}

/** Points → a CSV file that the command reads to the same float32 values. */
export function pointsText({ samples, inputs, x, y }: Points): string {
  const names = inputs === 1 ? ["x"] : Array.from({ length: inputs }, (_, column) => `x${column + 1}`);
  const rows = Array.from({ length: samples }, (_, row) =>
    [...x.subarray(row * inputs, (row + 1) * inputs), y[row]].join(","),
  );
  return `${[...names, "y"].join(",")}\n${rows.join("\n")}\n`;
}
