import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { framesOf, stopsOf } from "../../src/training/schedule.js";

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
      { update: 0, cost: true, checkpoint: true, frame: false },
      { update: 2, cost: false, checkpoint: true, frame: false },
      { update: 3, cost: true, checkpoint: false, frame: false },
      { update: 4, cost: false, checkpoint: true, frame: false },
      { update: 6, cost: true, checkpoint: true, frame: false },
      { update: 7, cost: true, checkpoint: true, frame: false },
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

  test("include frames where they are wanted, without costs or checkpoints that are not due", () => {
    const frames = [0, 1, 4];
    expect(stopsOf({ updates: 4, costEvery: 2, histogramEvery: 4 }, frames)).toEqual([
      { update: 0, cost: true, checkpoint: true, frame: true },
      { update: 1, cost: false, checkpoint: false, frame: true },
      { update: 2, cost: true, checkpoint: false, frame: false },
      { update: 4, cost: true, checkpoint: true, frame: true },
    ]);
  });
});

describe("frames", () => {
  test("are dense where training begins, and end with it", () => {
    expect(framesOf(250)).toEqual([0, 1, 2, 3, 5, 8, 12, 18, 27, 41, 62, 93, 140, 210, 250]);
    expect(framesOf(1)).toEqual([0, 1]);
    expect(framesOf(5)).toEqual([0, 1, 2, 3, 5]);
  });

  test("ascend, and are few however long the training is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (updates) => {
        const frames = framesOf(updates);
        expect(frames).toEqual([...new Set(frames)].sort((a, b) => a - b));
        expect(frames.length).toBeLessThan(60);
      }),
    );
  });
});
