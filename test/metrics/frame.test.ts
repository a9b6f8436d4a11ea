import { expect, test } from "vitest";
import { framePlaces } from "../../src/metrics/frame.js";

test("a frame's fit has at most 64 of the points, evenly, the first one among them", () => {
  expect(framePlaces(1)).toEqual([0]);
  expect(framePlaces(64)).toHaveLength(64);
  expect(framePlaces(65)).toEqual(Array.from({ length: 33 }, (_, place) => 2 * place));
  expect(framePlaces(201).at(-1)).toBe(200);
  expect(framePlaces(2500)).toHaveLength(63);
});
