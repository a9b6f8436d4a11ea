import { describe, expect, test } from "vitest";
import type { ArmPlan } from "../../src/experiment/arm-plans.js";
import { warningsOf } from "../../src/experiment/warnings.js";
import { formatJson } from "../../src/files/json.js";
import type { ArmResult } from "../../src/record/arms.js";
import type { Statistic } from "../../src/record/values.js";
import { warningText } from "../../src/text/warning-text.js";

const plan = (normalization?: { decay: number; debias?: boolean }): ArmPlan => ({
  spec: {
    sizes: [1, 2, 1],
    activation: "relu",
    learningRate: 1,
    ...(normalization === undefined ? {} : { normalization: { epsilon: 0, debias: false, ...normalization } }),
  },
  own: {},
});

const trained = (train: number, inference: Statistic = train): ArmResult => ({
  status: "trained",
  costs: [],
  checkpoints: [],
  frames: [],
  final: { train, inference },
  fit: [],
});
const diverged: ArmResult = {
  status: "diverged",
  costs: [],
  checkpoints: [],
  frames: [],
  divergence: { update: 1, layer: 0, tensor: "cost", pass: "forward" },
};

describe("a decay that is too slow", () => {
  const of = (decay: number, updates: number, debias = false) =>
    warningsOf({ bn: plan({ decay, debias }) }, { bn: trained(1) }, updates);

  test("leaves zero more than a hundredth of the moving averages at the end", () => {
    // 0.5⁶ = 0.0156, 0.5⁷ = 0.0078.
    expect(of(0.5, 6)).toEqual([
      {
        code: "decay-too-slow",
        arm: "bn",
        value: 0.5 ** 6,
        limit: 0.01,
        decay: 0.5,
        updates: 6,
        decayWithin: 0.464,
      },
    ]);
    expect(of(0.5, 6).map((warning) => warningText(warning))).toEqual([
      "bn: decay 0.5 is too slow for 6 updates: the moving averages start at zero, which still has a weight of 1.6\u00a0% in them; use a decay of at most 0.464, more updates, or debias",
    ]);
    expect(of(0.5, 7)).toEqual([]);
  });

  test("exactly a hundredth is no more than that", () => {
    expect(of(0.01, 1)).toEqual([]);
    expect(of(0.011, 1)).toHaveLength(1);
  });

  test("is met by the decay it advises, and by debiasing", () => {
    for (const updates of [1, 3, 10, 250, 2500]) {
      const [warning] = of(0.9999, updates);
      const advised = Number(/at most ([\d.]+),/.exec(warning === undefined ? "" : warningText(warning))?.[1]);
      expect(advised).toBeGreaterThan(0);
      expect(of(advised, updates)).toEqual([]);
      // And by no slower one of three digits.
      expect(of(advised + 0.001, updates)).toHaveLength(1);
      expect(of(0.9999, updates, true)).toEqual([]);
    }
  });

  test("is an arm's own affair, and none of one that normalizes nothing", () => {
    const arms = { plain: plan(), fast: plan({ decay: 0.5 }), slow: plan({ decay: 0.99 }) };
    const results = { plain: trained(1), fast: trained(1), slow: diverged };
    expect(warningsOf(arms, results, 100).map((warning) => [warning.code, "arm" in warning && warning.arm])).toEqual([
      ["decay-too-slow", "slow"],
    ]);
  });
});

describe("a cost in inference mode", () => {
  const of = (result: ArmResult | undefined) =>
    warningsOf({ bn: plan({ decay: 0 }) }, result === undefined ? {} : { bn: result }, 100);

  test("more than a tenth above that in training mode is warned of", () => {
    expect(of(trained(100, 150))).toEqual([
      {
        code: "inference-gap",
        arm: "bn",
        value: 0.5,
        limit: 0.1,
        train: 100,
        inference: 150,
      },
    ]);
    expect(of(trained(100, 150)).map((warning) => warningText(warning))).toEqual([
      "bn: its cost in inference mode is 50\u00a0% above that in training mode (150 against 100)",
    ]);
  });

  test("more than a tenth below it, too", () => {
    expect(of(trained(100, 80))).toMatchObject([{ value: expect.closeTo(-0.2, 12) }]);
    expect(of(trained(100, 80)).map((warning) => warningText(warning))).toEqual([
      "bn: its cost in inference mode is 20\u00a0% below that in training mode (80 against 100)",
    ]);
  });

  test.each([109.9, 109, 100, 91, 90.5])("of %d beside 100 is none", (inference) => {
    expect(of(trained(100, inference))).toEqual([]);
  });

  test.each(["Infinity", "NaN"] as const)("of %s is named", (inference) => {
    expect(of(trained(100, inference))).toEqual([
      {
        code: "inference-gap",
        arm: "bn",
        value: inference,
        limit: 0.1,
        train: 100,
        inference,
      },
    ]);
    expect(of(trained(100, inference)).map((warning) => warningText(warning))).toEqual([
      `bn: its cost in inference mode is ${inference}`,
    ]);
  });

  test("of an arm that diverged, or of one without moving averages, is none", () => {
    expect(of(diverged)).toEqual([]);
    expect(of(undefined)).toEqual([]);
    expect(warningsOf({ plain: plan() }, { plain: trained(1, 2) }, 100)).toEqual([]);
  });

  test("beside a cost of zero is a warning that can be written", () => {
    expect(of(trained(0, 0))).toEqual([]);
    const warnings = of(trained(0, 2));
    expect(warnings).toMatchObject([{ code: "inference-gap", value: "Infinity" }]);
    expect(warnings.map((warning) => warningText(warning))).toEqual([
      "bn: its cost in inference mode is above that in training mode (2 against 0)",
    ]);
    expect(() => formatJson(warnings)).not.toThrow();
  });
});

test("both warnings of an arm come with it, in the arms' order", () => {
  const arms = { b: plan({ decay: 0.9 }), a: plan({ decay: 0.9 }) };
  const warnings = warningsOf(arms, { a: trained(1, 3), b: trained(1, 2) }, 10);
  expect(warnings.map((warning) => `${"arm" in warning && warning.arm} ${warning.code}`)).toEqual([
    "b decay-too-slow",
    "b inference-gap",
    "a decay-too-slow",
    "a inference-gap",
  ]);
});
