import { escapeText } from "../text/xml.js";
import { textWidth, wrapText } from "./text-metrics.js";
import { FONT, INK, PADDING, QUIET_INK, SUBTITLE_LINE, SUBTITLE_SIZE, TITLE_LINE, TITLE_SIZE } from "./theme.js";

/** From the top of the block to the first baseline, and from the title's last baseline to the subtitle's first, px. */
const ASCENT = 13;
const BETWEEN = 18;
/** Narrower titles would be taller than their pictures, px. */
const NARROWEST = 760;

/** A picture's title and what is said below it, in paragraphs. */
export interface Title {
  readonly text: string;
  readonly paragraphs: readonly string[];
}

/** The lines of a title, as Vega-Lite has them; each paragraph starts a new line. */
export function titleLines({ text, paragraphs }: Title, width: number) {
  const subtitle = paragraphs
    .filter((paragraph) => paragraph !== "")
    .flatMap((paragraph) => wrapText(paragraph, width, SUBTITLE_SIZE));
  return { text: wrapText(text, width, TITLE_SIZE, true), subtitle };
}

/**
 * Puts a title over a drawn picture that has none. Vega would draw it as well, but then every picture would have to be
 * drawn twice: pages have headings of their own.
 */
export function withTitle(svg: string, title: Title): string {
  const size = / width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"/.exec(svg);
  const origin = /(<g [^>]*transform="translate\()([-\d.]+),([-\d.]+)\)"/.exec(svg);
  if (size === null || origin === null) throw new Error("a drawing without size or origin");
  const { text, subtitle } = titleLines(title, Math.max(NARROWEST, Number(size[1])) - 2 * PADDING);
  const widest = Math.max(
    0,
    ...text.map((line) => textWidth(line, TITLE_SIZE, true)),
    ...subtitle.map((line) => textWidth(line, SUBTITLE_SIZE)),
  );
  const width = Math.max(Number(size[1]), Math.ceil(widest) + 2 * PADDING);
  const added = ASCENT + BETWEEN + (text.length - 1) * TITLE_LINE + subtitle.length * SUBTITLE_LINE;
  const height = Number(size[2]) + added;
  const below = PADDING + ASCENT + (text.length - 1) * TITLE_LINE + BETWEEN;
  const block = [
    textLines(text, PADDING + ASCENT, TITLE_LINE, `font-size="${TITLE_SIZE}px" font-weight="bold" fill="${INK}"`),
    textLines(subtitle, below, SUBTITLE_LINE, `font-size="${SUBTITLE_SIZE}px" fill="${QUIET_INK}"`),
  ].join("");
  return svg
    .replace(size[0], ` width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`)
    .replace(/<rect width="[\d.]+" height="[\d.]+"/, `<rect width="${width}" height="${height}"`)
    .replace(origin[0], `${origin[1]}${origin[2]},${Math.round((Number(origin[3]) + added) * 100) / 100})"`)
    .replace(/<\/svg>\s*$/, (end) => `<g class="title">${block}</g>${end}`);
}

function textLines(lines: readonly string[], y: number, pitch: number, look: string): string {
  if (lines.length === 0) return "";
  const spans = lines.map(
    (line, place) => `<tspan${place === 0 ? "" : ` x="0" dy="${pitch}"`}>${escapeText(line)}</tspan>`,
  );
  const font = FONT.replace(/"/g, "&quot;");
  return `<text transform="translate(${PADDING},${y})" font-family="${font}" ${look}>${spans.join("")}</text>`;
}
