import { usageError } from "../errors.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { MOST_LISTED } from "../text/listed.js";

/** How a file of points is to be read where the file leaves it open. */
export interface ColumnChoice {
  /** Name of the column with the targets. */
  readonly target?: string | undefined;
  /** Names of the input columns. */
  readonly columns?: readonly string[] | undefined;
  /** Why these, for messages, where it was neither `target` nor `columns` that said so. */
  readonly wantedBy?: string;
}

/** Which columns of a table hold what, by their position in a row. */
export interface Columns {
  readonly inputs: readonly number[];
  readonly target: number;
  /** Every column's name; made up where the file has no header. */
  readonly names: readonly string[];
  /** Columns that are not used though nobody asked for a choice, and why. */
  readonly dropped: readonly { readonly name: string; readonly why: string }[];
}

/** A table's cells without its header. */
export interface Cells {
  readonly file: string;
  /** Absent where every cell of the first row is a number. */
  readonly header?: readonly string[];
  readonly width: number;
  readonly rows: number;
  /** The text of a cell. */
  readonly at: (row: number, column: number) => string;
}

/**
 * The target is the chosen one, else y or Y, else the last column; the inputs are the chosen ones, else all others but a
 * first column without a name that counts 0, 1, 2 …, and empty columns without a name at the end. Inputs named x1, x2, …
 * come in this order. Throws a usage error where a name is missing or ambiguous.
 */
export function chooseColumns(cells: Cells, choice: ColumnChoice): Columns {
  const { file, header, width } = cells;
  const names = header ?? unnamed(width);
  const dropped: { name: string; why: string }[] = [];
  const available = names.map((_, i) => i);
  while (available.length > 0 && isEmpty(cells, available.at(-1) as number, names)) available.pop();
  if (header !== undefined && available.length > 1 && isNameless(names[0] as string) && counts(cells)) {
    available.shift();
    dropped.push({ name: names[0] as string, why: t`it counts 0, 1, 2 …` });
  }
  const find = (name: string, by: string) => positionOf(name, choice.wantedBy ?? by, { file, names, available });
  const target =
    choice.target === undefined
      ? (yOf(names, available) ?? (available.at(-1) as number))
      : find(choice.target, "target");
  const inputs =
    choice.columns === undefined
      ? inOrder(
          available.filter((i) => i !== target),
          names,
        )
      : choice.columns.map((name) => find(name, "columns"));
  refuse(inputs, target, { file, names, choice });
  return { inputs, target, names, dropped };
}

/** x,y; or x1,x2,…,y. */
function unnamed(width: number): string[] {
  return Array.from({ length: width }, (_, i) => (i === width - 1 ? "y" : width === 2 ? "x" : `x${i + 1}`));
}

/** pandas calls a column without a name `Unnamed: 0` by its position. */
function isNameless(name: string): boolean {
  return name === "" || /^unnamed: \d+$/i.test(name);
}

function counts({ rows, at }: Cells): boolean {
  for (let row = 0; row < rows; row++) if (at(row, 0) !== String(row)) return false;
  return rows > 0;
}

function isEmpty({ rows, at }: Cells, column: number, names: readonly string[]): boolean {
  if (!isNameless(names[column] as string)) return false;
  for (let row = 0; row < rows; row++) if (at(row, column) !== "") return false;
  return true;
}

function yOf(names: readonly string[], available: readonly number[]): number | undefined {
  return available.find((i) => names[i] === "y") ?? available.find((i) => names[i] === "Y");
}

/** By number where they are x1, x2, … without a gap, as they are written otherwise. */
function inOrder(inputs: readonly number[], names: readonly string[]): number[] {
  const byNumber = inputs
    .map((at) => ({ at, number: Number(/^x([1-9]\d*)$/i.exec(names[at] as string)?.[1]) }))
    .sort((a, b) => a.number - b.number);
  return byNumber.every(({ number }, i) => number === i + 1) ? byNumber.map(({ at }) => at) : [...inputs];
}

interface Known {
  readonly file: string;
  readonly names: readonly string[];
  readonly available: readonly number[];
}

/** The column of that name, also when only upper and lower case differ. */
function positionOf(name: string, by: string, { file, names, available }: Known): number {
  const exact = names.flatMap((other, i) => (other === name ? [i] : []));
  const found = exact.length > 0 ? exact : available.filter((i) => names[i]?.toLowerCase() === name.toLowerCase());
  if (found.length === 1) return found[0] as number;
  if (found.length > 1) throw usageError(t`${file}: ${found.length} columns are called "${excerpt(name)}" (${by})`);
  throw usageError(t`${file}: there is no column "${excerpt(name)}" (${by}); the file has ${quotedNames(names)}`);
}

function refuse(
  inputs: readonly number[],
  target: number,
  { file, names, choice }: { readonly file: string; readonly names: readonly string[]; readonly choice: ColumnChoice },
): void {
  const name = (i: number) => excerpt(names[i] as string);
  if (inputs.length === 0) {
    throw usageError(
      t`${file}: an input column and a target are needed; found only ${quotedNames(names.filter((text) => text !== ""))}; if another character separates the columns, give it with --delimiter`,
    );
  }
  if (inputs.includes(target)) {
    const why = choice.target === undefined && !/^y$/i.test(names[target] as string) ? t`, the last column,` : "";
    throw usageError(
      t`${file}: columns lists "${name(target)}", but that${why} is the target; list only the inputs, or give another target`,
    );
  }
  const used = [...inputs, target];
  const again = used.find((at, i) => used.indexOf(at) !== i);
  if (again !== undefined) throw usageError(t`${file}: columns lists "${name(again)}" twice`);
  const chosen = (at: number) => (at === target ? choice.target : choice.columns) !== undefined;
  if (used.some((at) => isNameless(names[at] as string) && !chosen(at))) throw nameless(file, names);
  const seen = new Set<string>();
  const double = used.find((at) => seen.size === seen.add(names[at] as string).size);
  if (double !== undefined) {
    throw usageError(
      t`${file}: two columns are called "${name(double)}"; rename one, or choose others with --columns and --target`,
    );
  }
}

function nameless(file: string, names: readonly string[]) {
  const place = names.findIndex(isNameless) + 1;
  return usageError(
    t`${file}: column ${place} has no name${place === 1 ? t`, and does not count 0, 1, 2 … as row numbers do` : ""}; name it, or choose the inputs with --columns NAME,NAME and the target with --target NAME`,
  );
}

/** `"a", "b" and 20 more`. */
export function quotedNames(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  const shown = names.slice(0, MOST_LISTED).map((name) => `"${excerpt(name)}"`);
  return names.length === 0 ? t`no named column` : shown.join(", ") + (rest > 0 ? t` and ${rest} more` : "");
}
