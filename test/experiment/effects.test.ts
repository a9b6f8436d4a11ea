import { describe, expect, test } from "vitest";
import type { ArmPlan } from "../../src/experiment/arm-plans.js";
import { effectsOf, finalCost } from "../../src/experiment/effects.js";
import { CONFIDENCE } from "../../src/metrics/effect.js";
import type { SeedArm, SeedResult } from "../../src/record/arms.js";
import type { Statistic } from "../../src/record/values.js";

const trained = (train: number, inference: Statistic = train): SeedArm => ({
  status: "trained",
  costs: [],
  final: { train, inference },
});
const diverged: SeedArm = {
  status: "diverged",
  costs: [{ update: 0, train: 5, inference: 5 }],
  divergence: { update: 1, layer: 0, tensor: "cost", pass: "forward" },
};

const plan = (against?: string): ArmPlan => ({
  spec: { sizes: [1, 2, 1], activation: "relu", learningRate: 1 },
  own: {},
  ...(against === undefined ? {} : { against }),
});

const digest = "0".repeat(64);
const seed = (number: number, arms: Readonly<Record<string, SeedArm>>): SeedResult => ({
  seed: number,
  pairing: { training: digest, evaluation: digest, deviates: digest },
  referenceCosts: { predictMean: 1 },
  arms: { ...arms },
});

const PAIR = { plain: plan(), bn: plan("plain") };

describe("the effects of the arms", () => {
  test("are those of every arm with a control, against it", () => {
    const arms = { plain: plan(), bn: plan("plain"), slow: plan("bn") };
    const effects = effectsOf(arms, [seed(1, { plain: trained(8), bn: trained(2), slow: trained(4) })]);
    expect(Object.keys(effects)).toEqual(["bn", "slow"]);
    expect(effects["bn"]).toMatchObject({
      against: "plain",
      train: { logRatios: [{ seed: 1, logRatio: expect.closeTo(Math.log(4), 14) }] },
    });
    expect(effects["slow"]).toMatchObject({
      against: "bn",
      train: { logRatios: [{ seed: 1, logRatio: expect.closeTo(-Math.log(2), 14) }] },
    });
  });

  test("are taken of each mode's own costs", () => {
    const { bn } = effectsOf(PAIR, [seed(1, { plain: trained(8), bn: trained(2, 16) })]);
    expect(bn?.train.wins).toMatchObject({ treated: 1, control: 0 });
    expect(bn?.inference.wins).toMatchObject({ treated: 0, control: 1 });
  });

  test("have a pair that diverged counted, never averaged: to diverge is to lose", () => {
    const { bn } = effectsOf(PAIR, [
      seed(1, { plain: diverged, bn: trained(2) }),
      seed(2, { plain: trained(6), bn: trained(2) }),
      seed(3, { plain: trained(6), bn: diverged }),
      seed(4, { plain: diverged, bn: diverged }),
      seed(5, { plain: trained(6), bn: trained(3) }),
      seed(6, { plain: trained(6), bn: trained(2, "Infinity") }),
    ]);
    expect(bn?.train).toMatchObject({
      pairs: 6,
      defined: 3,
      undefinedPairs: { controlDiverged: 1, treatedDiverged: 1, bothDiverged: 1, notPositive: 0 },
      wins: { treated: 4, control: 1, ties: 1, of: 6, share: 4 / 6 },
    });
    expect(bn?.train.logRatios.map(({ seed }) => seed)).toEqual([2, 5, 6]);
    expect(bn?.train.mean?.estimate).toBeCloseTo((2 * Math.log(3) + Math.log(2)) / 3, 14);
    // An inference cost that overflowed is a divergence there, and none in training mode.
    expect(bn?.inference).toMatchObject({ defined: 2, undefinedPairs: { treatedDiverged: 2 }, wins: { treated: 3 } });
  });

  test("have no mean where no pair is defined", () => {
    const { bn } = effectsOf(PAIR, [seed(1, { plain: diverged, bn: trained(2) })]);
    expect(bn?.train).not.toHaveProperty("mean");
    expect(bn?.train).not.toHaveProperty("quartiles");
    expect(bn?.train).not.toHaveProperty("reason");
    expect(bn?.train.wins).toMatchObject({ treated: 1, of: 1 });
  });

  test("say the confidence of their interval", () => {
    const seeds = [1, 2, 3].map((number) => seed(number, { plain: trained(6 + number), bn: trained(2 * number) }));
    expect(effectsOf(PAIR, seeds)["bn"]?.train.mean).toMatchObject({ confidence: CONFIDENCE, method: "BCa" });
  });

  test("are none of a single arm", () => {
    expect(effectsOf({ bn: plan() }, [seed(1, { bn: trained(1) })])).toEqual({});
  });
});

test("a final cost is that of a trained arm, else diverged", () => {
  expect(finalCost(trained(3, 4), "train")).toBe(3);
  expect(finalCost(trained(3, 4), "inference")).toBe(4);
  for (const named of ["Infinity", "NaN"] as const) expect(finalCost(trained(3, named), "inference")).toBe("diverged");
  expect(finalCost(diverged, "train")).toBe("diverged");
  expect(finalCost(undefined, "train")).toBe("diverged");
});
