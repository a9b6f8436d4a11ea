import { describe, expect, test } from "vitest";
import { checkAxes } from "../../src/config/sweep-section.js";
import { Problems } from "../../src/problems.js";

const axesOf = (value: unknown) => {
  const problems = new Problems();
  const axes = checkAxes(value, (key) => `a.yaml:1: ${key}`, problems);
  return { axes, problems: problems.lines() };
};

describe("the axes of a sweep", () => {
  test.each([
    ["log 1e-3..1 by decades", [0.001, 0.01, 0.1, 1]],
    ["log 1e-2..1 by half-decades", [0.01, 0.0316228, 0.1, 0.316228, 1]],
    ["log 1..10 by 3 per decade", [1, 2.15443, 4.64159, 10]],
    ["log 1..5 by decades", [1]],
    ["10..30 by 10", [10, 20, 30]],
    ["0.1..0.35 by 0.1", [0.1, 0.2, 0.3]],
    [
      [0.1, 0.01],
      [0.1, 0.01],
    ],
  ])("%j", (written, values) => {
    expect(axesOf({ learningRate: written })).toEqual({ axes: { learningRate: values }, problems: [] });
  });

  test("may be of words and switches", () => {
    const { axes, problems } = axesOf({ init: ["he", "glorot"], affine: [true, false], batchSize: ["full", 10] });
    expect([Object.keys(axes), problems]).toEqual([["init", "affine", "batchSize"], []]);
  });

  test.each([
    [{ learningRate: "log 0..1 by decades" }, /^a\.yaml:1: sweep\.learningRate: give a list, or a range such as/],
    [{ learningRate: "1..0 by 0.1" }, /give a list/],
    [{ learningRate: "0..1 by 0" }, /give a list/],
    [{ learningRate: [] }, /give a list/],
    [{ learningRate: "0..1e9 by 1" }, /give a list/],
    [{ learningRate: [1, 1] }, /a value occurs twice/],
    [{ learningRate: [-1] }, /-1 is not a number ≥ 0/],
    [{ init: ["he", "xavier"] }, /"xavier" is not one of/],
    [{ seeds: [1, 2] }, /sweep\.seeds: is not a key that a sweep can vary/],
    [{ out: ["a"] }, /sweep\.out: is not a key/],
    [{ toString: [1] }, /sweep\.toString: is not a key/],
    [{}, /names no key to vary/],
    ["rates", /sweep: give keys/],
    [null, /sweep: give keys/],
  ])("%j is refused with where and what would be right", (written, message) => {
    expect(axesOf(written).problems.join("\n")).toMatch(message);
  });
});
