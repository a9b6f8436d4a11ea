import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Moments } from "../../src/engines/engine.js";
import { gapOf } from "../../src/metrics/gap.js";

const moments = (mean: readonly number[], variance: readonly number[]): Moments => ({
  mean: Float64Array.from(mean),
  variance: Float64Array.from(variance),
});

type Four = [Moments, Moments, Moments, Moments];

describe("a gap of one feature", () => {
  test("is in standard deviations for the mean and in shares for the variance", () => {
    // M = 2.625, A = 2.5, F = 2, S = 4, S's variance 3 + 1: the unit is 2 for the mean and 4 for the variance.
    const gap = gapOf(
      {
        moving: moments([2.625], [0.75]),
        exact: moments([2.5], [1]),
        averaged: moments([2], [1.5]),
        current: moments([4], [3]),
      },
      { epsilon: 1, startWeight: 0.25, debias: false },
    );
    expect(gap.mean).toEqual({
      total: 1.375 / 2,
      initializationBias: 1 / 2,
      lag: 1 / 2,
      noise: 0.5 / 2,
      rounding: 0.125 / 2,
    });
    expect(gap.variance).toEqual({
      total: 2.25 / 4,
      initializationBias: 0.75 / 4,
      lag: 0.75 / 4,
      noise: 0.5 / 4,
      rounding: 0.25 / 4,
    });
  });

  test("is the sum of its four parts, with their signs", () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    const weight = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(value, value, value, value, weight, fc.boolean(), (M, a, f, S, startWeight, debias) => {
        const [moving, exact, averaged, current] = [M, a, f, S].map((mean) => moments([mean], [1])) as Four;
        const gap = gapOf({ moving, exact, averaged, current }, { epsilon: 0, startWeight, debias });
        const divisor = debias ? 1 - startWeight : 1;
        const [A, F] = [a / divisor, f / divisor];
        const initializationBias = debias ? 0 : -startWeight * S;
        const lag = F - (debias ? 1 : 1 - startWeight) * S;
        const [noise, rounding] = [A - F, M - A];
        const sum = initializationBias + lag + noise + rounding;
        expect(sum).toBeCloseTo(M - S, 8);
        expect(gap.mean.total).toBeCloseTo(Math.abs(sum), 8);
        expect(gap.mean.initializationBias).toBeCloseTo(Math.abs(initializationBias), 8);
        expect(gap.mean.lag).toBeCloseTo(Math.abs(lag), 8);
        expect(gap.mean.noise).toBeCloseTo(Math.abs(noise), 8);
        expect(gap.mean.rounding).toBeCloseTo(Math.abs(rounding), 8);
      }),
    );
  });

  test("has no initialization bias where the averages are debiased, and none left at all where they are right", () => {
    const [right, half] = [moments([4], [3]), moments([2], [1.5])];
    const gap = gapOf(
      { moving: right, exact: half, averaged: half, current: right },
      { epsilon: 1, startWeight: 0.5, debias: true },
    );
    const nothing = { total: 0, initializationBias: 0, lag: 0, noise: 0, rounding: 0 };
    expect(gap).toEqual({ mean: nothing, variance: nothing });
  });

  test("is all initialization bias before anything was averaged", () => {
    const zero = moments([0], [0]);
    const gap = gapOf(
      { moving: zero, exact: zero, averaged: zero, current: moments([6], [9]) },
      { epsilon: 0, startWeight: 1, debias: false },
    );
    expect(gap.mean).toEqual({ total: 2, initializationBias: 2, lag: 0, noise: 0, rounding: 0 });
    expect(gap.variance).toEqual({ total: 1, initializationBias: 1, lag: 0, noise: 0, rounding: 0 });
  });
});

describe("a gap of several features", () => {
  test("is the root of the mean square over them, each in its own unit", () => {
    const [off, current] = [moments([3, 40], [1, 100]), moments([0, 0], [1, 100])];
    const at = { epsilon: 0, startWeight: 0, debias: false };
    const both = Math.sqrt((3 ** 2 + 4 ** 2) / 2);
    const noisy = gapOf({ moving: off, exact: off, averaged: current, current }, at);
    expect(noisy.mean).toEqual({ total: both, initializationBias: 0, lag: 0, noise: both, rounding: 0 });
    const rounded = gapOf({ moving: off, exact: current, averaged: current, current }, at);
    expect(rounded.mean).toEqual({ total: both, initializationBias: 0, lag: 0, noise: 0, rounding: both });
  });

  test("names what is not finite", () => {
    const at = { epsilon: 0, startWeight: 0.5, debias: false };
    const [zero, one] = [moments([0], [0]), moments([1], [1])];
    const { mean, variance } = gapOf(
      { moving: moments([Infinity], [NaN]), exact: one, averaged: zero, current: one },
      at,
    );
    expect(mean).toEqual({ total: "Infinity", initializationBias: 0.5, lag: 0.5, noise: 1, rounding: "Infinity" });
    expect(variance).toEqual({ total: "NaN", initializationBias: 0.5, lag: 0.5, noise: 1, rounding: "NaN" });
    // A feature that is the same everywhere, and no epsilon: it has no unit.
    const same = moments([1], [0]);
    expect(gapOf({ moving: same, exact: same, averaged: same, current: same }, at).mean.total).toBe("NaN");
  });
});
