import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import { presets } from "../../src/config/presets.js";
import type { Engine } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { runExperiment } from "../../src/experiment/run.js";
import { firstFailure } from "../../src/outcome/failure.js";
import type { ArmResult } from "../../src/record/arms.js";
import type { Checkpoint } from "../../src/record/layers.js";
import type { Result } from "../../src/record/result.js";
import { headlineOf } from "../../src/report/headline.js";
import { gapHere } from "../../src/report/reading-gap.js";
import { sentenceOf } from "../../src/text/findings.js";
import { warningText } from "../../src/text/warning-text.js";
import { experimentOf, runnerOf } from "./experiments.js";

/** Whole runs on data that once was diagnosed wrongly: what is recorded of them, and what is said. */

let engine: Engine;
beforeAll(async () => {
  engine = (await loadEngine("fused")).engine;
});
afterAll(() => engine.dispose());

const given = (file: string) => fileURLToPath(new URL(`../cases/${file}`, import.meta.url));
const resultOf = async (settings: Settings): Promise<Result> =>
  (await runExperiment(experimentOf(settings), runnerOf(engine))).result;
const small: Settings = { activation: "relu", hiddenLayers: 2, width: 10, init: "he" };
const armOf = ({ arms }: Result, name: string) => arms[name] as ArmResult;
const codes = ({ warnings }: Result) => warnings.map(({ code }) => code);
const lastOf = (arm: ArmResult) => arm.checkpoints.at(-1) as Checkpoint;

describe("a column that is 101325 everywhere", () => {
  const settings: Settings = { ...small, data: given("constant-column.csv"), learningRate: 0.02, decay: 0.99 };
  let result: Result;
  beforeAll(async () => {
    result = await resultOf({ ...settings, updates: 2000, histogramEvery: 1000 });
  });

  test("leaves the average short of it by float32's rounding, which is no lag: the input has no weights", () => {
    const mean = lastOf(armOf(result, "bn")).inputNorm?.gap?.mean;
    // ½/(1 − 0.99) units in the last place of 101325, 2⁻⁷ each, over √ε; the root mean square over the two columns. That is
    // the farthest a sum in float64, rounded once, can stall; where each product is rounded, too (TensorFlow), it is 37 units.
    const stalled = (50 * 2 ** -7) / Math.sqrt(0.001) / Math.SQRT2;
    // Both keep the average below 101325: the weight that zero still has, 0.99²⁰⁰⁰ of 3.2 million deviations, and rounding.
    expect(mean?.total).toBeCloseTo(stalled, 4);
    expect(mean?.initializationBias).toBeCloseTo((0.99 ** 2000 * 101325) / Math.sqrt(0.001) / Math.SQRT2, 4);
    expect(mean?.rounding).toBeCloseTo(stalled - Number(mean?.initializationBias), 4);
    expect(mean?.lag).toBeLessThan(1e-6);
    expect(mean?.noise).toBe(0);
  });

  test("is told as rounding, of that column by its name", () => {
    expect(gapHere(result)).toMatch(
      /off, mostly because they stop moving once a step is smaller [^;]* \(rounding\), as on x2, which is constant/,
    );
    expect(result.warnings).toContainEqual(
      expect.objectContaining({ code: "constant-column", column: "x2", value: 101325 }),
    );
  });

  test("is the cause of what the plain net's layers do, by its scale", () => {
    const failure = firstFailure(armOf(result, "plain"));
    expect(failure?.inputScale).toMatchObject({ limit: 100 });
    expect(failure?.inputScale?.value).toBeCloseTo(101325 ** 2 / 2, -3);
    expect(result.warnings).toContainEqual(
      expect.objectContaining({ code: "input-scale", arm: "plain", column: "x2", limit: 100 }),
    );
  });

  test("without an epsilon is why there is no number left, and nothing blew up", async () => {
    const without = await resultOf({ ...settings, epsilon: 0, updates: 4 });
    expect(armOf(without, "bn")).toMatchObject({
      status: "diverged",
      divergence: { update: 0, layer: 0, tensor: "layerInput", cause: { code: "zero-variance", feature: 1 } },
    });
    const warning = without.warnings.find(({ code }) => code === "zero-variance");
    expect(warning).toEqual({ code: "zero-variance", arm: "bn", update: 0, column: "x2" });
    expect(warning && warningText(warning)).toBe(
      'bn: epsilon is 0, and column "x2" is the same on every point of the batch at update 0, so BN divides 0 by 0; use an epsilon above 0',
    );
    const unit = { layer: 1, unit: 2, layers: 3 };
    const inside = { code: "zero-variance", arm: "bn", update: 0, unit } as const;
    expect(warningText(inside)).toContain("unit 3 of layer 2 is the same");
    const image = { height: 8, width: 8, channels: 1 };
    expect(warningText(inside, { image, layers: ["conv 8", "maxPool 2", "conv 16", "dense 10"] })).toContain(
      "channel 3 of layer 2 (conv 16) is the same",
    );
    expect(sentenceOf(without)).toContain(
      "bn diverged at update 0: with an epsilon of 0, the input's BN divided 0 by 0.",
    );
    expect(headlineOf(without)).toContain("without epsilon, BN divided 0 by 0");
    expect(headlineOf(without)).not.toContain("batch-normalized net blew up");
  });
});

describe("a dead layer behind others", () => {
  let result: Result;
  beforeAll(async () => {
    const { epochs: _, ...minibatch } = presets["tutorial-minibatch"];
    result = await resultOf({
      ...minibatch,
      activation: "relu",
      samples: 2000,
      noise: 2,
      batchSize: 64,
      updates: 384,
      hiddenLayers: 8,
      width: 10,
      initStd: 0.1,
      bias: -0.2,
      epsilon: 1e-5,
      learningRate: 0.03,
      histogramEvery: 100,
    });
  });

  test("is the cause, and the layers in front of it are those whose gradient it cuts off", () => {
    expect(firstFailure(armOf(result, "bn"))).toMatchObject({
      update: 100,
      layer: 7,
      verdict: "dead",
      evidence: { rule: "silent-units", value: 1, limit: 0.5 },
      cutsOff: [0, 1, 2, 3, 4, 5, 6],
    });
    expect(sentenceOf(result)).toContain(
      "(layer 8 dies first, at update 100: 10 of 10 units, which cuts off the gradient of layers 1 to 7)",
    );
  });

  test("leaves the layers in front of it a verdict by the gradient that arrives", () => {
    const [first] = armOf(result, "bn").checkpoints.find(({ update }) => update === 100)?.layers ?? [];
    expect(first?.health).toMatchObject({
      verdict: "vanishing",
      evidence: { rule: "small-gradient", value: 0, limit: 0.001 },
    });
  });
});

describe("batches of two", () => {
  let result: Result;
  beforeAll(async () => {
    const data = given("small-batches.csv");
    result = await resultOf({ ...small, data, batchSize: 2, decay: 0.99, updates: 1000, histogramEvery: 50 });
  });

  test("are not what layers are judged by: every checkpoint sees the whole training set", () => {
    const { trainingSamples, observedSamples } = result.data;
    expect([trainingSamples, observedSamples]).toEqual([2000, 2000]);
    for (const { checkpoints } of Object.values(result.arms)) {
      expect(checkpoints).toHaveLength(21);
      for (const { preActivation } of checkpoints.flatMap(({ layers }) => layers.slice(0, -1))) {
        const { counts, underflow, overflow } = preActivation;
        expect(counts.reduce((sum, count) => sum + count, underflow + overflow)).toBe(10 * 2000);
      }
    }
  });

  test("leave layer 2 with its 4 of 10 silent units at every update, and healthy", () => {
    const second = armOf(result, "bn").checkpoints.map(({ layers }) => layers[1]?.health);
    expect(new Set(second.map((health) => health?.verdict))).toEqual(new Set(["healthy"]));
    expect(Math.max(...second.map((health) => health?.silentUnits ?? 0))).toBeLessThanOrEqual(5);
    expect(sentenceOf(result)).not.toContain("dies");
  });
});

describe("pressures around 101325", () => {
  test("make the plain net's output explode by their own scale, which has a name and a remedy", async () => {
    const data = given("pressure-around-101325.csv");
    const result = await resultOf({ ...small, data, hiddenLayers: 1, width: 4, updates: 20, learningRate: 1e-12 });
    const plain = armOf(result, "plain");
    const output = plain.checkpoints[0]?.layers.at(-1)?.health;
    expect(output).toMatchObject({ verdict: "exploding", evidence: { rule: "output-scale" } });
    const { value, limit } = output?.evidence ?? {};
    expect(Number(value) / (Number(limit) / 100)).toBeGreaterThan(1e6);
    expect(firstFailure(plain)).toMatchObject({ layer: 1, inputScale: { limit: 100 } });
    const warning = result.warnings.find(({ code }) => code === "input-scale");
    expect(warning).toMatchObject({ arm: "plain", column: "x" });
    expect(warning && warningText(warning)).toContain("standardizeInputs");
    expect(sentenceOf(result)).toContain("because of the input's own scale, a mean square of 1e10");
  });

  test("are no matter once they are standardized", async () => {
    const data = given("pressure-around-101325.csv");
    const result = await resultOf({ ...small, data, standardizeInputs: true, updates: 20 });
    expect(codes(result)).not.toContain("input-scale");
    expect(firstFailure(armOf(result, "plain"))?.inputScale).toBeUndefined();
  });
});

describe("targets around a million", () => {
  test("are no matter of the input's scale where BN has taken that out, however far training drives its gamma", async () => {
    const data = given("targets-around-a-million.csv");
    const result = await resultOf({ activation: "relu", hiddenLayers: 2, width: 8, data, updates: 50 });
    const bn = armOf(result, "bn");
    expect(Number(lastOf(bn).layers[0]?.layerInput.variance)).toBeGreaterThan(100);
    expect(firstFailure(bn)).toMatchObject({ verdict: "exploding" });
    expect(firstFailure(bn)?.inputScale).toBeUndefined();
    expect(codes(result)).toContain("large-targets");
    expect(codes(result)).not.toContain("input-scale");
  });
});

describe("batches of a single point", () => {
  test("are named where every batch is one, in place of what follows from it", async () => {
    const result = await resultOf({ ...small, samples: 40, batchSize: 1, updates: 80 });
    expect(result.warnings).toContainEqual(
      expect.objectContaining({ code: "batch-of-one", arm: "bn", value: 40, outputs: "beta" }),
    );
    expect(sentenceOf(result)).toMatch(
      /bn [^;]*\(every batch holds a single point, for which BN outputs beta regardless of its input\)/,
    );
    expect(sentenceOf(result)).not.toMatch(/plain [^;]*single point/);
    expect(gapHere(result)).toContain("batches of a single point contribute a variance of 0");
    expect(gapHere(result)).not.toContain("batch noise");
  });

  test("are named where one is left over: 65 points in batches of 64", async () => {
    const result = await resultOf({ ...small, samples: 65, batchSize: 64, updates: 20 });
    expect(result.warnings).toContainEqual(expect.objectContaining({ code: "batch-of-one", arm: "bn", value: 1 }));
    const warning = result.warnings.find(({ code }) => code === "batch-of-one");
    expect(warning && warningText(warning)).toContain("65 points in batches of 64");
    expect(gapHere(result)).toContain("batches of a single point contribute");
    expect(codes(await resultOf({ ...small, samples: 66, batchSize: 64, updates: 20 }))).not.toContain("batch-of-one");
  });

  test("without an epsilon are 0/0", async () => {
    const result = await resultOf({ ...small, samples: 40, batchSize: 1, epsilon: 0, updates: 8 });
    expect(codes(result)).toEqual(expect.arrayContaining(["batch-of-one", "zero-variance"]));
    expect(sentenceOf(result)).toContain("(every batch holds a single point, for which BN divides 0 by 0)");
  });
});
