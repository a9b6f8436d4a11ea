import { describe, expect, test } from "vitest";
import { effectRows, momentumLine, roundingLines, seedRows } from "../../src/output/evidence.js";
import type { RoundingProbe, SeedArm } from "../../src/record/arms.js";
import type { PairedEffect } from "../../src/record/effects.js";
import type { Result } from "../../src/record/result.js";
import { makeResult } from "../charts/result-fixture.js";

const trained = (train: number, inference: number = train): SeedArm => ({
  status: "trained",
  costs: [],
  final: { train, inference },
});
const diverged: SeedArm = {
  status: "diverged",
  costs: [],
  divergence: { update: 1, layer: 0, tensor: "cost", pass: "forward" },
};

/** A result in which each arm ends as told, seed by seed. */
function resultOf(finals: Readonly<Record<string, readonly SeedArm[]>>): Result {
  const arms = Object.keys(finals).map((name) => [name, { normalized: name === "bn" }]);
  const result = makeResult({ seeds: 5, arms: Object.fromEntries(arms) });
  const seeds = result.seeds.map((seed, i) => ({
    ...seed,
    arms: Object.fromEntries(Object.entries(finals).map(([name, arms]) => [name, arms[i] as SeedArm])),
  }));
  return { ...result, seeds };
}

describe("the final costs over the seeds", () => {
  test("are median and quartiles of those that did not diverge, which are counted", () => {
    const bn = [1, 2, 3, 4, 5].map((cost) => trained(cost, 10 * cost));
    const plain = [diverged, trained(300), diverged, trained(100), trained(200)];
    expect(seedRows(resultOf({ plain, bn }))?.rows).toEqual([
      ["plain", "2 of 5", "200", "150–250", "200", "150–250"],
      ["bn", "0 of 5", "30", "20–40", "3", "2–4"],
    ]);
  });

  test("are none where every seed diverged", () => {
    const plain = [diverged, diverged, diverged, diverged, diverged];
    expect(seedRows(resultOf({ plain }))?.rows).toEqual([["plain", "5 of 5", "–", "–"]]);
  });

  test("of one seed say nothing that the costs do not", () => {
    expect(seedRows(makeResult())).toBeUndefined();
  });
});

describe("the effects", () => {
  const mean = { estimate: Math.log(6.9), low: Math.log(6.2), high: Math.log(7.6), confidence: 0.95, resamples: 9999 };
  const effect: PairedEffect = {
    pairs: 10,
    defined: 7,
    undefinedPairs: { controlDiverged: 2, treatedDiverged: 1, bothDiverged: 0, notPositive: 0 },
    logRatios: [],
    mean: { ...mean, method: "BCa" },
    wins: { treated: 9, control: 1, ties: 0, of: 10, share: 0.9, low: 0.596, high: 0.982 },
    pairingGain: { unpairedVariance: 3, pairedVariance: 2, gain: 1.5 },
  };

  test("are told with their intervals, what is undefined and what pairing gained", () => {
    const { mean: _, ...without } = effect;
    const effects = { bn: { against: "plain", train: without, inference: effect } };
    expect(effectRows({ ...makeResult({ seeds: 10 }), effects })?.rows).toEqual([
      ["bn", "plain", "9 of 10", "60–98\u00a0%", "6.9 (6.2–7.6)", "–", "3", "1.5"],
    ]);
  });

  test("leave open what is not there", () => {
    const { mean: _, wins: __, ...without } = effect;
    const bare = { ...without, pairingGain: { reason: "few-pairs" as const } };
    const effects = { bn: { against: "plain", train: bare, inference: bare } };
    expect(effectRows({ ...makeResult({ seeds: 2 }), effects })?.rows).toEqual([
      ["bn", "plain", "–", "–", "–", "–", "3", "–"],
    ]);
  });

  test("of one seed are told of several arms alone", () => {
    expect(effectRows(makeResult())).toBeUndefined();
    const three = makeResult({ arms: { plain: {}, bn: { normalized: true }, other: {} } });
    expect(effectRows(three)?.rows.map(([arm, against]) => [arm, against])).toEqual([
      ["bn", "plain"],
      ["other", "plain"],
    ]);
  });
});

describe("what rounding alone does", () => {
  const probe = (arms: RoundingProbe["arms"]): Result => ({ ...makeResult(), roundingProbe: { repeats: 4, arms } });
  const finals = (...costs: number[]) => costs.map((train) => ({ train, inference: train }));

  test("is the range of the final costs, beside the run's own", () => {
    const result = probe({
      plain: { diverged: 0, costs: [], finals: finals(400, 383.2, 925, 600) },
      bn: { diverged: 1, costs: [], finals: finals(60.2, 57, 61) },
    });
    expect(roundingLines(result)).toEqual([
      "rounding alone, plain: final cost 383–925 over 4 repeats, where the run has 301",
      "rounding alone, bn: final cost 57–61 over 4 repeats, 1 diverged, where the run has 111",
    ]);
  });

  test("is no cost where every repeat diverged, nor is the run's own there where it did", () => {
    const result = {
      ...makeResult({ plainDivergesAt: 1 }),
      ...probe({ plain: { diverged: 4, costs: [], finals: [] } }),
    };
    const { arms } = makeResult({ plainDivergesAt: 1 });
    expect(roundingLines({ ...result, arms })).toEqual([
      "rounding alone, plain: no final cost over 4 repeats, 4 diverged",
    ]);
  });

  test("is nothing where it was not asked for", () => {
    expect(roundingLines(makeResult())).toEqual([]);
  });
});

test.each([
  [0.5, "0.5", "0.5"],
  [0.99, "0.99", "0.01"],
  [0.9, "0.9", "0.1"],
  [0, "0", "1"],
])("a decay of %d is told in both conventions of the field, without float64's tail", (decay, keras, pytorch) => {
  expect(momentumLine(makeResult({ config: { decay } }))).toBe(
    `decay ${keras} is momentum ${keras} in Keras and momentum ${pytorch} in PyTorch`,
  );
});

test("every decay that a normalizing arm has is told in both conventions", () => {
  const arms = {
    plain: { own: { normalize: "none" } },
    bn: { normalized: true, own: { decay: 0.9 } },
    slow: { normalized: true, own: { decay: 0.99 } },
  };
  expect(momentumLine(makeResult({ arms }))).toBe(
    "decay 0.9 is momentum 0.9 in Keras and momentum 0.1 in PyTorch; decay 0.99 is momentum 0.99 in Keras and momentum 0.01 in PyTorch",
  );
});
