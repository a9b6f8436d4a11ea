import { UNSEEN } from "./excerpt.js";

declare const json: unique symbol;
/** JSON as this program writes it: what names hold is within its strings. */
export type Json = string & { readonly [json]: true };

/**
 * The same JSON for a stream that may be a terminal or a log: JSON leaves some characters as they are that a terminal
 * obeys (U+009B begins a command, U+202E turns the text around), and a log obeys `##[error]` in the middle of a line.
 * Programs read the same values.
 */
export function inertJson(text: Json): string {
  return text
    .replace(UNSEEN, (character) => (character === "\n" ? character : escaped(character)))
    .replace(/##(?=\w*\[)/g, "#\\u0023");
}

/** Both halves of a pair, where it is one. */
function escaped(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
