import { describe, expect, test } from "vitest";
import type { Result } from "../../src/record/result.js";
import { conclusionOf } from "../../src/report/conclusion.js";
import { sentenceText } from "../../src/report/labeled-arms.js";
import { storyOf } from "../../src/report/story.js";
import { cases } from "../charts/cases.js";
import { makeResult } from "../charts/result-fixture.js";

function told(result: Result) {
  const story = storyOf(result);
  if (story === undefined) throw new Error("no story");
  const text = (sentence: string) => sentenceText(sentence, result);
  return {
    lead: text(story.lead),
    ...Object.fromEntries(story.steps.map(({ id, sentence }) => [id, text(sentence)])),
  } as Record<"lead" | "values" | "layers" | "gradients" | "fits", string>;
}

/** Gives an arm's hidden layers other second moments, and shares of flat values, at every record. */
function withLayers(result: Result, arm: string, secondMoment: (layer: number) => number, flat = 0): Result {
  const own = structuredClone(result);
  for (const { layers } of own.arms[arm]?.checkpoints ?? [])
    for (const { layer, health } of layers.slice(0, -1)) {
      Object.assign(health, { secondMoment: secondMoment(layer), verdict: "healthy" });
      if (["tanh", "relu"].includes(own.config.activation)) health.flatShare = flat;
      else delete health.flatShare;
    }
  return own;
}

const tamed = (result: Result) =>
  withLayers(
    withLayers(result, "plain", () => 1),
    "bn",
    () => 1,
  );

test.each(Object.entries(cases))("every run has a lead and steps of whole sentences: %s", (_, result) => {
  const { lead, ...steps } = told(result);
  for (const text of [lead, ...Object.values(steps)]) {
    expect(text).toMatch(/^\S.{20,}\.$/s);
    expect(text).not.toMatch(/undefined|\[object|NaN|Infinity|[\ue000\ue001]| {2}|; ?\.|\.\./);
  }
});

describe("values", () => {
  test("grow from layer to layer beyond the limit, and by how much", () => {
    // Roots of 4^layer · 16: a factor of 2 is the limit, 2.2 beyond it.
    const grown = withLayers(tamed(makeResult()), "plain", (layer) => 16 * 4.84 ** layer);
    expect(told(grown).values).toMatch(
      /^The values in plain grow 2.2-fold per layer before training: 4 in layer 1, 19 in layer 3 \(root mean square\); those in bn keep their size: 1 before training\.$/,
    );
    expect(told(withLayers(tamed(makeResult()), "plain", (layer) => 16 * 3.9 ** layer)).values).toContain(
      "The values in plain leave the range in which tanh responds (±2.1): 4–16 (root mean square) before training",
    );
    expect(told(withLayers(tamed(makeResult()), "plain", (layer) => 4.84 ** -layer)).values).toContain(
      "The values in plain shrink 2.2-fold per layer before training: 1 in layer 1, 0.21 in layer 3",
    );
  });

  test("stay within the range of an activation that has one", () => {
    expect(told(tamed(makeResult())).values).toContain("keep their size within ±2.1, where tanh responds: 1 (root");
  });
});

describe("the slope", () => {
  test("is flat for most values, for some or for none", () => {
    const flat = (share: number) => told(withLayers(tamed(makeResult()), "plain", () => 9, share)).layers;
    expect(flat(0.94)).toBe(
      "Tanh is flat (slope below 0.059) for most values in plain: up to 94\u00a0% (layer 1) at update 100; in bn, for none.",
    );
    expect(flat(0.4)).toContain("Tanh responds to most values in plain: it is flat (slope below 0.059) for at most 40");
  });

  test("of relu is 1 or 0, of others nothing is flat", () => {
    const of = (activation: string) => told(tamed(makeResult({ config: { activation } }))).layers;
    expect(of("relu")).toMatch(
      /^The slope of relu is 1 for every positive value, however large; at update 100 it is 0 for /,
    );
    expect(of("softplus")).toBe("Softplus has no region that counts as flat, so its slope never blocks the gradient.");
  });
});

describe("gradients", () => {
  const with_ = (first: number) =>
    makeResult({
      arms: { plain: { gradient: (layer) => (layer === 3 ? 1 : first) }, bn: { normalized: true, gradient: () => 1 } },
    });

  test("vanish below the limit", () => {
    expect(told(with_(0.9e-3)).gradients).toContain("Gradients vanish in plain but not in bn");
    expect(told(with_(1.1e-3)).gradients).toMatch(/gradients vanish in neither net/i);
  });

  test("are too large where the first step goes far", () => {
    const result = structuredClone(tamed(makeResult()));
    const layer = result.arms["plain"]?.checkpoints[0]?.layers[1];
    if (layer === undefined) throw new Error("a layer");
    layer.gradientNorms.kernel = 20_000;
    expect(told(result).gradients).toMatch(
      /^Gradients are too large for the learning rate in plain \(the first step moves a layer's weights by up to 20 in plain and [\d.]+ in bn\); toward the input they grow .* at update 100\.$/,
    );
    layer.gradientNorms.kernel = 9_000;
    expect(told(result).gradients).not.toContain("too large");
  });
});

describe("the lead", () => {
  const ending = (plain: number, bn: number, result = tamed(makeResult())) => {
    const own = structuredClone(result);
    for (const [name, cost] of [
      ["plain", plain],
      ["bn", bn],
    ] as const)
      for (const arm of [own.arms[name], own.seeds[0]?.arms[name]])
        if (arm?.status === "trained") {
          arm.final = { train: cost, inference: cost };
          for (const entry of arm.costs) Object.assign(entry, { train: cost, inference: cost });
        }
    return own;
  };

  test("says why one is ahead", () => {
    const flat = withLayers(ending(500, 90), "plain", () => 9, 0.94);
    expect(told(flat).lead).toBe(
      "plain learns little (500) and bn learns (90): up to 94\u00a0% of a layer's values in plain lie where tanh is flat, none in bn.",
    );
    expect(told(ending(500, 90)).lead).toContain(
      ": none of the usual reasons applies, but toward the input gradients grow 14-fold in plain and 2-fold in bn.",
    );
    const unlike = withLayers(ending(500, 90), "plain", () => 4.1);
    expect(told(unlike).lead).toContain(
      "applies, but values are 2 before training in plain and 1 in bn, and toward the input gradients",
    );
    const alike = makeResult({ arms: { plain: { gradient: () => 1 }, bn: { normalized: true, gradient: () => 1 } } });
    expect(told(ending(500, 90, tamed(alike))).lead).toContain(
      ": none of the usual reasons applies; in plain values stay in range, slopes are not flat and gradients do not vanish.",
    );
  });

  test("gives no reason where the ends are close, and none but the noise where the lower one fits it", () => {
    const flat = withLayers(ending(99, 90), "plain", () => 9, 0.94);
    expect(told(flat).lead).toBe(
      "plain ends close to bn (99 against 90), although up to 94\u00a0% of a layer's values in plain lie where tanh is flat, none in bn.",
    );
    expect(told(ending(99, 90)).lead).toBe("plain ends close to bn (99 against 90).");
    expect(told(withLayers(ending(99.1, 90), "plain", () => 9, 0.94)).lead).toContain(": up to 94");
    expect(told(ending(30, 50)).lead).toBe(
      "bn ends above plain (50 against 30): plain has begun to fit the noise (64), so its lower cost is not a better fit.",
    );
    expect(told(ending(80, 50)).lead).not.toContain("fit the noise");
  });

  test("says that BN loses, and that the steps do not say why where they do not", () => {
    expect(told(ending(90, 500)).lead).toBe(
      "bn learns little (500) and plain learns (90): none of the usual reasons applies, but toward the input gradients grow 2-fold in bn and 14-fold in plain.",
    );
  });

  test("says that it is on its way, or that its cost rose again, where its layers show nothing", () => {
    const paced = (cost: (update: number) => number) => {
      const own = ending(90, 500);
      for (const entry of own.arms["bn"]?.costs ?? []) entry.inference = cost(entry.update);
      return told(own).lead.replace(/^bn learns little \(500\) and plain learns \(90\): /, "");
    };
    expect(paced((update) => 700 - 2 * update)).toBe(
      "bn is still improving, its cost falling to the end (540 at update 80, 500 at update 100).",
    );
    // 2 % from update 80 on is the limit.
    expect(paced((update) => 509 - 0.09 * update)).toMatch(/^none of the usual reasons applies/);
    expect(paced((update) => (update < 50 ? 80 : 200))).toBe(
      "bn is ahead up to update 45, then its cost rises again, from 80 at update 0 to 200.",
    );
    // Recorded at the start and at the end alone.
    const sparse = ending(90, 500);
    for (const [name, first] of [
      ["plain", 1000],
      ["bn", 900],
    ] as const) {
      const costs = sparse.arms[name]?.costs ?? [];
      costs.splice(1, costs.length - 2);
      Object.assign(costs[0] ?? {}, { train: first, inference: first });
    }
    expect(told(sparse).lead).toBe(
      "bn learns little (500) and plain learns (90): bn learns more slowly; in training mode its cost falls from 900 at update 0 to 500 at update 100, that of plain from 1000 to 90.",
    );
    expect(paced((update) => (update < 50 ? 80 : 99))).toMatch(/^none of the usual reasons applies/);
  });

  test("says of BN without beta that its layers are mirrored, if they are", () => {
    const bare = makeResult({
      arms: { plain: {}, bn: { normalized: true } },
      config: { affine: false },
    });
    const own = ending(90, 500, tamed(bare));
    for (const { layers } of own.arms["bn"]?.checkpoints ?? [])
      for (const { preActivation } of layers) {
        const { counts } = preActivation;
        counts.forEach((_, place) => {
          counts[counts.length - 1 - place] = counts[place] ?? 0;
        });
        preActivation.edges = preActivation.edges.map((_, place, { length }) => place - (length - 1) / 2);
        Object.assign(preActivation, { underflow: 0, overflow: 0 });
      }
    expect(told(own).lead).toContain(": without beta, the values in every layer of bn are symmetric about 0, so");
    expect(told(own).values).toContain("those in bn keep their size: 1 before training, and are symmetric about 0");
    const counts = own.arms["bn"]?.checkpoints.at(-1)?.layers[0]?.preActivation.counts ?? [];
    counts[0] = (counts[0] ?? 0) + counts.reduce((sum, count) => sum + count, 0) / 10;
    expect(told(own).lead).toContain("none of the usual reasons applies");
  });

  test("speaks of all seeds, with their spread, and of the first one where only that shows it", () => {
    const several = withLayers(tamed(makeResult({ seeds: 4 })), "plain", () => 9, 0.94);
    const costs = { plain: [500, 700, 600, 740], bn: [90, 120, 100, 80] };
    for (const [name, finals] of Object.entries(costs))
      for (const [place, { arms }] of several.seeds.entries())
        Object.assign(arms[name] ?? {}, { final: { train: 1, inference: finals[place] } });
    expect(told(several).lead).toBe(
      "plain learns little in 3 and does not learn in 1 of 4 seeds (500–740, median 650) and bn learns in all 4 seeds (80–120, median 95): in seed 1, up to 94\u00a0% of a layer's values in plain lie where tanh is flat, none in bn.",
    );
    for (const { arms } of several.seeds.slice(0, 3))
      Object.assign(arms["plain"] ?? {}, { final: { train: 1, inference: 300 } });
    expect(told(several).lead).toContain(
      "plain ends above bn in all 4 seeds (300–740, median 300, against 80–120, median 95)",
    );
    expect(told(several).values).toMatch(/^In seed 1, the values in plain/);
  });

  test("says that it loses in prediction", () => {
    const result = ending(90, 80);
    for (const arm of [result.arms["bn"], result.seeds[0]?.arms["bn"]]) {
      if (arm?.status !== "trained") throw new Error("bn is trained");
      arm.final = { train: 80, inference: 500 };
      for (const entry of arm.costs.slice(-6)) Object.assign(entry, { train: 80, inference: 500 });
    }
    expect(told(result).lead).toBe(
      "bn learns little (500) and plain learns (90): bn loses in prediction (500 with its moving averages, 80 in training mode).",
    );
  });

  test("says that both are lost, and why each is", () => {
    const both = withLayers(
      tamed(makeResult({ plainDivergesAt: 3, bnDivergesAt: 7 })),
      "plain",
      (layer) => 16 ** layer,
    );
    expect(told(both).lead).toMatch(
      /^Both nets diverge: the values in plain grow 4-fold per layer before training; bn starts without a fault and diverges in training\.$/,
    );
    const grown = structuredClone(both);
    for (const layer of grown.arms["bn"]?.checkpoints.at(-1)?.layers ?? []) layer.health.secondMoment = 1e6;
    expect(told(grown).lead).toMatch(
      /; bn starts without a fault, then its values reach 1000 at update \d+ \(layer 1\)\.$/,
    );
    const stuck = ending(750, 760);
    for (const { costs } of Object.values(stuck.arms)) Object.assign(costs[0] ?? {}, { train: 800 });
    expect(told(stuck).lead).toBe(
      "Neither net learns: in training mode the cost of plain falls only from 800 at update 0 to 750 at update 100; in training mode the cost of bn falls only from 800 at update 0 to 760 at update 100.",
    );
    for (const entry of stuck.arms["bn"]?.costs ?? []) entry.inference = 860 - entry.update;
    expect(told(stuck).lead).toMatch(/; bn is still improving \(780 at update 80, 760 at update 100\)\.$/);
    const lost = structuredClone(makeResult({ seeds: 3, plainDivergesAt: 3, bnDivergesAt: 7 }));
    expect(told(lost).lead).toMatch(/^plain ends above bn in 2 of 3 seeds \([\d–., a-z]+, 1 diverged, against /);
    const [first, ...others] = lost.seeds;
    for (const seed of others) seed.arms = first?.arms ?? {};
    expect(told(lost).lead).toMatch(/^plain diverges in all 3 seeds and bn diverges in all 3 seeds: in seed 1, /);
    expect(told(ending(90, 91)).lead).toBe("plain and bn end at about the same cost (90 and 91).");
  });

  test("knows batches of one point, one arm alone, the seed and the two of many arms", () => {
    const batches = { kind: "batch", size: 1, samples: 120 } as const;
    const blind = ending(500, 760);
    blind.warnings.push({ code: "batch-of-one", arm: "bn", outputs: "beta", value: 120, ...batches });
    expect(told(blind).lead).toBe(
      "bn does not learn (760) and plain learns little (500): every batch of bn holds a single point, for which BN outputs beta regardless of its input.",
    );
    expect(told(blind).values).toContain("in bn every batch holds a single point, for which BN outputs beta");
    expect(told(blind).layers).toContain("of bn the picture shows all points normalized together");
    expect(told(blind).gradients).toBe(
      "Gradients do not vanish in plain at update 100: toward the input they grow 14-fold in plain; in bn no gradient gets through the normalization of a single point: only what follows the last one learns.",
    );
    expect(told(cases["one arm"] as Result).lead).toMatch(/^bn learns \(\d+\): /);
    expect(told(cases["controls"] as Result).lead).toMatch(
      /^Of plain and plain he: plain diverges in all 5 seeds and plain he learns in 3 and diverges in 2 of 5 seeds \(172–193, median 177\): in seed 1, /,
    );
  });
});

describe("what single changes come to", () => {
  const arms = (factors: Readonly<Record<string, number>>, own: Readonly<Record<string, object>>) => {
    const result = structuredClone(
      makeResult({
        seeds: 3,
        arms: Object.fromEntries([
          ["plain", {}],
          ...Object.keys(factors).map((name) => [name, { normalized: true, own: own[name] ?? {} }]),
        ]),
      }),
    );
    for (const [name, { inference }] of Object.entries(result.effects))
      inference.mean = { estimate: Math.log(factors[name] ?? 1), confidence: 0.95, method: "BCa", resamples: 1 };
    return result;
  };
  const own = { scale: { transform: "scale" }, center: { transform: "center" }, bare: { affine: false } };

  test("follows their shares of the whole effect", () => {
    // Shares in logarithms: 0.9 of log 10 is log 7.94.
    const of = (scale: number, center: number) =>
      conclusionOf(arms({ bn: 10, scale, center, bare: 0.5 }, own), "parts");
    expect(of(8, 1.3)).toBe(
      "Compared with plain, bn divides the cost by 10. Scaling alone does nearly all of that (8); centering alone does almost nothing (1.3).",
    );
    expect(of(7.9, 0.9)).toBe(
      "Compared with plain, bn divides the cost by 10. Scaling alone does most of that (7.9); centering alone does harm (0.9).",
    );
    const input = { ...own, raw: { affine: false, normalize: "input" } };
    expect(conclusionOf(arms({ bn: 10, scale: 3, raw: 9 }, input), "parts")).toMatch(
      /\. Standardizing the input alone does nearly all of that \(9\); scaling alone does part of it/,
    );
    expect(of(3, 1.5)).toContain("Scaling alone (3) and centering alone (1.5) do part of that.");
    expect(conclusionOf(arms({ bn: 10, scale: 8, center: 1.3, bare: 0.5 }, own), "all")).toContain(
      "normalizing without gamma and beta does harm (0.5)",
    );
  });

  test("is not there without a whole, without an effect, or with one change alone", () => {
    expect(conclusionOf(arms({ scale: 8, center: 1.3 }, own), "parts")).toBeUndefined();
    expect(conclusionOf(arms({ bn: 1, scale: 8, center: 1.3 }, own), "parts")).toBeUndefined();
    expect(conclusionOf(arms({ bn: 10, scale: 8 }, own), "parts")).toBeUndefined();
  });

  test("counts seeds where the control always diverges", () => {
    expect(conclusionOf(cases["controls"] as Result, "all")).toContain("(diverges in 0 of 5)");
  });
});
