import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { framesOf } from "../../src/report/browser/stage-frames.js";
import { payloadOf } from "../../src/report/interactive.js";
import { rowsOf } from "../../src/report/payload.js";
import { stageOf, stageOfRun } from "../../src/report/stage.js";
import { makeResult } from "../charts/result-fixture.js";
import { withFrames } from "./frames-fixture.js";

async function staged(result: Result, make = stageOf) {
  const stage = await make(result);
  if (stage === undefined) throw new Error("no stage");
  const payload = await payloadOf(stage.chart === undefined ? [] : [stage.chart], [stage]);
  const made = payload?.stages[stage.id];
  if (payload === undefined || made === undefined) throw new Error("no stage in the payload");
  const frames = framesOf(made, payload.tables);
  /** What is drawn of an arm at a place. */
  const at = (place: number, label: string) =>
    frames(
      place,
      made.arms.filter((arm) => arm.label === label),
    );
  return { stage, payload, made, at };
}

describe("what a page opens with", () => {
  test("has every frame of both arms: its counts, what lies beyond the bins, and its fit", async () => {
    const result = withFrames(makeResult({ plainDivergesAt: 50 }));
    const { payload, made, at } = await staged(result);
    const rows = rowsOf(payload.tables[made.fits ?? -1]);
    let compared = 0;
    for (const [label, arm] of Object.entries(result.arms)) {
      for (const { update, layers, fit } of arm.frames) {
        const { histograms, tails } = at(made.updates.indexOf(update), label);
        for (const [place, { counts, underflow, overflow, nonFinite }] of layers.entries()) {
          const name = place === layers.length - 1 ? "output" : `layer ${place + 1}`;
          const of = (all: typeof histograms) => all.filter((row) => row["layer_name"] === name);
          expect(of(histograms).map(({ count }) => count)).toEqual([underflow, ...counts, overflow, nonFinite]);
          expect(of(tails).map(({ count }) => count)).toEqual([underflow, overflow, nonFinite]);
          compared += counts.length;
        }
        const drawn = rows.filter((row) => row["arm"] === label && row["updates"] === update);
        expect(drawn.map(({ predicted }) => predicted)).toEqual(
          (fit ?? []).map((value) => (Number.isInteger(value) ? value : Number(Number(value).toPrecision(6)))),
        );
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  test("says what each net costs, in one mode, or that it diverged", async () => {
    const { made } = await staged(withFrames(makeResult({ plainDivergesAt: 50 })));
    const [plain, bn] = made.arms;
    expect(bn?.captions[0]).toBe("costs 1000 in training mode");
    expect(bn?.captions.at(-1)).toBe("costs 800");
    expect(plain?.captions.at(-1)).toBe("diverged at update 50");
  });

  test("is there without script too, and for nets of several inputs with the costs in place of the fits", async () => {
    const { stage } = await staged(withFrames(makeResult()));
    expect(stage.markup.text.match(/<svg/g)).toHaveLength(2);
    const several = await staged(withFrames(makeResult({ inputs: 3 })));
    expect(several.made.fits).toBeUndefined();
    expect(several.stage.markup.text.match(/<svg/g)).toHaveLength(2);
    expect(several.stage.chart?.id).toBe("stage-costs");
    const arms = Object.fromEntries(["plain", "b", "c"].map((name) => [name, {}]));
    const { stage: many } = await staged(withFrames(makeResult({ inputs: 3, arms })));
    expect(many.chart).toBeUndefined();
  });

  test("has every arm of many, and is not there without frames", async () => {
    const many = makeResult({ arms: { plain: {}, bn: { normalized: true }, "plain he": {} } });
    const { made, stage } = await staged(withFrames(many));
    expect(made.arms.map(({ label }) => label)).toEqual(["plain", "bn", "plain he"]);
    expect(stage.markup.text).not.toContain("plain he");
    expect(await stageOf(many)).toBeUndefined();
  });

  test("has bars on their way between two updates, and at none", async () => {
    const { at } = await staged(withFrames(makeResult()));
    const counts = (place: number) => at(place, "bn").histograms.map(({ count }) => Number(count));
    const [before, between, after] = [counts(0), counts(0.5), counts(1)];
    expect(before).not.toEqual(after);
    expect(between).toEqual(before.map((count, bin) => (count + (after[bin] ?? 0)) / 2));
  });

  test("jumps where an arm has no record on one side", async () => {
    const { made, at } = await staged(withFrames(makeResult({ plainDivergesAt: 1 })));
    const frame = at(made.updates.length - 1.5, "plain");
    expect(frame.histograms).toEqual([]);
    expect(frame.tails[0]).toMatchObject({ side: "absent", note: "diverged at update 1" });
    for (const { count, total } of at(made.updates.length - 1.5, "bn").histograms)
      expect(Number.isFinite(count) && Number.isFinite(total)).toBe(true);
  });

  test("thins many frames of many runs, with the divergence kept", async () => {
    const long = makeResult({ hiddenLayers: 5, updates: 200, histogramEvery: 1, plainDivergesAt: 113 });
    const { made, at } = await staged(withFrames(long), (result) => stageOfRun(0, 2, result));
    expect(made.updates.length).toBeLessThan(201);
    expect(made.updates).toEqual(expect.arrayContaining([0, 113, 200]));
    for (const { captions } of made.arms) expect(captions).toHaveLength(made.updates.length);
    for (const [place, update] of made.updates.entries())
      expect(at(place, "bn").histograms[0]?.["updates"]).toBe(update);
  });
});
