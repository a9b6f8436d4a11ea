import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stopsOf } from "../../src/training/schedule.js";

describe("the stops of a schedule", () => {
  test("of the tutorial are every 5 updates for costs, every 50 for checkpoints", () => {
    const stops = stopsOf({ updates: 250, costEvery: 5, histogramEvery: 50 });
    expect(stops.map(({ update }) => update)).toEqual(Array.from({ length: 51 }, (_, i) => 5 * i));
    expect(stops.every(({ cost }) => cost)).toBe(true);
    expect(stops.filter(({ checkpoint }) => checkpoint).map(({ update }) => update)).toEqual([
      0, 50, 100, 150, 200, 250,
    ]);
  });

  test("record only what is due, and both at the last update", () => {
    expect(stopsOf({ updates: 7, costEvery: 3, histogramEvery: 2 })).toEqual([
      { update: 0, cost: true, checkpoint: true },
      { update: 2, cost: false, checkpoint: true },
      { update: 3, cost: true, checkpoint: false },
      { update: 4, cost: false, checkpoint: true },
      { update: 6, cost: true, checkpoint: true },
      { update: 7, cost: true, checkpoint: true },
    ]);
  });

  test("are the first and the last where the intervals are longer than the training", () => {
    expect(stopsOf({ updates: 3, costEvery: 100, histogramEvery: 100 }).map(({ update }) => update)).toEqual([0, 3]);
  });

  test("ascend without repeats, from 0 to the last update, with exactly the multiples of each interval", () => {
    const length = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(length, length, length, (updates, costEvery, histogramEvery) => {
        const stops = stopsOf({ updates, costEvery, histogramEvery });
        const every = Array.from({ length: updates + 1 }, (_, update) => update);
        const due = (interval: number) => every.filter((u) => u % interval === 0 || u === updates);
        expect(stops.filter(({ cost }) => cost).map(({ update }) => update)).toEqual(due(costEvery));
        expect(stops.filter(({ checkpoint }) => checkpoint).map(({ update }) => update)).toEqual(due(histogramEvery));
        const updatesInOrder = stops.map(({ update }) => update);
        expect(updatesInOrder).toEqual([...new Set(updatesInOrder)].sort((a, b) => a - b));
        expect(stops.every(({ cost, checkpoint }) => cost || checkpoint)).toBe(true);
      }),
    );
  });
});
