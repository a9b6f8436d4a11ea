import { describe, expect, test } from "vitest";
import { LESSON } from "../../src/playground/lesson.js";
import { PRESETS } from "../../src/playground/presets.js";
import type { Frame } from "../../src/playground/session.js";
import { commandOf, readCommand } from "../../src/playground/state.js";
import { seenAt } from "./sessions.js";

const presetSeen = (name: string) => seenAt(PRESETS.find((preset) => preset.name === name)?.line ?? "");
const flattest = ({ layers }: Frame) => Math.max(...layers.map(({ flatShare = 0 }) => flatShare));

test("every preset and step is the shortest line of its run", () => {
  for (const { line } of [...PRESETS, ...LESSON]) {
    const reading = readCommand(line);
    expect("state" in reading && commandOf(reading.state)).toBe(line);
  }
});

describe("what a preset says holds", () => {
  test("Tutorial", () => {
    expect(presetSeen("Tutorial").plain).toMatchObject({ isDiverged: true, update: 1 });
    for (const rate of [1e-11, 1e-10, 1e-9, 1e-8, 1e-6, 1e-4]) {
      const { plain, bn } = seenAt(`--learning-rate ${rate}`);
      expect(plain.isDiverged || plain.train > 3 * bn.train).toBe(true);
    }
  });

  test("Saturated tanh", () => {
    const { plain, bn } = presetSeen("Saturated tanh");
    expect([flattest(plain) > 0.9, flattest(bn) < 0.2]).toEqual([true, true]);
  });

  test("Dying ReLU", () => {
    const { plain, bn } = presetSeen("Dying ReLU");
    expect(plain.layers.filter(({ health }) => health.silentUnits === 30).length).toBeGreaterThanOrEqual(2);
    expect(plain.layers[0]?.gradient).toBe(0);
    expect([plain.isDiverged, plain.train > 746, bn.train < 70]).toEqual([false, true, true]);
  });

  test("Too high a rate for plain", () => {
    const { plain, bn } = presetSeen("Too high a rate for plain");
    expect([plain.isDiverged, plain.update < 20, bn.train < 70]).toEqual([true, true, true]);
  });

  test("Does He make BN unnecessary?", () => {
    const { plain, bn } = presetSeen("Does He make BN unnecessary?");
    expect(Math.max(plain.train, bn.train) / Math.min(plain.train, bn.train)).toBeLessThan(1.25);
    const tenth = seenAt("--init he --learning-rate 0.00001");
    expect(tenth.plain.train).toBeLessThan(tenth.bn.train / 3);
    const tenfold = seenAt("--init he --learning-rate 0.001");
    expect([tenfold.plain.isDiverged, tenfold.bn.train < bn.train / 2]).toEqual([true, true]);
  });

  test("Decay too slow", () => {
    const { bn } = presetSeen("Decay too slow");
    expect(Math.round(100 * 0.99 ** 250)).toBe(8);
    expect(bn.inference).toBeGreaterThan(5 * bn.train);
  });

  test("Batch of one", () => {
    const { bn } = presetSeen("Batch of one");
    expect([bn.train > 746, (bn.inference ?? 0) > 1e20]).toEqual([true, true]);
  });
});

/** In order: the option that comes true, and what is said of it. */
const OUTCOMES = [
  ["only bn", "plain diverged at update 1, bn ends at a cost of 62.7"],
  ["more than a thousand times", "In plain they go from 4.61 to 11 988, in bn from 0.966 to 1 "],
  ["more than three quarters", "94 % in plain, at most 19 % in bn"],
  ["it diverges", "plain diverged at update 12, bn ends at a cost of 63.9"],
  ["both about the same", "plain ends at a cost of 169, bn ends at a cost of 148"],
  ["more than twice as high", "60.2 in training mode, 375 in inference mode"],
] as const;

test.each(LESSON.map((step, at) => [step.title, step, OUTCOMES[at]] as const))(
  "the lesson's numbers: %s",
  (_title, { line, update, options, answer, says }, outcome) => {
    const seen = seenAt(line, update);
    expect(options[answer(seen)]).toBe(outcome?.[0]);
    expect(says(seen).replaceAll("\u00a0", " ")).toContain(outcome?.[1]);
  },
);
