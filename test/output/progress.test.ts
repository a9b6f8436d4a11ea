import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { ArmStep } from "../../src/experiment/run.js";
import { showProgress } from "../../src/output/progress.js";

/** What is shown of these steps. */
function shown(steps: readonly Partial<ArmStep>[], isTTY = false): string {
  let text = "";
  const write = (part: string) => {
    text += part;
    return true;
  };
  const stream = { isTTY, columns: 100, write };
  const progress = showProgress(["plain"], 250, stream);
  const usual: ArmStep = { arm: "plain", done: 0, updates: 250, cost: 746, trainings: 1, divergedAt: [] };
  for (const step of steps) progress.update({ ...usual, ...step });
  progress.stop();
  return stripVTControlCharacters(text);
}

const DIVERGED = [{ cost: 6.4e7 }, { done: 1, updates: 1, cost: undefined, divergedAt: [1] }];

test("lines say how far an arm is at about ten points, and at the end", () => {
  const lines = shown(Array.from({ length: 51 }, (_, i) => ({ done: 5 * i }))).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "plain: update 0 of 250, cost 746",
    "plain: update 25 of 250, cost 746",
    "plain: update 50 of 250, cost 746",
  ]);
  expect(lines.slice(-2)).toEqual(["plain: update 250 of 250, cost 746", ""]);
  expect(lines).toHaveLength(12);
});

test("an arm that diverged is said to have diverged, and at which update, not to have come to its end", () => {
  expect(shown(DIVERGED)).toBe("plain: update 0 of 250, cost 6.4e7\nplain: diverged at update 1\n");
});

test("so is one that diverged before its first update", () => {
  expect(shown([{ done: 0, updates: 0, cost: undefined, divergedAt: [0] }])).toBe("plain: diverged at update 0\n");
});

test("of several trainings it is counted how many diverged", () => {
  const steps = [
    { trainings: 3, done: 1, updates: 501, cost: undefined, divergedAt: [1] },
    { trainings: 3, done: 501, updates: 501, cost: 57.6, divergedAt: [1] },
  ];
  expect(shown(steps)).toBe(
    "plain: update 1 of 501, 1 of 3 trainings diverged\nplain: update 501 of 501, cost 57.6, 1 of 3 trainings diverged\n",
  );
});

test("a bar ends full, with the divergence in place of a cost", () => {
  const last = shown(DIVERGED, true).trimEnd().split(/\r|\n/).at(-1);
  expect(last).toMatch(/plain █+ 1\/1 {2}diverged at update 1/);
  expect(shown(DIVERGED, true)).not.toContain("250/250");
});
