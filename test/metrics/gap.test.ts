import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Moments } from "../../src/engines/engine.js";
import { gapOf } from "../../src/metrics/gap.js";

const moments = (mean: readonly number[], variance: readonly number[]): Moments => ({
  mean: Float64Array.from(mean),
  variance: Float64Array.from(variance),
});

describe("a gap of one feature", () => {
  test("is in standard deviations for the mean and in shares for the variance", () => {
    // M = 2.5, F = 2, S = 4, S's variance 3 + 1: the unit is 2 for the mean and 4 for the variance.
    const gap = gapOf(moments([2.5], [1]), moments([2], [1.5]), moments([4], [3]), {
      epsilon: 1,
      startWeight: 0.25,
      debias: false,
    });
    expect(gap.mean).toEqual({ total: 1.5 / 2, startUp: 1 / 2, lag: 1 / 2, noise: 0.5 / 2 });
    expect(gap.variance).toEqual({ total: 2 / 4, startUp: 0.75 / 4, lag: 0.75 / 4, noise: 0.5 / 4 });
  });

  test("is the sum of its three parts, with their signs", () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    const weight = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(value, value, value, weight, fc.boolean(), (M, f, S, startWeight, debias) => {
        const gap = gapOf(moments([M], [1]), moments([f], [1]), moments([S], [1]), { epsilon: 0, startWeight, debias });
        const F = debias ? f / (1 - startWeight) : f;
        const startUp = debias ? 0 : -startWeight * S;
        const lag = F - (debias ? 1 : 1 - startWeight) * S;
        const noise = M - F;
        expect(startUp + lag + noise).toBeCloseTo(M - S, 8);
        expect(gap.mean.total).toBeCloseTo(Math.abs(startUp + lag + noise), 8);
        expect(gap.mean.startUp).toBeCloseTo(Math.abs(startUp), 8);
        expect(gap.mean.lag).toBeCloseTo(Math.abs(lag), 8);
        expect(gap.mean.noise).toBeCloseTo(Math.abs(noise), 8);
      }),
    );
  });

  test("has no start-up part where the averages are debiased, and none left at all where they are right", () => {
    const gap = gapOf(moments([4], [3]), moments([2], [1.5]), moments([4], [3]), {
      epsilon: 1,
      startWeight: 0.5,
      debias: true,
    });
    const nothing = { total: 0, startUp: 0, lag: 0, noise: 0 };
    expect(gap).toEqual({ mean: nothing, variance: nothing });
  });

  test("is all start-up before anything was averaged", () => {
    const gap = gapOf(moments([0], [0]), moments([0], [0]), moments([6], [9]), {
      epsilon: 0,
      startWeight: 1,
      debias: false,
    });
    expect(gap.mean).toEqual({ total: 2, startUp: 2, lag: 0, noise: 0 });
    expect(gap.variance).toEqual({ total: 1, startUp: 1, lag: 0, noise: 0 });
  });
});

describe("a gap of several features", () => {
  test("is the root of the mean square over them, each in its own unit", () => {
    const current = moments([0, 0], [1, 100]);
    const { mean } = gapOf(moments([3, 40], [1, 100]), moments([0, 0], [1, 100]), current, {
      epsilon: 0,
      startWeight: 0,
      debias: false,
    });
    expect(mean).toEqual({
      total: Math.sqrt((3 ** 2 + 4 ** 2) / 2),
      startUp: 0,
      lag: 0,
      noise: Math.sqrt((3 ** 2 + 4 ** 2) / 2),
    });
  });

  test("names what is not finite", () => {
    const at = { epsilon: 0, startWeight: 0.5, debias: false };
    const { mean, variance } = gapOf(moments([Infinity], [NaN]), moments([0], [0]), moments([1], [1]), at);
    expect(mean).toEqual({ total: "Infinity", startUp: 0.5, lag: 0.5, noise: "Infinity" });
    expect(variance).toEqual({ total: "NaN", startUp: 0.5, lag: 0.5, noise: "NaN" });
    // A feature that is the same everywhere, and no epsilon: it has no unit.
    expect(gapOf(moments([1], [0]), moments([1], [0]), moments([1], [0]), at).mean.total).toBe("NaN");
  });
});
