import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { headlineOf } from "../../src/report/headline.js";
import { armTable, setupOf, titleOf } from "../../src/report/setup-words.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

type Ends = readonly [train: number, inference: number | "Infinity"];

/** In every seed the arms end at these costs, and have had them for a while. */
function endedSeeds(seeds: readonly { readonly plain: Ends; readonly bn: Ends }[]): Result {
  const result = structuredClone(makeResult({ seeds: seeds.length }));
  for (const [place, ends] of seeds.entries()) {
    for (const name of ["plain", "bn"] as const) {
      const [train, inference] = ends[name];
      for (const arm of [result.seeds[place]?.arms[name], ...(place === 0 ? [result.arms[name]] : [])]) {
        if (arm?.status !== "trained") throw new Error(`${name} is trained`);
        arm.final = { train, inference };
        for (const entry of arm.costs.slice(-5)) Object.assign(entry, { train, inference });
      }
    }
  }
  return { ...result, effects: {} };
}

function ended(plain: number, bn: number, moving: number | "Infinity" = bn): Result {
  return endedSeeds([{ plain: [plain, plain], bn: [bn, moving] }]);
}

/** The result with this effect of bn in inference mode and in training mode, of so many of its pairs. */
function withEffect(
  result: Result,
  mean: Partial<{ low: number; high: number }> & { estimate: number },
  training = mean.estimate,
  defined = result.seeds.length,
): Result {
  const effect = structuredClone(makeResult({ seeds: Math.max(2, result.seeds.length) }).effects["bn"]);
  if (effect?.train.mean === undefined || effect.inference.mean === undefined) throw new Error("an effect");
  Object.assign(effect.inference, { defined, mean: { confidence: 0.95, method: "BCa", resamples: 9, ...mean } });
  Object.assign(effect.train.mean, { estimate: training });
  return { ...result, effects: { bn: effect } };
}

test.each(Object.entries(cases))("is whole sentences, also of a run like this: %s", (_, result) => {
  for (const text of [headlineOf(result), setupOf(result)]) {
    expect(text).toMatch(/^[A-Z0-9].{20,}\.$/s);
    expect(text).not.toMatch(/undefined|\[object|null|NaN %| {2}|\.\.|; ?\./);
  }
});

test("an arm that is called bn is batch-normalized if its normalizer is batch", () => {
  const result = ended(500, 90);
  expect(headlineOf(result)).toContain("the batch-normalized net");
  result.config.arms = { ...result.config.arms, bn: { normalizer: "layer" } };
  expect(headlineOf(result)).not.toContain("batch-normalized");
  expect(headlineOf(result)).toContain("the net bn");
});

describe("the headline", () => {
  test("says how far each net came, from nothing to the noise", () => {
    expect(headlineOf(ended(200, 66))).toBe(
      "The plain net came 80\u00a0% of the way from a flat line to the true curve, while the batch-normalized net learned the data as closely as the noise allows.",
    );
    expect(headlineOf(ended(500, 400))).toBe(
      "The plain net came 36\u00a0% of the way from a flat line to the true curve, the batch-normalized net 51\u00a0%.",
    );
    expect(headlineOf(ended(800, 900))).toBe(
      "Both nets ended no better than always predicting the mean (800 and 900 against 746).",
    );
    expect(headlineOf(ended(743, 66))).toMatch(
      /^The plain net ended within 2\u00a0% of always predicting the mean \(743 against 746\), while /,
    );
    expect(headlineOf(ended(20, 30))).toMatch(/^Both nets ended below the cost of the noise alone/);
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
      /, the batch-normalized net 54\u00a0%\. In training mode, the batch-normalized net costs 66\.$/,
    );
    expect(headlineOf(ended(800, 900, 5000))).toBe(
      "Both nets ended no better than always predicting the mean (800 and 5000 against 746). In training mode, the batch-normalized net costs 900.",
    );
    expect(headlineOf(ended(200, 66, "Infinity"))).toContain(
      "while the batch-normalized net predicts non-finite values.",
    );
    expect(headlineOf(ended(200, 66, 70))).not.toContain("training mode");
  });

  test("says so of either net", () => {
    expect(headlineOf(endedSeeds([{ plain: [60, 375], bn: [70, 70] }]))).toMatch(
      /^The plain net came 54\u00a0% .*\. In training mode, the plain net costs 60\.$/,
    );
  });

  test("takes what lasts, not the chance of a last update", () => {
    const result = ended(200, 80, 80);
    const [arm, seed] = [result.arms["bn"], result.seeds[0]?.arms["bn"]];
    for (const each of [arm, seed]) {
      if (each?.status !== "trained") throw new Error("bn is trained");
      each.final.inference = 160;
      for (let update = 101; update <= 160; update++) each.costs.push({ update, train: 80, inference: 81 });
      each.costs.push({ update: 161, train: 80, inference: 160 });
    }
    expect(headlineOf(result)).not.toContain("raining mode");
  });

  test("speaks of all seeds, not of the first", () => {
    const result = endedSeeds([
      { plain: [200, 200], bn: [66, 66] },
      { plain: [300, 300], bn: [100, 900] },
      { plain: [400, 400], bn: [110, "Infinity"] },
    ]);
    expect(headlineOf(result)).toBe(
      "The batch-normalized net predicts non-finite values in 1 of 3 seeds. In training mode, the batch-normalized net costs 100 in the median. In the median, the plain net came 65\u00a0% of the way from a flat line to the true curve, the batch-normalized net 39\u00a0%.",
    );
  });

  test("says how far apart they end, either way, and how sure that is", () => {
    const withMean = (estimate: number, low: number, high: number, moving = estimate, defined = 5) =>
      headlineOf(withEffect(makeResult({ seeds: 5 }), { estimate, low, high }, moving, defined));
    expect(withMean(1, 0.5, 1.5)).toContain(
      "With BN the final error is about a third of the plain net's (2.72 times lower, geometric mean over 5 seeds, 95\u00a0% CI 1.65–4.48, in inference mode).",
    );
    expect(withMean(-1, -1.5, -0.5)).toContain(
      "With BN the final error is about 2.7 times the plain net's (2.72 times higher, geometric mean over 5 seeds, 95\u00a0% CI 1.65–4.48, in",
    );
    expect(withMean(0.2, -0.5, 0.9)).toContain(
      "is 82\u00a0% of the plain net's (1.22 times lower, geometric mean over 5 seeds, in inference mode), which chance among the seeds could explain.",
    );
    expect(withMean(0.001, -0.1, 0.1)).toContain(
      "With BN the final error is about the same as the plain net's (about equal, geometric mean over 5 seeds, in",
    );
    expect(withMean(1, 0.5, 1.5, -2)).toContain(
      "95\u00a0% CI 1.65–4.48, in inference mode). In training mode it is 7.39 times higher.",
    );
  });

  test("is a factor where the fraction would be one of thousands", () => {
    const result = withEffect(ended(2e16, 2e8, 1e5), { estimate: Math.log(2e11) });
    expect(headlineOf(result)).toContain(
      "With BN the final error is 2e11 times lower than the plain net's (1e5 against 2e16, in inference mode).",
    );
  });

  test("names training mode once, where both the factor and a cost are of it", () => {
    const result = withEffect(ended(1.43, 0.0129, 67), { estimate: Math.log(1.43 / 67) }, Math.log(1.43 / 0.0129));
    expect(headlineOf(result)).toMatch(
      /In training mode it is 111 times lower\. There, the batch-normalized net costs 0\.0129\.$/,
    );
  });

  test("of one seed has both costs, prediction's alone", () => {
    const result = withEffect(ended(519, 87, 90.4), { estimate: Math.log(519 / 90.4) }, Math.log(519 / 87));
    expect(headlineOf(result)).toContain(
      "With BN the final error is about a sixth of the plain net's (90.4 against 519, in inference mode).",
    );
  });

  test("tells the net that predicts best as the better one, whatever training mode says", () => {
    // As on test points that are few: normalized by their own statistics they cost the net with BN more.
    const result = withEffect(ended(200, 300, 100), { estimate: Math.log(2) }, Math.log(2 / 3));
    const text = headlineOf(result);
    expect(text).toContain("about half of the plain net's (100 against 200, in inference mode).");
    expect(text.indexOf("inference mode")).toBeLessThan(text.indexOf("training mode"));
  });

  test("has one mode in each sentence", () => {
    for (const result of Object.values(cases)) {
      for (const sentence of headlineOf(result).split(/(?<=\.) (?=[A-Z])/)) {
        const modes = ["inference mode", "training mode"].filter((mode) => sentence.toLowerCase().includes(mode));
        expect(modes.length, sentence).toBeLessThan(2);
      }
    }
  });

  test("counts the seeds that stand behind the effect", () => {
    const of = (defined: number) =>
      headlineOf(withEffect(makeResult({ seeds: 5 }), { estimate: 1, low: 0.5, high: 1.5 }, 1, defined));
    expect(of(2)).toContain("geometric mean over the 2 of 5 seeds in which both end, 95\u00a0%");
    const one = headlineOf(withEffect(makeResult({ seeds: 5 }), { estimate: 1 }, 1, 1));
    expect(one).toContain("(2.72 times lower, in the one of 5 seeds in which both end, in inference mode).");
    expect(one).not.toContain("geometric");
  });

  test("counts many nets and names the best", () => {
    expect(headlineOf(cases["controls"] as Result)).toMatch(
      /^While plain diverges in all 5 seeds, bn diverges in none\. Normalizing the input alone, .* do nearly all of that \(diverges in 0 of 5\).*\. Of 14 nets, 12 learned the data and 2 diverged in some or all seeds; .* predicts best, with a median final cost of [\d.]+\./,
    );
    expect(headlineOf(cases["gradients that vanish, overflow and differ"] as Result)).toMatch(
      /^All 4 nets learned the data; /,
    );
  });
});

test("the title tells runs apart", () => {
  const tutorial = { activation: "relu", samples: 500, batchSize: 500, updates: 250, engine: "fused" };
  const title = (config: Partial<Result["config"]>) => titleOf(makeResult({ config: { ...tutorial, ...config } }));
  expect(title({})).toBe("relu");
  expect(title({ activation: "tanh", decay: 0.99, affine: false })).toBe("tanh, no affine, decay 0.99");
  expect(title({ preset: "tutorial-minibatch", samples: 2500, batchSize: 10, shuffle: true })).toBe(
    "relu, tutorial-minibatch",
  );
});

describe("what was run", () => {
  test("is true where it is not the tutorial", () => {
    const config = { dataset: "parabola" as const };
    expect(setupOf(makeResult({ config: { ...config, affine: false, position: "after" } }))).toContain(
      "They differ in one thing: batch normalization, here without gamma and beta, after the activation function.",
    );
    const weights = { sha256: "0".repeat(64) };
    expect(setupOf(makeResult({ config: { ...config, weights } }))).toContain("with the same weights from a file.");
    expect(setupOf(makeResult({ config, plainDivergesAt: 3 }))).toContain("for up to 100 updates on");
    expect(setupOf(makeResult({ config, seeds: 4 }))).toContain(
      "This was repeated for 4 seeds, each with its own noise and weights.",
    );
    const quiet = makeResult({ config });
    quiet.referenceCosts.noiseFloor = 0;
    expect(setupOf(quiet)).toContain("120 points on the curve x² − 5");
  });

  test("is told with the one thing that differs", () => {
    expect(setupOf(makeResult({ hiddenLayers: 7, config: { dataset: "parabola" } }))).toMatch(
      /^Two networks with 7 hidden layers of 30 units were trained for \d+ updates on the same \d+ noisy points around the curve x² − 5, .*They differ in one thing: /,
    );
  });

  test("leaves other arms to say for themselves", () => {
    expect(setupOf(cases["controls"] as Result)).toContain("The table below describes each.");
    const table = armTable(cases["controls"] as Result);
    expect(table?.rows).toContainEqual(["plain", "no normalization", "–"]);
    expect(table?.rows).toContainEqual([
      "after activation",
      "batch normalization after the activation function",
      "plain",
    ]);
    expect(armTable(makeResult())).toBeUndefined();
  });

  test("tells arms apart by where and over what they normalize", () => {
    const normalized = { normalize: "all" } as const;
    const result = makeResult({
      arms: {
        plain: {},
        conv: { own: { normalize: "conv" } },
        rows: { own: { ...normalized, axes: "height" } },
        pooled: { own: { ...normalized, position: "afterPooling" } },
        output: { own: { ...normalized, normalizeOutput: true } },
        renorm: { own: { ...normalized, normalizer: "renorm", renormMax: 2 } },
      },
    });
    expect(armTable(result)?.rows.map(([, what]) => what)).toEqual([
      "no normalization",
      "batch normalization of the convolutions only",
      "batch normalization row by row of the images",
      "batch normalization after the pooling that follows",
      "batch normalization of the output, too",
      "batch renormalization, bound of r 2",
    ]);
  });

  test("does not call an arm bn batch-normalized that has another normalizer", () => {
    const result = makeResult({ config: { normalizer: "layer" } });
    expect(setupOf(result)).toContain("The table below describes each.");
    expect(armTable(result)?.rows).toContainEqual(["bn", "layer normalization", "plain"]);
    expect(headlineOf(result)).not.toContain("inference mode");
  });
});
