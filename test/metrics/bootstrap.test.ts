import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/streams.js";
import { type BootstrapOptions, bootstrapInterval, mean } from "../../src/metrics/bootstrap.js";

const SKEWED = [0.05, 0.08, 0.11, 0.15, 0.2, 0.3, 0.35, 0.5, 0.8, 1.1, 1.6, 2.7, 5.2, 9.9, 21];

/** The spatial test's scores A (Efron & Tibshirani 1993, Table 14.1). */
const SPATIAL = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];

const biasedVariance = (values: readonly number[]) => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0) / values.length;
};

const intervalOf = (values: readonly number[], options: BootstrapOptions = {}) => {
  const { estimate, low, high, method } = bootstrapInterval(values, options) ?? expect.unreachable();
  expect(method).toBe("BCa");
  return { estimate, low: low as number, high: high as number };
};

describe("the BCa interval", () => {
  /*
   * scipy.stats.bootstrap(…, method="BCa") of scipy 1.17: the mean of 10 runs of 99 999 resamples, and the standard
   * deviation of an end between 60 runs of 9999.
   */
  test.each([
    ["mean", 0.95, SKEWED, mean, [1.06881, 0.0214], [7.7048, 0.138]],
    ["mean", 0.9, SKEWED, mean, [1.26706, 0.0236], [6.70211, 0.0799]],
    ["mean", 0.95, SPATIAL, mean, [24.12308, 0.0903], [34.25, 0.0776]],
    ["variance", 0.95, SPATIAL, biasedVariance, [105.83073, 0.854], [278.92402, 2.245]],
    ["variance", 0.9, SPATIAL, biasedVariance, [115.65827, 0.802], [260.98584, 1.467]],
  ] as const)("of a %s at %d is scipy's but for the resampling", (_, confidence, values, statistic, low, high) => {
    const resamples = 99_999;
    const interval = intervalOf(values, { confidence, resamples, statistic });
    expect(interval.estimate).toBeCloseTo(statistic(values), 12);
    // Ten times the resamples: √10 times less spread. The reference has as little again, hence √2; 4 of these is rare.
    const bound = (deviation: number) => (4 * Math.SQRT2 * deviation) / Math.sqrt(10);
    expect(Math.abs(interval.low - low[0])).toBeLessThan(bound(low[1]));
    expect(Math.abs(interval.high - high[0])).toBeLessThan(bound(high[1]));
  });

  test("of the spatial test's variance is the book's", () => {
    // Efron & Tibshirani 1993, Table 14.2: (115.8, 259.6) from 2000 resamples; spreads as above, √5 times as large.
    const { low, high } = intervalOf(SPATIAL, { confidence: 0.9, statistic: biasedVariance });
    expect(Math.abs(low - 115.8)).toBeLessThan(3 * Math.sqrt(5) * 0.802);
    expect(Math.abs(high - 259.6)).toBeLessThan(3 * Math.sqrt(5) * 1.467);
  });

  test("covers a lognormal's mean as often as an independent simulation of BCa does, and misses it above as rarely", () => {
    const [seeds, repetitions] = [30, 2000];
    const truth = Math.exp(0.5);
    const { normal } = randomStream(1, "coverage");
    let [covered, above] = [0, 0];
    for (let i = 0; i < repetitions; i++) {
      const values = Array.from({ length: seeds }, () => Math.exp(normal()));
      const { low, high } = intervalOf(values, { resamples: 999, seed: i });
      if (low <= truth && truth <= high) covered += 1;
      if (truth > high) above += 1;
    }
    // Shares among 20 000 repetitions in numpy. The percentile interval misses above in 0.109, beyond the bound.
    const bound = (share: number) => 4 * Math.sqrt((share * (1 - share)) / repetitions);
    expect(Math.abs(covered / repetitions - 0.895)).toBeLessThan(bound(0.895));
    expect(Math.abs(above / repetitions - 0.0788)).toBeLessThan(bound(0.0788));
  });

  test("ends at replicates of the sample: each is the mean of values that occur in it", () => {
    const values = [1, 2, 4, 8];
    const means = new Set<number>();
    for (const a of values)
      for (const b of values) for (const c of values) for (const d of values) means.add((a + b + c + d) / 4);
    const { low, high } = intervalOf(values);
    expect(means).toContain(low);
    expect(means).toContain(high);
    expect(intervalOf([3, 7])).toEqual({ estimate: 5, low: 3, high: 7 });
  });

  test("is the same whatever the values' order, and repeats; another seed or stream draws others", () => {
    const once = intervalOf(SKEWED);
    expect(intervalOf(SKEWED)).toEqual(once);
    fc.assert(
      fc.property(fc.shuffledSubarray(SKEWED, { minLength: SKEWED.length }), (shuffled) => {
        expect(intervalOf(shuffled, { resamples: 99 })).toEqual(intervalOf(SKEWED, { resamples: 99 }));
      }),
      { numRuns: 20 },
    );
    expect(intervalOf(SKEWED, { seed: 2 })).not.toEqual(once);
    expect(intervalOf(SKEWED, { stream: "another" })).not.toEqual(once);
  });

  test("scales with the values, however tiny or huge they are", () => {
    const { estimate, low, high } = intervalOf(SKEWED, { resamples: 999 });
    for (const scale of [2 ** -900, 2 ** -100, 2, 2 ** 900]) {
      const values = SKEWED.map((value) => value * scale);
      expect(intervalOf(values, { resamples: 999 })).toEqual({
        estimate: estimate * scale,
        low: low * scale,
        high: high * scale,
      });
    }
  });

  test.each([
    [0.8, 400],
    [0.9, 450],
    [0.95, 475],
    [0.98, 490],
  ])(
    "is the percentile interval where nothing is biased or skewed: %d of −499 … 499 ends at ±%d",
    (confidence, end) => {
      // The estimate, the replicates, and the jackknife's three values.
      const answers = [0, ...Array.from({ length: 999 }, (_, i) => i - 499), -1, 0, 1].values();
      const statistic = () => answers.next().value as number;
      expect(intervalOf([1, 2, 3], { confidence, resamples: 999, statistic })).toEqual({
        estimate: 0,
        low: -end,
        high: end,
      });
    },
  );

  test("is wider with more confidence", () => {
    const [narrow, wide] = [intervalOf(SKEWED, { confidence: 0.5 }), intervalOf(SKEWED, { confidence: 0.99 })];
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
  });
});

describe("where BCa is not defined, the answer says why", () => {
  test("no values", () => {
    expect(bootstrapInterval([])).toBeUndefined();
  });

  test("one value", () => {
    expect(bootstrapInterval([0.1])).toEqual({
      estimate: 0.1,
      method: "none",
      resamples: 0,
      reason: "one-value",
    });
  });

  test("equal values", () => {
    expect(bootstrapInterval([2.5, 2.5, 2.5])).toEqual({
      estimate: 2.5,
      low: 2.5,
      high: 2.5,
      method: "none",
      resamples: 0,
      reason: "equal-values",
    });
  });

  test.each([
    // A sample that is its own estimate once, and 1 above or below it ever after.
    ["above", (calls: number) => (calls === 0 ? 0 : 1 + calls)],
    ["below", (calls: number) => (calls === 0 ? 0 : -1 - calls)],
  ])("every resample %s the estimate", (side, of) => {
    let calls = 0;
    const interval = bootstrapInterval([1, 2, 3], { statistic: () => of(calls++), resamples: 999 });
    expect(interval).toMatchObject({
      method: "percentile",
      resamples: 999,
      reason: `all-${side}`,
    });
    // The 25th and the 975th of 999.
    const ends = [of(25), of(975)].sort((a, b) => a - b);
    expect([interval?.low, interval?.high]).toEqual(ends);
  });

  test("a statistic that no single value moves", () => {
    const median = (values: readonly number[]) => values[Math.floor(values.length / 2)] as number;
    expect(bootstrapInterval([0, 5, 5, 5, 5, 9], { statistic: median })).toMatchObject({
      estimate: 5,
      method: "percentile",
      reason: "no-influence",
    });
  });

  test("an acceleration that turns the interval over", () => {
    // One outlier among 400 has an acceleration near 1/6; 1 − a·z turns negative where z is beyond 6.
    const values = [...new Array(399).fill(0), 1];
    expect(bootstrapInterval(values, { confidence: 1 - 1e-12, resamples: 99 })).toMatchObject({
      method: "percentile",
      reason: "large-acceleration",
    });
  });

  test("and is never a number that JSON cannot write", () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1, 5e-324, -5e-324, 1e300, -1e300),
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        (values, resamples) => {
          const interval = bootstrapInterval(values, { resamples });
          expect(JSON.parse(JSON.stringify(interval))).toStrictEqual(interval);
          for (const key of ["estimate", "low", "high"] as const) {
            if (interval !== undefined && key in interval) expect(interval[key]).toSatisfy(Number.isFinite);
          }
          if (interval?.low !== undefined) expect(interval.low).toBeLessThanOrEqual(interval.high as number);
        },
      ),
    );
  });
});

test.each([
  [[1, Number.NaN], {}],
  [[1, Number.POSITIVE_INFINITY], {}],
  [[1, 2], { confidence: 1 }],
  [[1, 2], { confidence: 0 }],
  [[1, 2], { resamples: 0 }],
  [[1, 2], { resamples: 1.5 }],
  [[1, 2], { statistic: () => Number.NaN }],
  // Of the sample and without either value it is a number, of a resample of one value it is not.
  [
    [1, 2],
    {
      statistic: (values: readonly number[]) =>
        values.length === 2 && values[0] === values[1] ? Number.NaN : mean(values),
    },
  ],
])("what makes no sense throws: %j %o", (values, options) => {
  expect(() => bootstrapInterval(values, options)).toThrow(RangeError);
});
