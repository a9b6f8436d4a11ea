import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import type { Engine } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { recheckPairing } from "../../src/experiment/recheck.js";
import { runExperiment } from "../../src/experiment/run.js";
import { formatJson } from "../../src/files/json.js";
import { type Result, resultSchema } from "../../src/record/result.js";
import { experimentOf, runnerOf } from "./experiments.js";

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = (await loadEngine("fused")).engine;
  folder = mkdtempSync(join(tmpdir(), "standardized-run-test-"));
});
afterAll(() => {
  engine.dispose();
  rmSync(folder, { recursive: true });
});

const resultOf = async (settings: Settings): Promise<Result> =>
  (await runExperiment(experimentOf(settings), runnerOf(engine))).result;

function csv(name: string, x: ArrayLike<number>, y: ArrayLike<number>): string {
  const file = join(folder, name);
  writeFileSync(file, `x,y\n${Array.from(y, (value, i) => `${x[i]},${value}`).join("\n")}\n`);
  return file;
}

const BOTH = { standardizeInputs: true, standardizeTargets: true };

describe("a run on standardized points", () => {
  let standardized: Result;
  let plain: Result;
  beforeAll(async () => {
    standardized = await resultOf({ ...BOTH, testSamples: 30, shuffle: true });
    plain = await resultOf({ testSamples: 30, shuffle: true });
  });

  test("trains as one on points that were standardized beforehand, to the last bit", async () => {
    const { training, evaluation } = experimentOf({ ...BOTH, testSamples: 30, shuffle: true }).draw(1).dataset;
    const by = await resultOf({
      data: csv("training.csv", training.x, training.y),
      testData: csv("test.csv", evaluation.x, evaluation.y),
    });
    for (const [name, arm] of Object.entries(standardized.arms)) {
      const other = by.arms[name];
      expect(arm.checkpoints).toEqual(other?.checkpoints);
      const standard = arm.costs.map(({ update, standardized }) => ({ update, ...standardized }));
      expect(standard).toEqual(other?.costs);
    }
  });

  test("has costs in the targets' own unit, the standardized ones beside them", () => {
    const { deviation } = standardized.data.standardization?.targets ?? { deviation: Number.NaN };
    for (const arm of Object.values(standardized.arms)) {
      for (const { train, inference, standardized } of arm.costs) {
        expect(train / (standardized?.train ?? 0)).toBeCloseTo(deviation ** 2, 9);
        if (inference === null) expect(standardized?.inference).toBeNull();
        else expect(Number(inference) / Number(standardized?.inference)).toBeCloseTo(deviation ** 2, 9);
      }
      if (arm.status !== "trained") throw new Error("an arm diverged");
      const { update: _, ...last } = arm.costs.at(-1) ?? { update: 0 };
      expect(arm.final).toEqual(last);
    }
  });

  test("costs what its fit misses the points by, in their own unit", async () => {
    // With one point a grid value: the fit at the grid and the cost over the points are then of the same predictions.
    const { x, y } = experimentOf({ samples: 201 }).draw(1).dataset.training;
    const { arms } = await resultOf({ ...BOTH, data: csv("own.csv", x, y) });
    for (const arm of Object.values(arms)) {
      if (arm.status !== "trained") throw new Error("an arm diverged");
      const cost = arm.fit.reduce<number>((sum, value, i) => sum + (Number(value) - (y[i] as number)) ** 2, 0) / 201;
      expect(cost / Number(arm.final.inference)).toBeCloseTo(1, 4);
    }
  });

  test("is drawn, and read against reference costs, in the data's own units", () => {
    const { standardization, ...data } = standardized.data;
    expect(standardization?.inputs).toHaveLength(1);
    expect(data).toEqual(plain.data);
    expect(standardized.referenceCosts).toEqual(plain.referenceCosts);
    expect(standardized.seeds[0]?.referenceCosts).toEqual(plain.referenceCosts);
  });

  test("fits its schema, says what it did, and has a certificate that can be checked", () => {
    expect(resultSchema.parse(JSON.parse(formatJson(standardized)))).toEqual(standardized);
    expect(standardized.config).toMatchObject(BOTH);
    expect(standardized.pairing.data).toBe(plain.pairing.data);
    expect(standardized.pairing.evaluation).not.toBe(plain.pairing.evaluation);
    expect(recheckPairing(standardized, experimentOf({ ...BOTH, testSamples: 30, shuffle: true }))).toEqual([]);
    expect(recheckPairing(standardized, experimentOf({ testSamples: 30, shuffle: true }))).not.toEqual([]);
  });
});

test("without the keys a result has none of their fields", async () => {
  const json = formatJson(await resultOf({ standardizeInputs: false }));
  expect(json).not.toMatch(/standardi(?:zed|zation|zeInputs|zeTargets)/);
});

test("an arm has diverged by the cost that training sees: squares of the targets alone may exceed float32", async () => {
  const { x, y } = experimentOf().draw(1).dataset.training;
  const data = csv(
    "huge.csv",
    x,
    y.map((value) => value * 1e20),
  );
  const { arms } = await resultOf({ data, ...BOTH });
  expect(Object.values(arms).map(({ status }) => status)).toEqual(["trained", "trained"]);
  expect(arms["bn"]?.costs[0]?.train).toBeGreaterThan(3.5e38);
  const asGiven = await resultOf({ data });
  expect(Object.values(asGiven.arms).map(({ status }) => status)).toEqual(["diverged", "diverged"]);
});
