import { describe, expect, test } from "vitest";
import { trainLabArm } from "../../src/lab/train.js";
import { createSession, type Frame } from "../../src/playground/session.js";
import { changed, jobFor, START } from "../../src/playground/state.js";
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

  test("ends where a cost on all points does, though the next batch is harmless", async () => {
    const own = changed(START, { data: "a.csv", batchSize: 2, updates: 8 }, "1,1\n2,2\n3,3\n1e25,4");
    if ("problems" in own) throw new Error(own.problems.join());
    const job = jobFor(own.state);
    const session = createSession(engine, job, "plain");
    expect(session.show(8, [{ from: 0, rate: 0.001 }])).toMatchObject({ update: 0, isDiverged: true });
    expect(session.digests().join("")).toBe(await trainLabArm(engine, job, "plain", () => {}));
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
        { from: 21, rate: 0.01 },
      ],
    ];
    const before = [21, 60].map((update) => stateOf(show(update, usual)));
    const digests = [...session.digests()];
    const after = [21, 60].map((update) => stateOf(show(update, changed)));
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.train).not.toBe(before[1]?.train);
    expect(session.digests().slice(0, 22)).toEqual(digests.slice(0, 22));
    expect(session.digests()[22]).not.toBe(digests[22]);
    expect(stateOf(show(60, usual))).toEqual(before[1]);
    expect(session.digests()).toEqual(digests);
  });

  test("shows layers in inference mode: those of training where it uses the averages, too", () => {
    const { show } = sessionOf(`${SMALL} --updates 30 --learning-rate 0.0001 --debias --frozen-from 20`);
    expect(show(0).layersInInference).toBeUndefined();
    const [before, frozen] = [show(19), show(25)];
    expect(before.layersInInference).toHaveLength(3);
    expect(before.layersInInference).not.toEqual(before.layers);
    expect(frozen.layersInInference).toEqual(frozen.layers);
    expect(sessionOf(SMALL, "plain").show(3).layersInInference).toBeUndefined();
    const renorm = (more: string) => sessionOf(`${SMALL} --normalizer renorm --updates 30${more}`, "renorm").show(9);
    // Within its bounds r and d make moving averages of the batch's statistics.
    expect(renorm("").layersInInference?.[1]?.counts).toEqual(renorm("").layers[1]?.counts);
    const { layers, layersInInference } = renorm(" --renorm-max 1 --renorm-shift 0");
    expect(layersInInference?.[1]?.counts).not.toEqual(layers[1]?.counts);
  });

  test("stays where an arm diverges", () => {
    const { show } = sessionOf("--activation relu --updates 12", "plain");
    expect(show(12)).toMatchObject({ update: 1, isDiverged: true });
    expect(show(0)).toMatchObject({ update: 0, isDiverged: false });
    expect(show(5)).toMatchObject({ update: 1, isDiverged: true });
  });

  test("gives the costs on the way", () => {
    const { show } = sessionOf(`${SMALL} --updates 10`);
    expect(show(9).passed.map(({ update }) => update)).toEqual([0, 4, 8]);
    expect(show(10).passed.map(({ update }) => update)).toEqual([10]);
  });
});
