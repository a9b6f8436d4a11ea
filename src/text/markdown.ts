import { visible } from "./excerpt.js";
import { Safe, templateOf } from "./medium.js";
import type { Rows } from "./rows.js";

/** Text that is Markdown, as GitHub renders it. */
export type Markdown = Safe<"markdown">;

/**
 * A template of Markdown: what stands in it is text in one line. It starts no HTML, link, picture, table cell, list or
 * formula. GitHub also links what looks like a URL, `@name` and `#123` after Markdown is rendered, where no escape is
 * left: a zero-width space (`&#8203;`) takes them apart. Not for code spans, in which nothing can be escaped: write
 * `<code>` instead.
 */
export const markdown = templateOf("markdown", escaped);

/** Where a block can begin: at the start of a line, behind the marks of lists and quotes. */
const BLOCK_START = /(?:^|\n)[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]+)*$/;

/** A zero-width space, which no visible text has. */
const APART = "\u200b";

/** What GitHub links, and what becomes that with the text behind it. */
const LINKED = /@|:(?=\/\/|\/?$)|#(?=\d|$)|GH-(?=\d|$)|www(?=\.|$)/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  $: "&#36;",
  [APART]: "&#8203;",
};

function escaped(text: string, before: string): string {
  const inline = visible(text)
    .replace(/ +/g, " ")
    .replace(LINKED, `$&${APART}`)
    // Within a word an underscore is itself.
    .replace(/[\\`*[\]|~#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replace(/[&<>$\u200b]/g, (character) => ENTITIES[character] ?? character);
  return BLOCK_START.test(before) ? inline.replace(/^( ?)([-+=]|\d+(?=[.)]))/, escapedStart) : inline;
}

/** Of `- x`, `+ x`, `===`, and `1.`, whose digits cannot be escaped. */
function escapedStart(_: string, space: string, mark: string): string {
  return space + (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`);
}

/** A table as Markdown. */
export function markdownTable({ head, rows, left }: Rows): Markdown {
  const line = (cells: readonly string[]) => markdown`| ${markdown.joined(cells, " | ")} |`;
  const rule = markdown`| ${new Safe("markdown", head.map((_, i) => (i < left ? "---" : "---:")).join(" | "))} |`;
  return markdown.joined([line(head), rule, ...rows.map(line)], "\n");
}
