import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { named } from "./excerpt.js";
import { type Content, Safe, templateOf } from "./medium.js";
import { type WorkflowCommand, withoutMarks } from "./workflow-command.js";

/** Text for a terminal or a log: line breaks and colors in it are the program's own. */
export type ScreenText = Safe<"terminal">;

/** One line from anywhere, which is escaped when it is shown, or what was made for the terminal. */
export type Line = string | ScreenText;

/** A template for the terminal: what stands in it stays in its line and has no color of its own. */
export const screen = templateOf("terminal", named);

/** Colors are always written; `shown` takes them away where they are not wanted. */
const paint = new Chalk({ level: 1 });
const style = (painted: (text: string) => string) => (content: Content<"terminal">) =>
  new Safe("terminal", painted(screen`${content}`.text));

export const bold = style(paint.bold);
export const dim = style(paint.dim);
export const heading = style(paint.bold.underline);
export const green = style(paint.green);
export const red = style(paint.red);
export const yellow = style(paint.yellow);

/**
 * What is written to a stream. Lines that a CI system would obey are not our words but somebody's name, and are shown
 * with their first character named: `::error::` at the start of a line (GitHub; colors and spaces before it count as
 * nothing), `##[error]`, `##vso[…]` and `##teamcity[…]` anywhere. A workflow command of ours has a type of its own.
 */
export function shown(line: Line | WorkflowCommand, { colors }: { readonly colors: boolean }): string {
  if (line instanceof Safe && line.medium === "workflow command") return line.text;
  const { text } = screen`${line as Line}`;
  const visible = colors ? text : stripVTControlCharacters(text);
  return withoutMarks(visible.replace(COMMAND_START, "$1\\u{3a}:"));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a color
const COMMAND_START = /^((?:\s|\u001b\[[\d;]*m)*)::/gm;
