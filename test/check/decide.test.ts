import { describe, expect, test } from "vitest";
import { decide, decideDivergence, decideSteps, worstOf } from "../../src/check/decide.js";
import { type Final, type Finals, measure, parseQuantity, type Quantity } from "../../src/check/quantities.js";
import { readTolerance, type Tolerance, toleranceText } from "../../src/check/tolerance.js";

const BN_TRAIN: Quantity = { arm: "bn", kind: "train", control: "plain" };
const FIVE_PERCENT: Tolerance = { kind: "relative", share: 0.05 };
const PLAIN = { confidence: 0.95, rounding: 0 };

const trained = (train: number, inference: number | "Infinity" | "NaN" = train): Final => ({
  status: "trained",
  final: { train, inference },
});
const diverged = (update: number): Final => ({
  status: "diverged",
  divergence: { update, layer: 0, tensor: "kernel", pass: "backward" },
});

/** One entry a seed: the bn arm before and now; the plain arm costs 700 in both. */
const seedsOf = (pairs: readonly (readonly [Final | undefined, Final | undefined])[]): Finals[] =>
  pairs.map(([before, now], i) => ({
    seed: i + 1,
    baseline: { plain: trained(700), ...(before === undefined ? {} : { bn: before }) },
    current: { plain: trained(700), ...(now === undefined ? {} : { bn: now }) },
  }));
const costs = (...pairs: readonly (readonly [number, number])[]) =>
  seedsOf(pairs.map(([before, now]) => [trained(before), trained(now)]));

describe("a gate", () => {
  test("passes where the interval is clear of the tolerance on the good side", () => {
    const decision = decide(BN_TRAIN, FIVE_PERCENT, costs([100, 101], [100, 99], [100, 100.5], [100, 99.5]), PLAIN);
    expect(decision).toMatchObject({ outcome: "pass", baseline: 100, current: 100, limit: 5, tolerance: "5\u00a0%" });
  });

  test("regresses where it is clear on the bad side", () => {
    const decision = decide(BN_TRAIN, FIVE_PERCENT, costs([100, 110], [100, 111], [100, 109], [100, 110]), PLAIN);
    expect(decision).toMatchObject({ outcome: "regression", difference: { mean: 10, values: 4 } });
  });

  test("is inconclusive where the interval holds the tolerance, and says how many seeds would decide", () => {
    const decision = decide(BN_TRAIN, FIVE_PERCENT, costs([100, 90], [100, 118], [100, 101], [100, 105]), PLAIN);
    expect(decision.outcome).toBe("inconclusive");
    expect(decision.message).toMatch(/about \d+ more seeds would settle it/);
    expect(decision.seedsNeeded).toBeGreaterThan(4);
  });

  test("is inconclusive on one seed, whatever the difference", () => {
    expect(decide(BN_TRAIN, FIVE_PERCENT, costs([100, 1000]), PLAIN)).toMatchObject({ outcome: "inconclusive" });
  });

  test("takes a tolerance as an amount too, and pays for rounding", () => {
    const finals = costs([100, 103], [100, 104], [100, 103], [100, 104]);
    const amount: Tolerance = { kind: "absolute", amount: 2 };
    expect(decide(BN_TRAIN, amount, finals, PLAIN).outcome).toBe("regression");
    const widened = decide(BN_TRAIN, amount, finals, { confidence: 0.95, rounding: 4 });
    expect(widened).toMatchObject({ outcome: "inconclusive", difference: { rounding: 2 } });
  });

  test.each<[string, Final | undefined, RegExp]>([
    ["a NaN", trained(100, "NaN"), /seed 2: bn's final cost \(inference\) is NaN/],
    ["an Infinity", trained(100, "Infinity"), /seed 2: bn's final cost \(inference\) is Infinity/],
    ["a divergence", diverged(7), /seed 2: bn diverged at update 7/],
    ["a missing arm", undefined, /seed 2: bn has no final cost recorded/],
  ])("never passes %s that the baseline does not have", (_, now, message) => {
    const finals = seedsOf([
      [trained(100), trained(100)],
      [trained(100), now],
    ]);
    const decision = decide({ arm: "bn", kind: "inference" }, FIVE_PERCENT, finals, PLAIN);
    expect(decision.outcome).toBe("regression");
    expect(decision.message).toMatch(message);
  });

  test("has nothing to compare where the baseline has no cost either", () => {
    const decision = decide(BN_TRAIN, FIVE_PERCENT, seedsOf([[diverged(1), diverged(1)]]), PLAIN);
    expect(decision).toMatchObject({ outcome: "inconclusive", message: expect.stringContaining("nothing to compare") });
  });

  test("compares effects and gaps as logarithms: worse is a smaller effect, a larger gap", () => {
    const effect = decide(
      { arm: "bn", kind: "effect", control: "plain" },
      FIVE_PERCENT,
      costs([70, 100], [71, 101], [70, 100]),
      PLAIN,
    );
    expect(effect.outcome).toBe("regression");
    expect(effect.limit).toBeCloseTo(Math.log(1.05), 12);
    const gap = measure({ arm: "bn", kind: "gap" }, { bn: trained(100, 50) });
    expect("value" in gap && gap.value).toBeCloseTo(Math.log(2), 12);
    expect(measure({ arm: "bn", kind: "gap" }, { bn: trained(0, 50) })).toEqual({
      missing: "a cost of 0 has no logarithm",
    });
  });
});

test("of several answers a regression outranks inconclusive outranks pass", () => {
  expect(worstOf(["pass", "inconclusive", "regression"])).toBe("regression");
  expect(worstOf(["pass", "inconclusive"])).toBe("inconclusive");
  expect(worstOf(["pass"])).toBe("pass");
});

describe("divergence", () => {
  test.each<[string, Final, Final, string]>([
    ["as expected", diverged(1), diverged(1), "pass"],
    ["of none", trained(1), trained(2), "pass"],
    ["that is new", trained(1), diverged(3), "regression"],
    ["that vanished", diverged(1), trained(3), "inconclusive"],
    ["that moved", diverged(1), diverged(2), "inconclusive"],
  ])("%s", (_, before, now, outcome) => {
    expect(decideDivergence("bn", seedsOf([[before, now]])).outcome).toBe(outcome);
  });
});

test("other steps are undecided, rounding and other engines are not", () => {
  expect(decideSteps(undefined).outcome).toBe("pass");
  for (const kind of ["rounding", "engine", "environment"] as const)
    expect(decideSteps({ kind, text: "" }).outcome).toBe("pass");
  expect(decideSteps({ kind: "code", text: "the code: …" })).toMatchObject({
    outcome: "inconclusive",
    message: expect.stringContaining("check --update accepts it"),
  });
});

test("quantities are named by arm and kind, dots in the arm's name included", () => {
  expect(parseQuantity("bn.train")).toEqual({ arm: "bn", kind: "train" });
  expect(parseQuantity("bn.v2.effect")).toEqual({ arm: "bn.v2", kind: "effect" });
  for (const wrong of ["bn", "bn.cost", ".train", ""]) expect(parseQuantity(wrong)).toBeUndefined();
});

test("a tolerance is a share or an amount", () => {
  expect(readTolerance("2.5\u00a0%")).toEqual({ kind: "relative", share: 0.025 });
  expect(readTolerance(3)).toEqual({ kind: "absolute", amount: 3 });
  for (const wrong of ["5", "-1%", "five", -1, Number.NaN, null]) expect(readTolerance(wrong)).toBeUndefined();
  expect(toleranceText({ kind: "relative", share: 0.05 })).toBe("5\u00a0%");
});
