import { expect, test } from "vitest";
import { randomStream } from "../../src/data/streams.js";
import type { LayerObservation, Observation } from "../../src/engines/engine.js";
import * as signal from "../../src/published/signal.js";

const matrix = (...rows: readonly number[][]) => Float64Array.from(rows.flat());

function observation(layers: readonly { input: readonly number[]; gradient?: number }[]): Observation {
  const seen = layers.map(({ input, gradient = 1 }): LayerObservation => {
    const values = Float64Array.from(input);
    return {
      preActivation: values,
      layerInput: values,
      gradientNorms: { kernel: 0, preActivation: gradient },
    };
  });
  return { update: 0, cost: 0, layers: seen };
}

test("the soft rank of the identity is its size, and of a matrix with one direction 1", () => {
  expect(signal.softRank(matrix([1, 0, 0], [0, 1, 0], [0, 0, 1]), 3)).toBeCloseTo(3, 12);
  expect(signal.softRank(matrix([1, 2], [2, 4], [-1, -2]), 2)).toBeCloseTo(1, 12);
  // Singular values 2 and 1: (4 + 1)²/(16 + 1).
  expect(signal.softRank(matrix([2, 0], [0, 1]), 2)).toBeCloseTo(25 / 17, 12);
});

test("the mean pairwise cosine is that of all pairs of columns", () => {
  const columns = [
    [1, 0],
    [1, 1],
    [0, -3],
  ] as const;
  const rows = [0, 1].map((row) => columns.map((column) => column[row] as number));
  const cosine = (a: readonly number[], b: readonly number[]) =>
    ((a[0] as number) * (b[0] as number) + (a[1] as number) * (b[1] as number)) / Math.hypot(...a) / Math.hypot(...b);
  const pairs = [cosine(columns[0], columns[1]), cosine(columns[0], columns[2]), cosine(columns[1], columns[2])];
  expect(signal.meanPairwiseCosine(matrix(...rows), 3)).toBeCloseTo(pairs.reduce((a, b) => a + b) / 3, 12);
  expect(signal.meanPairwiseCosine(matrix([1, 2, 3], [2, 4, 6]), 3)).toBeCloseTo(1, 12);
});

test("relu of independent Gaussians has a cosine of 1/π", () => {
  const { normal } = randomStream(1, "test");
  const rows = Float64Array.from({ length: 40_000 * 4 }, () => Math.max(0, normal()));
  // 40 000 units, 6 pairs.
  expect(signal.meanPairwiseCosine(rows, 4)).toBeCloseTo(1 / Math.PI, 2);
});

test("a slope is that of a line, and an exponent that of a power", () => {
  expect(signal.slope([3, 5, 7, 9])).toBeCloseTo(2, 12);
  expect(signal.slope([1, 0, 1, 0, 1])).toBeCloseTo(0, 12);
  expect(signal.exponent([1, 2, 5, 9].map((x) => [x, 7 * x ** 0.5] as const))).toBeCloseTo(0.5, 12);
});

test("squares of gradient norms are logarithms of squares", () => {
  const seen = observation([2, 6, 18].map((gradient) => ({ input: [1], gradient })));
  expect(signal.slope(signal.logGradientSquares(seen))).toBeCloseTo(2 * Math.log(3), 12);
});

test("second moments and shares count every value", () => {
  expect(signal.secondMoment(Float64Array.of(3, -4, 0, 1))).toBe(26 / 4);
  expect(signal.shareBeyond(Float64Array.of(0.995, -1, 0.99, 0), 0.99)).toBe(0.5);
});

test("a net is dead when one hidden layer hands on zeros alone; the network's input may be zero", () => {
  expect(signal.isDead(observation([{ input: [0, 0] }, { input: [0, 1] }, { input: [2, 0] }]))).toBe(false);
  expect(signal.isDead(observation([{ input: [1, 1] }, { input: [0, 0] }, { input: [2, 0] }]))).toBe(true);
});

test("what hidden layer l hands on is the input of the layer behind it", () => {
  const seen = observation([{ input: [1] }, { input: [2] }, { input: [3, 4, 5] }]);
  expect([...signal.handedOn(seen, 1)]).toEqual([2]);
  expect(signal.samplesOf(seen)).toBe(3);
});
