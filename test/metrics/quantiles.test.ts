import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantile, quartiles } from "../../src/metrics/quantiles.js";

/** Below what differences of them could overflow at. */
const finite = fc.double({ min: -1e300, max: 1e300, noNaN: true });

describe("quartiles", () => {
  test.each([
    // numpy.percentile(values, [25, 50, 75])
    [[3, 1, 4, 1, 5, 9, 2, 6], { q25: 1.75, median: 3.5, q75: 5.25 }],
    [[41, 7, 15, 40, 36, 39], { q25: 20.25, median: 37.5, q75: 39.75 }],
    [[2, 1], { q25: 1.25, median: 1.5, q75: 1.75 }],
    [[0.1], { q25: 0.1, median: 0.1, q75: 0.1 }],
  ])("of %j", (values, expected) => {
    expect(quartiles(values)).toEqual(expected);
  });

  test("are none of no values, and throw for what is not finite", () => {
    expect(quartiles([])).toBeUndefined();
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => quartiles([1, wrong, 2])).toThrow(String(wrong));
      expect(() => quantile([wrong], 0.5)).toThrow(RangeError);
    }
  });

  test("ascend, lie among the values, and leave them and their order alone", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const before = [...values];
        const { q25, median, q75 } = quartiles(values) ?? expect.unreachable();
        expect(values).toEqual(before);
        const all = [Math.min(...values), q25, median, q75, Math.max(...values)];
        // Interpolation may round past the next order statistic.
        const slack = 4 * Number.EPSILON * Math.max(...values.map(Math.abs));
        for (let i = 1; i < all.length; i++) expect((all[i] as number) - (all[i - 1] as number) >= -slack).toBe(true);
        expect(quartiles(values.toReversed())).toEqual({ q25, median, q75 });
      }),
    );
  });
});

describe("a quantile", () => {
  test("of 0 and 1 is the least and the largest value; between, it interpolates", () => {
    const sorted = [1.5, 2.25, 8, 9.75];
    expect(quantile(sorted, 0)).toBe(1.5);
    expect(quantile(sorted, 1)).toBe(9.75);
    expect(quantile(sorted, 0.1)).toBeCloseTo(1.725, 14);
    expect(quantile(sorted, 0.9)).toBeCloseTo(9.225, 14);
    expect(quantile([], 0.5)).toBeUndefined();
  });

  test.each([-0.1, 1.1, Number.NaN])("of %d is none", (p) => {
    expect(() => quantile([1, 2], p)).toThrow(RangeError);
  });
});
