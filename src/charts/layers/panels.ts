import type { Distribution, Result } from "../../experiment/result.js";
import type { Quantity } from "../../tables/histograms.js";
import { layerName } from "../../tables/table.js";
import { axisNumbers } from "../axis-numbers.js";
import { chooseEvenly } from "../choose.js";
import { shortened, textWidth } from "../text-metrics.js";
import { type ArmStyle, armStyles } from "../theme.js";

const MOST_UPDATES = 6;
const MOST_LAYERS = 10;
/** An arm's range narrower than this share of the layer's would be a few px wide: it gets the whole width. */
const SMALLEST_RANGE = 1 / 12;
/** Values beyond the axis may not press the bins flat: their bars are cut at this share. */
const MOST_BEYOND = 0.2;

/** The axis of one layer's values, in parts of its panel's width. */
export interface LayerAxis {
  readonly name: string;
  /** What stands at the ends of the axis: by arm, since each may have the whole width for its own range. */
  readonly ranges: readonly Range[];
  readonly isSeparate: boolean;
  readonly ticks: readonly { readonly place: number; readonly lines: readonly string[] }[];
}

type PanelArm = ArmStyle & { readonly divergedAt?: number };

/** What a chart of layers draws of a record. */
export interface Panels {
  /** The first stands above the axis, the second, where there is one, below it. */
  readonly arms: readonly PanelArm[];
  readonly updates: readonly number[];
  /** Those that are recorded, of which the others are chosen. */
  readonly allUpdates: readonly number[];
  readonly layers: readonly LayerAxis[];
  readonly layerCount: number;
  /** The largest share that is drawn. */
  readonly top: number;
  /** Whether the output layer has bins above that. */
  readonly isCut: boolean;
  /** The largest share beyond an axis. */
  readonly beyond: number;
}

type Range = readonly [low: number, high: number];

export function layerPanels(record: Result, quantity: Quantity): Panels {
  const arms = armStyles(Object.keys(record.arms))
    .slice(0, 2)
    .map((style): PanelArm => {
      const arm = record.arms[style.name];
      return arm?.status === "diverged" ? { ...style, divergedAt: arm.divergence.update } : style;
    });
  const pair = arms.flatMap(({ name }) => record.arms[name] ?? []);
  const checkpoints = pair.flatMap((arm) => arm.checkpoints);
  const recorded = [...new Set(checkpoints.map(({ update }) => update))].sort((a, b) => a - b);
  const ends = pair.flatMap((arm) => (arm.status === "diverged" ? [arm.divergence.update] : []));
  // One more, where an arm diverged between the others.
  const most = recorded.length <= MOST_UPDATES + 1 ? recorded.length : MOST_UPDATES;
  const updates = chooseEvenly(recorded, most, ends);
  const layerCount = checkpoints.reduce((count, { layers }) => Math.max(count, layers.length), 0);
  const drawn = chooseEvenly([...Array(layerCount).keys()], MOST_LAYERS);
  const distributions = (layer: number) =>
    checkpoints
      .filter(({ update }) => updates.includes(update))
      .flatMap(({ layers }) => layers[layer]?.[quantity] ?? []);
  // Predictions that have all but collapsed to one bin would press every other layer flat.
  const scaled = quantity === "preActivation" && drawn.length > 1 ? drawn.slice(0, -1) : drawn;
  const largest = (layers: readonly number[], share: (bins: Distribution) => number) =>
    layers.flatMap(distributions).reduce((most, bins) => Math.max(most, share(bins)), 0);
  const highest = largest(scaled, largestBin);
  const beyond = largest(drawn, largestBeyond);
  return {
    arms,
    updates,
    allUpdates: recorded,
    layers: drawn.map((layer) => layerAxis(layerName(layer, layerCount), rangesOf(record, arms, layer, quantity))),
    layerCount,
    top: Math.max(highest, Math.min(beyond, MOST_BEYOND)) || 1,
    isCut: largest(drawn, largestBin) > highest,
    beyond,
  };
}

function valuesOf({ counts, underflow, overflow, nonFinite }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
}

function largestBin(bins: Distribution): number {
  return bins.counts.reduce((most, count) => Math.max(most, count), 0) / valuesOf(bins);
}

function largestBeyond(bins: Distribution): number {
  return Math.max(bins.underflow, bins.overflow) / valuesOf(bins);
}

/** The range of all bins of each arm in a layer. */
function rangesOf(record: Result, arms: readonly ArmStyle[], layer: number, quantity: Quantity): OwnRange[] {
  return arms.map(({ name, label }) => {
    const edges = (record.arms[name]?.checkpoints ?? []).flatMap(({ layers }) => {
      const all = layers[layer]?.[quantity].edges;
      return all === undefined ? [] : [all[0] ?? 0, all.at(-1) ?? 1];
    });
    return { label, range: edges.length === 0 ? undefined : [Math.min(...edges), Math.max(...edges)] };
  });
}

interface OwnRange {
  readonly label: string;
  /** Undefined where the arm has not recorded the layer. */
  readonly range: Range | undefined;
}

function layerAxis(name: string, arms: readonly OwnRange[]): LayerAxis {
  const known = arms.flatMap(({ range }) => (range === undefined ? [] : [range]));
  const [low, high] = unionOf(known);
  const narrowest = Math.min(...known.map(([start, end]) => end - start));
  const isSeparate = narrowest > 0 && narrowest < (high - low) * SMALLEST_RANGE;
  const ranges = arms.map(({ range }): Range => (isSeparate ? (range ?? [low, high]) : [low, high]));
  if (isSeparate) {
    const lines = (end: 0 | 1) =>
      arms.flatMap(({ label, range }) =>
        range === undefined ? [] : [`${shortened(label, 46, 10)} ${axisNumbers(range).full(range[end])}`],
      );
    return { name, ranges, isSeparate, ticks: ([0, 1] as const).map((place) => ({ place, lines: lines(place) })) };
  }
  const { full } = axisNumbers([low, high]);
  const ticks = known.length === 0 ? [] : roundValues(low, high);
  return {
    name,
    ranges,
    isSeparate,
    ticks: ticks.map((value) => ({ place: (value - low) / (high - low), lines: [full(value)] })),
  };
}

function unionOf(ranges: readonly Range[]): Range {
  if (ranges.length === 0) return [0, 1];
  const low = Math.min(...ranges.map(([start]) => start));
  const high = Math.max(...ranges.map(([, end]) => end));
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

/** Shares that get a tick on a square-root scale of `height` px up to `top`. */
export function shareTicks(top: number, height: number): number[] {
  const ticks: number[] = [];
  const at = (share: number) => height * Math.sqrt(share / top);
  for (const tick of [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]) {
    const above = ticks.at(-1);
    if (tick > top * 1.001 || at(tick) < 9) continue;
    if (above === undefined || at(above) - at(tick) >= 12) ticks.push(tick);
  }
  return ticks;
}

/** Ticks whose texts do not touch in a panel of `width` px: all, or every second. */
export function fittingTicks({ ticks }: LayerAxis, width: number): LayerAxis["ticks"] {
  const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => textWidth(line, 10)));
  const touches = ticks.some(({ place, lines }, index) => {
    const next = ticks[index + 1];
    return next !== undefined && (next.place - place) * width < (widest(lines) + widest(next.lines)) / 2 + 2;
  });
  return touches && ticks.length > 2 ? ticks.filter((_, index) => index % 2 === 0) : ticks;
}
