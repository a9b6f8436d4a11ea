import { Safe, templateOf } from "./medium.js";

/** Text that is HTML. */
export type Markup = Safe<"html">;

/** A template of HTML: what stands in it is text and stays text, unless it is `Markup`. */
export const html = templateOf("html", escaped);

/** HTML from elsewhere: a drawn SVG, a style sheet. */
export function asMarkup(markup: string): Markup {
  return new Safe("html", markup);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Without control characters, halves of pairs, and marks of direction, which would turn around what follows. */
function cleanText(text: string): string {
  return text
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
