import { divergedAt } from "../../outcome/ending.js";
import type { ArmResult } from "../../record/arms.js";
import type { Distribution } from "../../record/layers.js";
import type { Result } from "../../record/result.js";
import type { Quantity } from "../../tables/histograms.js";
import { layerName } from "../../tables/table.js";
import { axisNumbers } from "../axis-numbers.js";
import { chooseEvenly } from "../choose.js";
import { shortened, textWidth } from "../text-metrics.js";
import { type ArmStyle, armStyles } from "../theme.js";

/** Of a panel's width at both sides of the bins: what lies beyond them. */
export const MARGIN = 0.09;
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

type PanelArm = Pick<ArmStyle, "label" | "longName" | "color" | "ink"> & { readonly divergedAt?: number };

/** What one arm contributes to the axes. */
export interface ArmExtents extends PanelArm {
  /** By drawn layer, what its bins reach over; undefined where the arm has not recorded the layer. */
  readonly ranges: readonly (Range | undefined)[];
  /** The largest share in a bin: of the layers that set the scale, and of all. */
  readonly highest: number;
  readonly highestOfAll: number;
  /** The largest share beyond an axis. */
  readonly beyond: number;
}

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

/** The panels of a file: the first two arms, at a choice of updates. */
export function layerPanels(record: Result, quantity: Quantity): Panels {
  const styles = armStyles(Object.keys(record.arms)).slice(0, 2);
  const pair = styles.flatMap(({ name }) => record.arms[name] ?? []);
  const recorded = recordedUpdates(pair);
  // One more, where an arm diverged between the others.
  const most = recorded.length <= MOST_UPDATES + 1 ? recorded.length : MOST_UPDATES;
  const updates = chooseEvenly(recorded, most, divergencesOf(pair));
  const layers = drawnLayers(pair);
  const arms = styles.map((style) => armExtents(record, style, quantity, updates, layers));
  return panelsOf(arms, updates, recorded, layers);
}

export function recordedUpdates(arms: readonly ArmResult[]): number[] {
  const all = arms.flatMap(({ checkpoints }) => checkpoints.map(({ update }) => update));
  return [...new Set(all)].sort((a, b) => a - b);
}

export function divergencesOf(arms: readonly ArmResult[]): number[] {
  return arms.flatMap((arm) => divergedAt(arm) ?? []);
}

/** The layers that have room, of how many. */
export interface DrawnLayers {
  readonly count: number;
  readonly drawn: readonly number[];
}

export function drawnLayers(arms: readonly ArmResult[]): DrawnLayers {
  const checkpoints = arms.flatMap((arm) => arm.checkpoints);
  const count = checkpoints.reduce((most, { layers }) => Math.max(most, layers.length), 0);
  return { count, drawn: chooseEvenly([...Array(count).keys()], MOST_LAYERS) };
}

/** Over the bins of all its records its ranges, and at some updates the largest shares. */
export function armExtents(
  record: Result,
  { name, label, longName, color, ink }: ArmStyle,
  quantity: Quantity,
  updates: readonly number[],
  { drawn }: DrawnLayers,
): ArmExtents {
  const arm = record.arms[name];
  const checkpoints = arm?.checkpoints ?? [];
  const shown = checkpoints.filter(({ update }) => updates.includes(update));
  // Predictions that have all but collapsed to one bin would press every other layer flat.
  const scaled = quantity === "preActivation" && drawn.length > 1 ? drawn.slice(0, -1) : drawn;
  const largest = (layers: readonly number[], share: (bins: Distribution) => number) =>
    layers
      .flatMap((layer) => shown.flatMap(({ layers }) => layers[layer]?.[quantity] ?? []))
      .reduce((most, bins) => Math.max(most, share(bins)), 0);
  return {
    label,
    longName,
    color,
    ink,
    ...(arm?.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
    ranges: drawn.map((layer) => rangeOf(checkpoints.flatMap(({ layers }) => layers[layer]?.[quantity].edges ?? []))),
    highest: largest(scaled, largestBin),
    highestOfAll: largest(drawn, largestBin),
    beyond: largest(drawn, largestBeyond),
  };
}

/** The axes of any arms together. */
export function panelsOf(
  arms: readonly ArmExtents[],
  updates: readonly number[],
  allUpdates: readonly number[],
  { count, drawn }: DrawnLayers,
): Panels {
  const largest = (of: (arm: ArmExtents) => number) => Math.max(0, ...arms.map(of));
  const highest = largest((arm) => arm.highest);
  const beyond = largest((arm) => arm.beyond);
  return {
    arms,
    updates,
    allUpdates,
    layers: drawn.map((layer, place) =>
      layerAxis(
        layerName(layer, count),
        arms.map(({ label, ranges }) => ({ label, range: ranges[place] })),
      ),
    ),
    layerCount: count,
    top: Math.max(highest, Math.min(beyond, MOST_BEYOND)) || 1,
    isCut: largest((arm) => arm.highestOfAll) > highest,
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

function rangeOf(edges: readonly number[]): Range | undefined {
  if (edges.length === 0) return undefined;
  return [edges.reduce((low, edge) => Math.min(low, edge)), edges.reduce((high, edge) => Math.max(high, edge))];
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
