import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/streams.js";
import { type CostPair, type FinalCost, pairedEffect, summarizeFinals } from "../../src/metrics/effect.js";
import { withShiftedMath } from "./shifted-math.js";

const CONTROL = [12, 30, 7, 55, 21];
const TREATED = [6, 17, 5, 20, 13];

const pairsOf = (control: readonly FinalCost[], treated: readonly FinalCost[]): CostPair[] =>
  control.map((cost, i) => ({ seed: i + 1, control: cost, treated: treated[i] as FinalCost }));

const QUICK = { resamples: 199 };

describe("the paired effect", () => {
  test("of costs that are all defined is numpy's", () => {
    const effect = pairedEffect(pairsOf(CONTROL, TREATED));
    expect(effect).toMatchObject({
      pairs: 5,
      defined: 5,
      undefinedPairs: { controlDiverged: 0, treatedDiverged: 0, bothDiverged: 0, notPositive: 0 },
      wins: { treated: 5, control: 0, ties: 0, of: 5, share: 1, high: 1 },
    });
    expect(effect).not.toHaveProperty("reason");
    expect(effect.wins).not.toHaveProperty("reason");
    expect(effect.logRatios.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
    const ratios = [Math.LN2, 0.56798404, 0.33647224, 1.01160091, 0.47957308];
    for (const [i, { logRatio }] of effect.logRatios.entries()) expect(logRatio).toBeCloseTo(ratios[i] as number, 8);
    expect(effect.quartiles?.q25).toBeCloseTo(0.47957308, 8);
    expect(effect.quartiles?.median).toBeCloseTo(0.56798404, 8);
    expect(effect.quartiles?.q75).toBeCloseTo(Math.LN2, 8);
    expect(effect.mean).toMatchObject({ method: "BCa", resamples: 9999 });
    expect(effect.mean?.estimate).toBeCloseTo(0.6177554893454927, 14);
    expect(effect.mean?.low).toBeGreaterThan(0.33);
    expect(effect.mean?.high).toBeLessThan(1.02);
    expect(effect.pairingGain.unpairedVariance).toBeCloseTo(1.0269294060593155, 13);
    expect(effect.pairingGain.pairedVariance).toBeCloseTo(0.06537249191209682, 14);
    expect(effect.pairingGain.gain).toBeCloseTo(1.0269294060593155 / 0.06537249191209682, 11);
  });

  test("turns its sign when the arms swap places", () => {
    const [there, back] = [pairedEffect(pairsOf(CONTROL, TREATED)), pairedEffect(pairsOf(TREATED, CONTROL))];
    expect(there.mean?.estimate).toBeGreaterThan(0);
    expect(back.mean?.estimate).toBeCloseTo(-(there.mean?.estimate as number), 15);
    expect(back.wins).toMatchObject({ treated: 0, control: 5, share: 0, low: 0 });
    expect(back.pairingGain.gain).toBeCloseTo(there.pairingGain.gain as number, 10);
  });

  test("counts seeds that diverged, in the wins too, and never averages them", () => {
    const whole = pairedEffect(pairsOf(CONTROL, TREATED));
    const broken: CostPair[] = [
      { seed: 91, control: "diverged", treated: 3 },
      { seed: 92, control: "diverged", treated: "diverged" },
      { seed: 93, control: 3, treated: "diverged" },
      { seed: 94, control: Number.POSITIVE_INFINITY, treated: 8 },
      { seed: 95, control: Number.NaN, treated: Number.NaN },
      { seed: 96, control: 4, treated: 0 },
      { seed: 97, control: -1, treated: 2 },
      { seed: 98, control: "diverged", treated: 0 },
    ];
    const effect = pairedEffect([...broken.slice(0, 4), ...pairsOf(CONTROL, TREATED), ...broken.slice(4)]);
    expect(effect).toMatchObject({
      pairs: 13,
      defined: 5,
      undefinedPairs: { controlDiverged: 3, treatedDiverged: 1, bothDiverged: 2, notPositive: 2 },
      wins: { treated: 9, control: 2, ties: 2, of: 13, share: 9 / 13 },
    });
    for (const key of ["logRatios", "quartiles", "mean", "pairingGain"] as const) {
      expect(effect[key]).toEqual(whole[key]);
    }
  });

  test("of equal costs is zero, and ties are no wins", () => {
    const effect = pairedEffect(pairsOf([5, 6, 7], [5, 6, 7]));
    expect(effect.wins).toMatchObject({ treated: 0, control: 0, ties: 3, of: 3, share: 0, low: 0 });
    expect(effect.mean).toMatchObject({ estimate: 0, low: 0, high: 0, reason: "equal-values" });
    expect(effect.pairingGain).toMatchObject({ pairedVariance: 0, reason: "equal-ratios" });
    expect(effect.pairingGain).not.toHaveProperty("gain");
  });

  test("of one and the same factor has no gain, though rounding varies the log ratios", () => {
    const treated = [5, 6, 7, 11, 1e-30, 1e30];
    const effect = pairedEffect(
      pairsOf(
        treated.map((cost) => cost * 3),
        treated,
      ),
    );
    expect(effect.pairingGain.reason).toBe("equal-ratios");
    expect(effect.pairingGain.unpairedVariance).toBeGreaterThan(0);
    expect(effect.pairingGain).not.toHaveProperty("gain");
  });

  test("gains nothing from pairing arms that have nothing to do with each other", () => {
    const { normal } = randomStream(3, "unrelated");
    const draw = () => Array.from({ length: 400 }, () => Math.exp(normal()));
    // The correlation of 400 independent pairs has standard deviation 1/20, and the gain is 1 / (1 − correlation).
    const { gain } = pairedEffect(pairsOf(draw(), draw()), QUICK).pairingGain;
    expect(Math.abs((gain as number) - 1)).toBeLessThan(4 / 20);
  });

  test.each([[[]], [pairsOf(["diverged", "diverged"], [3, "diverged"])], [pairsOf([0], [1])]])(
    "has no mean where no pair has two positive costs: %j",
    (pairs) => {
      const effect = pairedEffect(pairs);
      expect(effect).toMatchObject({ pairs: pairs.length, defined: 0, logRatios: [] });
      for (const key of ["quartiles", "mean"]) expect(effect).not.toHaveProperty(key);
      expect(effect.pairingGain).toEqual({ reason: "few-pairs" });
      expect(effect.wins?.of).toBe(pairs.length === 0 ? undefined : pairs.length);
    },
  );

  test("of one seed has a mean without an interval", () => {
    const effect = pairedEffect(pairsOf([8], [2]));
    expect(effect.mean).toMatchObject({ method: "none", reason: "one-value" });
    expect(effect.mean?.estimate).toBeCloseTo(Math.log(4), 15);
    for (const key of ["low", "high"]) expect(effect.mean).not.toHaveProperty(key);
    expect(effect.quartiles?.median).toBe(effect.mean?.estimate);
    expect(effect.wins?.high).toBe(1);
    expect(effect.pairingGain.reason).toBe("few-pairs");
  });

  test("knows the logarithms of costs below float64's normal numbers", () => {
    const [tiny] = pairedEffect(pairsOf([1], [5e-324])).logRatios;
    expect(tiny?.logRatio).toBeCloseTo(1074 * Math.LN2, 11);
  });

  test("throws when a seed comes twice", () => {
    expect(() => pairedEffect([...pairsOf([1], [2]), ...pairsOf([3], [4])])).toThrow(RangeError);
  });

  test("hands its options to the interval and the confidence to the wins", () => {
    const pairs = pairsOf(CONTROL, [6, 17, 9, 20, 13]);
    const [wide, narrow] = [pairedEffect(pairs, QUICK), pairedEffect(pairs, { ...QUICK, confidence: 0.5 })];
    expect(wide.mean?.resamples).toBe(199);
    expect(narrow.mean?.high).toBeLessThan(wide.mean?.high as number);
    expect(narrow.wins?.low).toBeGreaterThan(wide.wins?.low as number);
  });
});

const cost = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: 0, max: 1e38, noNaN: true }) },
  fc.constantFrom<FinalCost>("diverged", 0, -1, 1, 5e-324, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY),
);

test("whatever the costs, every pair is counted once and the effect is what JSON can write", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cost, cost), { maxLength: 8 }), (costs) => {
      const effect = pairedEffect(
        costs.map(([control, treated], seed) => ({ seed, control, treated })),
        QUICK,
      );
      const { defined, undefinedPairs, wins } = effect;
      expect(defined + Object.values(undefinedPairs).reduce((sum, count) => sum + count, 0)).toBe(costs.length);
      expect((wins?.treated ?? 0) + (wins?.control ?? 0) + (wins?.ties ?? 0)).toBe(costs.length);
      expect(effect.logRatios).toHaveLength(defined);
      // toStrictEqual tells a key that is undefined from one that is absent; -0 alone comes back as 0.
      expect(JSON.parse(JSON.stringify(effect))).toStrictEqual(withoutMinusZero(effect));
    }),
    { numRuns: 300 },
  );
});

function withoutMinusZero(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutMinusZero(inner)]));
}

describe("a table's summary of final costs", () => {
  test("counts what diverged and takes the quartiles of the rest", () => {
    expect(summarizeFinals([4, "diverged", 2, Number.POSITIVE_INFINITY, 3, Number.NaN])).toEqual({
      seeds: 6,
      diverged: 3,
      quartiles: { q25: 2.5, median: 3, q75: 3.5 },
    });
    expect(summarizeFinals([0, -1, 1]).quartiles?.median).toBe(0);
  });

  test("has no quartiles of no finite cost", () => {
    expect(summarizeFinals([])).toEqual({ seeds: 0, diverged: 0 });
    expect(summarizeFinals(["diverged", "diverged"])).toEqual({ seeds: 2, diverged: 2 });
  });
});

test.each([1n, -1n])("the effect has the same bits with every elementary function of Math an ulp off (%d)", (ulps) => {
  const pairs = pairsOf([...CONTROL, 13, "diverged", 1e-12], [...TREATED, 14, 3, 1e-13]);
  const bits = () => JSON.stringify(pairedEffect(pairs));
  expect(withShiftedMath(ulps, bits)).toBe(bits());
});
