import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import { randomStream } from "../../src/data/streams.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { runExperiment } from "../../src/experiment/run.js";
import { initialWeights } from "../../src/model/initializers.js";
import { writeSafetensors } from "../../src/model/safetensors.js";
import { resultSchema } from "../../src/record/result.js";
import { TABLES } from "../../src/tables/index.js";
import { experimentOf, runnerOf } from "./experiments.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "layers-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const csv = (rows: readonly (readonly number[])[]) => `a,b,y\n${rows.map((row) => row.join(",")).join("\n")}\n`;

/** Three classes around three places. */
function classes(): string {
  const { normal } = randomStream(1, "classes");
  const rows = Array.from({ length: 90 }, (_, i) => {
    const label = i % 3;
    return [(label - 1) * 3 + normal(), label * label - normal(), label];
  });
  return file("classes.csv", csv(rows));
}

const settings = (data: string): Settings => ({
  data,
  layers: ["dense 12", "dense 8", "dense 3"],
  loss: "crossEntropy",
  learningRate: 0.03,
  updates: 40,
});

const faultOf = (wrong: Settings) => {
  try {
    experimentOf(wrong);
  } catch (error) {
    return String(error).replaceAll(folder, "");
  }
  return undefined;
};

describe("a network as a list of layers, with a loss over classes", () => {
  test("is trained as hidden layers of the same width are", () => {
    const data = classes();
    const layers = ["dense 9", "dense 9", "dense 3"];
    const { layers: _, ...plain } = settings(data);
    const [listed, counted] = [
      experimentOf({ ...plain, layers }),
      experimentOf({ ...plain, hiddenLayers: 2, width: 9 }),
    ];
    expect(listed.config.sizes).toEqual([2, 9, 9, 3]);
    expect(listed.arms).toEqual(counted.arms);
    expect(listed.config).toMatchObject({ layers, loss: "crossEntropy" });
    expect(listed.config.width).toBeUndefined();
  });

  test("records accuracy beside cost, and what chance and the classes' shares cost", async () => {
    const { result } = await runExperiment(experimentOf(settings(classes())), runnerOf(referenceEngine()));
    expect(resultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)));
    expect(faultsOf(result)).toEqual([]);
    expect(result.referenceCosts.predictMean).toBeCloseTo(Math.log(3), 12);
    expect(result.referenceCosts.chance).toBeCloseTo(Math.log(3), 12);
    for (const arm of Object.values(result.arms)) {
      if (arm.status === "diverged") throw new Error("an arm diverged");
      const shares = arm.costs.map(({ accuracy }) => accuracy?.train ?? Number.NaN);
      expect(shares.every((share) => Number.isInteger(Math.round(share * 90 * 1e9) / 1e9))).toBe(true);
      expect(arm.final.accuracy?.inference).toBeGreaterThan(0.8);
      expect(arm.final.accuracy).toEqual(arm.costs.at(-1)?.accuracy);
      expect(arm.fit).toEqual([]);
    }
    const { bn, plain } = result.arms;
    expect(bn?.costs[0]?.accuracy?.inference).toBeNull();
    expect(bn?.costs.at(-1)?.accuracy?.recalibrated).toBe(bn?.costs.at(-1)?.accuracy?.train);
    expect(plain?.costs.at(-1)?.accuracy?.recalibrated).toBeUndefined();
    const rows = [...(TABLES.find(({ name }) => name === "accuracies")?.rows(result) ?? [])];
    expect(rows.filter(({ mode }) => mode === "recalibrated")).toHaveLength(1);
    expect(rows.filter(({ arm, updates }) => arm === "bn" && updates === 0)).toHaveLength(1);
  });

  test("starts from weights of the same shapes", () => {
    const [data, loss] = [classes(), "crossEntropy"] as const;
    const weights = (...sizes: number[]) =>
      file(
        `w-${sizes.join("-")}.safetensors`,
        writeSafetensors(initialWeights(sizes, { init: "he", initStd: 1 }, 1), {}),
      );
    expect(experimentOf({ data, loss, weights: weights(2, 5, 3) }).config.sizes).toEqual([2, 5, 3]);
    const layers = ["dense 5", "dense 3"];
    expect(experimentOf({ data, loss, layers, weights: weights(2, 5, 3) }).config.layers).toEqual(layers);
    expect(faultOf({ data, loss, layers, weights: weights(2, 4, 3) })).toContain(
      "layers: layers of 5, 3 units conflict with /w-2-4-3.safetensors, which has 4, 3",
    );
    expect(faultOf({ data, weights: weights(2, 4, 3) })).toContain("has 3 outputs, and a target is 1 number");
  });

  test.each<[string, readonly number[], Settings, string]>([
    [
      "a label that is no whole number",
      [0, 0.5],
      {},
      "loss: crossEntropy takes labels 0, 1, 2, …; data, point 2 has 0.5",
    ],
    ["a label below 0", [-1, 1], {}, "loss: crossEntropy takes labels 0, 1, 2, …; data, point 1 has -1"],
    [
      "a label without an output",
      [0, 1, 3],
      {},
      "layers: the last layer has 3 outputs, for labels 0 … 2; data, point 3 has 3",
    ],
    [
      "one output",
      [0, 0],
      { layers: ["dense 2", "dense 1"] },
      "layers: the last layer has one output; crossEntropy takes at least two",
    ],
    [
      "several outputs for one number",
      [0, 1],
      { loss: "mse" },
      "layers: the last layer has 3 outputs, and a target is 1 number",
    ],
    [
      "standardized labels",
      [0, 1],
      { standardizeTargets: true },
      "standardizeTargets: with loss crossEntropy targets are labels",
    ],
    ["a width beside layers", [0, 1], { width: 3 }, "width: cannot be given together with layers"],
  ])("refuses %s", (_, labels, wrong, says) => {
    const data = file("wrong.csv", csv(labels.map((label, i) => [i, -i, label])));
    expect(faultOf({ ...settings(data), ...wrong })).toContain(says);
  });

  test("refuses classes of generated points", () => {
    expect(faultOf({ loss: "crossEntropy" })).toContain("dataset parabola has others");
  });
});
