import { describe, expect, test } from "vitest";
import type { LayerObservation, Observation } from "../../src/engines/engine.js";
import type { Bins } from "../../src/metrics/bins.js";
import { checkpointOf, type Reduction } from "../../src/metrics/checkpoint.js";
import { distributionOf } from "../../src/metrics/distribution.js";
import { healthOf } from "../../src/metrics/health.js";
import type { Gap } from "../../src/record/layers.js";

const bins: Bins = {
  preActivation: (layer) => [0, 10 * (layer + 1)],
  layerInput: (layer) => [0, 100 * (layer + 1)],
};

const layer = (preActivation: number[], layerInput: number[]): LayerObservation => ({
  preActivation: Float64Array.from(preActivation),
  layerInput: Float64Array.from(layerInput),
  gradientNorms: { kernel: 2, preActivation: Number.POSITIVE_INFINITY },
});

const norm = (from: number) => ({
  batchMean: Float32Array.of(from, Number.NaN),
  batchVariance: Float32Array.of(from + 1),
  movingMean: Float32Array.of(from + 2),
  movingVariance: Float32Array.of(from + 3),
});

const statistics = (from: number) => ({
  batchMean: [from, "NaN"],
  batchVariance: [from + 1],
  movingMean: [from + 2],
  movingVariance: [from + 3],
});

const reduction = { bins, activation: "tanh", targetSquare: 9, gaps: new Map<number, Gap>() } as const;

/** Of one output. */
const unitsOf = ({ layers }: Observation) => {
  const samples = layers.at(-1)?.preActivation.length ?? 1;
  return layers.map(({ preActivation }) => preActivation.length / samples);
};
const checkpoint = (observation: Observation, more: Partial<Reduction> = {}) =>
  checkpointOf(observation, { ...reduction, units: unitsOf(observation), ...more });

const gap = (total: number): Gap => {
  const parts = { total, initializationBias: 0, lag: 0, noise: 0, rounding: 0 };
  return { mean: parts, variance: parts };
};

describe("a checkpoint", () => {
  test("of a plain arm has each layer's distributions in that layer's bins, and gradient norms with what overflowed named", () => {
    const observation: Observation = {
      update: 5,
      cost: 1,
      layers: [layer([1, 2], [3]), layer([15], [150, Number.NaN])],
    };
    const [first, output] = healthOf("tanh", observation, { units: unitsOf(observation), targetSquare: 9 });
    expect(checkpoint(observation)).toEqual({
      update: 5,
      layers: [
        {
          layer: 0,
          preActivation: distributionOf([1, 2], [0, 10]),
          layerInput: distributionOf([3], [0, 100]),
          gradientNorms: { kernel: 2, preActivation: "Infinity" },
          health: first,
        },
        {
          layer: 1,
          preActivation: distributionOf([15], [0, 20]),
          layerInput: distributionOf([150, Number.NaN], [0, 200]),
          gradientNorms: { kernel: 2, preActivation: "Infinity" },
          health: output,
        },
      ],
    });
  });

  test("of a bn arm also has the statistics of the input's and each hidden layer's normalization", () => {
    const layers = [{ ...layer([1], [1]), norm: norm(10) }, layer([1], [1])];
    const { inputNorm, layers: kept } = checkpoint({ update: 0, cost: 1, inputNorm: norm(20), layers });
    expect(inputNorm).toEqual(statistics(20));
    expect(kept[0]).toMatchObject(statistics(10));
    expect(kept[1]).not.toHaveProperty("batchMean");
  });

  test("has the gap of each normalization with its statistics, by the norm's index", () => {
    const layers = [{ ...layer([1], [1]), norm: norm(10) }, { ...layer([1], [1]), norm: norm(5) }, layer([1], [1])];
    const gaps = new Map([
      [0, gap(1)],
      [2, gap(3)],
    ]);
    const observation = { update: 4, cost: 1, inputNorm: norm(20), layers };
    const { inputNorm, layers: kept } = checkpoint(observation, { gaps });
    expect(inputNorm).toEqual({ ...statistics(20), gap: gap(1) });
    expect(kept[0]).not.toHaveProperty("gap");
    expect(kept[1]).toMatchObject({ ...statistics(5), gap: gap(3) });
    expect(kept[2]).not.toHaveProperty("gap");
  });

  test("judges the output by the targets it was told", () => {
    const layers = [layer([1, 1], [1]), layer([12, 12], [1])];
    const verdict = (targetSquare: number) =>
      checkpoint({ update: 0, cost: 1, layers }, { targetSquare }).layers[1]?.health.verdict;
    expect([verdict(1), verdict(2)]).toEqual(["exploding", "constant"]);
  });
});
