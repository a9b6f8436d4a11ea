import { expect, test } from "vitest";
import {
  endsBelow,
  exponentsOf,
  largestExponent,
  type RateTrials,
  rateMap,
  rateRatio,
} from "../../src/published/learning-rates.js";
import type { Trial } from "../../src/published/networks.js";

const GRID = { from: -3, to: 0, perDecade: 1 };
const below: Trial = { start: 10, end: 1 };
const above: Trial = { start: 10, end: 11 };
const same: Trial = { start: 10, end: 10 };
const gone: Trial = { start: 10, end: "diverged" };

test("a grid has both its ends", () => {
  expect(exponentsOf(GRID)).toEqual([-3, -2, -1, 0]);
  expect(exponentsOf({ from: -10, to: 0, perDecade: 2 })).toHaveLength(21);
  expect(exponentsOf({ from: -1, to: 0, perDecade: 3 }).at(-1)).toBe(0);
});

test("to end where it started is not below", () => {
  expect([below, above, same, gone].map(endsBelow)).toEqual([true, false, false, false]);
});

test("the largest rate is the largest at which every seed ends below its start", () => {
  const seeds = [
    [below, below, below, gone],
    [below, below, above, gone],
  ];
  expect(largestExponent(seeds, GRID)).toBe(-2);
  expect(largestExponent([[above, gone, gone, gone]], GRID)).toBeUndefined();
});

test("the ratio is of both arms' largest rates, its range that of single seeds", () => {
  const seeds: RateTrials[] = [
    { control: [below, gone, gone, gone], treated: [below, below, below, gone] },
    { control: [below, below, gone, gone], treated: [below, below, below, below] },
  ];
  expect(rateRatio(seeds, GRID)).toEqual({ value: 2, low: 2, high: 2, method: "range" });
  const third: RateTrials = { control: [below, below, below, gone], treated: [below, below, below, gone] };
  const fourth: RateTrials = { control: [below, gone, gone, gone], treated: [below, below, below, below] };
  expect(rateRatio([...seeds, third, fourth], GRID)).toEqual({ value: 2, low: 0, high: 3, method: "range" });
});

test("without a rate that all seeds can take there is no ratio, and a reason", () => {
  const none: RateTrials = { control: [gone, gone, gone, gone], treated: [below, below, below, below] };
  expect(rateRatio([none], GRID)).toMatchObject({ method: "none", reason: expect.stringContaining("no rate") });
});

test("the map counts seeds, and has the lowest median cost of all rates", () => {
  const seeds: RateTrials[] = [
    { control: [below, gone, gone, gone], treated: [{ start: 10, end: 4 }, above, same, above] },
    { control: [below, above, gone, gone], treated: [{ start: 10, end: 6 }, below, below, gone] },
    { control: [above, gone, gone, gone], treated: [{ start: 10, end: 2 }, gone, above, gone] },
  ];
  const { rows, seeds: count } = rateMap([{ configuration: "relu", seeds }], GRID);
  expect(count).toBe(3);
  expect(rows).toEqual([
    {
      configuration: "relu",
      arm: "plain",
      cells: [
        { below: 2, diverged: 0 },
        { below: 0, diverged: 2 },
        { below: 0, diverged: 3 },
        { below: 0, diverged: 3 },
      ],
      lowestCost: 1,
    },
    {
      configuration: "relu",
      arm: "bn",
      cells: [
        { below: 3, diverged: 0 },
        { below: 1, diverged: 1 },
        { below: 1, diverged: 0 },
        { below: 0, diverged: 2 },
      ],
      largest: -3,
      lowestCost: 4,
    },
  ]);
});
