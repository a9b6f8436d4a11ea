import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { root } from "../../src/metrics/roots.js";

describe("the n-th root", () => {
  test("is that of Math.pow to 1e-14 of it", () => {
    const exponent = fc.double({ min: -300, max: 300, noNaN: true });
    fc.assert(
      fc.property(exponent, fc.integer({ min: 1, max: 40 }), (tens, n) => {
        const value = 10 ** tens;
        // Math.pow takes 1/n as rounded, which alone moves its answer by this share.
        const ofPow = n === 1 ? 0 : (Math.abs(Math.log(value)) / n) * 2 ** -53;
        expect(Math.abs(root(value, n) / value ** (1 / n) - 1)).toBeLessThan(1e-14 + ofPow);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [1, 5, 1],
    [0, 3, 0],
    [32, 5, 2],
    [1 / 1024, 10, 0.5],
    [2, 2, Math.SQRT2],
    [1e300, 3, 1e100],
    [1e-300, 3, 1e-100],
  ])("of %d with n = %d is %d", (value, n, expected) => {
    expect(Math.abs(root(value, n) - expected)).toBeLessThanOrEqual(1e-14 * expected);
  });

  test.each([Number.MIN_VALUE, 2.2250738585072014e-308, Number.MAX_VALUE])(
    "of %d is finite and gives it back",
    (value) => {
      for (const n of [1, 2, 3, 7, 30]) {
        const x = root(value, n);
        let power = 1;
        for (let i = 0; i < n; i++) power *= x;
        // Each multiplication rounds once; below the normal numbers one unit is all there is.
        expect(Math.abs(power - value)).toBeLessThanOrEqual(Math.max(Number.MIN_VALUE, value * n * 4e-16));
      }
    },
  );

  test("of one is the number itself, bit for bit", () => {
    for (const value of [0.1, 1 / 3, 1e-320, 123.456]) expect(root(value, 1)).toBe(value);
  });

  test("of a share over many updates ends", () => {
    // What the warning about a slow decay asks for.
    const decay = root(0.01, 100_000);
    expect(decay).toBeGreaterThan(0.99995);
    expect(decay).toBeLessThan(0.99996);
  });
});
