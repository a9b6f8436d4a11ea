/**
 * Text widths without a browser or a canvas. Vega's own estimate (0.8 em a character) is wrong by half, so titles wrap
 * and labels are placed by the advance widths of Helvetica, Arial and Liberation Sans, which are the same.
 */

/** Advance widths in 1/2048 em: U+0020–U+007E, U+00A0–U+00FF, and what else the charts write. */
interface FontTable {
  readonly ascii: readonly number[];
  readonly latin1: readonly number[];
  readonly others: ReadonlyMap<string, number>;
}

const UNITS_PER_EM = 2048;

/** Beyond Latin-1: what the charts, and the names people give to things, may use. */
const OTHERS = "ΓΔΣΦΩαβγδεηθκλμνπρστφω–—‘’“”•…‰←↑→↓∂∞√−≈≠≤≥";

const regularFont: FontTable = {
  ascii: [
    569, 569, 727, 1139, 1139, 1821, 1366, 391, 682, 682, 797, 1196, 569, 682, 569, 569, 1139, 1139, 1139, 1139, 1139,
    1139, 1139, 1139, 1139, 1139, 569, 569, 1196, 1196, 1196, 1139, 2079, 1366, 1366, 1479, 1479, 1366, 1251, 1593,
    1479, 569, 1024, 1366, 1139, 1706, 1479, 1593, 1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251,
    569, 569, 569, 961, 1139, 682, 1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139,
    1139, 1139, 682, 1024, 569, 1139, 1024, 1479, 1024, 1024, 1024, 684, 532, 684, 1196,
  ],
  latin1: [
    569, 682, 1139, 1139, 1139, 1139, 532, 1139, 682, 1509, 758, 1139, 1196, 682, 1509, 1131, 819, 1124, 682, 682, 682,
    1180, 1100, 569, 682, 682, 748, 1139, 1708, 1708, 1708, 1251, 1366, 1366, 1366, 1366, 1366, 1366, 2048, 1479, 1366,
    1366, 1366, 1366, 569, 569, 569, 569, 1479, 1479, 1593, 1593, 1593, 1593, 1593, 1196, 1593, 1479, 1479, 1479, 1479,
    1366, 1366, 1251, 1139, 1139, 1139, 1139, 1139, 1139, 1821, 1024, 1139, 1139, 1139, 1139, 569, 569, 569, 569, 1139,
    1139, 1139, 1139, 1139, 1139, 1139, 1124, 1251, 1139, 1139, 1139, 1139, 1024, 1139, 1024,
  ],
  others: byCharacter([
    1128, 1368, 1266, 1634, 1531, 1184, 1178, 1024, 1140, 913, 1139, 1139, 1024, 1024, 1180, 1024, 1413, 1165, 1264,
    809, 1328, 1599, 1139, 2048, 455, 455, 682, 682, 717, 2048, 2048, 2048, 1024, 2048, 1024, 1012, 1460, 1124, 1196,
    1124, 1124, 1124, 1124,
  ]),
};

const boldFont: FontTable = {
  ascii: [
    569, 682, 971, 1139, 1139, 1821, 1479, 487, 682, 682, 797, 1196, 569, 682, 569, 569, 1139, 1139, 1139, 1139, 1139,
    1139, 1139, 1139, 1139, 1139, 682, 682, 1196, 1196, 1196, 1251, 1997, 1479, 1479, 1479, 1479, 1366, 1251, 1593,
    1479, 569, 1139, 1479, 1251, 1706, 1479, 1593, 1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251,
    682, 569, 682, 1196, 1139, 682, 1139, 1251, 1139, 1251, 1139, 682, 1251, 1251, 569, 569, 1139, 569, 1821, 1251,
    1251, 1251, 1251, 797, 1139, 682, 1251, 1139, 1593, 1139, 1139, 1024, 797, 573, 797, 1196,
  ],
  latin1: [
    569, 682, 1139, 1139, 1139, 1139, 573, 1139, 682, 1509, 758, 1139, 1196, 682, 1509, 1131, 819, 1124, 682, 682, 682,
    1180, 1139, 569, 682, 682, 748, 1139, 1708, 1708, 1708, 1251, 1479, 1479, 1479, 1479, 1479, 1479, 2048, 1479, 1366,
    1366, 1366, 1366, 569, 569, 569, 569, 1479, 1479, 1593, 1593, 1593, 1593, 1593, 1196, 1593, 1479, 1479, 1479, 1479,
    1366, 1366, 1251, 1139, 1139, 1139, 1139, 1139, 1139, 1821, 1139, 1139, 1139, 1139, 1139, 569, 569, 569, 569, 1251,
    1251, 1251, 1251, 1251, 1251, 1251, 1124, 1251, 1251, 1251, 1251, 1251, 1139, 1251, 1139,
  ],
  others: byCharacter([
    1231, 1472, 1229, 1681, 1642, 1259, 1250, 1139, 1242, 972, 1251, 1107, 1142, 1139, 1253, 1139, 1568, 1267, 1401,
    914, 1465, 1730, 1139, 2048, 569, 569, 1024, 1024, 717, 2048, 2048, 2048, 1024, 2048, 1024, 1012, 1460, 1124, 1196,
    1124, 1124, 1124, 1124,
  ]),
};

function byCharacter(widths: readonly number[]): ReadonlyMap<string, number> {
  return new Map([...OTHERS].map((character, index) => [character, widths[index] ?? 0]));
}

function advance(character: string, font: FontTable): number {
  const code = character.codePointAt(0) ?? 0;
  const known =
    code < 0x7f ? font.ascii[code - 0x20] : code < 0x100 ? font.latin1[code - 0xa0] : font.others.get(character);
  if (known !== undefined) return known;
  // Combining marks take no room; ideographs and emoji fill a square; most other letters are narrower than "W".
  if (/^\p{Mark}$/u.test(character)) return 0;
  return code >= 0x2e80 ? UNITS_PER_EM : 1366;
}

/** Width of one line in px. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  const font = bold ? boldFont : regularFont;
  let units = 0;
  for (const character of text) units += advance(character, font);
  return (units * fontSize) / UNITS_PER_EM;
}

/** The text, or as much of it as fits into `maxWidth` px with an ellipsis. */
export function shortened(text: string, maxWidth: number, fontSize: number, bold = false): string {
  if (textWidth(text, fontSize, bold) <= maxWidth) return text;
  const kept = [...text];
  while (kept.length > 0 && textWidth(`${kept.join("")}…`, fontSize, bold) > maxWidth) kept.pop();
  return `${kept.join("").trimEnd()}…`;
}

/** Breaks text into lines of at most `maxWidth` px, at spaces; a longer word is cut. */
export function wrapText(text: string, maxWidth: number, fontSize: number, bold = false): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => cutWord(word, maxWidth, fontSize, bold))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, fontSize, bold) > maxWidth) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function cutWord(word: string, maxWidth: number, fontSize: number, bold: boolean): string[] {
  if (textWidth(word, fontSize, bold) <= maxWidth) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const character of word) {
    if (piece !== "" && textWidth(piece + character, fontSize, bold) > maxWidth) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...pieces, piece];
}

/** What Vega asks to measure: a scenegraph text item. */
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
  readonly limit?: number;
}

function isBold(weight: number | string | undefined): boolean {
  return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
}

/** The replacement for `vega.textMetrics.width`. Text over the limit is drawn shortened to it. */
export function measureTextItem(item: TextItem, text: unknown): number {
  const line = text === null || text === undefined ? "" : String(text).trim();
  const width = textWidth(line, item.fontSize ?? 11, isBold(item.fontWeight));
  return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
}
