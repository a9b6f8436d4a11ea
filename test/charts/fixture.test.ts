import { describe, expect, test } from "vitest";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { resultSchema } from "../../src/record/result.js";
import { cases } from "./cases.js";

/**
 * Where a made-up result contradicts itself as no run does: its numbers of values, points, units and seeds are small, and
 * its configuration is short. A picture shows none of that; every other rule of a result holds.
 */
const MADE_UP = [
  /^are not hiddenLayers times width$/,
  /^neither it nor data is there$/,
  /^does not have \d+ points$/,
  /^are not the result's arms$/,
  /^is not the layer's \d+$/,
  /^does not count \d+ values$/,
  /^does not have one value for each of \d+ units$/,
  /^counts more units than there are$/,
  /^does not end config\.roundingProbe times$/,
  /^is not the last of costs$/,
];

describe("the results that pictures are tried on", () => {
  test.each(Object.entries(cases))("are what a run may write: %s", (_, result) => {
    expect(resultSchema.safeParse(result).error?.issues).toBeUndefined();
    expect(faultsOf(result).filter(({ message }) => !MADE_UP.some((rule) => rule.test(message)))).toEqual([]);
    expect(resultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  test.each(Object.entries(cases))("say the same of the first seed twice: %s", (_, { arms, seeds }) => {
    for (const [name, arm] of Object.entries(arms)) {
      const { checkpoints: _, ...short } = arm;
      expect(short).toMatchObject(seeds[0]?.arms[name] ?? {});
    }
  });

  test("cover several seeds, arms and repeats", () => {
    const shapes = Object.values(cases).map(({ seeds, arms, roundingProbe }) => [
      seeds.length,
      Object.keys(arms).length,
      roundingProbe?.repeats ?? 0,
    ]);
    expect(shapes).toEqual(
      expect.arrayContaining([
        [10, 2, 0],
        [5, 14, 0],
        [1, 2, 8],
        [4, 2, 8],
        [1, 1, 0],
      ]),
    );
  });
});
