import { expect, test } from "vitest";
import { datasets } from "../../../src/data/datasets/index.js";

/** A curve's values, by hand. */
const CURVES = {
  zigzag: [
    [-8, 40],
    [-4, -40],
    [-3, -20],
    [0, 40],
    [4, -40],
    [9, 20],
  ],
  step: [
    [-7, -40],
    [0, 0],
    [0.1, 40],
    [10, 40],
  ],
} as const;

test.each(["zigzag", "step"] as const)("%s has its values, on the tutorial's inputs", (name) => {
  const { target, place } = datasets[name];
  for (const [x, y] of CURVES[name]) expect(target([x])).toBe(y);
  const row = new Float32Array(1);
  const inputs = [0, 1, 2].map((at) => {
    place(row, at, 3, undefined as never);
    return row[0];
  });
  expect(inputs).toEqual([-7, 1.5, 10]);
});
