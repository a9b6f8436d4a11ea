import { expect, test } from "vitest";
import { TFJS, underTest } from "../engines/engines.js";
import { fixtures } from "./fixtures.js";
import { describeGoldenStates, QUICKEST, statesOf } from "./golden-states.js";

test("the fixtures hold finite states of both arms, full-batch and mini-batch", () => {
  expect(fixtures.map(({ name }) => name)).toEqual([
    "elu-he-odd",
    "relu-minibatch",
    "relu-tutorial",
    "sigmoid-deep",
    "tanh-tutorial",
  ]);
  expect(statesOf(fixtures).filter(({ arm }) => arm === "plain").length).toBeGreaterThanOrEqual(12);
  expect(statesOf(fixtures).filter(({ arm }) => arm === "bn").length).toBe(20);
});

// The others are in golden.slow.test.ts.
await describeGoldenStates(
  fixtures.filter(({ name }) => name === QUICKEST),
  [...underTest, ...TFJS],
);
