import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../src/config/keys.js";
import type { Engine } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import type { ArmJob, ArmOutcome } from "../../src/experiment/arm.js";
import { trainingsPerArm } from "../../src/experiment/prepare.js";
import { faultsOf } from "../../src/experiment/result-rules.js";
import { type ArmStep, runExperiment } from "../../src/experiment/run.js";
import { formatJson } from "../../src/files/json.js";
import type { SeedArm } from "../../src/record/arms.js";
import { type Result, resultSchema } from "../../src/record/result.js";
import { experimentOf, runnerOf } from "./experiments.js";

let engine: Engine;
beforeAll(async () => {
  engine = (await loadEngine("fused")).engine;
});
afterAll(() => engine.dispose());

type Meddling = Parameters<typeof runnerOf>[1];

const run = (settings: Settings = {}, meddling: Meddling = {}) =>
  runExperiment(experimentOf(settings), runnerOf(engine, meddling));
const resultOf = async (settings: Settings = {}, meddling: Meddling = {}): Promise<Result> =>
  (await run(settings, meddling)).result;

const diverged: SeedArm = {
  status: "diverged",
  costs: [{ update: 0, train: 5, inference: 5 }],
  divergence: { update: 1, layer: 0, tensor: "cost", pass: "forward" },
};

describe("a run over several seeds", () => {
  let three: Result;
  beforeAll(async () => {
    three = await resultOf({ seeds: 3 });
  });

  test("fits its schema and can be written", () => {
    expect(resultSchema.parse(JSON.parse(formatJson(three)))).toEqual(three);
    expect(faultsOf(three)).toEqual([]);
    expect(three.config.seeds).toEqual([1, 2, 3]);
    expect(three.seeds.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  });

  test("has the first seed's arms and certificate in full, the same bytes as that seed alone", async () => {
    const one = await resultOf();
    for (const part of ["arms", "pairing", "referenceCosts", "data", "warnings"] as const) {
      expect(formatJson(three[part])).toBe(formatJson(one[part]));
    }
    expect(formatJson(three.seeds[0])).toBe(formatJson(one.seeds[0]));
  });

  test("has of each seed what that seed alone has", async () => {
    for (const [i, seed] of [1, 2, 3].entries()) {
      const alone = await resultOf({ seed });
      expect(formatJson(three.seeds[i])).toBe(formatJson(alone.seeds[0]));
      for (const [name, arm] of Object.entries(three.seeds[i]?.arms ?? {})) {
        expect(arm.costs).toEqual(alone.arms[name]?.costs);
        expect(Object.keys(arm).sort()).toEqual(["costs", "final", "status"]);
      }
    }
  });

  test("does not hang on how many arms train at once, nor on which is done first", async () => {
    for (const slots of [2, 5, 100]) {
      // The first arms take longest.
      let left = 6;
      const again = await resultOf({ seeds: 3 }, { slots, delay: () => 5 * left-- });
      expect(formatJson(again)).toBe(formatJson(three));
    }
  });

  test("takes a list of seeds in its order, the first of them in full", async () => {
    const listed = await resultOf({ seeds: [3, 1, 2] });
    expect(listed.seeds).toEqual([3, 1, 2].map((seed) => three.seeds[seed - 1]));
    expect(listed.config.seed).toBe(3);
    expect(formatJson(listed.arms)).toBe(formatJson((await resultOf({ seed: 3 })).arms));
  });

  test("pairs the arms of each seed", () => {
    const finals = (name: string) =>
      three.seeds.map(({ arms }) => (arms[name] as SeedArm & { status: "trained" }).final);
    const [plain, bn] = [finals("plain"), finals("bn")];
    for (const mode of ["train", "inference"] as const) {
      const ratios = three.effects["bn"]?.[mode].logRatios.map(({ logRatio }) => logRatio);
      ratios?.forEach((ratio, i) => {
        expect(ratio).toBeCloseTo(Math.log(Number(plain[i]?.[mode]) / Number(bn[i]?.[mode])), 12);
      });
      expect(three.effects["bn"]?.[mode]).toMatchObject({ pairs: 3, defined: 3 });
    }
  });

  test("counts a seed that diverged among the undefined pairs, and averages it nowhere", async () => {
    const { training } = experimentOf({ seed: 2 }).draw(2).dataset;
    const outcome = (found: ArmOutcome, { name, training: points }: ArmJob): ArmOutcome =>
      name === "plain" && points.y[0] === training.y[0] ? { ...found, costs: diverged } : found;
    const { effects, seeds } = await resultOf({ seeds: 3 }, { outcome });
    expect(seeds.map(({ arms }) => arms["plain"]?.status)).toEqual(["trained", "diverged", "trained"]);
    const train = effects["bn"]?.train;
    expect(train).toMatchObject({
      pairs: 3,
      defined: 2,
      undefinedPairs: { controlDiverged: 1, treatedDiverged: 0, bothDiverged: 0, notPositive: 0 },
    });
    expect(train?.logRatios).toEqual(three.effects["bn"]?.train.logRatios.filter(({ seed }) => seed !== 2));
    const [first, last] = (train?.logRatios ?? []).map(({ logRatio }) => logRatio) as [number, number];
    expect(train?.mean?.estimate).toBeCloseTo((first + last) / 2, 14);
    expect(train?.wins?.treated).toBeGreaterThanOrEqual(1);
  });

  test("has the tutorial's plain relu arm diverge for every seed, told with its growth in full", async () => {
    const relu = { activation: "relu", hiddenLayers: 7, width: 30, samples: 100, updates: 2, seeds: 2 } as const;
    const { arms, seeds, effects } = await resultOf(relu);
    for (const { arms: here } of seeds) {
      expect(here["plain"]).toMatchObject({ status: "diverged", divergence: { update: 1 } });
      expect(here["bn"]?.status).toBe("trained");
    }
    const { plain } = arms;
    const growth = plain?.status === "diverged" ? plain.divergence.growth : undefined;
    expect(growth).toMatchObject({ update: 0, predicted: expect.closeTo(15, 12) });
    // Theory holds on average over weights; one draw of six layers of 30 units comes within a factor.
    expect(growth?.measured).toBeGreaterThan(10);
    expect(growth?.measured).toBeLessThan(22);
    expect(seeds[1]?.arms["plain"]).not.toHaveProperty("divergence.growth");
    expect(effects["bn"]?.train).toMatchObject({ defined: 0, undefinedPairs: { controlDiverged: 2 } });
    expect(effects["bn"]?.train).not.toHaveProperty("mean");
  });
});

describe("a run's arms", () => {
  test("are those of the configuration, in its order, each against its control", async () => {
    const arms = {
      b: { normalize: "none" },
      a: {},
      c: { decay: 0.9, against: "a" },
      d: { normalize: "none", against: "none" },
    } as const;
    const result = await resultOf({ arms });
    expect(Object.keys(result.arms)).toEqual(["b", "a", "c", "d"]);
    expect(result.config.arms).toEqual(arms);
    expect(Object.entries(result.effects).map(([arm, { against }]) => [arm, against])).toEqual([
      ["a", "b"],
      ["c", "a"],
    ]);
    // Another decay changes what inference sees, and nothing of the training.
    const costs = (arm: string) => result.arms[arm]?.costs.map(({ train }) => train);
    expect(costs("c")).toEqual(costs("a"));
    expect(result.arms["c"]?.costs.at(-1)?.inference).not.toBe(result.arms["a"]?.costs.at(-1)?.inference);
  });

  test("are plain and bn where none are given, the same as when they are written out", async () => {
    const written = { plain: { normalize: "none" }, bn: {} } as const;
    expect(formatJson(await resultOf({ arms: written }))).toBe(formatJson(await resultOf()));
  });

  test("that set what the experiment has anyway are the same arms twice", async () => {
    const { arms } = await resultOf({
      arms: { one: {}, two: { decay: 0.5, activation: "tanh", learningRate: 0.001 } },
    });
    expect(arms["two"]).toEqual(arms["one"]);
  });

  test("have a gap at every checkpoint from the first update on where they normalize", async () => {
    const { arms } = await resultOf();
    for (const { update, inputNorm, layers } of arms["bn"]?.checkpoints ?? []) {
      for (const place of [inputNorm, ...layers.slice(0, -1)])
        expect(place !== undefined && "gap" in place).toBe(update > 0);
      expect(layers.at(-1)).not.toHaveProperty("gap");
    }
    for (const { layers } of arms["plain"]?.checkpoints ?? []) {
      for (const layer of layers) expect(layer).not.toHaveProperty("gap");
    }
  });

  test("have a health in every layer of every checkpoint, the targets' scale the output's", async () => {
    const { arms } = await resultOf();
    for (const { layers } of Object.values(arms).flatMap(({ checkpoints }) => checkpoints)) {
      expect(layers.map(({ health }) => health.units)).toEqual([6, 6, 6, 1]);
    }
  });

  test("that the moving averages leave behind are warned of", async () => {
    const { warnings } = await resultOf({ decay: 0.99 });
    expect(warnings).toContainEqual(expect.objectContaining({ arm: "bn", code: "decay-too-slow" }));
    expect((await resultOf({ debias: true })).warnings.map(({ code }) => code)).not.toContain("decay-too-slow");
  });
});

describe("the rounding probe", () => {
  test("repeats every arm of the first seed from neighbors of its weights, and changes nothing else", async () => {
    const [probed, without] = [await resultOf({ seeds: 2, roundingProbe: 4 }), await resultOf({ seeds: 2 })];
    const { roundingProbe, config, ...rest } = probed;
    const { config: other, ...same } = without;
    expect(rest).toEqual(same);
    expect(config).toEqual({ ...other, roundingProbe: 4 });
    expect(roundingProbe?.repeats).toBe(4);
    expect(Object.keys(roundingProbe?.arms ?? {})).toEqual(["plain", "bn"]);
    for (const [name, { finals, costs, diverged: lost }] of Object.entries(roundingProbe?.arms ?? {})) {
      expect(lost).toBe(0);
      expect(finals).toHaveLength(4);
      expect(new Set(finals.map(({ train }) => train)).size).toBeGreaterThan(1);
      expect(costs.map(({ update }) => update)).toEqual(probed.arms[name]?.costs.map(({ update }) => update));
      // One unit in the last place: the first cost is hardly another one.
      const start = probed.arms[name]?.costs[0]?.train as number;
      expect(Math.abs((costs[0]?.train.low as number) / start - 1)).toBeLessThan(1e-5);
      expect(Math.abs((costs[0]?.train.high as number) / start - 1)).toBeLessThan(1e-5);
    }
  });

  test("does not hang on how many arms train at once", async () => {
    const [one, many] = [1, 7].map((slots) => resultOf({ roundingProbe: 3 }, { slots }));
    expect(formatJson(await one)).toBe(formatJson(await many));
  });

  test("is not there unless it is asked for", async () => {
    expect(await resultOf()).not.toHaveProperty("roundingProbe");
  });
});

describe("while a run goes on", () => {
  test("its progress counts the updates of every training, and says which diverged and have none left", async () => {
    const experiment = experimentOf({ seeds: 2, roundingProbe: 1, activation: "relu", hiddenLayers: 7, width: 30 });
    const told: Record<string, ArmStep[]> = {};
    const progress = (step: ArmStep) => {
      told[step.arm] = [...(told[step.arm] ?? []), step];
    };
    await runExperiment(experiment, runnerOf(engine, { slots: 3 }), { progress });
    expect(trainingsPerArm(experiment)).toBe(3);
    expect(Object.keys(told).sort()).toEqual(["bn", "plain"]);
    for (const steps of Object.values(told)) {
      const done = steps.map((step) => step.done);
      expect(done).toEqual([...done].sort((a, b) => a - b));
    }
    // Each plain training diverges with its first update: 3 of 36 are left.
    const plain = { arm: "plain", done: 3, updates: 3, cost: undefined, trainings: 3, divergedAt: [1, 1, 1] };
    expect(told["plain"]?.at(-1)).toEqual(plain);
    expect(told["bn"]?.at(-1)).toMatchObject({ done: 36, updates: 36, trainings: 3, divergedAt: [] });
  });

  test("an interruption ends it", async () => {
    const signal = AbortSignal.abort();
    await expect(runExperiment(experimentOf({ seeds: 2 }), runnerOf(engine), { signal })).rejects.toThrow(/abort/i);
  });

  test("no more arms train at once than there is room for", async () => {
    for (const slots of [1, 3]) {
      let [now, most] = [0, 0];
      const runner = runnerOf(engine);
      const counting: typeof runner = {
        ...runner,
        slots,
        async run(...args) {
          most = Math.max(most, ++now);
          await new Promise((resolve) => setTimeout(resolve, 1));
          const outcome = await runner.run(...args);
          now -= 1;
          return outcome;
        },
      };
      await runExperiment(experimentOf({ seeds: 3 }), counting);
      expect(most).toBe(slots);
    }
  });
});

describe("what is kept beside the result", () => {
  test("is of the first seed alone: digests of every update, states of every checkpoint", async () => {
    const [three, one] = [await run({ seeds: 3, saveWeights: true }), await run({ saveWeights: true })];
    expect(three.digests).toEqual(one.digests);
    expect(Object.keys(three.digests ?? {})).toEqual(["plain", "bn"]);
    expect(three.saved).toEqual(one.saved);
    expect(three.saved.map(({ arm, update }) => `${arm}@${update}`)).toEqual(
      ["plain", "bn"].flatMap((arm) => [0, 6, 12].map((update) => `${arm}@${update}`)),
    );
    expect((await run()).saved).toEqual([]);
  });

  test("holds no digests of an engine whose bytes do not repeat", async () => {
    const { createArm } = engine;
    const unsure: Engine = { info: { ...engine.info, reproducible: "no" }, createArm, dispose() {} };
    const finished = await runExperiment(experimentOf(), runnerOf(unsure));
    expect(finished).not.toHaveProperty("digests");
  });
});

describe("the data of a result", () => {
  test("is that of the parabola, with its truth, or of Gaussian inputs, without", async () => {
    const parabola = await resultOf();
    expect(parabola.data.truth).toBe("x² − 5");
    expect(parabola.data.grid).toHaveLength(201);
    const gaussian = await resultOf({ dataset: "gaussian" });
    expect(gaussian.data).not.toHaveProperty("truth");
    expect(gaussian.data.grid).toHaveLength(201);
    expect(gaussian.config).toMatchObject({ dataset: "gaussian", inputs: 1 });
  });

  test("of several input columns has no grid, and fits at its points", async () => {
    const { data, arms, config } = await resultOf({ dataset: "gaussian", inputs: 3 });
    expect(config.sizes).toEqual([3, 6, 6, 6, 1]);
    expect(data).toMatchObject({ inputs: 3, trainingSamples: 60 });
    expect(data).not.toHaveProperty("grid");
    expect(data.drawn).not.toHaveProperty("x");
    for (const arm of Object.values(arms)) expect(arm.status === "trained" && arm.fit).toHaveLength(60);
  });
});
