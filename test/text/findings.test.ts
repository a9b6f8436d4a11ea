import { describe, expect, test } from "vitest";
import type { ArmResult, Divergence } from "../../src/record/arms.js";
import type { PairedEffect } from "../../src/record/effects.js";
import type { Checkpoint, Health } from "../../src/record/layers.js";
import type { Result } from "../../src/record/result.js";
import type { Statistic } from "../../src/record/values.js";
import { sentenceOf } from "../../src/text/findings.js";
import { numberText, percentText } from "../../src/text/numbers.js";
import { tensorPlace } from "../../src/text/places.js";
import { makeResult } from "../charts/result-fixture.js";

const PREDICT_MEAN = 746;

const trained = (train: number, inference: Statistic = train): ArmResult => ({
  status: "trained",
  costs: [],
  checkpoints: [],
  frames: [],
  final: { train, inference },
  fit: [],
});

const divergedAt = (update: number, divergence: Partial<Divergence> = {}): ArmResult => ({
  status: "diverged",
  costs: [],
  checkpoints: [],
  frames: [],
  divergence: { update, layer: 0, tensor: "kernel", pass: "backward", ...divergence },
});

const resultOf = (arms: Readonly<Record<string, ArmResult>>): Result => ({
  ...makeResult(),
  referenceCosts: { predictMean: PREDICT_MEAN },
  arms,
});

describe("the sentence", () => {
  test("says of each arm what happened to it, in the arms' order", () => {
    expect(sentenceOf(resultOf({ plain: divergedAt(1), bn: trained(57.6, 58.8) }))).toBe(
      "plain diverged at update 1 in the backward pass, at layer 1's kernel; bn learned: 58.8 in inference mode.",
    );
    expect(sentenceOf(resultOf({ bn: divergedAt(0, { pass: "forward", layer: 2 }), plain: divergedAt(7) }))).toBe(
      "bn diverged at update 0 in the forward pass, at layer 3's kernel; plain diverged at update 7 in the backward pass, at layer 1's kernel.",
    );
  });

  test("says how values grew or shrank from layer to layer before a divergence, beside what theory says", () => {
    const grown = (growth: Partial<NonNullable<Divergence["growth"]>>) =>
      sentenceOf(resultOf({ plain: divergedAt(1, { growth: { update: 0, measured: 13.8, ...growth } }) })).split(
        "; ",
      )[1];
    expect(grown({ predicted: 15 })).toBe(
      "before any training, values grow 3.7-fold from layer to layer, against 3.9-fold in theory.",
    );
    expect(grown({})).toBe("before any training, values grow 3.7-fold from layer to layer.");
    expect(grown({ update: 5, measured: 0.25 })).toBe("at update 5, values shrink 2-fold from layer to layer.");
    expect(grown({ measured: 0.98, predicted: 1 })).toBe(
      "before any training, values keep their size from layer to layer.",
    );
    expect(grown({ measured: "Infinity" })).toBeUndefined();
  });

  test("names the output layer as such where the checkpoint tells how many layers there are", () => {
    const { arms } = makeResult({ hiddenLayers: 2, plainDivergesAt: 1 });
    const plain = arms["plain"] as ArmResult & { status: "diverged" };
    const at = (layer: number) =>
      sentenceOf(resultOf({ plain: { ...plain, divergence: { ...plain.divergence, layer } } })).split(" (")[0];
    expect(at(2)).toBe("plain diverged at update 1 in the backward pass, at the output layer's kernel");
    expect(at(1)).toBe("plain diverged at update 1 in the backward pass, at layer 2's kernel");
  });

  test.each<[ArmResult, string]>([
    [trained(57.6), "learned: 57.6"],
    [trained(0), "learned: 0"],
    [trained(372.9), "learned: 373"],
    [trained(373), "learned little: 373, where predicting the mean costs 746"],
    [trained(632), "learned little: 632, where predicting the mean costs 746"],
    [trained(743), "did not learn: 743, within 2\u00a0% of predicting the mean at 746"],
    [trained(700, 743), "did not learn: 743 in inference mode, within 2\u00a0% of predicting the mean at 746"],
    [trained(746), "did not learn: 746, no better than predicting the mean at 746"],
    [trained(9.9e8), "did not learn: 9.9e8, no better than predicting the mean at 746"],
    [trained(85.1, 101.2), "learned: 101 in inference mode"],
    [trained(600, 700), "learned little: 700 in inference mode, where predicting the mean costs 746"],
    [trained(57.6, "Infinity"), "predicts non-finite values: Infinity in inference mode"],
  ])("of %j is: %s", (arm, expected) => {
    expect(sentenceOf(resultOf({ arm }))).toBe(`arm ${expected}.`);
  });
});

describe("the first failure in the sentence", () => {
  const checkpoint = (update: number, ...healths: Partial<Health>[]): Checkpoint => {
    const healthy: Health = { verdict: "healthy", units: 30, secondMoment: 1, constantUnits: 0 };
    const [template] = makeResult().arms["bn"]?.checkpoints ?? [];
    const layer = template?.layers[0] as Checkpoint["layers"][number];
    return { update, layers: healths.map((health, i) => ({ ...layer, layer: i, health: { ...healthy, ...health } })) };
  };
  const failing = (...checkpoints: Checkpoint[]) => sentenceOf(resultOf({ bn: { ...trained(57.6), checkpoints } }));

  const dead = {
    verdict: "dead",
    evidence: { rule: "silent-units", value: 0.7, limit: 0.5 },
    silentUnits: 21,
  } as const;
  const starved = { verdict: "vanishing", evidence: { rule: "small-gradient", value: 6e-4, limit: 1e-3 } } as const;

  test.each<[Partial<Health>, string]>([
    [
      {
        verdict: "saturated",
        evidence: { rule: "saturated-values", value: 0.746, limit: 0.5 },
        saturatedShare: 0.746,
      },
      "saturates first, at update 50: 75\u00a0% of its values",
    ],
    [dead, "dies first, at update 50: 21 of 30 units"],
    [
      { verdict: "constant", evidence: { rule: "constant-units", value: 1, limit: 0.5 }, constantUnits: 30 },
      "is constant first, at update 50: 30 of 30 units",
    ],
    [
      { ...starved, secondMoment: 28.4 },
      "vanishes first, at update 50: 0.06\u00a0% of the output layer's gradient arrives",
    ],
    [
      { ...starved, evidence: { ...starved.evidence, value: 0 } },
      "vanishes first, at update 50: nothing of the output layer's gradient arrives",
    ],
    [
      {
        verdict: "vanishing",
        evidence: { rule: "small-values", value: 1e-5, limit: 1e-4 },
        secondMoment: 1e-5,
        growth: 0.1,
        gradientGrowth: 0.11,
      },
      "vanishes first, at update 50: second moment 1e-5, × 0.1 from the layer before",
    ],
    [
      {
        verdict: "exploding",
        evidence: { rule: "growth", value: 1.4e8, limit: 100 },
        secondMoment: 1.4e8,
        growth: 15,
      },
      "explodes first, at update 50: second moment 1.4e8, × 15 from the layer before",
    ],
    [
      { verdict: "exploding", evidence: { rule: "output-scale", value: 6e9, limit: 1e5 }, secondMoment: 6e9 },
      "explodes first, at update 50: second moment 6e9, against a limit of 1e5 from the targets",
    ],
    [
      { verdict: "exploding", evidence: { rule: "not-finite", value: "NaN" }, secondMoment: "NaN" },
      "explodes first, at update 50: second moment NaN",
    ],
  ])("%j is: %s", (health, text) => {
    expect(failing(checkpoint(0, {}, {}, {}), checkpoint(50, {}, health, {}))).toBe(
      `bn learned: 57.6 (layer 2 ${text}).`,
    );
  });

  test("is that of the first checkpoint in which a layer fails", () => {
    const text = failing(checkpoint(0, {}, {}), checkpoint(9, {}, dead), checkpoint(10, dead, dead));
    expect(text).toBe("bn learned: 57.6 (the output layer dies first, at update 9: 21 of 30 units).");
  });

  test("is a dead layer, not those in front of it whose gradient it cuts off, nor what is constant behind it", () => {
    const constant = { verdict: "constant", evidence: { rule: "constant-units", value: 1, limit: 0.5 } } as const;
    expect(failing(checkpoint(9, starved, starved, dead, { ...constant, constantUnits: 30 }))).toBe(
      "bn learned: 57.6 (layer 3 dies first, at update 9: 21 of 30 units, which cuts off the gradient of layers 1 to 2).",
    );
    expect(failing(checkpoint(9, starved, dead, {}))).toContain("cuts off the gradient of layer 1)");
    expect(failing(checkpoint(9, starved, {}, starved, dead, {}))).toContain("cuts off the gradient of layers 1, 3)");
  });

  test("is the layer where a gradient that only fades falls short first on its way back", () => {
    expect(failing(checkpoint(9, starved, starved, {}, {}))).toContain("(layer 2 vanishes first, at update 9");
    // What explodes cuts no gradient off.
    const exploding = { verdict: "exploding", evidence: { rule: "growth", value: 200, limit: 100 } } as const;
    expect(failing(checkpoint(9, starved, { ...exploding, secondMoment: 200 }, {}))).toBe(
      "bn learned: 57.6 (layer 2 explodes first, at update 9: second moment 200).",
    );
  });

  test("is the input where its scale alone takes a layer beyond its limit", () => {
    const large = (input: number, health: Partial<Health>) => {
      const at = checkpoint(0, health, {});
      const [first] = at.layers;
      if (first !== undefined) first.layerInput = { ...first.layerInput, mean: 0, variance: input };
      return failing(at);
    };
    const grown = (secondMoment: number): Partial<Health> => ({
      verdict: "exploding",
      evidence: { rule: "growth", value: secondMoment, limit: 100 },
      secondMoment,
    });
    expect(large(1e10, grown(5e10))).toBe(
      "bn learned: 57.6 (because of the input's own scale, a mean square of 1e10 against a limit of 100, layer 1 explodes at update 0: second moment 5e10).",
    );
    // The layer's own growth would do it too.
    expect(large(1e10, grown(2e12))).toContain("(layer 1 explodes first");
    expect(large(100, grown(200))).toContain("(layer 1 explodes first");
    expect(large(1e10, { ...dead, secondMoment: 1e10 })).toContain("because of the input's own scale");
    // Behind a BN the input's scale is gone.
    expect(large(1e10, { ...dead, secondMoment: 1 })).toContain("(layer 1 dies first");
  });

  test("is none where every layer is healthy", () => {
    expect(failing(checkpoint(0, {}, {}))).toBe("bn learned: 57.6.");
  });
});

describe("the sentence about many arms", () => {
  const many = {
    plain: divergedAt(3),
    a: trained(60, 70),
    b: trained(50),
    c: trained(500),
    d: trained(746),
    e: divergedAt(1),
  };

  test("has them by what happened, the best and the longest-lived in order", () => {
    expect(sentenceOf(resultOf(many))).toBe(
      "learned: b 50, a 70; learned little: c 500; did not learn: d 746; diverged: e at update 1, plain at update 3 (costs in inference mode).",
    );
  });

  test("leaves out what happened to none", () => {
    const { a, b, c } = many;
    expect(sentenceOf(resultOf({ a, b, c, second: b }))).toBe(
      "learned: b 50, second 50, a 70; learned little: c 500 (costs in inference mode).",
    );
  });

  test("goes into detail for up to three", () => {
    const { a, b, c } = many;
    expect(sentenceOf(resultOf({ a, b, c }))).toMatch(/^a learned: 70 in inference mode; b /);
  });
});

describe("the sentence over seeds", () => {
  const mean = {
    estimate: Math.log(7),
    low: Math.log(6),
    high: Math.log(8),
    confidence: 0.95,
    method: "BCa",
    resamples: 9999,
  } as const;
  const wins = { treated: 3, control: 1, ties: 0, of: 4, share: 0.75, low: 0.301, high: 0.954 };
  const overSeeds = (inference: Partial<PairedEffect>) => {
    const result = makeResult({ seeds: 4 });
    const effect = { ...(result.effects["bn"]?.inference as PairedEffect), ...inference };
    const { mean: _, ...without } = effect;
    const bn = {
      against: "plain",
      train: effect,
      inference: "mean" in inference && inference.mean === undefined ? without : effect,
    };
    return sentenceOf({
      ...result,
      referenceCosts: { predictMean: PREDICT_MEAN },
      arms: { plain: trained(400), bn: trained(57.6) },
      effects: { bn },
    } as Result);
  };
  const FIRST = "Seed 1: plain learned little: 400, where predicting the mean costs 746; bn learned: 57.6.";

  test("says of which seed the first half is, how often the arm wins and by how much", () => {
    expect(overSeeds({ mean, wins })).toBe(
      `${FIRST} Over 4 seeds, in inference mode, bn ends lower than plain in 3 of 4 (30–95\u00a0%), on average 7 times lower (6–8).`,
    );
  });

  test("says where no pair has two final costs", () => {
    expect(overSeeds({ mean: undefined, wins } as never)).toBe(
      `${FIRST} Over 4 seeds, in inference mode, bn ends lower than plain in 3 of 4 (30–95\u00a0%); no pair has two final costs.`,
    );
  });

  test("has no interval where there is none", () => {
    const { low: _, high: __, ...point } = mean;
    expect(overSeeds({ mean: point, wins })).toMatch(/on average 7 times lower\.$/);
  });

  test("is silent about one seed", () => {
    expect(sentenceOf(resultOf({ bn: trained(57.6) }))).not.toMatch(/seed/i);
  });
});

describe("a share in percent", () => {
  test.each<[number, string]>([
    [0, "0\u00a0%"],
    [0.004, "0.4\u00a0%"],
    [0.000123, "0.01\u00a0%"],
    [0.01, "1\u00a0%"],
    [0.746, "75\u00a0%"],
    [1, "100\u00a0%"],
  ])("%d is %s", (share, text) => {
    expect(percentText(share)).toBe(text);
  });
});

test.each([
  ["layers.0.kernel", "layer 1"],
  ["layers.3.bias", "the output layer"],
  ["norms.0.gamma", "the input's normalization"],
  ["norms.1.beta", "layer 1"],
  ["norms.3.moving_mean", "layer 3"],
  ["cost", "every layer"],
])("the tensor %s of a net of four layers belongs to %s", (tensor, place) => {
  expect(tensorPlace(tensor, 4)).toBe(place);
});

describe("a short number", () => {
  test.each<[Statistic, string]>([
    [57.649, "57.6"],
    [746.2, "746"],
    [0, "0"],
    [-0, "0"],
    [1, "1"],
    [0.5, "0.5"],
    [63.24, "63.2"],
    [999.4, "999"],
    [999.5, "1000"],
    [1163.4, "1163"],
    [99_999.4, "99\u00a0999"],
    [99_999.5, "1e5"],
    [9.94e8, "9.9e8"],
    [1.9e92, "1.9e92"],
    [0.001, "0.001"],
    [0.00099, "9.9e-4"],
    [1e-300, "1e-300"],
    [-57.649, "−57.6"],
    [-2e6, "−2e6"],
    ["Infinity", "Infinity"],
    ["-Infinity", "−Infinity"],
    ["NaN", "NaN"],
  ])("of %d is %s", (value, expected) => {
    expect(numberText(value)).toBe(expected);
  });
});
