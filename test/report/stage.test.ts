import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { framesOf } from "../../src/report/browser/player-frames.js";
import { payloadOf } from "../../src/report/interactive.js";
import { rowsOf } from "../../src/report/payload.js";
import { stageOf } from "../../src/report/stage.js";
import { makeResult } from "../charts/result-fixture.js";
import { withFrames } from "./frames-fixture.js";

async function staged(result: Result) {
  const stage = await stageOf(result);
  if (stage === undefined) throw new Error("no stage");
  const { player, fits } = stage;
  const payload = await payloadOf(
    fits === undefined ? [] : [fits],
    [player],
    fits === undefined ? {} : { movingFits: fits.rows },
  );
  const made = payload?.players["stage"];
  if (payload === undefined || made === undefined) throw new Error("no player");
  return { stage, payload, made, frames: framesOf(made, payload.tables) };
}

describe("what a page opens with", () => {
  test("has every frame of both arms: its counts, what lies beyond the bins, and its fit", async () => {
    const result = withFrames(makeResult({ plainDivergesAt: 50 }));
    const { payload, made, frames } = await staged(result);
    const rows = rowsOf(payload.tables[payload.stage?.fits ?? -1]);
    let compared = 0;
    for (const [label, arm] of Object.entries(result.arms)) {
      for (const { update, layers, fit } of arm.frames) {
        const { histograms, tails } = frames(made.updates.indexOf(update), "preActivation", [label]);
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
    const [plain, bn] = made.quantities[0]?.arms ?? [];
    expect(bn?.captions[0]).toBe("costs 1000 in training mode");
    expect(bn?.captions.at(-1)).toBe("costs 800");
    expect(plain?.captions.at(-1)).toBe("diverged at update 50");
  });

  test("is there without script too, and for nets of several inputs without fits", async () => {
    const { stage } = await staged(withFrames(makeResult()));
    expect(stage.markup.text.match(/<svg/g)).toHaveLength(2);
    const several = await staged(withFrames(makeResult({ inputs: 3 })));
    expect(several.stage.fits).toBeUndefined();
    expect(several.stage.markup.text.match(/<svg/g)).toHaveLength(1);
  });

  test("has the first two of many arms, and is not there without frames", async () => {
    const many = makeResult({ arms: { plain: {}, bn: { normalized: true }, "plain he": {} } });
    const { made } = await staged(withFrames(many));
    expect(made.quantities[0]?.arms.map(({ label }) => label)).toEqual(["plain", "bn"]);
    expect(await stageOf(many)).toBeUndefined();
  });
});
