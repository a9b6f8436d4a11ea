import { DELIMITER_NAMES, type DelimiterName } from "../record/names.js";
import { t } from "../text/language.js";

/** What may separate columns, by its name as `--delimiter` takes it. */
export const DELIMITERS: Readonly<Record<DelimiterName, string>> = {
  ",": ",",
  ";": ";",
  tab: "\t",
  "|": "|",
  space: " ",
};

/** Other words for them that a flag may use: a shell hands on a tab only with effort. */
const OTHER_WORDS: Readonly<Record<string, DelimiterName>> = {
  "\t": "tab",
  "\\t": "tab",
  " ": "space",
  comma: ",",
  semicolon: ";",
  pipe: "|",
};

/** The delimiter's name where the text is another word for it, else the text. */
export function delimiterNamed(text: string): string {
  return OTHER_WORDS[text] ?? text;
}

/** What separates columns, for a message. */
export const DELIMITER_TEXT: Readonly<Record<DelimiterName, string>> = {
  ",": t`commas`,
  ";": t`semicolons`,
  tab: t`tabs`,
  "|": t`vertical bars`,
  space: t`spaces`,
};

/** Non-empty lines that are looked at; every file shows its delimiter in fewer. */
const SAMPLED = 50;
/** Tried in this order: a comma may also be the decimal mark, and a space is part of names. */
const CANDIDATES: readonly DelimiterName[] = ["tab", ";", "|", ","];

/** The delimiter and line that a first line `sep=;` declares, as Excel writes and reads it. */
export function declaredDelimiter(
  text: string,
): { name: DelimiterName | undefined; found: string; length: number } | undefined {
  const line = /^"?sep=(.?)"?[ \t,;]*(?:\n|$)/i.exec(text);
  if (line === null) return undefined;
  const found = line[1] as string;
  return { name: DELIMITER_NAMES.find((name) => DELIMITERS[name] === found), found, length: line[0].length };
}

/**
 * What separates the columns: the candidate that occurs in every sampled line, equally often; otherwise the one that the first
 * line has; spaces where there is no other. Undefined where nothing separates anything.
 */
export function delimiterOf(text: string): DelimiterName | undefined {
  const lines = sampledLines(text);
  const counts = new Map(CANDIDATES.map((name) => [name, lines.map((line) => occurrences(line, DELIMITERS[name]))]));
  const [, ...rows] = lines.map((_, i) => i);
  const regular = CANDIDATES.find((name) => {
    const [first = 0, ...others] = counts.get(name) as number[];
    // A row may end in one delimiter more or less than the header: some programs write one behind the last value.
    return first > 0 && others.every((count) => count > 0 && Math.abs(count - first) <= 1);
  });
  if (regular !== undefined) return regular;
  const first = CANDIDATES.find((name) => (counts.get(name) as number[])[0] !== 0);
  if (first !== undefined) return first;
  const inRows = CANDIDATES.find((name) => rows.some((row) => (counts.get(name) as number[])[row] !== 0));
  if (inRows !== undefined) return inRows;
  return lines.length > 0 && lines.every((line) => /[^ ] +[^ ]/.test(line)) ? "space" : undefined;
}

/** The first lines that are neither empty nor comments, without what is between quotation marks. */
function sampledLines(text: string): string[] {
  const lines: string[] = [];
  let quoted = false;
  let line = "";
  for (let i = 0; i <= text.length && lines.length < SAMPLED; i++) {
    const character = text[i] ?? "\n";
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character !== "\n") line += character;
    else {
      if (line.trim() !== "" && !isComment(line)) lines.push(line);
      line = "";
    }
  }
  return lines;
}

/** `# text` at the start of a line; `#` alone in front of a delimiter is the name of a column. */
export function isComment(line: string): boolean {
  return /^\s*#(?![,;\t|])/.test(line);
}

function occurrences(line: string, character: string): number {
  let count = 0;
  for (let i = line.indexOf(character); i >= 0; i = line.indexOf(character, i + 1)) count++;
  return count;
}

/** Runs of spaces and tabs as one space, for columns that are aligned with them. */
export function squeezed(text: string): string {
  return text.replace(/[ \t]+/g, " ").replace(/^ | $/gm, "");
}
