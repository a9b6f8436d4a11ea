import type { ArmResult, Distribution, Result } from "../experiment/result.js";
import { shortened } from "./text-metrics.js";
import { armStyles } from "./theme.js";
import { countText, shareText } from "./wording.js";

/** Which distribution of a layer is drawn. */
export type Quantity = "preActivation" | "layerInput";

const MAX_UPDATES = 6;
const MAX_LAYERS = 10;
/** Of an arm's label in a panel, px. */
export const NAME_LIMIT = 46;
/** The size of a panel's texts, px. */
export const PANEL_TEXT = 10;
/** An arm's range narrower than this share of the column's would be a few px wide: it gets the whole width. */
const MIN_RANGE_SHARE = 1 / 12;

/** A corner of a histogram's outline; `share` is negative for the arm below the axis. */
interface Corner {
  readonly x: number;
  readonly share: number;
}

/** A closed step line: each corner's share holds up to the next one. */
interface Outline {
  readonly update: number;
  readonly arm: string;
  readonly corners: readonly Corner[];
}

/** The values beyond one end of the bins. */
interface Outside {
  readonly update: number;
  readonly arm: string;
  readonly side: "left" | "right";
  readonly share: number;
  readonly text: string;
}

/** What a half panel says instead of, or about, its histogram. */
interface Note {
  readonly update: number;
  readonly arm: string;
  readonly kind: "nonFinite" | "absent";
  readonly lines: readonly string[];
}

export interface Column {
  /** 0 is the first hidden layer. */
  readonly layer: number;
  readonly title: string;
  readonly outlines: readonly Outline[];
  readonly outside: readonly Outside[];
  readonly notes: readonly Note[];
  /** The bins' range. */
  readonly range: readonly [number, number];
  /** Each arm's own range, by its label, where they are too different to share an axis. */
  readonly ownRanges?: Readonly<Record<string, readonly [number, number]>>;
}

export interface Panels {
  /** The first stands above the axis, the second, where there is one, below it. */
  readonly arms: readonly string[];
  readonly updates: readonly number[];
  readonly recordedUpdates: readonly number[];
  readonly layerCount: number;
  readonly columns: readonly Column[];
  /** Of all bins drawn. */
  readonly largestShare: number;
  /** Whether the output layer has bins beyond that, which are cut. */
  readonly isCut: boolean;
  /** Of what lies beyond an axis in one half panel. */
  readonly largestOutside: number;
}

/** The drawn layers and updates of a result; the first arm stands above the axis, the second below it. */
export function layerPanels(result: Result, quantity: Quantity): Panels {
  const arms = Object.keys(result.arms).slice(0, 2);
  const pair = arms.flatMap((name) => result.arms[name] ?? []);
  const recorded = [...new Set(pair.flatMap((arm) => arm.checkpoints.map(({ update }) => update)))].sort(
    (a, b) => a - b,
  );
  const keep = pair.flatMap((arm) => (arm.status === "diverged" ? [arm.divergence.update] : []));
  // One more, where an arm diverged between the others.
  const updates = chooseEvenly(recorded, recorded.length <= MAX_UPDATES + 1 ? recorded.length : MAX_UPDATES, keep);
  const layerCount = Math.max(0, ...pair.flatMap((arm) => arm.checkpoints.map(({ layers }) => layers.length)));
  const layers = chooseEvenly([...Array(layerCount).keys()], MAX_LAYERS);
  const columns = layers.map((layer) => column(result, quantity, arms, updates, layer, layerCount));
  // Predictions that have all but collapsed to one bin would press every other layer flat.
  const scaled = quantity === "preActivation" && columns.length > 1 ? columns.slice(0, -1) : columns;
  const largestShare = largestBin(scaled);
  return {
    arms,
    updates,
    recordedUpdates: recorded,
    layerCount,
    columns,
    largestShare,
    isCut: largestBin(columns) > largestShare,
    largestOutside: largest(columns.flatMap(({ outside }) => outside)),
  };
}

function largestBin(columns: readonly Column[]): number {
  return columns.reduce(
    (most, { outlines }) => outlines.reduce((most, { corners }) => Math.max(most, largest(corners)), most),
    0,
  );
}

function largest(marks: readonly { share: number }[]): number {
  return marks.reduce((most, { share }) => Math.max(most, Math.abs(share)), 0);
}

/** At most `limit` items, evenly, with the first and the last; those of `keep` replace the nearest others. */
export function chooseEvenly(items: readonly number[], limit: number, keep: readonly number[] = []): number[] {
  if (items.length <= limit) return [...items];
  const places = Array.from({ length: limit }, (_, step) => Math.round((step * (items.length - 1)) / (limit - 1)));
  const kept = keep.map((item) => items.indexOf(item));
  for (const place of kept) {
    if (place < 0 || places.includes(place)) continue;
    const [nearest] = places
      .filter((taken) => taken !== 0 && taken !== items.length - 1 && !kept.includes(taken))
      .sort((one, other) => Math.abs(one - place) - Math.abs(other - place));
    if (nearest !== undefined) places[places.indexOf(nearest)] = place;
  }
  return places.sort((a, b) => a - b).flatMap((place) => items[place] ?? []);
}

function column(
  result: Result,
  quantity: Quantity,
  arms: readonly string[],
  updates: readonly number[],
  layer: number,
  layerCount: number,
): Column {
  const halves = armStyles(arms).flatMap(({ name, label }, place) => {
    const arm = result.arms[name];
    if (arm === undefined) return [];
    return updates.map((update) => ({ name, label, arm, update, sign: place === 0 ? 1 : -1 }));
  });
  const ranges: Record<string, readonly [number, number]> = {};
  for (const { label, arm } of halves) {
    const edges = arm.checkpoints.find((checkpoint) => checkpoint.layers[layer] !== undefined)?.layers[layer]?.[
      quantity
    ].edges;
    if (edges !== undefined) ranges[label] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  }
  const { range, separate } = commonRange(Object.values(ranges));
  const outlines: Outline[] = [];
  const outside: Outside[] = [];
  const notes: Note[] = [];
  for (const { name, label, arm, update, sign } of halves) {
    const at = { update, arm: name };
    const checkpoint = arm.checkpoints.find((candidate) => candidate.update === update);
    const distribution = checkpoint?.layers[layer]?.[quantity];
    if (distribution === undefined) {
      notes.push({ ...at, kind: "absent", lines: [absence(arm, update)] });
      continue;
    }
    const own = separate ? ranges[label] : undefined;
    outlines.push({ ...at, corners: outline(distribution, sign, own, range) });
    outside.push(...beyond(distribution).map((mark) => ({ ...at, ...mark, share: mark.share * sign })));
    if (distribution.nonFinite > 0) {
      const share = `${countText(distribution.nonFinite)} of ${countText(total(distribution))}`;
      notes.push({ ...at, kind: "nonFinite", lines: [`${shortened(label, NAME_LIMIT, PANEL_TEXT)}: NaN or ∞`, share] });
    }
  }
  const title = layer === layerCount - 1 ? "output" : `layer ${layer + 1}`;
  return { layer, title, outlines, outside, notes, range, ...(separate ? { ownRanges: ranges } : {}) };
}

function absence(arm: ArmResult, update: number): string {
  const stopped = arm.status === "diverged" && update >= arm.divergence.update;
  return stopped ? `diverged at ${arm.divergence.update}` : "not recorded";
}

/** The union of the arms' ranges, unless one arm would vanish in it. */
function commonRange(ranges: readonly (readonly [number, number])[]): { range: [number, number]; separate: boolean } {
  if (ranges.length === 0) return { range: [0, 1], separate: false };
  const low = Math.min(...ranges.map(([start]) => start));
  const high = Math.max(...ranges.map(([, end]) => end));
  if (!(high > low)) return { range: [low - 0.5, low + 0.5], separate: false };
  const narrowest = Math.min(...ranges.map(([start, end]) => end - start));
  const separate = narrowest > 0 && narrowest < (high - low) * MIN_RANGE_SHARE;
  return { range: separate ? [0, 1] : [low, high], separate };
}

function total({ counts, underflow, overflow, nonFinite }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
}

/** From the axis at the first edge to the axis at the last one. */
function outline(
  distribution: Distribution,
  sign: number,
  own: readonly [number, number] | undefined,
  [low, high]: readonly [number, number],
): Corner[] {
  const { edges, counts } = distribution;
  const values = total(distribution) * sign;
  if (counts.every((count) => count === 0)) return [];
  const placed = (x: number) => (own === undefined ? x : low + ((x - own[0]) / (own[1] - own[0])) * (high - low));
  const corners: Corner[] = [{ x: placed(edges[0] ?? 0), share: 0 }];
  let before = -1;
  for (const [bin, count] of counts.entries()) {
    // Inner corners of a run of equal bins would not be seen.
    if (count !== before) corners.push({ x: placed(edges[bin] ?? 0), share: count / values });
    before = count;
  }
  const end = placed(edges.at(-1) ?? 0);
  corners.push({ x: end, share: before / values }, { x: end, share: 0 });
  return corners;
}

function beyond(distribution: Distribution): Pick<Outside, "side" | "share" | "text">[] {
  const values = total(distribution);
  const sides = [
    { side: "left", count: distribution.underflow },
    { side: "right", count: distribution.overflow },
  ] as const;
  return sides
    .filter(({ count }) => count > 0)
    .map(({ side, count }) => ({ side, share: count / values, text: shareText(count / values) }));
}
