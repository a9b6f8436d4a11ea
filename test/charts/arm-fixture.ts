import type { ArmResult, SeedArm } from "../../src/record/arms.js";
import type { Checkpoint, Gap } from "../../src/record/layers.js";
import type { Statistic } from "../../src/record/values.js";
import type { Verdict } from "../../src/record/verdicts.js";
import { bell, exploded, layer } from "./distributions.js";

/** One arm of a made-up result. */
export interface ArmShape {
  /** Whether it has moving averages; `plain` has none. */
  readonly normalized?: boolean;
  /** The update at which it diverges, by the seed's place; a number stands for the first seed alone. */
  readonly divergesAt?: number | ((seed: number) => number | undefined) | undefined;
  /** Predictions of the first seed. */
  readonly fit?: (x: number) => Statistic;
  /** The control of its effect; the first arm where it is absent. */
  readonly against?: string;
  /** Where its cost ends: a factor on every cost of a trained arm. */
  readonly scale?: number;
  readonly verdict?: (layer: number, update: number) => Verdict;
  readonly gradient?: (layer: number, update: number) => Statistic;
  /** What it sets for itself, as in the configuration. */
  readonly own?: Readonly<Record<string, string | number | boolean>>;
}

/** What all arms of a made-up result have in common. */
export interface Frame {
  readonly hiddenLayers: number;
  readonly updates: number;
  readonly histogramEvery: number;
  /** Batch noise is in the gap of mini-batches alone. */
  readonly isMiniBatch: boolean;
  /** Where the fits are. */
  readonly at: readonly number[];
  readonly inputRange: readonly [number, number];
  readonly targetRange: readonly [number, number];
}

export function divergenceUpdate({ divergesAt }: ArmShape, seed: number): number | undefined {
  if (typeof divergesAt === "function") return divergesAt(seed);
  return seed === 0 ? divergesAt : undefined;
}

/** Between −1 and 1, the same on every call. */
export function wobble(...numbers: readonly number[]): number {
  const mixed = numbers.reduce((hash, number) => (hash * 7919 + number * 104_729 + 12_289) % 1_000_003, 17);
  return (mixed % 2001) / 1000 - 1;
}

/** An arm of one seed without its checkpoints, as in `seeds`. */
export function seedArm(name: string, shape: ArmShape, { updates }: Frame, seed: number): SeedArm {
  const { normalized = false, scale = 1 } = shape;
  const divergesAt = divergenceUpdate(shape, seed);
  const last = divergesAt === undefined ? updates : divergesAt - 1;
  const recorded = Array.from({ length: Math.floor(last / 5) + 1 }, (_, index) => index * 5);
  if (divergesAt === undefined && recorded.at(-1) !== updates) recorded.push(updates);
  const luck = seed === 0 ? 1 : 1 + 0.4 * wobble(seed, name.length);
  const costs = recorded.map((update) => {
    const train =
      divergesAt === undefined
        ? scale * (70 + 1000 / (1 + update / (normalized ? 4 : 30))) * luck
        : Math.min(3e38, 9.9e8 * 10 ** update * luck);
    return { update, train, inference: !normalized ? train : update === 0 ? null : train * 1.02 };
  });
  if (divergesAt !== undefined) return { status: "diverged", costs, divergence: divergence(divergesAt) };
  const { train = 0, inference = 0 } = costs.at(-1) ?? {};
  return { status: "trained", costs, final: { train, inference: inference ?? train } };
}

function divergence(update: number): (ArmResult & { status: "diverged" })["divergence"] {
  return { update, layer: 0, tensor: "kernel", pass: "backward" };
}

/** An arm of the first seed in full. */
export function firstArm(name: string, shape: ArmShape, frame: Frame): ArmResult {
  const short = seedArm(name, shape, frame, 0);
  const { updates, histogramEvery, at } = frame;
  const stop = short.status === "diverged" ? short.divergence.update : Number.POSITIVE_INFINITY;
  const recorded = Array.from(
    { length: Math.floor(updates / histogramEvery) + 1 },
    (_, index) => index * histogramEvery,
  ).filter((update) => update < stop);
  const checkpoints = recorded.map((update) => checkpoint(update, shape, frame, false));
  if (short.status === "diverged")
    return { ...short, checkpoints: [...checkpoints, checkpoint(stop, shape, frame, true)], frames: [] };
  return { ...short, checkpoints, frames: [], fit: at.map(shape.fit ?? ((x) => x ** 2 - 4)) };
}

function checkpoint(update: number, shape: ArmShape, frame: Frame, isDiverged: boolean): Checkpoint {
  const { hiddenLayers, inputRange, targetRange } = frame;
  const { normalized = false } = shape;
  const gapAt = (place: number) =>
    normalized && update > 0 ? { gap: gap(place, update, frame.isMiniBatch, isDiverged) } : {};
  const layers = Array.from({ length: hiddenLayers + 1 }, (_, index) => {
    const isOutput = index === hiddenLayers;
    const range = isOutput ? targetRange : ([-8, 8] as const);
    const grown = 1 + update / 500;
    const width = isOutput ? 12 * grown : (normalized ? 1 : 1 + 2 * index) * grown;
    const input =
      index > 0 ? bell(0, 0.4 * grown, -1, 1) : normalized ? bell(0, 1, -1.7, 1.7) : bell(1.5, 4, ...inputRange);
    const verdict = shape.verdict?.(index, update) ?? (normalized || index === 0 || isOutput ? "healthy" : "saturated");
    if (!isDiverged) {
      const gradient = shape.gradient?.(index, update) ?? plausibleGradient(hiddenLayers - index, update, normalized);
      const flat = Math.abs(wobble(index, update, normalized ? 1 : 2));
      const state = { verdict, gradient, ...(isOutput ? {} : { ...gapAt(index + 1), flat }) };
      return layer(index, bell(isOutput ? 20 : 0, width, ...range), input, state);
    }
    const inputs = index === 0 ? input : exploded((index - 1) / hiddenLayers, 0, 8);
    const state = { verdict: "exploding", gradient: index === 0 ? 0 : "NaN" } as const;
    return layer(index, exploded(index / hiddenLayers, ...range), inputs, {
      ...state,
      ...(isOutput ? {} : gapAt(index + 1)),
    });
  });
  const norm = { batchMean: [0], batchVariance: [1], movingMean: [0], movingVariance: [1] };
  return { update, ...(normalized ? { inputNorm: { ...norm, ...gapAt(0) } } : {}), layers };
}

/** Grows from the output back to the input: faster in a plain net, and less so later. */
function plausibleGradient(behind: number, update: number, normalized: boolean): number {
  let norm = (normalized ? 0.8 : 3) / (1 + update / 40);
  for (let step = 0; step < behind; step += 1) norm *= normalized ? 1.25 : 2.4;
  return norm;
}

function gap(place: number, update: number, isMiniBatch: boolean, isDiverged: boolean): Gap {
  if (isDiverged) {
    const parts = { total: "NaN", initializationBias: 0.5, lag: "Infinity", noise: 0, rounding: 0.25 } as const;
    return { mean: parts, variance: parts };
  }
  const depth = 1 + place / 4;
  const initializationBias = Math.max(0, 0.4 - update / 300) * depth;
  const lag = (0.6 * depth) / (1 + update / 30);
  const noise = isMiniBatch ? 0.12 * depth * (1 + 0.3 * wobble(place, update)) : 0;
  const rounding = 2e-3 * depth * (1 - 1 / (1 + update / 20));
  const parts = { total: (initializationBias + lag + noise) * 0.8, initializationBias, lag, noise, rounding };
  const squared = {
    total: parts.total * 1.3,
    initializationBias: initializationBias * 0.7,
    lag: lag * 1.5,
    noise: noise * 1.8,
    rounding,
  };
  return { mean: parts, variance: squared };
}
