import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ArmPlan } from "../../src/experiment/arm-plans.js";
import { initialWeights } from "../../src/model/initializers.js";
import { writeSafetensors } from "../../src/model/safetensors.js";
import { experimentOf } from "./experiments.js";

let folder: string;
let given: { data: string; weights: string };
const SIZES = [1, 4, 4, 1];
const WEIGHTS = initialWeights(SIZES, { init: "he", initStd: 1 }, 9);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prepare-test-"));
  given = { data: join(folder, "points.csv"), weights: join(folder, "w.safetensors") };
  writeFileSync(given.data, `x,y\n${Array.from({ length: 20 }, (_, i) => `${i},${(i * 7) % 5}`).join("\n")}\n`);
  writeFileSync(given.weights, writeSafetensors(WEIGHTS, {}));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the arms of an experiment", () => {
  test("are the tutorial's pair: without, and with the standard normalization, which has no optional key", () => {
    const { arms } = experimentOf();
    const spec = { sizes: [1, 6, 6, 6, 1], activation: "tanh", learningRate: 0.001 };
    const initialization = { init: "normal", initStd: 1, bias: 0.1, biasStd: 0 };
    const normalization = { epsilon: 0.001, decay: 0.5, debias: false };
    expect(arms).toEqual({
      plain: { spec, initialization, own: { normalize: "none" } },
      bn: { spec: { ...spec, normalization }, initialization, own: {}, against: "plain" },
    });
  });

  test("have the experiment's settings with their own over them", () => {
    const { arms } = experimentOf({
      decay: 0.75,
      affine: false,
      bias: 0,
      arms: {
        usual: {},
        other: {
          activation: "relu",
          learningRate: 0.5,
          init: "he",
          bias: -1,
          biasStd: 2,
          normalize: "hidden",
          transform: "center",
          affine: true,
          position: "after",
          ghostBatchSize: 5,
          decay: 0.25,
          epsilon: 0,
          debias: true,
        },
      },
    });
    expect(arms["usual"]?.spec.normalization).toEqual({ epsilon: 0.001, decay: 0.75, debias: false, affine: false });
    expect(arms["usual"]).not.toHaveProperty("against");
    expect(arms["other"]).toMatchObject({ initialization: { init: "he", bias: -1, biasStd: 2 }, against: "usual" });
    expect(arms["other"]?.spec).toEqual({
      sizes: [1, 6, 6, 6, 1],
      activation: "relu",
      learningRate: 0.5,
      normalization: {
        epsilon: 0,
        decay: 0.25,
        debias: true,
        where: "hidden",
        transform: "center",
        position: "after",
        ghostBatchSize: 5,
      },
    });
  });

  test("have init normal's standard deviation of 1 where the experiment has another init", () => {
    const { arms } = experimentOf({ init: "he", arms: { a: {}, b: { init: "normal" } } });
    expect(arms["b"]?.initialization).toMatchObject({ init: "normal", initStd: 1 });
  });

  test("may each be the control, also a later one of an earlier one", () => {
    const { arms } = experimentOf({ arms: { a: { against: "c" }, b: {}, c: { against: "b" } } });
    expect(Object.entries(arms).map(([name, { against }]) => [name, against])).toEqual([
      ["a", "c"],
      ["b", "a"],
      ["c", "b"],
    ]);
  });

  test("start from given weights without an initialization of their own", () => {
    const { arms, draw } = experimentOf({ weights: given.weights });
    for (const arm of Object.values(arms)) {
      expect(arm).not.toHaveProperty("initialization");
      expect(draw(1).weightsOf(arm)).toEqual(WEIGHTS);
    }
    expect(draw(1).deviates).toEqual(WEIGHTS);
  });
});

describe("the seeds of an experiment", () => {
  test("are as many as asked for from the seed on, a list as it stands, or the one seed", () => {
    expect(experimentOf({ seed: 5, seeds: 3 }).seeds).toEqual([5, 6, 7]);
    expect(experimentOf({ seeds: [8, 2] }).seeds).toEqual([8, 2]);
    expect(experimentOf({ seed: 5 }).seeds).toEqual([5]);
  });

  test("each draw data and deviates of their own, the same each time", () => {
    const { draw, arms } = experimentOf({ seeds: 2, shuffle: true, testSamples: 9 });
    const [one, two] = [draw(1), draw(2)];
    expect(draw(1)).toBe(one);
    expect(draw(2)).toEqual({ ...two, weightsOf: expect.any(Function) });
    expect(two.seed).toBe(2);
    for (const part of ["data", "evaluation", "batchOrder"] as const) {
      expect(two.dataset.digests[part]).not.toBe(one.dataset.digests[part]);
    }
    expect(two.deviates).not.toEqual(one.deviates);
    const bn = arms["bn"] as ArmPlan;
    expect(two.weightsOf(bn)).not.toEqual(one.weightsOf(bn));
  });

  test("are refused where each would be the same run", () => {
    expect(() => experimentOf({ ...given, seeds: 2 })).toThrow(
      "seeds: with given data, given weights and no shuffling, every seed is the same run; leave seeds out",
    );
    expect(experimentOf({ ...given, seeds: 2, shuffle: true }).seeds).toHaveLength(2);
    expect(experimentOf({ data: given.data, seeds: 2 }).seeds).toHaveLength(2);
    expect(experimentOf({ weights: given.weights, seeds: 2 }).seeds).toHaveLength(2);
    expect(experimentOf({ ...given, seeds: 1 }).seeds).toHaveLength(1);
  });

  test("shuffle given points each in their own order, with given weights too", () => {
    const { draw } = experimentOf({ ...given, seeds: 2, shuffle: true });
    expect(draw(2).dataset.digests.data).toBe(draw(1).dataset.digests.data);
    expect(draw(2).dataset.digests.batchOrder).not.toBe(draw(1).dataset.digests.batchOrder);
  });
});

describe("what a configuration is resolved to", () => {
  test("has the dataset and its columns where it is generated, and not where it is given", () => {
    expect(experimentOf({ dataset: "gaussian", inputs: 4 }).config).toMatchObject({ dataset: "gaussian", inputs: 4 });
    expect(experimentOf().config).not.toHaveProperty("inputs");
    const { config } = experimentOf({ data: given.data });
    for (const key of ["dataset", "inputs", "noise", "testSamples"]) expect(config).not.toHaveProperty(key);
  });

  test("names a gaussian run after its dataset", () => {
    expect(experimentOf({ dataset: "gaussian" }).name).toBe("gaussian-tanh");
    expect(experimentOf().name).toBe("tutorial-tanh");
    expect(experimentOf({ data: given.data }).name).toBe("data-tanh");
  });

  test("is a copy: changing it changes no arm", () => {
    const arms = { a: { decay: 0.75 }, b: {} };
    const { config } = experimentOf({ arms });
    (config.arms["a"] as Record<string, unknown>)["decay"] = 0;
    expect(arms.a.decay).toBe(0.75);
  });
});

test("data and weights of a seed are made once for all arms that start alike", () => {
  const { arms, draw } = experimentOf({ seeds: 3, arms: { plain: { normalize: "none" }, bn: {}, he: { init: "he" } } });
  const [plain, bn, he] = [arms["plain"], arms["bn"], arms["he"]];
  if (plain === undefined || bn === undefined || he === undefined) throw new Error("an arm is missing");
  for (const seed of [1, 2, 3]) {
    expect(draw(seed)).toBe(draw(seed));
    expect(draw(seed).weightsOf(bn)).toBe(draw(seed).weightsOf(plain));
    expect(draw(seed).weightsOf(he)).not.toBe(draw(seed).weightsOf(plain));
  }
  expect(draw(2).weightsOf(plain)).not.toEqual(draw(3).weightsOf(plain));
});
