import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import type { Engine } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { runExperiment } from "../../src/experiment/run.js";
import type { Result } from "../../src/record/result.js";
import type { Warning } from "../../src/record/warnings.js";
import { warningText } from "../../src/text/warning-text.js";
import { experimentOf, runnerOf } from "./experiments.js";

/** Eighty houses, their price over their area: targets from 437 000 to 519 000. */
const HOUSES = fileURLToPath(new URL("./data/house_price.csv", import.meta.url));
const TUTORIAL: Settings = { activation: "relu", hiddenLayers: 7, width: 30, updates: 250, histogramEvery: 250 };

let engine: Engine;
beforeAll(async () => {
  engine = (await loadEngine("fused")).engine;
});
afterAll(() => engine.dispose());

const resultOf = async (settings: Settings): Promise<Result> =>
  (await runExperiment(experimentOf({ ...TUTORIAL, ...settings }), runnerOf(engine))).result;

type TargetWarning = Extract<Warning, { code: "large-targets" }>;
const isAboutTargets = (warning: Warning): warning is TargetWarning => warning.code === "large-targets";

describe("house prices", () => {
  let result: Result;
  let warnings: TargetWarning[];
  beforeAll(async () => {
    result = await resultOf({ data: HOUSES });
    warnings = result.warnings.filter(isAboutTargets);
  });

  test("make both arms diverge, and each is warned of", () => {
    expect(Object.values(result.arms).map(({ status }) => status)).toEqual(["diverged", "diverged"]);
    expect(warnings.map(({ arm }) => arm)).toEqual(["plain", "bn"]);
    for (const { value, limit } of warnings) {
      expect(value).toBeCloseTo(478_991.48, 1);
      expect(limit).toBe(1000);
    }
  });

  test("can be learned on standardized targets, and at the learning rate that is offered", async () => {
    const bn = warnings[1];
    const standardized = await resultOf({ data: HOUSES, standardizeTargets: true });
    expect(standardized.arms["bn"]).toMatchObject({ status: "trained", final: bn?.standardized });
    expect(standardized.warnings.filter(isAboutTargets)).toEqual([]);
    const { learningRate = 0, inference = 0 } = bn?.smallerRate ?? {};
    const slower = await resultOf({ data: HOUSES, learningRate });
    expect(slower.arms["bn"]).toMatchObject({ status: "trained", final: { inference } });
    expect(Math.max(inference, bn?.standardized?.inference ?? Infinity)).toBeLessThan(
      0.1 * result.referenceCosts.predictMean,
    );
    // Ten times the offered rate is too large.
    const faster = await resultOf({ data: HOUSES, learningRate: 10 * learningRate });
    expect(faster.arms["bn"]?.status).toBe("diverged");
  });

  test("are named with both ways in the sentence, and with neither for the net that has another fault besides", () => {
    const [plain, bn] = warnings as [TargetWarning, TargetWarning];
    expect(warningText(bn)).toMatch(/^bn: .* 4\.8e5, .*standardizeTargets .*learning rate of 0\.000001 /);
    expect(plain).not.toHaveProperty("standardized");
    expect(warningText(plain)).toContain("not the only reason why it diverged");
  });
});

test("an arm that ends at the mean is told that standardized targets would have taught it", async () => {
  const result = await resultOf({ data: HOUSES, activation: "tanh" });
  const warnings = result.warnings.filter(isAboutTargets);
  expect(warnings).toMatchObject([{ arm: "bn", failed: "did-not-learn" }]);
  const standardized = await resultOf({ data: HOUSES, activation: "tanh", standardizeTargets: true });
  expect(standardized.arms["bn"]).toMatchObject({ status: "trained", final: warnings[0]?.standardized });
});

test("a net that diverges on the tutorial's targets is not told of them", async () => {
  const result = await resultOf({});
  expect(result.arms["plain"]?.status).toBe("diverged");
  expect(result.warnings.filter(isAboutTargets)).toEqual([]);
});
