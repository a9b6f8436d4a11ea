import { escapeText } from "../text/xml.js";
import { textWidth, wrapText } from "./text-metrics.js";
import { FONT, INK, PADDING, QUIET_INK, SUBTITLE_LINE, SUBTITLE_SIZE, TITLE_LINE, TITLE_SIZE } from "./theme.js";

/** From the top of the block to the first baseline, and from the title's last baseline to the subtitle's first, px. */
const ASCENT = 13;
const BETWEEN = 18;

/** A picture's title and what is said below it, in lines. */
export interface TitleBlock {
  readonly text: readonly string[];
  readonly subtitle: readonly string[];
  /** To the right of the plot's left edge, px. */
  readonly dx?: number;
}

/** The title block, wrapped to `width` px; each paragraph of the subtitle starts a new line. */
export function titleBlock(title: string, paragraphs: readonly string[], width: number) {
  const wrapped = paragraphs.filter((text) => text !== "").flatMap((text) => wrapText(text, width, SUBTITLE_SIZE));
  return { text: wrapText(title, width, TITLE_SIZE, true), subtitle: wrapped };
}

/**
 * Puts a title block over a drawn picture that has none. Vega would draw it as well, but then every picture would have to
 * be drawn twice: pages have headings of their own.
 */
export function withTitle(svg: string, { text, subtitle, dx = 0 }: TitleBlock): string {
  const size = / width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"/.exec(svg);
  const origin = /(<g [^>]*transform="translate\()([-\d.]+),([-\d.]+)\)"/.exec(svg);
  if (size === null || origin === null) throw new Error("a drawing without size or origin");
  const [plotX, plotY] = [Number(origin[2]), Number(origin[3])];
  const shift = Math.max(0, PADDING - (plotX + dx));
  const left = plotX + dx + shift;
  const widest = Math.max(
    0,
    ...text.map((line) => textWidth(line, TITLE_SIZE, true)),
    ...subtitle.map((line) => textWidth(line, SUBTITLE_SIZE)),
  );
  const lines = (text.length - 1) * TITLE_LINE + subtitle.length * SUBTITLE_LINE;
  const width = Math.max(Number(size[1]) + shift, Math.ceil(left + widest) + PADDING);
  const height = Number(size[2]) + ASCENT + BETWEEN + lines;
  const below = PADDING + ASCENT + (text.length - 1) * TITLE_LINE + BETWEEN;
  const block = [
    textLines(text, left, PADDING + ASCENT, TITLE_LINE, `font-size="${TITLE_SIZE}px" font-weight="bold" fill="${INK}"`),
    textLines(subtitle, left, below, SUBTITLE_LINE, `font-size="${SUBTITLE_SIZE}px" fill="${QUIET_INK}"`),
  ].join("");
  return svg
    .replace(size[0], ` width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`)
    .replace(/<rect width="[\d.]+" height="[\d.]+"/, `<rect width="${width}" height="${height}"`)
    .replace(origin[0], `${origin[1]}${rounded(plotX + shift)},${rounded(plotY + height - Number(size[2]))})"`)
    .replace(/<\/svg>\s*$/, (end) => `<g class="title">${block}</g>${end}`);
}

function textLines(lines: readonly string[], x: number, y: number, pitch: number, look: string): string {
  if (lines.length === 0) return "";
  const spans = lines.map(
    (line, place) => `<tspan${place === 0 ? "" : ` x="0" dy="${pitch}"`}>${escapeText(line)}</tspan>`,
  );
  const font = FONT.replace(/"/g, "&quot;");
  return `<text transform="translate(${rounded(x)},${y})" font-family="${font}" ${look}>${spans.join("")}</text>`;
}

function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
