import { describe, expect, test } from "vitest";
import { CHARTS } from "../../src/charts/index.js";
import { alone } from "../../src/charts/runs.js";
import type { Result } from "../../src/record/result.js";
import { sentenceText } from "../../src/report/labeled-arms.js";
import { readingOf, whoseNets } from "../../src/report/reading.js";
import { gapInShort } from "../../src/report/reading-gap.js";
import { verdictsInShort } from "../../src/report/reading-layers.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

const here = (picture: string, result: Result) => sentenceText(readingOf(picture, result)[1], result);

test.each(Object.entries(cases))("every chart is read in two whole sentences: %s", (_, result) => {
  for (const { name: picture, spec } of CHARTS) {
    if (spec(alone(result), { viewport: "wide" }) === undefined) continue;
    for (const sentence of readingOf(picture, result)) {
      const text = sentenceText(sentence, result);
      expect(text, picture).toMatch(/^\S.{30,}\.$/s);
      expect(text, picture).not.toMatch(
        /undefined|\[object|null|Infinity times|NaN times|[\ue000\ue001]| {2}|; ?\.|\.\./,
      );
    }
  }
});

describe("what is said of many arms in short", () => {
  test("counts the nets whose layers are healthy, and those that end otherwise", () => {
    const arms = { plain: {}, bn: { normalized: true }, other: {} };
    const result = structuredClone(makeResult({ arms }));
    const judge = (arm: string, verdicts: readonly ("healthy" | "dead" | "exploding")[]) => {
      for (const [place, { health }] of (result.arms[arm]?.checkpoints.at(-1)?.layers ?? []).entries())
        health.verdict = verdicts[place] ?? "healthy";
    };
    judge("plain", ["dead", "exploding", "exploding"]);
    judge("bn", []);
    judge("other", ["dead"]);
    expect(verdictsInShort(result)).toBe(
      "Every layer ends healthy in 1 of 3 nets; 1 ends with layers that are exploding; 1 ends with layers that are dead.",
    );
    judge("other", []);
    expect(verdictsInShort(result)).toMatch(/^Every layer ends healthy in 2 of 3 nets; 1 ends with/);
    expect(verdictsInShort(cases["controls"] as Result)).toMatch(/^In seed \d+, every layer ends healthy in /);
  });

  test("names the nets that predict far from what training says, at the end and over the last updates", () => {
    const result = structuredClone(makeResult());
    const ending = (inference: number, lasting: number) => {
      for (const arm of [result.arms["bn"], result.seeds[0]?.arms["bn"]]) {
        if (arm?.status !== "trained") throw new Error("bn is trained");
        arm.final = { train: 100, inference };
        for (const entry of arm.costs.slice(-6)) Object.assign(entry, { train: 100, inference: lasting });
      }
      return sentenceText(gapInShort(result), result);
    };
    expect(ending(300, 300)).toBe("bn costs 300 in inference mode and 100 in training mode.");
    const none = "Every net costs about the same in both modes (within a factor of 1.25).";
    for (const [end, lasting] of [
      [110, 300],
      [300, 110],
      [110, 110],
    ] as const)
      expect(ending(end, lasting)).toBe(none);
  });
});

describe("what is said of the costs", () => {
  test("names who learned, with both modes", () => {
    const result = makeResult();
    const { bn } = result.arms;
    if (bn?.status !== "trained") throw new Error("bn is trained");
    expect(here("costs", result)).toMatch(
      /in inference mode: plain goes from [\d.e]+ to [\d.]+; bn goes from [\d.]+ at update \d+ to [\d.]+\. In training mode, bn ends at [\d.]+\.$/,
    );
  });

  test("says that an arm diverged, also when both did", () => {
    expect(here("costs", makeResult({ plainDivergesAt: 1 }))).toContain(
      "plain diverges at update 1 and has no cost after it",
    );
    const both = here("costs", makeResult({ plainDivergesAt: 1, bnDivergesAt: 7 }));
    expect(both).toContain("plain diverges at update 1");
    expect(both).toContain("bn diverges at update 7");
    expect(both).not.toContain("goes from");
  });

  test("counts the seeds that diverged", () => {
    expect(here("costs", cases["ten seeds"] as Result)).toContain("but 3 of 10 seeds diverged, the first at update 12");
  });
});

test("with many arms, whose costs are drawn in one mode, no other mode is spoken of", () => {
  expect(here("costs", cases["controls"] as Result)).not.toContain("training");
  expect(here("costs", cases["controls"] as Result)).toMatch(
    /^In the median of 5 seeds, over 250 updates in inference mode \(the only one drawn\): plain diverges in all 5 seeds, the first at update 1; plain he goes from/,
  );
});

test("over several seeds every chart says whose nets it draws", () => {
  const whose = (picture: string) => whoseNets(picture, makeResult({ seeds: 4 }));
  expect(whose("costs")).toBe("All 4 seeds");
  expect(whose("effect")).toBe("All 4 seeds");
  expect(whose("histograms")).toMatch(/^Seed \d+ alone$/);
  expect(whoseNets("histograms", makeResult())).toBeUndefined();
});

describe("what is said of the fits", () => {
  const judged = (cost: number) => {
    const result = makeResult();
    if (result.arms.bn?.status === "trained") result.arms.bn.final = { train: cost, inference: cost };
    return here("data", result);
  };

  test("follows the cost, from the noise to worse than nothing", () => {
    expect(judged(30)).toContain("bn is below the noise (64): it has begun to fit the noise, at a cost of 30");
    expect(judged(66)).toContain("bn fits as closely as the noise allows (64), at a cost of 66");
    // (746 − 200) / (746 − 64)
    expect(judged(200)).toMatch(
      /^plain has come 65\u00a0% of the way from a flat line \(746\) to the true curve \(64\), at a cost of 301; bn has come 80\u00a0% of it, at a cost of 200\.$/,
    );
    expect(judged(500)).toContain("bn has come 36\u00a0% of it, at a cost of 500");
    expect(judged(800)).toContain("bn fits no better than a flat line (746), at a cost of 800");
  });

  test("says who has no fit", () => {
    expect(here("data", makeResult({ plainDivergesAt: 1 }))).toMatch(
      /^plain diverged at update 1 and has no fit; bn has come/,
    );
    expect(here("data", makeResult({ plainDivergesAt: 1, bnDivergesAt: 2 }))).toBe(
      "plain diverged at update 1 and has no fit; bn diverged at update 2 and has no fit.",
    );
  });
});

describe("what is said of the effect", () => {
  const withMean = (low: number, high: number) => {
    const result = makeResult({ seeds: 5 });
    const { bn } = result.effects;
    if (bn?.inference.mean === undefined) throw new Error("an effect");
    bn.inference.mean = { ...bn.inference.mean, estimate: (low + high) / 2, low, high };
    return here("effect", result);
  };

  test("is as sure as its interval", () => {
    expect(withMean(0.5, 1.5)).toContain(
      "bn ends 2.72 times lower than plain (geometric mean over 5 seeds, 95\u00a0% CI 1.65–4.48), which chance among so few seeds hardly explains",
    );
    expect(withMean(-1.5, -0.5)).toContain(
      "bn ends 2.72 times higher than plain (geometric mean over 5 seeds, 95\u00a0% CI 1.65–4.48), which chance among so few",
    );
    expect(withMean(-0.5, 0.5)).toContain(
      "95\u00a0% CI from 1.65 times higher to 1.65 times lower), so these seeds do not show which ends lower",
    );
  });

  test("sorts many arms by what their intervals tell", () => {
    const result = structuredClone(cases["controls"] as Result);
    // No arm changes nothing, so none is the whole that others are a part of.
    Object.assign(result.config.arms["bn"] ?? {}, { epsilon: 0.01 });
    for (const [name, { inference }] of Object.entries(result.effects)) {
      const [low, high] = name === "bn" ? [1, 2] : name === "plain he" ? [-2, -1] : [-1, 1];
      inference.mean = { estimate: (low + high) / 2, low, high, confidence: 0.95, method: "BCa", resamples: 1 };
    }
    const text = here("effect", result);
    expect(text).toMatch(
      /^In inference mode, over 5 seeds, probably lower than their controls: bn \(4\.48 times\); probably higher than their controls: plain he \(4\.48 times\); undecided: /,
    );
    for (const name of Object.keys(result.effects)) expect(text).toContain(`${name} (`);
  });

  test("says where there is no ratio", () => {
    expect(here("effect", cases["ten seeds, plain always diverges at update 1"] as Result)).toContain(
      "no seed has a final cost for both bn and plain",
    );
  });
});

describe("what is said of the layers", () => {
  test("names values that are no numbers", () => {
    expect(here("activations", makeResult({ plainDivergesAt: 1 }))).toMatch(
      /^In plain, which diverged at update 1, the inputs of layer \d are the first to contain NaN or ∞; in bn at update 100,/,
    );
  });

  test("counts the verdicts at the end and names the first layer to fail", () => {
    const result = makeResult({
      arms: { plain: { verdict: (layer) => (layer === 1 ? "dead" : "healthy") }, bn: { normalized: true } },
    });
    const text = here("verdicts", result);
    expect(text).toContain(
      "plain ends with 3 healthy and 1 dead of 4 layers, and layer 2 failed first (dead at update 0",
    );
    expect(text).toContain("bn ends with all 4 layers healthy, and none failed earlier.");
  });

  test("compares the gradient of the first layer with that of the last", () => {
    const result = makeResult({
      arms: {
        plain: { gradient: (layer) => Number(`1e${layer}`) },
        bn: { normalized: true, gradient: (layer) => 8 - 2 * layer },
      },
    });
    expect(here("gradients", result)).toMatch(
      /^Although tanh is flat in bn, gradients vanish in neither net at update 100: toward the input they shrink 1000-fold in plain and grow 4-fold in bn\.$/,
    );
    const faded = makeResult({
      arms: { plain: { gradient: (layer) => Number(`1e${2 * layer}`) }, bn: { normalized: true, gradient: () => 1 } },
    });
    expect(here("gradients", faded)).toMatch(
      /^Gradients vanish in plain but not in bn at update 100: toward the input they shrink 1e6-fold in plain and keep their size in bn\.$/,
    );
  });
});

describe("what is said of the gap", () => {
  const withFinal = (train: number, inference: number, isLasting = true) => {
    const result = structuredClone(makeResult());
    for (const arm of [result.arms.bn, result.seeds[0]?.arms["bn"]]) {
      if (arm?.status !== "trained") throw new Error("bn is trained");
      arm.final = { train, inference };
      if (isLasting) for (const entry of arm.costs.slice(-4)) Object.assign(entry, { train, inference });
    }
    return here("gap", result);
  };

  test("says where it is chance at the last update", () => {
    expect(withFinal(60, 90, false)).toContain(
      "50\u00a0% above the 60 of training mode at this one update; over the last updates the two are closer",
    );
    expect(withFinal(60, 90)).not.toContain("at this one update");
  });

  test("compares both modes, either way", () => {
    expect(withFinal(60, 61)).toContain("bn ends at 61 in inference mode, nearly the 60 of training mode");
    expect(withFinal(60, 375)).toContain("375 in inference mode, 6.25 times the 60 of training mode");
    expect(withFinal(60, 30)).toContain("30 in inference mode, 50\u00a0% below the 60 of training mode");
  });

  test("speaks of normalizing arms alone", () => {
    expect(withFinal(60, 61)).not.toContain("plain");
  });
});

describe("why the averages are off", () => {
  const withGaps = (
    initializationBias: number,
    lag: number,
    noise: number,
    rounding = 0,
    warnings: Result["warnings"] = [],
  ) => {
    const result = { ...structuredClone(makeResult()), warnings };
    const last = result.arms.bn?.checkpoints.at(-1);
    for (const gap of [last?.inputNorm?.gap, ...(last?.layers ?? []).map(({ gap }) => gap)]) {
      if (gap !== undefined)
        gap.mean = gap.variance = { total: initializationBias + lag + noise, initializationBias, lag, noise, rounding };
    }
    return here("gap", result);
  };

  test("is told by what most of the gaps are", () => {
    expect(withGaps(0.5, 0.01, 0)).toContain("off, mostly because they still contain the zero they started from");
    expect(withGaps(0, 0.01, 0.5)).toContain("off, mostly because batches differ from the whole");
  });

  test("is rounding where that is most of it, and a constant column where there is one", () => {
    expect(withGaps(0, 0.01, 0, 0.5)).toContain(
      "off, mostly because they stop moving once a step is smaller than the spacing of float32 numbers (rounding).",
    );
    const constant = { code: "constant-column", column: "x2", value: 101325 } as const;
    expect(withGaps(0, 0.01, 0, 0.5, [constant])).toContain("(rounding), as on x2, which is constant");
    expect(withGaps(0, 0.01, 0.5, 0, [constant])).not.toContain("constant");
  });

  test("is batches of one point, not noise, where there are any", () => {
    const batches = { kind: "batch", size: 64, samples: 65 } as const;
    const single = { code: "batch-of-one", arm: "bn", outputs: "beta", value: 1, ...batches } as const;
    expect(withGaps(0, 0.01, 0.5, 0, [single])).toContain("a single point contribute a variance of 0");
    expect(withGaps(0, 0.01, 0.5, 0, [{ ...single, arm: "plain" }])).toContain("(batch noise)");
  });

  test("is told with two causes where none of them is most", () => {
    expect(withGaps(0.3, 0.29, 0)).toContain(
      "off because they still contain the zero they started from (initialization bias) and the weights have changed",
    );
  });

  test("is not told where they are hardly off", () => {
    expect(withGaps(0, 0.004, 0)).toContain("its moving averages are within 1\u00a0% of the training set's statistics");
    expect(withGaps(0, 0.004, 0)).not.toContain("because");
  });
});

describe("what layers receive", () => {
  const piledAt = (bins: readonly number[], low: number, high: number) => {
    const result = structuredClone(makeResult());
    const layer = result.arms.plain?.checkpoints.at(-1)?.layers[1];
    if (layer === undefined) throw new Error("no second layer");
    const { layerInput } = layer;
    layerInput.edges = layerInput.edges.map((_, edge) => low + ((high - low) * edge) / 64);
    layerInput.counts = layerInput.counts.map((_, bin) => (bins.includes(bin) ? 15_000 / bins.length : 0));
    layerInput.underflow = layerInput.overflow = 0;
    return here("activations", result);
  };

  test("piles up where the activation's range ends, and nowhere else", () => {
    expect(piledAt([0, 63], -1, 1)).toContain("100\u00a0% of them lie at the two ends of the activation's range");
    expect(piledAt([63], -1, 1)).toContain("lie at the upper end of the activation's range");
    expect(piledAt([0], -0.3, 8)).toContain("lie at the lower end of the activation's range");
    expect(piledAt([0], 0, 8)).toContain("are zero or next to it");
    // The axis ends there, the activation does not.
    expect(piledAt([63], 0, 8)).not.toContain("In plain at update 100, values pile up most in the input of layer 2");
    expect(piledAt([0, 63], -8, 8)).not.toContain(
      "In plain at update 100, values pile up most in the input of layer 2",
    );
  });
});
