import { ownEntry } from "../experiment/own-entry.js";
import type { Result } from "../experiment/result.js";
import { chooseEvenly } from "./layer-panels.js";
import { decadesOf } from "./log-scale.js";
import {
  type CostPoint,
  countDivergences,
  finiteCosts,
  hasSeveralSeeds,
  type Mode,
  seedArms,
  spreadOverSeeds,
} from "./seed-costs.js";
import { type ArmStyle, armStyles } from "./theme.js";

/** With more arms each is drawn with batch statistics alone. */
const MOST_ARMS_IN_BOTH_MODES = 3;
/** Of more seeds as many are drawn one by one; the median and the quartiles are of all. */
export const MOST_THREADS = 40;

/** What lies between two costs at each update. */
interface Band {
  readonly update: number;
  readonly low: number;
  readonly high: number;
}

/** One seed's costs, as far as they are finite. */
interface Thread {
  readonly points: readonly CostPoint[];
  readonly diverged: boolean;
}

export interface Series {
  /** In the legend. */
  readonly name: string;
  /** Behind the arm's label in texts: which mode, where there are two. */
  readonly suffix: string;
  readonly mode: Mode;
  readonly style: ArmStyle;
  readonly dash: readonly number[];
  /** Of the only seed, or the medians. */
  readonly points: readonly CostPoint[];
  /** The first and the last of them, also where a log scale has no place for it. */
  readonly first?: CostPoint;
  readonly last?: CostPoint;
  /** The last update at which a cost was measured; none is finite there where `last` is earlier. */
  readonly measuredTo: number;
  /** No seed was trained to the end. */
  readonly diverged: boolean;
  /** Seeds behind the last point, where there are fewer than all. */
  readonly remaining?: string;
  /** Of several seeds, the first one first. */
  readonly threads: readonly Thread[];
  readonly quartiles: readonly Band[];
  /** The rounding probe's smallest and largest costs. */
  readonly probe: readonly Band[];
}

export interface Reference {
  readonly name: string;
  readonly cost: number;
}

export function drawsTrainingModeOnly(result: Result): boolean {
  return Object.keys(result.arms).length > MOST_ARMS_IN_BOTH_MODES;
}

export function costSeries(result: Result): Series[] {
  return armStyles(Object.keys(result.arms)).flatMap((style) => {
    const { label, dash } = style;
    const trainLine = { result, style, dash, mode: "train" } as const;
    if (drawsTrainingModeOnly(result)) return [seriesOf({ ...trainLine, name: label, suffix: "" })];
    const entries = seedArms(result, style.name).flatMap(({ costs }) => costs);
    if (entries.every(({ train, inference }) => train === inference)) {
      return [seriesOf({ ...trainLine, name: `${label} (both modes are equal)`, suffix: "" })];
    }
    const [batch, moving] = [", batch statistics", ", moving averages"];
    return [
      seriesOf({ ...trainLine, name: `${label}${batch}`, suffix: batch }),
      seriesOf({ ...trainLine, mode: "inference", dash: [5, 4], name: `${label}${moving}`, suffix: moving }),
    ];
  });
}

interface Wanted extends Pick<Series, "name" | "suffix" | "mode" | "style" | "dash"> {
  readonly result: Result;
}

function seriesOf({ result, ...look }: Wanted): Series {
  const {
    mode,
    style: { name },
  } = look;
  const arms = seedArms(result, name);
  const { diverged, of } = countDivergences(result, name);
  const costs = arms.map((arm) => finiteCosts(arm, mode));
  const probe = (ownEntry(result.roundingProbe?.arms ?? {}, name)?.costs ?? []).flatMap(({ update, ...modes }) => {
    const spread = modes[mode];
    return spread === undefined ? [] : drawableBand({ update, low: spread.low, high: spread.high });
  });
  const measuredTo = Math.max(0, ...arms.flatMap((arm) => arm.costs.at(-1)?.update ?? []));
  const common = { ...look, diverged: diverged === of, probe, measuredTo };
  if (!hasSeveralSeeds(result)) return { ...common, ...ofPoints(costs[0] ?? []), threads: [], quartiles: [] };
  const spreads = spreadOverSeeds(costs);
  const last = spreads.at(-1)?.seeds ?? 0;
  return {
    ...common,
    ...ofPoints(spreads.map(({ update, median }) => ({ update, cost: median }))),
    threads: chooseEvenly([...costs.keys()], MOST_THREADS).map((place) => ({
      points: (costs[place] ?? []).filter(isDrawable),
      diverged: arms[place]?.status === "diverged",
    })),
    quartiles: spreads.flatMap(({ update, q25, q75 }) => drawableBand({ update, low: q25, high: q75 })),
    ...(last < of ? { remaining: `${last} of ${of} seeds` } : {}),
  };
}

function ofPoints(points: readonly CostPoint[]): Pick<Series, "points" | "first" | "last"> {
  const [first, last] = [points[0], points.at(-1)];
  return {
    points: points.filter(isDrawable),
    ...(first === undefined || last === undefined ? {} : { first, last }),
  };
}

/** A log scale has no place for 0. */
function isDrawable({ cost }: CostPoint): boolean {
  return cost > 0;
}

function drawableBand(band: Band): Band[] {
  return band.low > 0 && Number.isFinite(band.high) ? [band] : [];
}

export function referenceCosts({ anchors }: Result): Reference[] {
  return [
    ...(anchors.noiseFloor === undefined ? [] : [{ name: "noise floor", cost: anchors.noiseFloor }]),
    { name: "predicting the mean", cost: anchors.predictMean },
  ].filter(({ cost }) => cost > 0);
}

/**
 * The costs that the scale must hold. Those of an arm on its way to divergence can be so large that the others would
 * lie flat at the bottom: then they are drawn as triangles at the upper edge.
 */
export function drawnLevels(series: readonly Series[], references: readonly Reference[]): number[] {
  const anchors = references.map(({ cost }) => cost);
  const costs = (lines: readonly (readonly CostPoint[])[]) => lines.flatMap((points) => points.map(({ cost }) => cost));
  const ends = (bands: readonly Band[]) => bands.flatMap(({ low, high }) => [low, high]);
  const all = [
    ...costs(series.flatMap(({ points, threads }) => [points, ...threads.map((thread) => thread.points)])),
    ...series.flatMap(({ probe }) => ends(probe)),
    ...anchors,
  ];
  const trained = series.filter(({ diverged }) => !diverged);
  if (trained.length === 0) return all;
  const steadyLines = trained.flatMap(({ points, threads }) =>
    threads.length === 0 ? [points] : threads.filter(({ diverged }) => !diverged).map((thread) => thread.points),
  );
  // The probe repeats the first seed, and would follow it on its way to divergence.
  const steadyProbes = trained.filter(({ threads }) => threads[0]?.diverged !== true);
  const steady = [...costs(steadyLines), ...steadyProbes.flatMap(({ probe }) => ends(probe)), ...anchors];
  return decadesOf(all) > 3 * Math.max(1, decadesOf(steady)) ? steady : all;
}
