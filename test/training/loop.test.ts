import { describe, expect, test, vi } from "vitest";
import type { EngineArm } from "../../src/engines/engine.js";
import { type Recorder, trainArm } from "../../src/training/loop.js";
import { scriptedArm } from "./scripted-arm.js";

const SCHEDULE = { updates: 6, costEvery: 2, histogramEvery: 3, fullBatch: true };

const train = (arm: EngineArm, change: Partial<typeof SCHEDULE> = {}, recorder: Partial<Recorder<number>> = {}) =>
  trainArm(arm, { ...SCHEDULE, ...change }, { checkpoint: ({ update }) => update, ...recorder });

describe("an arm that trains to the end", () => {
  test("has costs and checkpoints at the updates where they are due", async () => {
    const { costs, checkpoints, ...rest } = await train(scriptedArm());
    expect(costs).toEqual([
      { update: 0, train: 100, inference: null },
      { update: 2, train: 98, inference: 198 },
      { update: 4, train: 96, inference: 196 },
      { update: 6, train: 94, inference: 194 },
    ]);
    expect(checkpoints).toEqual([0, 3, 6]);
    expect(rest).toEqual({ frames: [] });
  });

  test.each([true, false])(
    "is observed on the same points at every checkpoint, with full batches: %j",
    async (fullBatch) => {
      const arm = scriptedArm();
      await train(arm, { fullBatch });
      expect(arm.asked.filter((question) => question.startsWith("observe"))).toEqual([
        "observe sample @0",
        "observe sample @3",
        "observe sample @6",
      ]);
    },
  );

  test("is asked for nothing that is not due", async () => {
    const arm = scriptedArm();
    await train(arm, { updates: 4, costEvery: 2, histogramEvery: 4 });
    expect(arm.asked).toEqual(["costs @0", "observe sample @0", "costs @2", "costs @4", "observe sample @4"]);
  });

  test("has frames at their own updates, with the costs there, and looks at an update once", async () => {
    const arm = scriptedArm();
    const frames: unknown[] = [];
    const { costs, checkpoints } = await train(
      arm,
      { updates: 4, costEvery: 4, histogramEvery: 4 },
      { frame: (observation, { update }, cost) => frames.push([observation.update, update, cost?.train]) as never },
    );
    expect(frames).toEqual([
      [0, 0, 100],
      [1, 1, 99],
      [2, 2, 98],
      [3, 3, 97],
      [4, 4, 96],
    ]);
    expect([costs.map(({ update }) => update), checkpoints]).toEqual([
      [0, 4],
      [0, 4],
    ]);
    expect(arm.asked.filter((question) => question === "observe sample @4")).toHaveLength(1);
  });

  test("tells its progress at every stop, with the last cost known", async () => {
    const progress = vi.fn();
    await train(scriptedArm(), {}, { progress });
    expect(progress.mock.calls).toEqual([
      [0, 100],
      [2, 98],
      [3, 98],
      [4, 96],
      [6, 94],
    ]);
  });

  test("hands the arm at that update to whoever keeps checkpoints", async () => {
    const states: number[] = [];
    await train(scriptedArm(), {}, { checkpoint: (_, arm) => states.push(arm.update) });
    expect(states).toEqual([0, 3, 6]);
  });

  test("hands over the state after every single update where that is asked for, and records the same", async () => {
    const states: number[] = [];
    const asked = await train(scriptedArm(), {}, { state: ({ update }) => states.push(update) });
    expect(states).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(asked).toEqual(await train(scriptedArm()));
  });

  test("shows the arm before and after every single update, in turn with its states, and records the same", async () => {
    const seen: string[] = [];
    const asked = await train(
      scriptedArm(),
      { updates: 2 },
      {
        before: (arm) => seen.push(`before ${arm.update}`),
        after: (arm) => seen.push(`after ${arm.update}`),
        state: ({ update }) => seen.push(`state ${update}`),
      },
    );
    expect(seen).toEqual(["state 0", "before 0", "after 1", "state 1", "before 1", "after 2", "state 2"]);
    expect(asked).toEqual(await train(scriptedArm(), { updates: 2 }));
  });

  test("of which no checkpoints are wanted is never observed, and its costs are the same", async () => {
    const arm = scriptedArm();
    const { costs, checkpoints } = await trainArm(arm, SCHEDULE, {});
    expect(checkpoints).toEqual([]);
    expect(costs).toEqual((await train(scriptedArm())).costs);
    expect(arm.asked).toEqual(["costs @0", "costs @2", "costs @4", "costs @6"]);
  });

  test("lets the other arm have its turn between two stops", async () => {
    const turns: string[] = [];
    const told = (arm: string) => ({ progress: (update: number) => void turns.push(`${arm}${update}`) });
    await Promise.all(["a", "b"].map((arm) => train(scriptedArm(), { updates: 2, costEvery: 1 }, told(arm))));
    expect(turns).toEqual(["a0", "b0", "a1", "b1", "a2", "b2"]);
  });
});

describe("an arm that diverges", () => {
  test("while advancing keeps a checkpoint of the update it stopped at, between two stops", async () => {
    const { costs, checkpoints, divergence } = await train(
      scriptedArm({ stopsAt: 5, observedCost: (update) => (update === 5 ? Number.NaN : 1) }),
    );
    expect(costs.map(({ update }) => update)).toEqual([0, 2, 4]);
    expect(checkpoints).toEqual([0, 3, 5]);
    expect(divergence).toEqual({ update: 5, layer: 0, tensor: "preActivation", pass: "forward" });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e39])(
    "at a cost of %d stops there, its costs ending with the last finite entry",
    async (cost) => {
      const { costs, checkpoints, divergence } = await train(
        scriptedArm({ costs: (update) => ({ train: update < 4 ? 1 : cost, inference: 1 }) }),
      );
      expect(costs.map(({ update }) => update)).toEqual([0, 2]);
      expect(checkpoints).toEqual([0, 3, 4]);
      expect(divergence).toEqual({ update: 4, layer: 0, tensor: "cost", pass: "forward" });
    },
  );

  test("at a checkpoint has that one checkpoint of it, and is located on the batch that comes next", async () => {
    const observedCost = (update: number) => (update === 3 ? Number.POSITIVE_INFINITY : 1);
    const arm = scriptedArm({ stopsAt: 3, observedCost });
    const { costs, checkpoints, divergence } = await train(arm);
    expect(costs.map(({ update }) => update)).toEqual([0, 2]);
    expect(checkpoints).toEqual([0, 3]);
    expect(divergence).toEqual({ update: 3, layer: 0, tensor: "preActivation", pass: "forward" });
    expect(arm.asked.slice(-2)).toEqual(["observe sample @3", "observe next-batch @3"]);
  });

  test("has a frame of the diverged state, and frames' costs decide nothing", async () => {
    const frame = (_: unknown, { update }: EngineArm) => update as never;
    const stopped = await train(scriptedArm({ stopsAt: 4 }), {}, { frame });
    expect(stopped.frames).toEqual([0, 1, 2, 3, 4]);
    const costs = (update: number) => ({ train: update === 1 ? Number.NaN : 1, inference: 1 });
    const { divergence, frames } = await train(scriptedArm({ costs }), {}, { frame });
    expect([divergence, frames]).toEqual([undefined, [0, 1, 2, 3, 5, 6]]);
  });

  test("is located on the evaluation points after the last mini-batch, whose cost said so", async () => {
    const arm = scriptedArm({ costs: (update) => ({ train: update < 6 ? 1 : Number.NaN, inference: 1 }) });
    await train(arm, { fullBatch: false });
    expect(arm.asked.slice(-2)).toEqual(["observe sample @6", "observe evaluation @6"]);
  });

  test("does so by its batches and costs alone: what is recorded changes no training", async () => {
    const observedCost = () => Number.POSITIVE_INFINITY;
    const { costs, divergence } = await train(scriptedArm({ observedCost }));
    expect(divergence).toBeUndefined();
    expect(costs).toEqual((await trainArm(scriptedArm(), SCHEDULE, {})).costs);
  });

  test("at the very last update has diverged too", async () => {
    const { costs, checkpoints, divergence } = await train(
      scriptedArm({ costs: (update) => ({ train: update < 6 ? 1 : Number.NaN, inference: 1 }) }),
    );
    expect(costs.map(({ update }) => update)).toEqual([0, 2, 4]);
    expect(checkpoints).toEqual([0, 3, 6]);
    expect(divergence?.update).toBe(6);
  });

  test("before the first update has no costs and one checkpoint", async () => {
    const { costs, checkpoints, divergence } = await train(
      scriptedArm({ costs: () => ({ train: Number.NaN, inference: null }) }),
    );
    expect(costs).toEqual([]);
    expect(checkpoints).toEqual([0]);
    expect(divergence?.update).toBe(0);
  });

  test("stops at the same update when every state is asked for", async () => {
    const states: number[] = [];
    const arm = scriptedArm({ stopsAt: 5, observedCost: (update) => (update === 5 ? Number.NaN : 1) });
    const { checkpoints, divergence } = await train(arm, {}, { state: ({ update }) => states.push(update) });
    expect(states).toEqual([0, 1, 2, 3, 4, 5]);
    expect(checkpoints).toEqual([0, 3, 5]);
    expect(divergence?.update).toBe(5);
  });

  test("is located where no checkpoints are wanted, by the one observation that it takes", async () => {
    const arm = scriptedArm({ stopsAt: 5, observedCost: (update) => (update === 5 ? Number.NaN : 1) });
    const { costs, checkpoints, divergence } = await trainArm(arm, SCHEDULE, {});
    expect(costs.map(({ update }) => update)).toEqual([0, 2, 4]);
    expect(checkpoints).toEqual([]);
    expect(divergence).toEqual({ update: 5, layer: 0, tensor: "preActivation", pass: "forward" });
    expect(arm.asked.filter((question) => question.startsWith("observe"))).toEqual(["observe next-batch @5"]);
  });

  test("is not shown again after the state at which it stopped", async () => {
    const seen: number[] = [];
    const { divergence } = await train(scriptedArm({ stopsAt: 4 }), {}, { before: ({ update }) => seen.push(update) });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(divergence?.update).toBe(4);
  });

  test("does not count an inference cost that overflows as its own divergence", async () => {
    const { costs, divergence } = await train(
      scriptedArm({ costs: () => ({ train: 1, inference: Number.POSITIVE_INFINITY }) }),
    );
    expect(costs.map(({ inference }) => inference)).toEqual(new Array(4).fill(Number.POSITIVE_INFINITY));
    expect(divergence).toBeUndefined();
  });
});

describe("an interruption", () => {
  test("stops the training at the next stop", async () => {
    const controller = new AbortController();
    const progress = vi.fn((update: number) => {
      if (update === 2) controller.abort();
    });
    await expect(train(scriptedArm(), {}, { progress, signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(progress.mock.calls.map(([update]) => update)).toEqual([0, 2]);
  });

  test("before the start leaves the arm untouched", async () => {
    const arm = scriptedArm();
    await expect(train(arm, {}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(arm.asked).toEqual([]);
  });
});
