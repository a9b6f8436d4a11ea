import { expect, test } from "vitest";
import { buildDataset } from "../../src/data/dataset.js";
import type { Points } from "../../src/data/points.js";
import { referenceCostsOf } from "../../src/metrics/reference-costs.js";

const targets = (...y: number[]): Points => ({
  samples: y.length,
  inputs: 1,
  x: new Float32Array(y.length),
  y: Float32Array.from(y),
});

test("predicting the mean costs the targets' variance, on given data without any noise floor", () => {
  const dataset = buildDataset({ kind: "given", training: targets(1, 2, 6) }, 1, false);
  expect(referenceCostsOf(dataset, { sizes: [1, 2, 1] })).toEqual({ predictMean: (4 + 1 + 9) / 3 });
});

test("what is predicted is the training targets' mean, what it costs is measured on the test points", () => {
  const dataset = buildDataset({ kind: "given", training: targets(1, 2, 6), test: targets(3, 5) }, 1, false);
  expect(referenceCostsOf(dataset, { sizes: [1, 2, 1] })).toEqual({ predictMean: (0 + 4) / 2 });
});

test("the tutorial's reference costs are 64, the realized noise near it, and about 746", () => {
  const dataset = buildDataset({ kind: "parabola", samples: 500, testSamples: 0, noise: 8 }, 1, false);
  const { noiseFloor, realizedNoise, predictMean } = referenceCostsOf(dataset, { sizes: [1, 2, 1] });
  expect(noiseFloor).toBe(64);
  expect(realizedNoise).toBe(dataset.noise?.realized);
  expect(Math.abs((realizedNoise as number) - 64)).toBeLessThan(4 * 64 * Math.sqrt(2 / 500));
  expect(Math.abs(predictMean - 746)).toBeLessThan(60);
});
