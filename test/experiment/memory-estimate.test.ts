import { describe, expect, test } from "vitest";
import { ExpectedError } from "../../src/errors.js";
import type { ArmPlan } from "../../src/experiment/arm-plans.js";
import { type ExperimentSize, requireMemoryFor } from "../../src/experiment/memory-estimate.js";
import { bnCompare, emptyFolder } from "../cli/command.js";

function sizeOf(over: Partial<ExperimentSize> = {}): ExperimentSize {
  const sizes = over.sizes ?? [1, 30, 30, 1];
  const plain: ArmPlan = { spec: { sizes, activation: "relu", learningRate: 0.1 }, own: {} };
  const bn = { ...plain, spec: { ...plain.spec, normalization: { epsilon: 0.001, decay: 0.5, debias: false } } };
  return {
    engine: "fused",
    arms: { plain, bn },
    sizes,
    seeds: 1,
    roundingProbe: 0,
    samples: 500,
    testSamples: 0,
    batchSize: 500,
    updates: 250,
    costEvery: 5,
    histogramEvery: 50,
    saveWeights: false,
    workers: 2,
    ...over,
  };
}

function refusal(over: Partial<ExperimentSize>, available: number): string {
  try {
    requireMemoryFor(sizeOf(over), available);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(2);
    return (error as ExpectedError).message;
  }
  return "";
}

describe("the estimate of memory", () => {
  test("lets a tutorial into half a gigabyte, by every engine", () => {
    for (const engine of ["fused", "reference", "tfjs"] as const) expect(refusal({ engine }, 0.5e9)).toBe("");
  });

  test("names what needs most, the total, what is available, and the keys that lower it", () => {
    const many = refusal({ samples: 1e6, batchSize: 1e6, workers: 8, seeds: 20 }, 2e9);
    expect(many).toMatch(
      /^this needs about [\d.]+ GB of memory, [\d.]+ GB of it for 8 arms trained at once, but 2\.0 GB are available; change --workers, --batch-size, --samples, --width, --hidden-layers$/,
    );
    const saved = refusal({ saveWeights: true, histogramEvery: 10, updates: 5000, sizes: [1, 1000, 1000, 1] }, 4e9);
    expect(saved).toMatch(/GB of it for saved weights, .*; change --save-weights, --histogram-every$/);
    const points = refusal(
      { samples: 1e7, testSamples: 10, batchSize: 10, sizes: [10, 2, 2, 1], arms: plainOnly([10, 2, 2, 1]) },
      3e9,
    );
    expect(points).toMatch(/GB of it for points, .*; change --samples, --test-samples, --inputs$/);
  });

  test("grows with how many train at once, and with no more than there are to train", () => {
    const large = { samples: 1e5, batchSize: 1e5, seeds: 100 };
    const needed = (over: Partial<ExperimentSize>) =>
      Number(/about ([\d.]+) GB/.exec(refusal({ ...large, ...over }, 0))?.[1]);
    expect(needed({ workers: 8 })).toBeGreaterThan(3 * needed({ workers: 2 }));
    expect(needed({ workers: 8, seeds: 1 })).toBe(needed({ workers: 2, seeds: 1 }));
  });

  test("knows that a wasm memory ends at 4 GB, however much the machine has", () => {
    expect(refusal({ samples: 1e6, batchSize: 1e6, sizes: [1, 4096, 1] }, 1e15)).toMatch(
      /^an arm needs about \d+ GB, and the fused engine has 4 GB for one; lower --batch-size, --samples, --width, --hidden-layers, or use --engine reference$/,
    );
    expect(refusal({ engine: "reference", samples: 1e6, batchSize: 1e6, sizes: [1, 4096, 1] }, 1e15)).toBe("");
  });

  test("knows that a result must be read back", () => {
    expect(refusal({ histogramEvery: 1, updates: 1e6 }, 1e15)).toMatch(
      /^result\.json would have about [\d.]+ GB, but at most 0\.50 GB can be read back; raise --histogram-every, --cost-every/,
    );
  });
});

function plainOnly(sizes: readonly number[]): ExperimentSize["arms"] {
  return { plain: { spec: { sizes, activation: "relu", learningRate: 0.1 }, own: {} } };
}

/** Each of these once ran until the system ended it, or ended as a bug. */
describe("what no machine can hold is refused at once, with exit code 2", () => {
  test.each([
    [["--samples", "1000000", "--width", "4096"], "an arm needs about"],
    [["--dataset", "gaussian", "--inputs", "4096", "--samples", "10000000"], "an arm needs about"],
    [["--width", "4096", "--hidden-layers", "1000"], "an arm needs about"],
    [["--hidden-layers", "1000", "--updates", "10000000", "--histogram-every", "1"], "result.json would have"],
    [["--epochs", "10000000", "--batch-size", "1"], "5000000000 updates; the most is 10000000"],
  ])("%s", async (flags, message) => {
    const { exitCode, stderr } = await bnCompare(emptyFolder(), "run", ...flags);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
