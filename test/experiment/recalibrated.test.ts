import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import type { Engine } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { basicJob, runExperiment } from "../../src/experiment/run.js";
import { formatJson } from "../../src/files/json.js";
import { type Result, resultSchema } from "../../src/record/result.js";
import { costs } from "../../src/tables/costs.js";
import { percentText } from "../../src/text/numbers.js";
import { recalibrationText } from "../../src/text/recalibration.js";
import { experimentOf, runnerOf } from "./experiments.js";

let engine: Engine;
beforeAll(async () => {
  engine = (await loadEngine("fused")).engine;
});
afterAll(() => engine.dispose());

const resultOf = async (settings: Settings): Promise<Result> =>
  (await runExperiment(experimentOf(settings), runnerOf(engine, {}))).result;

function endOf({ arms }: Result, name: string) {
  const arm = arms[name];
  if (arm?.status !== "trained") throw new Error(`${name} was not trained to the end`);
  return arm.final;
}

/** As far from its averages as makes the modes differ. */
const SLOW: Settings = { activation: "tanh", updates: 12, decay: 0.99, seeds: 2 };

describe("the recalibrated cost", () => {
  test("equals the training-mode cost byte for byte on the training points, whatever the batch size", async () => {
    for (const batchSize of ["full", 20, 7] as const) {
      const result = await resultOf({ ...SLOW, batchSize });
      for (const { arms } of result.seeds) {
        if (arms.bn?.status !== "trained") throw new Error("bn was not trained");
        const { train, inference, recalibrated } = arms.bn.final;
        expect(recalibrated).toBe(train);
        expect(inference).not.toBe(train);
      }
    }
  });

  test("is told with what it removes of the gap, and what in training would", async () => {
    const { bn } = (await resultOf(SLOW)).arms;
    if (bn?.status !== "trained") throw new Error("bn was not trained");
    const told = (inference: number, recalibrated: number) =>
      recalibrationText("bn", { ...bn, final: { train: 100, inference, recalibrated } });
    expect(told(200, 100)).toBe(
      "bn: recalibrating the moving averages removes all of the gap between the modes (100): inference mode would cost 100 (bn-compare recalibrate writes the weights); in training, more updates, a smaller decay or debias would reduce it",
    );
    expect(told(200, 150)).toContain(`removes ${percentText(0.5)} of the gap`);
    expect(told(50, 90)).toBe(
      "bn: inference mode costs less than training mode, 50 against 100; with recalibrated moving averages it would cost 90",
    );
    expect(told(200, 320)).toContain("removes nothing of the gap");
    expect(told(101, 100)).toBeUndefined();
  });

  test("differs from it with test points, and with ghost batches", async () => {
    const changes: Settings[] = [{ testSamples: 50 }, { ghostBatchSize: 50 }];
    for (const change of changes) {
      const { train, recalibrated } = endOf(await resultOf({ ...SLOW, ...change }), "bn");
      expect(recalibrated).not.toBe(train);
      expect(Number(recalibrated) / train).toBeCloseTo(1, 0);
    }
  });

  test("is there at the last update of arms that have moving averages, and nowhere else", async () => {
    const result = await resultOf({
      ...SLOW,
      arms: { plain: { normalize: "none" }, bn: {}, ln: { normalizer: "layer" } },
    });
    expect(resultSchema.parse(JSON.parse(formatJson(result)))).toEqual(result);
    const places = Object.entries(result.arms).flatMap(([name, arm]) =>
      arm.costs.flatMap(({ update, recalibrated }) => (recalibrated === undefined ? [] : [[name, update]])),
    );
    expect(places).toEqual([["bn", 12]]);
    const rows = [...costs.rows(result)].filter(({ mode }) => mode === "recalibrated");
    expect(rows.map(({ arm, seed, updates }) => [arm, seed, updates])).toEqual([
      ["bn", 1, 12],
      ["bn", 2, 12],
    ]);
  });

  test("is in the targets' own unit, and standardized beside it", async () => {
    const { train, recalibrated, standardized } = endOf(await resultOf({ ...SLOW, standardizeTargets: true }), "bn");
    expect(recalibrated).toBe(train);
    expect(standardized?.recalibrated).toBe(standardized?.train);
  });
});

test("the recalibrated weights predict at the recalibrated cost", async () => {
  const experiment = experimentOf({ ...SLOW, testSamples: 50 });
  const drawn = experiment.draw(1);
  const plan = experiment.arms.bn;
  if (plan === undefined) throw new Error("no arm bn");
  const job = basicJob(experiment, drawn, "bn", plan);
  const { recalibrated, costs } = await runnerOf(engine, {}).run({ ...job, recalibrate: true }, () => {});
  if (recalibrated === undefined) throw new Error("nothing was recalibrated");
  const { spec, training, evaluation, batchSize } = job;
  const arm = engine.createArm({ spec, initial: recalibrated, training, evaluation, batchSize });
  // The file rounds to float32 the statistics that the cost was measured with.
  expect(Math.abs(Number(arm.costs().inference) / Number(costs.costs.at(-1)?.recalibrated) - 1)).toBeLessThan(1e-6);
  arm.dispose();
});
