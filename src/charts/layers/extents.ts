import type { ArmResult } from "../../record/arms.js";
import type { Distribution } from "../../record/layers.js";
import type { Result } from "../../record/result.js";
import { type Quantity, valuesOf } from "../../tables/histograms.js";
import { layerName } from "../../tables/table.js";
import { extentOf } from "../log-axis.js";
import { drawnRecords } from "../records.js";
import { type StyledArm, styledArms } from "../runs.js";
import type { ArmStyle } from "../theme.js";
import { layerLabels } from "../wording.js";
import { type LayerAxis, layerAxis, type Range } from "./axis.js";

const MOST_UPDATES = 6;
const MOST_LAYERS = 10;
/** Of a histogram's bins so many may stand out above the panel: what piled up in them has its share written. */
const CUT_BINS = 2;

type PanelArm = Pick<ArmStyle, "label" | "longName" | "color" | "ink"> & { readonly divergedAt?: number };

/** What one arm contributes to the axes. */
export interface ArmExtents extends PanelArm {
  /** By drawn layer, what its bins reach over; undefined where the arm has not recorded the layer. */
  readonly ranges: readonly (Range | undefined)[];
  /** By drawn layer, the highest bins that must fit in the panel, and the highest of all: shares per unit of the axis. */
  readonly peaks: readonly number[];
  readonly tallest: readonly number[];
  /** The largest share beyond an axis. */
  readonly beyond: number;
}

/** What a chart of layers draws of a record. */
export interface Panels {
  /** The first stands above the axis, the second, where there is one, below it. */
  readonly arms: readonly PanelArm[];
  readonly updates: readonly number[];
  /** Those that are recorded, of which the others are chosen. */
  readonly recorded: readonly number[];
  readonly layers: readonly LayerAxis[];
  readonly layerCount: number;
  readonly labels?: readonly string[];
  /** By layer, where its panels end: as a multiple of the height of values that lie evenly over the whole axis. */
  readonly tops: readonly number[];
  /** Whether some bins are above that. */
  readonly isCut: boolean;
  /** The largest share beyond an axis. */
  readonly beyond: number;
}

/** The panels of a file: the first two arms, at a choice of updates. */
export function layerPanels(record: Result, quantity: Quantity, mostUpdates?: number): Panels {
  const pair = styledArms(record).slice(0, 2);
  const results = pair.map(({ arm }) => arm);
  const { updates, recorded, layers } = layerRecords(record, results, mostUpdates);
  const arms = pair.map((arm) => armExtents(arm, quantity, updates, layers));
  return panelsOf(arms, updates, recorded, layers);
}

/** The layers that have room, of how many. */
export interface DrawnLayers {
  readonly count: number;
  readonly drawn: readonly number[];
  /** Their names with their kinds, of networks on images. */
  readonly labels?: readonly string[];
}

/** All recorded updates, and those that are drawn: without a limit one more than the usual, if that is all. */
export function layerRecords(result: Result, arms: readonly ArmResult[], mostUpdates?: number) {
  const all = drawnRecords(arms, { updates: mostUpdates ?? MOST_UPDATES + 1, layers: MOST_LAYERS });
  const isFew = mostUpdates !== undefined || all.recorded.length <= MOST_UPDATES + 1;
  const { updates } = isFew ? all : drawnRecords(arms, { updates: MOST_UPDATES, layers: MOST_LAYERS });
  const labels = layerLabels([{ result }], all.layers, all.names);
  const layers: DrawnLayers = { count: all.layerCount, drawn: all.layers, ...(labels && { labels }) };
  return { updates, recorded: all.recorded, layers };
}

/** Over the bins of all its records its ranges, and at some updates the highest bins. */
export function armExtents(
  { label, longName, color, ink, arm }: StyledArm,
  quantity: Quantity,
  updates: readonly number[],
  { drawn }: DrawnLayers,
): ArmExtents {
  const binsOf = (layer: number, isShown: (update: number) => boolean) =>
    arm.checkpoints.flatMap(({ update, layers }) => (isShown(update) ? (layers[layer]?.[quantity] ?? []) : []));
  const heights = drawn.map((layer) => binsOf(layer, (update) => updates.includes(update)).map(heightsOf));
  const largest = (of: "peak" | "tallest" | "beyond") =>
    heights.map((layer) => layer.reduce((most, height) => Math.max(most, height[of]), 0));
  return {
    label,
    longName,
    color,
    ink,
    ...(arm.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
    ranges: drawn.map((layer) => extentOf(binsOf(layer, () => true).flatMap(({ edges }) => edges))),
    peaks: largest("peak"),
    tallest: largest("tallest"),
    beyond: Math.max(0, ...largest("beyond")),
  };
}

/** The axes of any arms together. */
export function panelsOf(
  arms: readonly ArmExtents[],
  updates: readonly number[],
  recorded: readonly number[],
  { count, drawn, labels }: DrawnLayers,
): Panels {
  const axes = drawn.map((layer, place) =>
    layerAxis(
      layerName(layer, count),
      arms.map(({ label, ranges }) => ({ label, range: ranges[place] })),
    ),
  );
  const highest = (of: "peaks" | "tallest") =>
    axes.map(({ ranges }, place) =>
      arms.reduce((most, arm, side) => {
        const [low, high] = ranges[side] ?? [0, 1];
        return Math.max(most, (arm[of][place] ?? 0) * (high - low));
      }, 0),
    );
  const tallest = highest("tallest");
  const tops = highest("peaks").map((peak, place) => peak || tallest[place] || 1);
  return {
    arms,
    updates,
    recorded,
    layers: axes,
    layerCount: count,
    ...(labels && { labels }),
    tops,
    isCut: tallest.some((height, place) => height > (tops[place] ?? 0)),
    beyond: Math.max(0, ...arms.map((arm) => arm.beyond)),
  };
}

/** Heights of the bins with equal areas: shares over widths; and the share on a side beyond them. */
function heightsOf(bins: Distribution) {
  const values = valuesOf(bins);
  const [first = 0, second = 1] = bins.edges;
  const sorted = [...bins.counts].sort((one, other) => other - one);
  const heightOf = (place: number) => (sorted[place] ?? 0) / values / (second - first);
  return {
    peak: heightOf(CUT_BINS),
    tallest: heightOf(0),
    beyond: Math.max(bins.underflow, bins.overflow) / values,
  };
}
