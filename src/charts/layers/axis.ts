import { axisNumbers } from "../axis-numbers.js";
import { extentOf } from "../log-axis.js";
import { shortened, textWidth } from "../text-metrics.js";

/** An arm's range narrower than this share of the layer's would be a few px wide: it gets the whole width. */
const SMALLEST_RANGE = 1 / 12;
/** Of the ticks' texts, px. */
export const TICK_SIZE = 10;

export type Range = readonly [low: number, high: number];

/** The axis of one layer's values, in parts of its panel's width. */
export interface LayerAxis {
  readonly name: string;
  /** What stands at the ends of the axis: by arm, since each may have the whole width for its own range. */
  readonly ranges: readonly Range[];
  readonly isSeparate: boolean;
  readonly ticks: readonly { readonly place: number; readonly lines: readonly string[] }[];
}

interface OwnRange {
  readonly label: string;
  /** Undefined where the arm has not recorded the layer. */
  readonly range: Range | undefined;
}

export function layerAxis(name: string, arms: readonly OwnRange[]): LayerAxis {
  const known = arms.flatMap(({ range }) => (range === undefined ? [] : [range]));
  const [low, high] = unionOf(known);
  const narrowest = Math.min(...known.map(([start, end]) => end - start));
  const isSeparate = narrowest > 0 && narrowest < (high - low) * SMALLEST_RANGE;
  const ranges = arms.map(({ range }): Range => (isSeparate ? (range ?? [low, high]) : [low, high]));
  if (isSeparate) {
    const lines = (end: 0 | 1) =>
      arms.flatMap(({ label, range }) =>
        range === undefined ? [] : [`${shortened(label, 46, TICK_SIZE)} ${axisNumbers(range).full(range[end])}`],
      );
    return { name, ranges, isSeparate, ticks: ([0, 1] as const).map((place) => ({ place, lines: lines(place) })) };
  }
  const { full } = axisNumbers([low, high]);
  const values = known.length === 0 ? [] : roundValues(low, high);
  const ticks = values.map((value) => ({ place: (value - low) / (high - low), lines: [full(value)] }));
  return { name, ranges, isSeparate, ticks };
}

function unionOf(ranges: readonly Range[]): Range {
  const [low, high] = extentOf(ranges.flat()) ?? [0, 1];
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

/** The ends of a range when they are round numbers, with 0 or the middle between them; else two or three round ones. */
function roundValues(low: number, high: number): number[] {
  const isRound = (value: number) => Number(value.toPrecision(2)) === value;
  if (isRound(low) && isRound(high)) return [low, low < 0 && high > 0 ? 0 : (low + high) / 2, high];
  const decade = Math.floor(Math.log10(high - low)) - 1;
  for (const factor of [1, 2, 5, 10, 20, 50]) {
    // From text: a power's last bit is left to the machine.
    const step = Number(`${factor}e${decade}`);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    if (count <= 3)
      return Array.from({ length: count }, (_, place) => Number(((first + place) * step).toPrecision(15)));
  }
  return [low, high];
}

/** Ticks whose texts do not touch in a panel of `width` px: all, or every second. */
export function fittingTicks({ ticks }: LayerAxis, width: number): LayerAxis["ticks"] {
  const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => textWidth(line, TICK_SIZE)));
  const touches = ticks.some(({ place, lines }, index) => {
    const next = ticks[index + 1];
    return next !== undefined && (next.place - place) * width < (widest(lines) + widest(next.lines)) / 2 + 2;
  });
  return touches && ticks.length > 2 ? ticks.filter((_, index) => index % 2 === 0) : ticks;
}
