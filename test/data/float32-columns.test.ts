import { describe, expect, test } from "vitest";
import { roundingOf } from "../../src/data/float32-columns.js";

const of = (...values: number[]) => roundingOf("a", "input", Float64Array.from(values));
const dates = Array.from({ length: 31 }, (_, day) => 20240101 + day);

describe("what float32 makes of a column", () => {
  test("of values that it keeps apart is nothing", () => {
    expect(of(3, 1.5, 3, -2)).toEqual({
      name: "a",
      role: "input",
      distinct: 3,
      kept: 3,
      shifted: 3,
      min: -2,
      range: 5,
      largest: 3,
      step: 2 ** -22,
    });
  });

  test("of the days of a month as numbers is 17 values, and 31 again without the first", () => {
    expect(of(...dates)).toMatchObject({ distinct: 31, kept: 17, shifted: 31, min: 20240101, step: 2 });
  });

  test("of seconds since 1970 is 3 values of 200, and 200 again without the first", () => {
    const seconds = Array.from({ length: 200 }, (_, i) => 1_700_000_000 + i);
    expect(of(...seconds)).toMatchObject({ distinct: 200, kept: 3, shifted: 200, step: 128 });
  });

  test("names two neighbors that become equal", () => {
    const { equal } = of(1, 2 ** 24, 2 ** 24 + 1);
    expect(equal).toEqual([2 ** 24, 2 ** 24 + 1]);
  });

  test.each<[string, number[], string | undefined]>([
    ["the largest number twice", [3e38, 3e38], "sum"],
    ["two far apart", [-1e20, 1e20], "variance"],
    ["the same far from zero", [1e20, 1e20], undefined],
    ["just within", [-9e18, 9e18], undefined],
  ])("of %s: the statistic that overflows", (_, values, overflow) => {
    expect(of(...values).overflow).toBe(overflow);
  });
});
