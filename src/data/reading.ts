import type { DelimiterName } from "../record/names.js";
import { excerpt } from "../text/excerpt.js";
import { type ColumnChoice, type Columns, quotedNames } from "./columns.js";
import type { Encoding } from "./input-text.js";
import { DELIMITER_TEXT } from "./separators.js";

/** What was taken from a file, where another reading would have been thinkable. */
export interface Reading {
  readonly encoding: Encoding;
  readonly delimiter: DelimiterName;
  readonly decimalMark: "." | ",";
  readonly header: boolean;
  /** Names of the columns that are not used. */
  readonly unused: readonly string[];
}

interface Taken {
  readonly reading: Reading;
  readonly inputs: readonly string[];
  readonly target: string;
  readonly columns: Columns;
  readonly compressed: boolean;
}

/** One sentence about what was decided; undefined where the file left nothing to decide: x,y or x1,…,y and commas. */
export function noticeOf(
  { reading, inputs, target, columns, compressed }: Taken,
  choice: ColumnChoice,
): string | undefined {
  const { encoding, delimiter, decimalMark, header, unused } = reading;
  const chosen = choice.target !== undefined || choice.columns !== undefined;
  const plainNames = target === "y" && inputs.every((name, i) => name === "x" || name === `x${i + 1}`);
  const format = [
    ...(compressed ? ["gzip"] : []),
    ...(encoding === "UTF-8" ? [] : [`${encoding} text`]),
    ...(delimiter === "," ? [] : [`columns separated by ${DELIMITER_TEXT[delimiter]}`]),
    ...(decimalMark === "." ? [] : ["decimal commas"]),
    ...(header ? [] : ["no header"]),
  ];
  const dropped = columns.dropped.map(
    ({ name, why }) => `the column ${name === "" ? "without a name" : `"${excerpt(name)}"`} is left out: ${why}`,
  );
  if (format.length === 0 && dropped.length === 0 && plainNames && !chosen) return undefined;
  const why = choice.target !== undefined ? "" : /^y$/i.test(target) ? "" : " (the last column)";
  const left = unused.filter((name) => !columns.dropped.some((column) => column.name === name));
  return [
    ...(format.length === 0 ? [] : [format.join(", ")]),
    `target "${excerpt(target)}"${why}, input${inputs.length === 1 ? "" : "s"} ${quotedNames(inputs)}`,
    ...dropped,
    ...(left.length === 0 ? [] : [`not used: ${quotedNames(left)}`]),
  ].join("; ");
}
