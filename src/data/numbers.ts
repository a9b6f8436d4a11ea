import { usageError } from "../errors.js";
import { MOST_SHOWN } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { MOST_LISTED } from "../text/listed.js";
import { CELL_REMEDY, type NotANumber, readCell } from "./cells.js";
import type { Cells, Columns } from "./columns.js";

/** A table's cells with the lines of its rows. */
export interface LinedCells extends Cells {
  readonly lineOf: (row: number) => number;
}

/** The numbers of the used columns in float64: the inputs' in their order, then the target's. */
export interface Numbers {
  readonly columns: readonly Float64Array[];
  readonly usesCommas: boolean;
}

/** What is wrong with a column's cells. */
interface Faults {
  count: number;
  readonly kinds: Map<NotANumber, Found & { count: number }>;
  /** In full, up to as many as are listed. */
  readonly cells: Found[];
}

interface Found {
  readonly what: NotANumber;
  readonly cell: string;
  readonly line: number;
}

/** Reads the used columns. Throws a usage error that names every column that holds no numbers, and every cell in the others. */
export function readNumbers(cells: LinedCells, columns: Columns, commas: boolean): Numbers {
  const used = [...columns.inputs, columns.target];
  const faults = new Map<number, Faults>();
  const marks = new Map<"." | ",", string>();
  const numbers = used.map((column) => {
    const values = new Float64Array(cells.rows);
    for (let row = 0; row < cells.rows; row++) {
      const text = cells.at(row, column);
      const cell = readCell(text, commas);
      if (cell.value === undefined) {
        if (!faults.has(column)) faults.set(column, { count: 0, kinds: new Map(), cells: [] });
        note(faults.get(column) as Faults, { what: cell.what, cell: text, line: cells.lineOf(row) });
        continue;
      }
      values[row] = cell.value;
      if (cell.mark !== undefined && !marks.has(cell.mark)) {
        marks.set(cell.mark, t`"${excerpt(text)}" in line ${cells.lineOf(row)}`);
      }
    }
    return values;
  });
  if (faults.size > 0) throw usageError(faultLines(faults, used, { ...cells, names: columns.names }));
  if (marks.size > 1) {
    throw usageError(
      t`${cells.file}: decimal commas (${marks.get(",")}) and decimal points (${marks.get(".")}) in one file; write all decimals the same way`,
    );
  }
  return { columns: numbers, usesCommas: marks.has(",") };
}

function note(faults: Faults, found: Found): void {
  faults.count++;
  const kind = faults.kinds.get(found.what);
  if (kind === undefined) faults.kinds.set(found.what, { ...found, count: 1 });
  else kind.count++;
  if (faults.cells.length < MOST_SHOWN) faults.cells.push(found);
}

interface Named {
  readonly file: string;
  readonly rows: number;
  readonly names: readonly string[];
}

/** A column of which most is no number is one fault, whatever its number of cells; the others' cells come in the file's order. */
function faultLines(
  faults: ReadonlyMap<number, Faults>,
  used: readonly number[],
  { file, rows, names }: Named,
): string[] {
  // Missing values are filled in one by one, unless all are missing.
  const isWhole = (found: Faults) =>
    found.count > 1 &&
    (found.count === rows || (found.count > rows / 2 && mostOften(found).what !== "a missing value"));
  const target = used.at(-1);
  const good = used.filter((column) => {
    const found = faults.get(column);
    return column !== target && !(found !== undefined && isWhole(found));
  });
  const wholes: string[] = [];
  const cells: { readonly line: number; readonly text: string }[] = [];
  let uncounted = 0;
  for (const [column, found] of faults) {
    const label = labelOf(names[column] as string, column);
    if (isWhole(found)) {
      const { what, cell, line } = mostOften(found);
      const shown = t`${cell === "" ? t`an empty cell` : `"${excerpt(cell)}"`} in line ${line}`;
      const remedies = [
        CELL_REMEDY[what],
        column === target ? t`name a column of numbers with --target` : leaveOut(good, names),
      ];
      const remedy = remedies.filter((text) => text !== undefined).join(t`, or `) || t`it must contain numbers`;
      wholes.push(t`${file}: column ${label} contains ${PLURAL[what]} (${shown}); ${remedy}`);
      continue;
    }
    uncounted += found.count - found.cells.length;
    for (const { what, cell, line } of found.cells) {
      const shown = cell === "" ? t`is empty` : t`contains "${excerpt(cell)}" (${SINGULAR[what]})`;
      const remedy = CELL_REMEDY[what] ?? t`it must be a finite number`;
      cells.push({ line, text: t`${file}:${line}: column ${label} ${shown}; ${remedy}` });
    }
  }
  cells.sort((a, b) => a.line - b.line);
  const all = [...wholes, ...cells.map(({ text }) => text)];
  const rest = all.length - MOST_SHOWN + uncounted;
  return [...all.slice(0, MOST_SHOWN), ...(rest > 0 ? [t`and ${rest} more`] : [])];
}

function mostOften({ kinds }: Faults): Found {
  return [...kinds.values()].reduce((a, b) => (b.count > a.count ? b : a));
}

function leaveOut(good: readonly number[], names: readonly string[]): string | undefined {
  if (good.length === 0) return undefined;
  const list = good.length > MOST_LISTED ? "NAME,NAME" : `"${good.map((i) => excerpt(names[i] as string)).join(",")}"`;
  return t`leave it out with --columns ${list}`;
}

function labelOf(name: string, column: number): string {
  if (name === "") return String(column + 1);
  return /^\S+$/.test(name) ? excerpt(name) : `"${excerpt(name)}"`;
}

const SINGULAR: Readonly<Record<NotANumber, string>> = {
  "a missing value": t`a missing value`,
  "an infinite value": t`an infinite value`,
  "a number beyond float32": t`a number beyond float32`,
  "thousands separators": t`thousands separators`,
  "a decimal comma": t`a decimal comma`,
  "a date": t`a date`,
  "a time": t`a time`,
  "a boolean": t`a boolean`,
  "a percentage": t`a percentage`,
  "an amount of money": t`an amount of money`,
  "a number in another notation": t`a number in another notation`,
  "a spreadsheet's error": t`a spreadsheet's error`,
  "a comment": t`a comment`,
  text: t`text`,
};

const PLURAL: Readonly<Record<NotANumber, string>> = {
  "a missing value": t`missing values`,
  "an infinite value": t`infinite values`,
  "a number beyond float32": t`numbers beyond float32`,
  "thousands separators": t`numbers with thousands separators`,
  "a decimal comma": t`decimal commas`,
  "a date": t`dates`,
  "a time": t`times`,
  "a boolean": t`booleans`,
  "a percentage": t`percentages`,
  "an amount of money": t`amounts of money`,
  "a number in another notation": t`numbers in another notation`,
  "a spreadsheet's error": t`a spreadsheet's errors`,
  "a comment": t`comments`,
  text: t`text`,
};
