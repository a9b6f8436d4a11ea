import { t } from "../text/language.js";
/** What a cell of a table holds that is not a finite number. */
export type NotANumber =
  | "a missing value"
  | "an infinite value"
  | "a number beyond float32"
  | "thousands separators"
  | "a decimal comma"
  | "a date"
  | "a time"
  | "a boolean"
  | "a percentage"
  | "an amount of money"
  | "a number in another notation"
  | "a spreadsheet's error"
  | "a comment"
  | "text";

/** A cell's number in float64, with the mark of its decimals where it has one; or what the cell holds instead. */
export type Cell =
  | { readonly value: number; readonly mark: "." | "," | undefined }
  | { readonly value?: undefined; readonly what: NotANumber };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const COMMA_NUMBER = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/;
/** The largest number that rounds to a finite float32 is just below this. */
const BEYOND_FLOAT32 = 2 ** 128 - 2 ** 103;

/** Tried in this order. Each takes time proportional to the text: no repetition is nested in another over the same text. */
const OTHERS: readonly (readonly [RegExp, NotANumber])[] = [
  [/^(?:|[?–—-]|\.|na|n\/a|#n\/a|nan|null|none|nil|missing|<na>)$/i, "a missing value"],
  [/^[+-]?(?:inf(?:inity)?|∞)$/i, "an infinite value"],
  [/^(?:true|false|yes|no)$/i, "a boolean"],
  [/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?$/, "a date"],
  [/^\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ,-]+\d{2,4}$/i, "a date"],
  [/^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?$/i, "a time"],
  [/^[+-]?[\d.,]+ ?%$/, "a percentage"],
  [/^[+-]?[$€£¥] ?[\d.,]+$|^[+-]?[\d.,]+ ?[$€£¥]$/, "an amount of money"],
  // Groups of three, or of two and three as in India; an underscore, apostrophe or space of any width between them.
  [/^[+-]?\d{1,3}(?:[,.][0-9]{2,3}){2,}(?:[.,]\d*)?$/, "thousands separators"],
  [/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$|^[+-]?\d{1,3}(?:\.\d{3})+,\d*$/, "thousands separators"],
  [/^[+-]?\d+(?:[_'’\u0020\u00a0\u2009\u202f]\d{2,3})+(?:[.,]\d*)?$/, "thousands separators"],
  [/^[+-]?(?:\d+,\d*|,\d+)(?:e[+-]?\d+)?$/i, "a decimal comma"],
  [/^[+-]?0[xob][0-9a-f]+$|^[+-]?[\d.]+d[+-]?\d+$|^\d+\/\d+$/i, "a number in another notation"],
  [/^#[A-Z]+(?:\/0)?[!?]$/, "a spreadsheet's error"],
  [/^#/, "a comment"],
];

/** Reads one cell without the spaces around it; decimal commas only where `commas` allows them. */
export function readCell(text: string, commas: boolean): Cell {
  if (NUMBER.test(text)) return finite(Number(text), text.includes(".") ? "." : undefined);
  if (commas && COMMA_NUMBER.test(text)) return finite(Number(text.replace(",", ".")), ",");
  // U+2212, the minus sign of typeset tables, means nothing else.
  if (text.startsWith("\u2212")) return readCell(`-${text.slice(1)}`, commas);
  // What is longer is text whatever it begins with.
  if (text.length > 60) return { what: "text" };
  return { what: OTHERS.find(([pattern]) => pattern.test(text))?.[1] ?? "text" };
}

function finite(value: number, mark: "." | "," | undefined): Cell {
  return Math.abs(value) < BEYOND_FLOAT32 ? { value, mark } : { what: "a number beyond float32" };
}

/** What would be right in such a cell, for a message. */
export const CELL_REMEDY: Readonly<Partial<Record<NotANumber, string>>> = {
  "a missing value": t`fill it in or remove the row`,
  "a number beyond float32": t`float32 ends at 3.4e38; give the column in a larger unit`,
  "thousands separators": t`write the number without them`,
  "a decimal comma": t`decimal commas are read only where ; or a tab separates the columns`,
  "a date": t`give a number instead, such as days since the first date`,
  "a time": t`give a number instead, such as seconds`,
  "a boolean": t`write 1 and 0`,
};
