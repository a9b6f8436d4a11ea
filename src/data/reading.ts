import type { DelimiterName } from "../record/names.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
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
    ...(encoding === "UTF-8" ? [] : [t`${encoding} text`]),
    ...(delimiter === "," ? [] : [t`columns separated by ${DELIMITER_TEXT[delimiter]}`]),
    ...(decimalMark === "." ? [] : [t`decimal commas`]),
    ...(header ? [] : [t`no header`]),
  ];
  const dropped = columns.dropped.map(({ name, why }) =>
    name === ""
      ? t`the column without a name is left out: ${why}`
      : t`the column "${excerpt(name)}" is left out: ${why}`,
  );
  if (format.length === 0 && dropped.length === 0 && plainNames && !chosen) return undefined;
  const why = choice.target !== undefined ? "" : /^y$/i.test(target) ? "" : t` (the last column)`;
  const left = unused.filter((name) => !columns.dropped.some((column) => column.name === name));
  return [
    ...(format.length === 0 ? [] : [format.join(", ")]),
    inputs.length === 1
      ? t`target "${excerpt(target)}"${why}, input ${quotedNames(inputs)}`
      : t`target "${excerpt(target)}"${why}, inputs ${quotedNames(inputs)}`,
    ...dropped,
    ...(left.length === 0 ? [] : [t`not used: ${quotedNames(left)}`]),
  ].join("; ");
}
