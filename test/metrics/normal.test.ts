import { describe, expect, test } from "vitest";
import { normalCumulative, normalQuantile } from "../../src/metrics/normal.js";
import { withShiftedMath } from "./shifted-math.js";

/** Values by mpmath with 40 digits, rounded to float64. */
describe("the normal distribution", () => {
  test.each([
    [-8, 6.220960574271784e-16],
    [-5, 2.866515718791939e-7],
    [-3, 0.0013498980316300946],
    [-1, 0.15865525393145705],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1, 0.8413447460685429],
    [2.5, 0.9937903346742238],
    [4, 0.9999683287581669],
    [6, 0.9999999990134123],
  ])("Φ(%d)", (x, expected) => {
    expect(Math.abs(normalCumulative(x) - expected)).toBeLessThan(1e-14);
  });

  test("Φ ends at 0 and 1", () => {
    for (const x of [8.3, 8.4, 40, Number.POSITIVE_INFINITY]) {
      expect(Math.abs(1 - normalCumulative(x))).toBeLessThan(1e-14);
      expect(Math.abs(normalCumulative(-x))).toBeLessThan(1e-14);
    }
  });

  test.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-9, -5.9978070150076865],
    [0.0005, -3.290526731491895],
    [0.025, -1.9599639845400543],
    [0.07, -1.4757910281791706],
    [0.3, -0.5244005127080408],
    [0.9, 1.2815515655446006],
    [0.975, 1.9599639845400538],
    [0.999, 3.090232306167813],
  ])("Φ⁻¹(%d)", (p, expected) => {
    expect(Math.abs(normalQuantile(p) / expected - 1)).toBeLessThan(1e-15);
  });

  test("Φ⁻¹ is Φ turned round", () => {
    expect(normalQuantile(0.5)).toBe(0);
    for (let p = 0.0005; p < 1; p += 0.0005) {
      expect(Math.abs(normalCumulative(normalQuantile(p)) - p)).toBeLessThan(1e-14);
    }
  });

  test.each([0, 1, -1, 2, Number.NaN])("Φ⁻¹(%d) is none", (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });

  test.each([1n, -1n])("has the same bits with every elementary function of Math an ulp off (%d)", (ulps) => {
    const points = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    const bits = () => points.map((p) => [normalQuantile(p), normalCumulative(16 * p - 8)]);
    expect(withShiftedMath(ulps, bits)).toEqual(bits());
  });
});
