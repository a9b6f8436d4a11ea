import type { Column, Panels } from "./layer-panels.js";
import { numberText } from "./wording.js";

/** Sizes of a panel, px. */
export const PANEL_HEIGHT = 124;
/** A line of text at the top of the upper half and at the bottom of the lower one. */
export const STRIP = 13;
/** At both ends of the x axis, for what lies beyond it. */
export const GUTTER = 9;
export const PANEL_TEXT = 10;
/** Values beyond the axis may not press the bins flat: their bars are cut at this share. */
const OUTSIDE_LIMIT = 0.2;

/** The scale holds every bin. What lies beyond the axis has its share written beside it and may be cut. */
export function largestDrawn({ largestShare, largestOutside }: Panels): number {
  return Math.max(largestShare, Math.min(largestOutside, OUTSIDE_LIMIT)) || 1;
}

/**
 * Shares on a square-root scale: one bin with all values and a bell with a tenth of them in its highest bin are both
 * seen. It reaches beyond the largest share, to where the strips of text end.
 */
export function shareScale(largest: number): { domain: number[]; ticks: number[] } {
  const half = PANEL_HEIGHT / 2;
  const height = (share: number) => (half - STRIP) * Math.sqrt(share / largest);
  const ticks: number[] = [];
  for (const tick of [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]) {
    const below = ticks.at(-1);
    if (tick > largest * 1.001 || height(tick) < 9) continue;
    if (below === undefined || height(below) - height(tick) >= 12) ticks.push(tick);
  }
  const limit = largest * (half / (half - STRIP)) ** 2;
  return { domain: [-limit, limit], ticks: ticks.flatMap((tick) => [tick, -tick]) };
}

export function valueScale({ range }: Column, width: number) {
  return { domain: [...range], range: [GUTTER, width - GUTTER], nice: false, zero: false };
}

/** The ends of the range when they are round numbers, with 0 or the middle between them; else two or three round ones. */
export function valueAxis({ range: [low, high], ownRanges }: Column) {
  const axis = { title: null, grid: false, domain: false, labelFontSize: PANEL_TEXT, format: "~r" } as const;
  if (ownRanges !== undefined) {
    const line = (end: 0 | 1) => Object.entries(ownRanges).map(([arm, own]) => `${arm} ${numberText(own[end])}`);
    const labelExpr = `datum.value === 0 ? ${JSON.stringify(line(0))} : ${JSON.stringify(line(1))}`;
    return { ...axis, values: [0, 1], labelExpr, labelFlush: true, labelLineHeight: 12 };
  }
  const isRound = (value: number) => Number(value.toPrecision(2)) === value;
  if (isRound(low) && isRound(high)) {
    const middle = low < 0 && high > 0 ? 0 : (low + high) / 2;
    return { ...axis, values: [low, middle, high] };
  }
  return { ...axis, values: roundTicks(low, high) };
}

function roundTicks(low: number, high: number): number[] {
  const decade = Math.floor(Math.log10(high - low)) - 1;
  for (const factor of [1, 2, 5, 10, 20, 50]) {
    const step = factor * 10 ** decade;
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    if (count <= 3)
      return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  }
  return [low, high];
}
