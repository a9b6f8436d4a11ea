import { describe, expect, test } from "vitest";
import { divergedAt, endingAt, endingOf, FATES, fateOf } from "../../src/outcome/ending.js";

const COSTS = { predictMean: 800, noiseFloor: 100 };
const GIVEN = { predictMean: 800 };

describe("an arm's ending by its final cost in inference mode, where predicting the mean costs 800:", () => {
  test.each([
    [784, "did-not-learn"],
    [1e9, "did-not-learn"],
    [Number.NaN, "did-not-learn"],
    ["Infinity", "not-finite"],
    ["NaN", "not-finite"],
    [783.9, "learned-little"],
    [400, "learned-little"],
    [399.9, "learned"],
    [110.1, "learned"],
    [109.9, "at-the-noise"],
    [85, "at-the-noise"],
    [84.9, "below-the-noise"],
    [0, "below-the-noise"],
  ] as const)("%s, with a noise floor of 100: %s", (cost, ending) => {
    expect(endingAt(cost, COSTS)).toMatchObject({ ending, cost });
  });

  test("the way that is behind it, from predicting the mean to the noise floor", () => {
    expect(endingAt(450, COSTS)).toEqual({ ending: "learned-little", cost: 450, progress: { of: "way", share: 0.5 } });
  });

  test("the error that is left of predicting the mean's, where nothing is known of the noise", () => {
    expect(endingAt(200, GIVEN)).toEqual({ ending: "learned", cost: 200, progress: { of: "error", share: 0.25 } });
    expect(endingAt(0, GIVEN)).toMatchObject({ ending: "learned", progress: { share: 0 } });
  });

  test("nearness to the noise says nothing where predicting the mean is nearly as good", () => {
    expect(endingAt(100, { predictMean: 150, noiseFloor: 100 })).toMatchObject({
      ending: "learned-little",
      progress: { of: "error", share: 100 / 150 },
    });
  });
});

test("an arm that diverged ended so, whatever it cost before", () => {
  const divergence = { update: 7, layer: 1, tensor: "cost", pass: "forward" } as const;
  expect(endingOf({ status: "diverged", divergence }, COSTS)).toEqual({ ending: "diverged", divergence });
  expect(divergedAt({ status: "diverged", divergence })).toBe(7);
  expect(endingOf({ status: "trained", final: { inference: 90 } }, COSTS)).toEqual({
    ending: "at-the-noise",
    cost: 90,
  });
  expect([divergedAt({ status: "trained" }), divergedAt(undefined)]).toEqual([undefined, undefined]);
});

test("endings are four groups: the noise is learned, and to predict nothing finite is not to learn", () => {
  const endings = ["at-the-noise", "below-the-noise", "learned", "learned-little", "not-finite", "diverged"] as const;
  expect(endings.map((ending) => fateOf({ ending }))).toEqual([
    "learned",
    "learned",
    "learned",
    "learned-little",
    "did-not-learn",
    "diverged",
  ]);
  expect(FATES).toHaveLength(4);
});
