import { axisNumbers } from "./axis-numbers.js";
import { type Column, NAME_LIMIT, PANEL_TEXT, type Panels } from "./layer-panels.js";
import { shortened, textWidth } from "./text-metrics.js";

/** A line of text at the top of the upper half and at the bottom of the lower one. */
export const STRIP = 13;
/** At both ends of the x axis, for what lies beyond it. */
export const GUTTER = 9;
/** Values beyond the axis may not press the bins flat: their bars are cut at this share. */
const OUTSIDE_LIMIT = 0.2;

/** The scale holds every bin. What lies beyond the axis has its share written beside it and may be cut. */
export function largestDrawn({ largestShare, largestOutside }: Panels): number {
  return Math.max(largestShare, Math.min(largestOutside, OUTSIDE_LIMIT)) || 1;
}

export interface ShareScale {
  /** Of the upper half; the lower one mirrors them. */
  readonly ticks: readonly number[];
  /** px from the top of a panel; negative shares stand below its middle, and what is too large is cut. */
  readonly pixel: (share: number) => number;
}

/**
 * Shares on a square-root scale: one bin with all values and a bell with a tenth of them in its highest bin are both
 * seen. `largest` stands where the strips of text begin. A square root is rounded alike everywhere, as no logarithm is.
 */
export function shareScale(largest: number, panelHeight: number): ShareScale {
  const half = panelHeight / 2;
  const height = (share: number) => (half - STRIP) * Math.sqrt(Math.min(share, largest) / largest);
  const ticks: number[] = [];
  for (const tick of [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]) {
    const below = ticks.at(-1);
    if (tick > largest * 1.001 || height(tick) < 9) continue;
    if (below === undefined || height(below) - height(tick) >= 12) ticks.push(tick);
  }
  return { ticks, pixel: (share) => half - Math.sign(share) * height(Math.abs(share)) };
}

/** px from the left edge of a panel. */
export function valuePixel({ range: [low, high] }: Column, value: number, width: number): number {
  return GUTTER + ((value - low) / (high - low)) * (width - 2 * GUTTER);
}

export interface ValueTick {
  readonly value: number;
  readonly lines: readonly string[];
  readonly align: "left" | "center" | "right";
}

/** Ticks for the values, or the ends of each arm's own range; those that would run into each other are thinned. */
export function valueTicks(column: Column, width: number): ValueTick[] {
  const { ownRanges } = column;
  if (ownRanges !== undefined) {
    const lines = (end: 0 | 1) =>
      Object.entries(ownRanges).map(
        ([label, own]) => `${shortened(label, NAME_LIMIT, PANEL_TEXT)} ${axisNumbers(own).full(own[end])}`,
      );
    return [
      { value: 0, lines: lines(0), align: "left" },
      { value: 1, lines: lines(1), align: "right" },
    ];
  }
  const { full } = axisNumbers(column.range);
  const ticks = tickValues(column).map((value) => ({ value, lines: [full(value)], align: "center" as const }));
  const collide = ticks.some(({ value, lines: [text = ""] }, index) => {
    const next = ticks[index + 1];
    if (next === undefined) return false;
    const room = valuePixel(column, next.value, width) - valuePixel(column, value, width);
    return room < (textWidth(text, PANEL_TEXT) + textWidth(next.lines[0] ?? "", PANEL_TEXT)) / 2 + 2;
  });
  return collide ? ticks.filter((_, index) => index % 2 === 0) : ticks;
}

/** The ends of the range when they are round numbers, with 0 or the middle between them; else two or three round ones. */
function tickValues({ range: [low, high] }: Column): number[] {
  const isRound = (value: number) => Number(value.toPrecision(2)) === value;
  if (isRound(low) && isRound(high)) return [low, low < 0 && high > 0 ? 0 : (low + high) / 2, high];
  const decade = Math.floor(Math.log10(high - low)) - 1;
  for (const factor of [1, 2, 5, 10, 20, 50]) {
    // From text: a power's last bit is left to the machine.
    const step = Number(`${factor}e${decade}`);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    if (count <= 3)
      return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(15)));
  }
  return [low, high];
}
