import { describe, expect, test } from "vitest";
import type { Result } from "../../src/experiment/result.js";
import { headlineOf, setupOf } from "../../src/report/headline.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

/** The plain and the normalised net end at these costs (training mode, inference mode). */
function ended(plain: number, bn: number, moving = bn): Result {
  const result = structuredClone(makeResult());
  for (const [name, train, inference] of [
    ["plain", plain, plain],
    ["bn", bn, moving],
  ] as const) {
    const arm = result.arms[name];
    const seed = result.seeds[0]?.arms[name];
    if (arm?.status !== "trained" || seed?.status !== "trained") throw new Error(`${name} is trained`);
    arm.final = seed.final = { train, inference };
  }
  return { ...result, effects: {} };
}

test.each(Object.entries(cases))("is whole sentences, also of a run like this: %s", (_, result) => {
  for (const text of [headlineOf(result), setupOf(result)]) {
    expect(text).toMatch(/^[A-Z0-9].{20,}\.$/s);
    expect(text).not.toMatch(/undefined|\[object|null|NaN %| {2}|\.\.|; ?\./);
  }
});

describe("the headline", () => {
  test("says how far each net came, from nothing to the noise", () => {
    expect(headlineOf(ended(200, 66))).toBe(
      "The plain net came 80 % of the way from a flat line to the true curve, while the batch-normalized net learned the data as closely as the noise allows.",
    );
    expect(headlineOf(ended(500, 400))).toBe(
      "The plain net came 36 % of the way from a flat line to the true curve, the batch-normalized net 51 %.",
    );
    expect(headlineOf(ended(800, 900))).toBe("Neither net got below the cost of always predicting the mean.");
    expect(headlineOf(ended(20, 30))).toMatch(/^Both nets ended at a cost below that of the noise alone/);
    expect(headlineOf(ended(66, 67))).toBe("Both nets learned the data as closely as the noise allows.");
  });

  test("says who blew up", () => {
    expect(headlineOf({ ...makeResult({ plainDivergesAt: 3 }), effects: {} })).toMatch(
      /^The plain net blew up at update 3, while the batch-normalized net /,
    );
    expect(headlineOf(cases["ten seeds, plain always diverges at update 1"] as Result)).toMatch(
      /^The plain net diverged in all 10 seeds, while /,
    );
  });

  test("says when predicting is another matter", () => {
    expect(headlineOf(ended(200, 66, 375))).toMatch(
      /; with the moving averages that prediction uses, its cost is 375 instead of 66\.$/,
    );
    expect(headlineOf(ended(200, 66, 70))).not.toContain("moving averages");
  });

  test("says how far apart they end, either way, and how sure that is", () => {
    const result = makeResult({ seeds: 5 });
    const mean = result.effects["bn"]?.train.mean;
    if (mean === undefined) throw new Error("an effect");
    const withMean = (estimate: number, low: number, high: number) => {
      Object.assign(mean, { estimate, low, high });
      return headlineOf(result);
    };
    expect(withMean(1, 0.5, 1.5)).toContain(
      "The batch-normalized net ends 2.72 times lower than the plain net on average over 5 seeds (95 % interval 1.65 to 4.48 times).",
    );
    expect(withMean(-1, -1.5, -0.5)).toContain(
      "ends 2.72 times higher than the plain net on average over 5 seeds (95 %",
    );
    expect(withMean(0.2, -0.5, 0.9)).toContain("over 5 seeds, which the choice of seeds alone could explain.");
    expect(withMean(0.01, -0.1, 0.1)).toContain("end about equal on average over 5 seeds");
  });

  test("counts many nets and names the best", () => {
    expect(headlineOf(cases["controls"] as Result)).toMatch(/^Of \d+ nets .* has the lowest final cost, [\d.]+\.$/);
  });
});

describe("what was run", () => {
  test("is told with the one thing that differs", () => {
    expect(setupOf(makeResult({ hiddenLayers: 7, config: { dataset: "parabola" } }))).toMatch(
      /^Two networks of 7 hidden layers of 30 units were trained for \d+ updates on the same \d+ noisy points around the curve x² − 5, .*They differ in one thing: /,
    );
  });

  test("leaves other arms to say for themselves", () => {
    expect(setupOf(cases["controls"] as Result)).toContain("What each of them sets for itself");
  });
});
