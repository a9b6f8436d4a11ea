import { expect, test } from "vitest";
import { endsBelow, largestRate, type RateTrials, rateRatio } from "../../src/published/learning-rates.js";
import type { Trial } from "../../src/published/networks.js";

/** A seed's trials at 0.001, 0.01, 0.1, 1: it ends below its start, above it, at it, or diverges. */
const ENDS = { below: 1, above: 11, same: 10, gone: "diverged" } as const;
const trials = (...ends: (keyof typeof ENDS)[]): Trial[] =>
  ends.map((end, place) => ({ rate: Number(`1e${place - 3}`), start: 10, end: ENDS[end] }));

test("to end where it started is not below", () => {
  expect(trials("below", "above", "same", "gone").map(endsBelow)).toEqual([true, false, false, false]);
});

test("the largest rate is the largest at which every seed ends below its start", () => {
  const seeds = [trials("below", "below", "below", "gone"), trials("below", "below", "above", "gone")];
  expect(largestRate(seeds)).toBe(0.01);
  // Whatever the order of the sweep.
  expect(largestRate(seeds.map((seed) => [...seed].reverse()))).toBe(0.01);
  expect(largestRate([trials("above", "gone", "gone", "gone")])).toBeUndefined();
});

test("the ratio is of both arms' largest rates, its range that of single seeds", () => {
  const seeds: RateTrials[] = [
    { control: trials("below", "gone", "gone", "gone"), treated: trials("below", "below", "below", "gone") },
    { control: trials("below", "below", "gone", "gone"), treated: trials("below", "below", "below", "below") },
  ];
  expect(rateRatio(seeds)).toEqual({ value: 2, low: 2, high: 2, method: "range" });
  const more: RateTrials[] = [
    { control: trials("below", "below", "below", "gone"), treated: trials("below", "below", "below", "gone") },
    { control: trials("below", "gone", "gone", "gone"), treated: trials("below", "below", "below", "below") },
  ];
  expect(rateRatio([...seeds, ...more])).toEqual({ value: 2, low: 0, high: 3, method: "range" });
});

test("without a rate that all seeds can take there is no ratio, and a reason", () => {
  const none = { control: trials("gone", "gone", "gone", "gone"), treated: trials("below", "below", "below", "below") };
  expect(rateRatio([none])).toMatchObject({ method: "none", reason: expect.stringContaining("no rate") });
});
