import type { Result } from "../../src/record/result.js";
import { SCHEMA_VERSION } from "../../src/record/schema-version.js";
import type { Statistic } from "../../src/record/values.js";
import { type ArmShape, type Frame, firstArm } from "./arm-fixture.js";
import { makeEffects, makeProbe, makeSeeds } from "./seeds-fixture.js";

interface Shape {
  readonly hiddenLayers?: number;
  readonly updates?: number;
  readonly histogramEvery?: number;
  readonly inputs?: number;
  readonly samples?: number;
  readonly config?: Partial<Result["config"]>;
  /** The update at which the plain arm of the first seed diverges. */
  readonly plainDivergesAt?: number;
  readonly bnDivergesAt?: number;
  /** Replaces the plain arm's predictions. */
  readonly plainFit?: (x: number) => Statistic;
  /** The range of the plain arm's input. */
  readonly inputRange?: readonly [number, number];
  /** Number of seeds, from 1 on. */
  readonly seeds?: number;
  /** The arms in place of plain and bn. */
  readonly arms?: Readonly<Record<string, ArmShape>>;
  /** Repeats of the rounding probe. */
  readonly probe?: number;
}

/** A whole result with made-up but plausible numbers, the same on every call. */
export function makeResult(shape: Shape = {}): Result {
  const { hiddenLayers = 3, updates = 100, histogramEvery = 50, inputs = 1, samples = 120, probe = 0 } = shape;
  const [from, to] = shape.inputRange ?? [-7, 10];
  const x = Array.from({ length: samples }, (_, index) => from + ((to - from) * index) / (samples - 1));
  const y = x.map((value, index) => value ** 2 - 5 + 8 * Math.sqrt(2) * ((((index * 7919) % 101) - 50) / 50));
  const grid = Array.from({ length: 50 }, (_, index) => from + ((to - from) * index) / 49);
  const ends = [y.reduce((a, b) => Math.min(a, b)), y.reduce((a, b) => Math.max(a, b))] as const;
  const arms = shape.arms ?? {
    plain: { divergesAt: shape.plainDivergesAt, fit: shape.plainFit ?? ((value) => 0.8 * value ** 2) },
    bn: { divergesAt: shape.bnDivergesAt, normalized: true },
  };
  const frame: Frame = {
    hiddenLayers,
    updates,
    histogramEvery,
    isMiniBatch: (shape.config?.batchSize ?? samples) < samples,
    at: inputs === 1 ? grid : x,
    inputRange: [from, to],
    targetRange: ends,
  };
  const seeds = Array.from({ length: shape.seeds ?? 1 }, (_, index) => index + 1);
  const referenceCosts = { ...(inputs === 1 ? { noiseFloor: 64, realizedNoise: 63.2 } : {}), predictMean: 746 };
  const everySeed = makeSeeds(arms, frame, seeds, referenceCosts);
  const [first] = everySeed;
  const settings = Object.entries(arms).map(([name, { own, normalized = false }]) => [
    name,
    { ...(normalized ? {} : { normalize: "none" }), ...own },
  ]);

  const digest = "0".repeat(64);
  return {
    schemaVersion: SCHEMA_VERSION,
    config: {
      preset: "tutorial",
      ...(inputs === 1 ? { dataset: "parabola" } : {}),
      activation: "tanh",
      updates,
      seed: 1,
      seeds,
      samples,
      shuffle: false,
      normalize: "all",
      transform: "standardize",
      affine: true,
      position: "before",
      decay: 0.5,
      epsilon: 0.001,
      debias: false,
      arms: Object.fromEntries(settings),
      roundingProbe: probe,
      costEvery: 5,
      histogramEvery,
      engine: "reference",
      backend: "typescript",
      sizes: [inputs, ...Array<number>(hiddenLayers).fill(30), 1],
      batchSize: samples,
      learningRate: 0.001,
      init: "normal",
      ...shape.config,
    },
    engine: { name: "reference", backend: "typescript", version: { "bn-compare": "0.1.0" } },
    pairing: { data: digest, evaluation: digest, batchOrder: digest, arms: {}, differences: [] },
    referenceCosts,
    data: {
      inputs,
      trainingSamples: samples,
      observedSamples: Math.min(2500, samples),
      evaluationSamples: samples,
      ...(inputs === 1 ? { truth: "x² − 5" as const, grid } : {}),
      drawn: inputs === 1 ? { x, y } : { y },
    },
    arms: Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, firstArm(name, arm, frame)])),
    seeds: everySeed,
    effects: makeEffects(arms, everySeed),
    ...(probe > 0 && first !== undefined ? { roundingProbe: makeProbe(first, probe) } : {}),
    warnings: [],
  };
}
