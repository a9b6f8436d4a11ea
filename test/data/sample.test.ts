import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenIndices, SAMPLE_POINTS, sampleOf } from "../../src/data/sample.js";
import { normalPoints } from "../engines/tasks.js";

describe("the sample that states are observed on", () => {
  test("is the training set itself, the same object, where that is small", () => {
    for (const samples of [1, 500, SAMPLE_POINTS]) {
      const training = normalPoints(samples, 2, 1);
      expect(sampleOf(training)).toBe(training);
    }
  });

  test("is every third of 6001 points, with their targets", () => {
    const training = normalPoints(6001, 2, 1);
    const sample = sampleOf(training);
    expect([sample.samples, sample.inputs, sample.x.length, sample.y.length]).toEqual([2001, 2, 4002, 2001]);
    for (const i of [0, 1, 1000, 2000]) {
      expect([...sample.x.subarray(2 * i, 2 * i + 2)]).toEqual([...training.x.subarray(6 * i, 6 * i + 2)]);
      expect(sample.y[i]).toBe(training.y[3 * i]);
    }
  });

  test("has at most that many points and at least half as many, whatever there is", () => {
    fc.assert(
      fc.property(fc.integer({ min: SAMPLE_POINTS, max: 200_000 }), (samples) => {
        const { length } = evenIndices(samples);
        expect(length).toBeLessThanOrEqual(SAMPLE_POINTS);
        expect(length).toBeGreaterThanOrEqual(SAMPLE_POINTS / 2);
        expect(evenIndices(samples).at(-1)).toBeLessThan(samples);
      }),
      { numRuns: 30 },
    );
  });
});
