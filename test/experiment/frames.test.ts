import { describe, expect, test } from "vitest";
import { framePlaces } from "../../src/metrics/frame.js";
import { framesOf } from "../../src/training/schedule.js";
import { recordedResult } from "./recorded-run.js";

const pairSums = (counts: readonly number[]) =>
  counts.flatMap((count, bin) => (bin % 2 === 0 ? [count + (counts[bin + 1] ?? 0)] : []));

describe("frames of a run", async () => {
  const { arms, data } = await recordedResult({ activation: "tanh", updates: 20, costEvery: 10, histogramEvery: 20 });

  test.each(Object.entries(arms))("of %s are at the schedule's updates, whatever the other intervals", (_, arm) => {
    expect(arm.frames.map(({ update }) => update)).toEqual(framesOf(20));
  });

  test.each(Object.entries(arms))("of %s agree with its checkpoints, costs and fit at the same updates", (_, arm) => {
    for (const update of [0, 20]) {
      const frame = arm.frames.find((each) => each.update === update);
      const checkpoint = arm.checkpoints.find((each) => each.update === update);
      expect(frame?.layers.map(({ counts }) => counts)).toEqual(
        checkpoint?.layers.map(({ preActivation }) => pairSums(preActivation.counts)),
      );
      expect(frame?.layers.map(({ flatShare }) => flatShare)).toEqual(
        checkpoint?.layers.map(({ health }) => health.saturatedShare),
      );
      const { train, inference } = arm.costs.find((each) => each.update === update) ?? {};
      expect(frame?.costs).toEqual({ train, ...(inference === null ? {} : { inference }) });
    }
    const fit = arm.status === "trained" ? arm.fit : [];
    expect(arm.frames.at(-1)?.fit).toEqual(framePlaces(data.grid?.length ?? 0).map((place) => fit[place]));
  });

  test("have no fit of BN before its first update, where it has no averages", () => {
    expect(arms["bn"]?.frames.map(({ fit }) => fit === undefined)).toEqual(framesOf(20).map((update) => update === 0));
    expect(arms["plain"]?.frames.every(({ fit }) => fit !== undefined)).toBe(true);
  });
});

test("an arm that diverges has a frame of the state that did, and what its layers hold there is counted", async () => {
  const { arms } = await recordedResult({
    activation: "relu",
    width: 30,
    hiddenLayers: 7,
    updates: 10,
    costEvery: 10,
    histogramEvery: 10,
  });
  const plain = arms["plain"];
  expect(plain?.status).toBe("diverged");
  const last = plain?.frames.at(-1);
  expect(last?.update).toBe(plain?.status === "diverged" ? plain.divergence.update : undefined);
  expect([last?.costs, last?.fit]).toEqual([undefined, undefined]);
  const output = last?.layers.at(-1);
  expect([output?.nonFinite, output?.underflow, output?.overflow]).not.toEqual([0, 0, 0]);
  // At the start, half of ReLU's values are below zero.
  expect(plain?.frames[0]?.layers[3]?.flatShare).toBeCloseTo(0.5, 0);
});

describe("single units of a run", () => {
  test("are recorded after training, with gamma and beta where they are trained", async () => {
    const { arms } = await recordedResult({ activation: "tanh", updates: 20, histogramEvery: 10 });
    expect(Object.values(arms).map(({ units }) => units?.update)).toEqual([20, 20]);
    expect(arms["bn"]?.units?.layers[0]?.gamma?.length).toBe(arms["bn"]?.units?.layers[0]?.low.length);
    expect(arms["plain"]?.units?.layers[0]).not.toHaveProperty("gamma");
  });
});
