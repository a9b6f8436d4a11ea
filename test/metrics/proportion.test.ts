import { describe, expect, test } from "vitest";
import { wilsonInterval } from "../../src/metrics/proportion.js";

describe("Wilson's interval", () => {
  test.each([
    // Newcombe 1998, Table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [0, 10, 0, 0.2775],
  ])("of %d in %d is that of the literature", (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials) ?? expect.unreachable();
    expect(interval.share).toBe(successes / trials);
    expect(interval.low.toFixed(4)).toBe(low.toFixed(4));
    expect(interval.high.toFixed(4)).toBe(high.toFixed(4));
  });

  test.each([
    // scipy.stats.binomtest(…).proportion_ci(…, method="wilson")
    [81, 263, 0.95, 0.2552885198782742, 0.36620957698280004],
    [10, 10, 0.95, 0.7224672001371109, 1],
    [7, 9, 0.9, 0.503642782376754, 0.9235052624456035],
    [3, 5, 0.99, 0.16865619801943216, 0.9172921377751659],
  ])("of %d in %d at %d is scipy's", (successes, trials, confidence, low, high) => {
    const interval = wilsonInterval(successes, trials, confidence) ?? expect.unreachable();
    expect(interval.low).toBeCloseTo(low, 14);
    expect(interval.high).toBeCloseTo(high, 14);
  });

  test("ends at exactly 0 and 1 when a count is unmixed, and is the mirror image of the other outcome's", () => {
    for (let trials = 1; trials <= 100; trials++) {
      expect(wilsonInterval(0, trials)?.low).toBe(0);
      expect(wilsonInterval(trials, trials)?.high).toBe(1);
      for (let successes = 0; successes <= trials; successes++) {
        const { share, low, high } = wilsonInterval(successes, trials) ?? expect.unreachable();
        expect(low >= 0 && low <= share && share <= high && high <= 1).toBe(true);
        expect(wilsonInterval(trials - successes, trials)?.high).toBeCloseTo(1 - low, 14);
      }
    }
  });

  test("is none without a trial, and throws for what is no count", () => {
    expect(wilsonInterval(0, 0)).toBeUndefined();
    for (const [successes, trials] of [
      [-1, 3],
      [4, 3],
      [0.5, 3],
      [1, 2.5],
      [Number.NaN, 3],
      [0, -1],
    ] as const) {
      expect(() => wilsonInterval(successes, trials)).toThrow(RangeError);
    }
    expect(() => wilsonInterval(1, 2, 1)).toThrow(RangeError);
  });
});
