import { usageError } from "../errors.js";
import { Problems } from "../problems.js";
import type { DelimiterName } from "../record/names.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { readCell } from "./cells.js";
import type { LinedCells } from "./numbers.js";
import { DELIMITER_TEXT, DELIMITERS } from "./separators.js";

/** The cells of one line; of the first one where quoted cells span several. */
export interface Row {
  readonly record: readonly string[];
  readonly line: number;
}

interface Format {
  readonly file: string;
  readonly delimiter: DelimiterName;
  readonly commas: boolean;
}

/** Tells the header from the data, and rows that have another width from those that end in empty cells. Throws usage errors. */
export function layOut(
  all: readonly Row[],
  comments: readonly string[],
  { file, delimiter, commas }: Format,
): LinedCells {
  const [first] = all as readonly [Row, ...Row[]];
  const start = withoutEmptyEnd(first.record);
  const numbers = start.filter((cell) => readCell(cell, commas).value !== undefined).length;
  // Below a comment that names the columns, a row of numbers with one that is missing is no header.
  const named = commentHeader(comments, start.length, delimiter);
  const isData = numbers === start.length || (named !== undefined && numbers > 0);
  const width = isData ? start.length : first.record.length;
  const rows = isData ? all : all.slice(1);
  if (rows.length === 0) throw usageError(t`${file}: there is a header but no data below it`);
  const faults = new Problems();
  for (const { record, line } of rows) {
    if (record.length === width || withoutEmptyEnd(record).length <= width) {
      // A row may lack what its header ends in only if that is empty; a shorter row has lost a value.
      if (record.length >= start.length) continue;
    }
    faults.push(() => {
      const found = record.length === 1 ? t`1 value` : t`${record.length} values`;
      const comment = record[0]?.startsWith("#") ? t`; comments are allowed only at the top of the file` : "";
      const wanted = isData
        ? t`the first row has ${start.length} columns`
        : t`the header names ${start.length} columns`;
      return t`${file}:${line}: ${found} where ${wanted}${comment}`;
    });
  }
  if (faults.length > 0 && faults.length === rows.length && width === 1) {
    throw usageError(
      t`${file}: the header has one column, the rows have more, separated by ${DELIMITER_TEXT[delimiter]}; give the delimiter with --delimiter`,
    );
  }
  if (faults.length > 0) throw usageError(faults.lines());
  const header = isData ? named : first.record;
  if (header === first.record) refuseMixed(header, { file, line: first.line, commas });
  return {
    file,
    ...(header === undefined ? {} : { header }),
    width,
    rows: rows.length,
    at: (row, column) => (rows[row] as Row).record[column] ?? "",
    lineOf: (row) => (rows[row] as Row).line,
  };
}

function withoutEmptyEnd(record: readonly string[]): readonly string[] {
  let end = record.length;
  while (end > 0 && record[end - 1] === "") end--;
  return record.slice(0, end);
}

/** The last comment above the data names the columns where it has as many words as they are, as NumPy writes it. */
function commentHeader(comments: readonly string[], width: number, delimiter: DelimiterName): string[] | undefined {
  const names = comments
    .at(-1)
    ?.split(DELIMITERS[delimiter])
    .map((name) => name.trim());
  if (names?.length !== width || names.some((name) => name === "")) return undefined;
  return names.every((name) => readCell(name, false).value === undefined) ? names : undefined;
}

/** A first line of words and decimals, or of numbers with one missing, is a row that would be lost as a header. */
function refuseMixed(
  header: readonly string[],
  { file, line, commas }: { file: string; line: number; commas: boolean },
) {
  const cells = header.map((text) => ({ text, cell: readCell(text, commas) }));
  const number =
    cells.find(({ cell }) => cell.value !== undefined && !Number.isInteger(cell.value)) ??
    cells.find(({ cell }) => cell.value !== undefined);
  const other = cells.find(({ cell }) => cell.value === undefined);
  if (number === undefined || other === undefined) return;
  const hasDecimals = !Number.isInteger(number.cell.value);
  // An index column has no name; pandas numbers the columns that were given none.
  const isMissing =
    cells.slice(1).some(({ cell }) => cell.value === undefined) &&
    cells.every(({ cell }) => cell.value !== undefined || cell.what === "a missing value");
  if (!hasDecimals && !isMissing) return;
  throw usageError(
    t`${file}:${line}: this line is neither a header nor a row of numbers: it contains "${excerpt(number.text)}" and "${excerpt(other.text)}"; put a line with the columns' names above it`,
  );
}
