import { expect, test } from "vitest";
import { byteDigest } from "../../src/data/digest.js";
import type { CellRecord } from "../../src/record/sweep.js";
import { sweepOf } from "../../src/sweep/collect.js";
import type { Outline } from "../../src/sweep/outline.js";

const RATES = [0.001, 0.01, 0.1, 1];
const SEEDS = [1, 2, 3, 4];

/** What plain and bn cost at each rate; predicting the mean costs 100. */
const COSTS: Readonly<Record<string, readonly (number | "diverged")[]>> = {
  plain: [40, 20, "diverged", "diverged"],
  bn: [99, 10, 5, 45],
};

const outline: Outline = {
  name: "rates",
  axes: { learningRate: RATES },
  settings: {},
  arms: ["plain", "bn"],
  against: { bn: "plain" },
  seeds: SEEDS,
  points: RATES.map((learningRate, place) => ({
    values: { learningRate },
    cells: SEEDS.flatMap((seed) =>
      ["plain", "bn"].map((arm) => ({ name: byteDigest(`${place} ${arm} ${seed}`), arm, seed })),
    ),
  })),
};

const cells = new Map(
  outline.points.flatMap(({ cells: here }, place) =>
    here.map(({ name, arm, seed }): [string, CellRecord] => {
      const cost = COSTS[arm]?.[place] ?? 0;
      const common = { cellVersion: 1 as const, identity: {}, referenceCosts: { predictMean: 100 } };
      if (cost === "diverged") {
        const divergence = { update: 1, layer: 0, tensor: "cost", pass: "forward" as const };
        return [name, { ...common, arm: { status: "diverged", costs: [], divergence } }];
      }
      // A harder seed is harder for both arms and at every rate.
      const own = cost * (1 + seed / 1000);
      return [name, { ...common, arm: { status: "trained", costs: [], final: { train: own, inference: own } } }];
    }),
  ),
);

const sweep = sweepOf(outline, ({ name }) => cells.get(name));

test("each point counts how its arms ended, with the median cost and the effect", () => {
  expect(sweep.points.map(({ arms }) => arms["plain"]?.ends.diverged)).toEqual([0, 0, 4, 4]);
  expect(sweep.points.map(({ arms }) => arms["bn"]?.ends)).toMatchObject([
    { "did-not-learn": 4 },
    { learned: 4 },
    { learned: 4 },
    { learned: 4 },
  ]);
  expect(sweep.points.map(({ arms }) => arms["plain"]?.median)).toEqual([
    expect.closeTo(40.08, 10),
    expect.closeTo(20.04, 10),
    "Infinity",
    "Infinity",
  ]);
  expect(sweep.points.map(({ effects }) => effects["bn"]?.factor)).toEqual([
    expect.closeTo(40 / 99, 10),
    expect.closeTo(2, 10),
    undefined,
    undefined,
  ]);
});

test("each arm at its best is chosen on one half of the seeds and measured on the other", () => {
  expect(sweep.best).toMatchObject({
    arms: {
      plain: { value: { learningRate: 0.01 }, chosenOn: [1, 3] },
      bn: { value: { learningRate: 0.1 }, chosenOn: [1, 3] },
    },
    effects: { bn: { factor: expect.closeTo(4, 10), pairs: 2 } },
    measuredOn: [2, 4],
  });
});

test("an arm learns over the widest stretch in which at least half of the seeds do", () => {
  expect(sweep.learnedOver).toEqual({
    plain: { from: 0.001, to: 0.01, decades: 1 },
    bn: { from: 0.01, to: 1, decades: 2 },
  });
});

test("with a cell missing, the point has no median and no arm a best", () => {
  const [first] = outline.points[0]?.cells ?? [];
  const partial = sweepOf(outline, ({ name }) => (name === first?.name ? undefined : cells.get(name)));
  expect(partial.points[0]?.arms["plain"]).toMatchObject({ ends: { missing: 1 } });
  expect(partial.points[0]?.arms["plain"]?.median).toBeUndefined();
  expect(partial.best).toBeUndefined();
});
