import { evenIndices } from "../../src/data/sample.js";
import type { ResultClasses } from "../../src/record/data.js";
import type { Result } from "../../src/record/result.js";
import { makeResult } from "./result-fixture.js";

/** A result of labeled images of 20 × 20 pixels, as far as its classes are drawn; nothing is predicted at points. */
export function withClasses(classes: ResultClasses): Result {
  const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const samples = sumOf(classes.training);
  const outputs = classes.training.length;
  const { data, arms, referenceCosts, ...result } = makeResult({
    inputs: 400,
    samples: Math.min(samples, 100),
    config: {
      image: { height: 20, width: 20 },
      layers: ["conv 30", "conv 30", "conv 30", "mean", `dense ${outputs}`],
      loss: "crossEntropy",
      data: { sha256: "0".repeat(64), format: "safetensors" },
      samples,
      batchSize: samples,
      sizes: [1, 30, 30, 30, outputs],
    },
  });
  return {
    ...result,
    referenceCosts: { ...referenceCosts, chance: Math.log(outputs) },
    data: {
      ...data,
      trainingSamples: samples,
      observedSamples: evenIndices(samples, { height: 20, width: 20 }).length,
      evaluationSamples: sumOf(classes.evaluation ?? classes.training),
      classes,
    },
    arms: Object.fromEntries(
      Object.entries(arms).map(([name, arm]) => [name, arm.status === "trained" ? { ...arm, fit: [] } : arm]),
    ),
  };
}

const hex = (value: number) => (value % 256).toString(16).padStart(2, "0");

/** Ten classes of color images, one of which is rare, without test images. */
export const colored = withClasses({
  training: [5000, 5000, 12_345, 5000, 1, 0, 5000, 5000, 5000, 5000],
  examples: {
    height: 16,
    width: 16,
    channels: 3,
    images: Array.from({ length: 10 }, (_, label) =>
      label === 5 ? [] : [Array.from({ length: 768 }, (_, i) => hex(i + 25 * label)).join("")],
    ),
  },
});

export const manyLabels = withClasses({
  training: Array.from({ length: 100 }, (_, label) => 100_000 + label),
  evaluation: Array.from({ length: 100 }, () => 7),
});
