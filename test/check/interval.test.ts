import { describe, expect, test } from "vitest";
import { meanInterval, plannedLooks, valuesNeeded } from "../../src/check/interval.js";

describe("the interval of a mean", () => {
  test("is Student's: values from the tables", () => {
    // t for 95 % with 4 degrees of freedom is 2.776, for 99 % with 9 it is 3.250.
    const five = meanInterval([1, 2, 3, 4, 5], 0.95);
    expect(five).toMatchObject({ mean: 3, values: 5, rounding: 0 });
    expect(five?.spread).toBeCloseTo(2.776445 * Math.sqrt(2.5 / 5), 5);
    const ten = meanInterval([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 0.99);
    expect(ten?.spread).toBeCloseTo(3.249836 * Math.sqrt(2.5 / 9 / 10), 5);
  });

  test("is widened by rounding at both ends", () => {
    const interval = meanInterval([1, 2, 3], 0.95, 0.5);
    const plain = meanInterval([1, 2, 3], 0.95);
    expect((plain?.low ?? 0) - (interval?.low ?? 0)).toBeCloseTo(0.5, 12);
    expect((interval?.high ?? 0) - (plain?.high ?? 0)).toBeCloseTo(0.5, 12);
  });

  test("of equal values has no width, and of one value does not exist", () => {
    expect(meanInterval([2, 2, 2], 0.95)).toMatchObject({ low: 2, high: 2 });
    expect(meanInterval([2], 0.95)).toBeUndefined();
    expect(meanInterval([], 0.95)).toBeUndefined();
  });

  test("says how many values would put it clear of a limit", () => {
    const interval = meanInterval([0, 2, 0, 2], 0.95);
    if (interval === undefined) throw new Error("no interval");
    const needed = valuesNeeded(interval, 1.5) as number;
    expect(needed).toBeGreaterThan(4);
    // As many values of the same spread are just enough, one fewer is not.
    const half = (n: number) => {
      const values = Array.from(
        { length: n },
        (_, i) => 1 + (i % 2 === 0 ? 1 : -1) * Math.sqrt((4 / 3) * ((n - 1) / n)),
      );
      return meanInterval(values, 0.95)?.spread ?? Number.NaN;
    };
    expect(half(needed % 2 === 0 ? needed : needed + 1)).toBeLessThan(0.5);
    expect(valuesNeeded(interval, 1)).toBeUndefined();
  });
});

describe("the looks at the seeds", () => {
  test("are planned beforehand, each twice the last, and share the confidence", () => {
    expect(plannedLooks(10, 10)).toEqual({ looks: [10], confidence: 0.95 });
    const { looks, confidence } = plannedLooks(10, 45);
    expect(looks).toEqual([10, 20, 40, 45]);
    expect(confidence).toBeCloseTo(1 - 0.05 / 4, 12);
  });
});
