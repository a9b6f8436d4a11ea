import type { ArmResult } from "../../record/arms.js";
import type { Distribution } from "../../record/layers.js";
import type { Result } from "../../record/result.js";
import { type Quantity, valuesOf } from "../../tables/histograms.js";
import { layerName } from "../../tables/table.js";
import { drawnRecords } from "../records.js";
import { type StyledArm, styledArms } from "../runs.js";
import type { ArmStyle } from "../theme.js";
import { type LayerAxis, layerAxis, type Range } from "./axis.js";

const MOST_UPDATES = 6;
const MOST_LAYERS = 10;
/** Values beyond the axis may not press the bins flat: their bars are cut at this share. */
const MOST_BEYOND = 0.2;

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

/** The panels of a file: the first two arms, at a choice of updates. */
export function layerPanels(record: Result, quantity: Quantity, mostUpdates?: number): Panels {
  const pair = styledArms(record).slice(0, 2);
  const results = pair.map(({ arm }) => arm);
  const { updates, recorded, layers } = layerRecords(results, mostUpdates);
  const arms = pair.map((arm) => armExtents(arm, quantity, updates, layers));
  return panelsOf(arms, updates, recorded, layers);
}

/** The layers that have room, of how many. */
export interface DrawnLayers {
  readonly count: number;
  readonly drawn: readonly number[];
}

/** All recorded updates, and those that are drawn: without a limit one more than the usual, if that is all. */
export function layerRecords(arms: readonly ArmResult[], mostUpdates?: number) {
  const all = drawnRecords(arms, { updates: mostUpdates ?? MOST_UPDATES + 1, layers: MOST_LAYERS });
  const isFew = mostUpdates !== undefined || all.recorded.length <= MOST_UPDATES + 1;
  const { updates } = isFew ? all : drawnRecords(arms, { updates: MOST_UPDATES, layers: MOST_LAYERS });
  const layers: DrawnLayers = { count: all.layerCount, drawn: all.layers };
  return { updates, recorded: all.recorded, layers };
}

/** Over the bins of all its records its ranges, and at some updates the largest shares. */
export function armExtents(
  { label, longName, color, ink, arm }: StyledArm,
  quantity: Quantity,
  updates: readonly number[],
  { drawn }: DrawnLayers,
): ArmExtents {
  const binsOf = (layer: number, isShown: (update: number) => boolean) =>
    arm.checkpoints.flatMap(({ update, layers }) => (isShown(update) ? (layers[layer]?.[quantity] ?? []) : []));
  const shares = drawn.map((layer) => binsOf(layer, (update) => updates.includes(update)).map(sharesOf));
  const largest = (of: "bin" | "beyond", layers: typeof shares) =>
    layers.flat().reduce((most, share) => Math.max(most, share[of]), 0);
  // Predictions that have all but collapsed to one bin would press every other layer flat.
  const scaled = quantity === "preActivation" && drawn.length > 1 ? shares.slice(0, -1) : shares;
  return {
    label,
    longName,
    color,
    ink,
    ...(arm.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
    ranges: drawn.map((layer) => rangeOf(binsOf(layer, () => true).flatMap(({ edges }) => edges))),
    highest: largest("bin", scaled),
    highestOfAll: largest("bin", shares),
    beyond: largest("beyond", shares),
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
  const axisOf = (layer: number, place: number) =>
    layerAxis(
      layerName(layer, count),
      arms.map(({ label, ranges }) => ({ label, range: ranges[place] })),
    );
  return {
    arms,
    updates,
    allUpdates,
    layers: drawn.map(axisOf),
    layerCount: count,
    top: Math.max(highest, Math.min(beyond, MOST_BEYOND)) || 1,
    isCut: largest((arm) => arm.highestOfAll) > highest,
    beyond,
  };
}

/** The largest share in a bin, and on a side beyond them. */
function sharesOf(bins: Distribution): { readonly bin: number; readonly beyond: number } {
  const values = valuesOf(bins);
  const bin = bins.counts.reduce((most, count) => Math.max(most, count), 0);
  return { bin: bin / values, beyond: Math.max(bins.underflow, bins.overflow) / values };
}

function rangeOf(edges: readonly number[]): Range | undefined {
  const [first] = edges;
  if (first === undefined) return undefined;
  return edges.reduce(([low, high], edge): Range => [Math.min(low, edge), Math.max(high, edge)], [
    first,
    first,
  ] as Range);
}
