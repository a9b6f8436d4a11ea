import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDataset } from "../../../src/data/dataset.js";
import { noisyPoints } from "../../../src/data/datasets/definition.js";
import { gaussian } from "../../../src/data/datasets/gaussian.js";
import { type RandomStream, randomStream } from "../../../src/data/streams.js";

const gaussianTarget = gaussian.target;
const gaussianPoints = (samples: number, inputs: number, noise: number, stream: RandomStream) =>
  noisyPoints(gaussian, { samples, inputs, noise }, stream);

const deviatesOf = (...deviates: number[]): RandomStream => ({
  ...randomStream(0, "unused"),
  normal: () => deviates.shift() as number,
});

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const varianceOf = (values: ArrayLike<number>) => {
  const mean = meanOf(values);
  return meanOf(Array.from(values, (value) => (value - mean) ** 2));
};

const DIGESTS = {
  data: "643bdc1b3598b0fe847e2f713c8806b8ecf4a4546dca38565e78211607092e06",
  evaluation: "73816192a53366e655a45363fea667084d2131758a33637ab8125eda0c83fd4e",
  batchOrder: "d5f44037658283848f9d5c0d6701da026f1f7bb6c74571088d4b4ec7aec87cc6",
};

const SOURCE = { kind: "gaussian", inputs: 3, samples: 40, testSamples: 0, noise: 0.5 } as const;

describe("the gaussian target", () => {
  test("is Σ (xᵢ² − 1) / √(2d)", () => {
    expect(gaussianTarget([3])).toBe(8 / Math.sqrt(2));
    expect(gaussianTarget([1, -1, 1])).toBe(0);
    expect(gaussianTarget([0, 2])).toBe(1);
  });

  test("does not depend on its inputs' order or signs", () => {
    const row = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(row, (values) => {
        const other = values.map((value) => -value).reverse();
        expect(gaussianTarget(other)).toBe(gaussianTarget(values));
      }),
    );
  });

  test.each([1, 2, 10])("of %d Gaussian inputs has mean 0 and variance 1", (inputs) => {
    const samples = 40_000;
    const { points } = gaussianPoints(samples, inputs, 0, randomStream(5, "data noise"));
    // Four standard errors; the fourth central moment of a sum of d centered χ² of one degree is 3 + 12/d.
    expect(Math.abs(meanOf(points.y))).toBeLessThan(4 / Math.sqrt(samples));
    const spread = Math.sqrt((2 + 12 / inputs) / samples);
    expect(Math.abs(varianceOf(points.y) - 1)).toBeLessThan(4 * spread);
  });
});

describe("gaussian points", () => {
  test("have inputs of mean 0 and variance 1, independent of the other columns", () => {
    const [samples, inputs] = [20_000, 3];
    const { points } = gaussianPoints(samples, inputs, 1, randomStream(2, "data noise"));
    const columns = Array.from({ length: inputs }, (_, i) =>
      Float64Array.from({ length: samples }, (_, s) => points.x[s * inputs + i] as number),
    );
    for (const [i, column] of columns.entries()) {
      expect(Math.abs(meanOf(column))).toBeLessThan(4 / Math.sqrt(samples));
      expect(Math.abs(varianceOf(column) - 1)).toBeLessThan(4 * Math.sqrt(2 / samples));
      const next = columns[(i + 1) % inputs] as Float64Array;
      expect(Math.abs(meanOf(column.map((value, s) => value * (next[s] as number))))).toBeLessThan(
        4 / Math.sqrt(samples),
      );
    }
  });

  test("draw each point's inputs before its noise, row by row", () => {
    const { points, noiseSquare } = gaussianPoints(2, 2, 8, deviatesOf(1, 2, 0.5, 0, -1, -0.25));
    expect(points).toEqual({
      samples: 2,
      inputs: 2,
      x: Float32Array.of(1, 2, 0, -1),
      y: Float32Array.of(3 / 2 + 4, -1 / 2 - 2),
    });
    expect(noiseSquare).toBe((4 ** 2 + 2 ** 2) / 2);
  });

  test("are rounded to float32 before the target is taken of them", () => {
    const { points } = gaussianPoints(1, 1, 0, deviatesOf(0.1, 0));
    expect([...points.x]).toEqual([Math.fround(0.1)]);
    expect([...points.y]).toEqual([Math.fround((Math.fround(0.1) ** 2 - 1) / Math.sqrt(2))]);
  });

  test("cost the true function what their noise came to", () => {
    const { points, noiseSquare } = gaussianPoints(5000, 4, 2, randomStream(1, "data noise"));
    const again = meanOf(points.y.map((y, s) => (y - gaussianTarget(points.x.subarray(4 * s, 4 * s + 4))) ** 2));
    // y is rounded to float32: relative 6e-8 of values of a few units.
    expect(again).toBeCloseTo(noiseSquare, 5);
    expect(Math.abs(noiseSquare - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / 5000));
  });
});

describe("a gaussian dataset", () => {
  test("is the same for the same seed and another for another one", () => {
    const [once, again, other] = [7, 7, 8].map((seed) => buildDataset(SOURCE, seed, true));
    expect(again).toEqual(once);
    expect(other?.digests.data).not.toBe(once?.digests.data);
  });

  test("of seed 1 is this, on every machine and in every version", () => {
    const { digests } = buildDataset({ ...SOURCE, inputs: 10, samples: 500, testSamples: 200 }, 1, true);
    expect(digests).toEqual(DIGESTS);
  });

  test("has the columns asked for, and knows its noise on the points costs are measured on", () => {
    for (const testSamples of [0, 15]) {
      const { inputs, evaluation, noise } = buildDataset({ ...SOURCE, testSamples }, 1, false);
      expect([inputs, evaluation.inputs]).toEqual([3, 3]);
      const { samples, x, y } = evaluation;
      const realized = y.reduce(
        (sum, value, s) => sum + (value - gaussianTarget(x.subarray(3 * s, 3 * s + 3))) ** 2,
        0,
      );
      expect(noise?.variance).toBe(0.25);
      expect(noise?.realized).toBeCloseTo(realized / samples, 5);
    }
  });

  test("draws test points from a stream of their own", () => {
    const without = buildDataset(SOURCE, 1, false);
    const [few, many] = [10, 30].map((testSamples) => buildDataset({ ...SOURCE, testSamples }, 1, false));
    expect(few?.training).toEqual(without.training);
    expect(many?.training).toEqual(without.training);
    expect(many?.evaluation.x.subarray(0, 30)).toEqual(few?.evaluation.x);
    expect(few?.evaluation.x).not.toEqual(without.training.x.subarray(0, 30));
  });

  test("keeps its first points when there are more of them", () => {
    const [few, many] = [40, 60].map((samples) => buildDataset({ ...SOURCE, samples }, 1, false).training);
    expect(many?.x.subarray(0, 120)).toEqual(few?.x);
    expect(many?.y.subarray(0, 40)).toEqual(few?.y);
  });
});
