import { describe, expect, test } from "vitest";
import { trainLabArm } from "../../src/lab/train.js";
import type { Frame } from "../../src/playground/session.js";
import { engine, jobOf, sessionOf } from "./sessions.js";

/** Without what was passed on the way, and how long that took. */
const stateOf = ({ passed: _, perUpdate: __, ...frame }: Frame) => frame;

const SMALL = "--hidden-layers 2 --width 8 --samples 40 --cost-every 4";

describe("a session", () => {
  test.each([
    `${SMALL} --updates 90`,
    `${SMALL} --updates 30 --batch-size 7 --shuffle --test-samples 9 --activation tanh --learning-rate 0.01`,
    `${SMALL} --updates 30 --optimizer adam --standardize-inputs --standardize-targets`,
    `${SMALL} --updates 30 --batch-size 10 --ghost-batch-size 5 --frozen-from 20 --debias`,
    "--activation relu --updates 12",
  ])("has the states of a run, whatever it was shown before: %s", async (line) => {
    for (const arm of Object.keys(jobOf(line).arms)) {
      const { job, session, show } = sessionOf(line, arm);
      const { updates } = job.schedule;
      for (const update of [0, 3, updates, 1, updates - 1, 2, updates]) show(update);
      expect(session.digests().join("")).toBe(await trainLabArm(engine, job, arm, () => {}));
    }
  });

  test("shows the same state again after it was somewhere else", () => {
    const { show } = sessionOf(`${SMALL} --updates 400 --optimizer momentum --learning-rate 0.0001`);
    const seen = [37, 399, 5, 250].map((update) => [update, stateOf(show(update))] as const);
    for (const [update, frame] of seen.toReversed()) {
      expect(frame.update).toBe(update);
      expect(stateOf(show(update))).toEqual(frame);
    }
  });

  test("changes the learning rate on the way, and forgets what another one made", () => {
    const { session, show } = sessionOf(`${SMALL} --updates 60`);
    const [usual, changed] = [
      [{ from: 0, rate: 0.001 }],
      [
        { from: 0, rate: 0.001 },
        { from: 20, rate: 0.01 },
      ],
    ];
    const before = [20, 60].map((update) => stateOf(show(update, usual)));
    const digests = [...session.digests()];
    const after = [20, 60].map((update) => stateOf(show(update, changed)));
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.train).not.toBe(before[1]?.train);
    expect(session.digests().slice(0, 21)).toEqual(digests.slice(0, 21));
    expect(session.digests()[21]).not.toBe(digests[21]);
    expect(stateOf(show(60, usual))).toEqual(before[1]);
    expect(session.digests()).toEqual(digests);
  });

  test("stays where an arm diverges", () => {
    const { show } = sessionOf("--activation relu --updates 12", "plain");
    expect(show(12)).toMatchObject({ update: 1, isDiverged: true });
    expect(show(0)).toMatchObject({ update: 0, isDiverged: false });
    expect(show(5)).toMatchObject({ update: 1, isDiverged: true });
  });

  test("gives the costs on the way", () => {
    const { show } = sessionOf(`${SMALL} --updates 10`);
    expect(show(9).passed.map(({ update }) => update)).toEqual([4, 8]);
    expect(show(10).passed.map(({ update }) => update)).toEqual([10]);
  });
});
