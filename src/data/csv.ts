import { CsvError, parse } from "csv-parse/sync";
import { type ExpectedError, usageError } from "../errors.js";
import type { DelimiterName } from "../record/names.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { type ColumnChoice, chooseColumns } from "./columns.js";
import { type ColumnRounding, roundingOf } from "./float32-columns.js";
import { inputText } from "./input-text.js";
import { layOut, type Row } from "./layout.js";
import { readNumbers } from "./numbers.js";
import type { Points } from "./points.js";
import { noticeOf, type Reading } from "./reading.js";
import { DELIMITERS, declaredDelimiter, delimiterOf, isComment, squeezed } from "./separators.js";

/** What DOS put behind the last line. */
const END_OF_FILE = "\u001a";

/** How a file is to be read where it leaves that open. */
export interface TableChoice extends ColumnChoice {
  readonly delimiter?: DelimiterName | undefined;
  /** Take the columns of these names, without saying so. */
  readonly like?: { readonly inputs: readonly string[]; readonly target: string };
}

/** Points from a file with the names of their columns. */
export interface Table {
  readonly points: Points;
  readonly inputs: readonly string[];
  readonly target: string;
  readonly reading: Reading;
  /** What float32 does to each used column. */
  readonly rounding: readonly ColumnRounding[];
  /** The file's own bytes, unpacked. */
  readonly bytes: Uint8Array;
  /** The same for the reader, where anything had to be decided. */
  readonly notices: readonly string[];
}

/**
 * Reads points from a file's bytes: text with a delimiter, with a header or without one. Throws a usage error that lists
 * what is wrong by file, line and column, or says what the file is instead.
 */
export function readTable(given: Uint8Array, file: string, choice: TableChoice = {}): Table {
  const { text, encoding, bytes, compressed } = inputText(given, file);
  const written = text.endsWith(END_OF_FILE) ? text.slice(0, -1) : text;
  const lines = written.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const { delimiter, records, comments } = split(lines, file, choice.delimiter);
  const commas = delimiter === ";" || delimiter === "tab";
  const found = layOut(records, comments, { file, delimiter, commas });
  const { like } = choice;
  const wanted = { target: like?.target, columns: like?.inputs, wantedBy: t`as in the training points` };
  const columns = chooseColumns(found, like === undefined ? choice : wanted);
  const numbers = readNumbers(found, columns, commas);
  const { names } = columns;
  const inputs = columns.inputs.map((i) => names[i] as string);
  const target = names[columns.target] as string;
  const used = new Set([...columns.inputs, columns.target]);
  const reading: Reading = {
    encoding,
    delimiter,
    decimalMark: numbers.usesCommas ? "," : ".",
    header: found.header !== undefined,
    unused: names.filter((name, i) => name !== "" && !used.has(i)),
  };
  const notice = noticeOf({ reading, inputs, target, columns, compressed }, choice);
  return {
    points: pointsOf(numbers.columns),
    inputs,
    target,
    reading,
    rounding: numbers.columns.map((values, i) =>
      roundingOf(inputs[i] ?? target, i < inputs.length ? "input" : "target", values),
    ),
    bytes,
    notices: notice === undefined ? [] : [`${file}: ${notice}`],
  };
}

/** Of the inputs' columns and the target's, rounded to float32. */
function pointsOf(columns: readonly Float64Array[]): Points {
  const y = Float32Array.from(columns.at(-1) as Float64Array);
  const inputs = columns.length - 1;
  const x = new Float32Array(y.length * inputs);
  columns.slice(0, inputs).forEach((values, input) => {
    for (let row = 0; row < y.length; row++) x[row * inputs + input] = values[row] as number;
  });
  return { samples: y.length, inputs, x, y };
}

interface Split {
  readonly delimiter: DelimiterName;
  readonly records: readonly Row[];
  /** Comment lines at the top, without their `#`. */
  readonly comments: readonly string[];
}

/** The lines' cells, without the lines `sep=` and `#` at the top. */
function split(lines: string, file: string, chosen: DelimiterName | undefined): Split {
  const declared = declaredDelimiter(lines);
  let start = declared?.length ?? 0;
  let skipped = declared === undefined ? 0 : 1;
  const comments: string[] = [];
  for (;;) {
    const end = lines.indexOf("\n", start);
    const line = lines.slice(start, end < 0 ? lines.length : end);
    if (end < 0 || !(line.trim() === "" || isComment(line))) break;
    if (line.trim() !== "") comments.push(line.trim().replace(/^#+\s*/, ""));
    start = end + 1;
    skipped++;
  }
  const rest = lines.slice(start);
  if (rest.trim() === "") throw emptyFile(file);
  if (chosen === undefined && declared !== undefined && declared.name === undefined) {
    throw usageError(
      t`${file}:1: sep= declares "${excerpt(declared.found)}", which separates no columns here; give one with --delimiter`,
    );
  }
  const delimiter = chosen ?? declared?.name ?? delimiterOf(rest) ?? ",";
  const text = delimiter === "space" ? squeezed(rest) : rest;
  const character = DELIMITERS[delimiter];
  const found = text.includes('"')
    ? quotedRecords(text, file, character, skipped)
    : plainRecords(text, character, skipped);
  // Delimiters and quotation marks with nothing between them.
  if (found.length === 0) throw emptyFile(file);
  return { delimiter, comments, records: found };
}

function emptyFile(file: string): ExpectedError {
  return usageError(
    t`${file}: the file is empty; it needs at least an input column and a target, with a line for each point`,
  );
}

/**
 * Without a quotation mark, every line is a record and every delimiter divides it. The parser finds the same, but makes an
 * error with a stack for each row that is not as wide as the first, as where every row ends in a delimiter: 20 s for a
 * million of them.
 */
function plainRecords(text: string, delimiter: string, skipped: number): Row[] {
  return text.split("\n").flatMap((written, i) => {
    const record = written.split(delimiter).map((cell) => cell.trim());
    return record.every((cell) => cell === "") ? [] : [{ record, line: i + 1 + skipped }];
  });
}

function quotedRecords(text: string, file: string, delimiter: string, skipped: number): Row[] {
  const options = {
    delimiter,
    record_delimiter: "\n",
    info: true,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    relax_column_count: true,
  } as const;
  try {
    const rows = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ record, line: info.lines + skipped }));
  } catch (error) {
    if (error instanceof CsvError) throw usageError(quoteFault(error, file, skipped));
    throw error;
  }
}

/** The parser's own words would speak of its options. */
function quoteFault(error: CsvError, file: string, skipped: number): string {
  const { code, lines } = error as CsvError & { readonly lines?: number };
  const place = `${file}:${(lines ?? 1) + skipped}`;
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return t`${file}: a quotation mark is opened and never closed`;
    case "INVALID_OPENING_QUOTE":
      return t`${place}: a quotation mark in the middle of a value; quote the whole value and double the mark`;
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return t`${place}: text after a closing quotation mark; a delimiter or the end of the line must follow it (set another delimiter with --delimiter)`;
    default:
      return t`${place}: these are not delimited columns`;
  }
}
