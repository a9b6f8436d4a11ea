/** What a terminal obeys and what nobody sees: ESC would color the message, U+202E would write it from right to left. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNSEEN_RUN = new RegExp(`${UNSEEN.source}+`, "gu");

/**
 * A text from a file or a flag, for an error message: what a terminal obeys is named by its code point (`\u{1b}`), and
 * what is longer than `most` characters is cut.
 */
export function excerpt(text: string, most = 60): string {
  // Each character is one or two units of UTF-16, so these are enough to see that there are too many.
  const characters = [...text.slice(0, 2 * (most + 1))];
  return characters.length > most ? `${named(characters.slice(0, most).join(""))}…` : named(text);
}

/** A text in one line without any of that, each run a space: for documents and pictures, which name no code points. */
export function visible(text: string): string {
  return text.replace(UNSEEN_RUN, " ");
}

/** The whole text in one line, with each of these characters named by its code point. */
export function named(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
