import { type Label, label, type Place } from "./scene.js";
import { wrapText } from "./text-metrics.js";
import { INK, QUIET_INK } from "./theme.js";
import { countText } from "./wording.js";

const SIZE = 12;
const LINE = 15;
/** Between a heading and its panel, px. */
const GAP = 6;

interface HeadingLine {
  readonly text: string;
  readonly isName: boolean;
}

/** What stands above an arm's panel: its name, and where it diverged. */
export type Heading = readonly HeadingLine[];

export function panelHeading(name: string, divergedAt: number | undefined, width: number): Heading {
  const end = divergedAt === undefined ? [] : wrapText(`diverged at update ${countText(divergedAt)}`, width, SIZE);
  return [
    ...wrapText(name, width, SIZE, true).map((text) => ({ text, isName: true })),
    ...end.map((text) => ({ text, isName: false })),
  ];
}

/** Room for the tallest of them, px. */
export function headingHeight(headings: readonly Heading[]): number {
  return headings.reduce((most, lines) => Math.max(most, lines.length), 1) * LINE + GAP;
}

/** The lines above a panel whose upper left corner is given. */
export function headingLabels(lines: Heading, { x, y }: Place): Label[] {
  return lines.map(({ text, isName }, line) =>
    label(text, x, y - GAP - (lines.length - line - 0.5) * LINE, {
      size: SIZE,
      weight: isName ? "bold" : "normal",
      ink: isName ? INK : QUIET_INK,
    }),
  );
}
