import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Points } from "../../src/data/points.js";
import { samplesAt } from "../../src/data/points.js";
import type { Engine } from "../../src/engines/engine.js";
import { loadEngine } from "../../src/engines/registry.js";
import { EXIT, ExpectedError } from "../../src/errors.js";
import type { ArmJob } from "../../src/experiment/arm.js";
import type { Experiment } from "../../src/experiment/prepare.js";
import { recheckPairing } from "../../src/experiment/recheck.js";
import { runExperiment } from "../../src/experiment/run.js";
import type { Tensor } from "../../src/model/tensors.js";
import type { Pairing } from "../../src/record/pairing.js";
import type { Result } from "../../src/record/result.js";
import { experimentOf, runnerOf } from "./experiments.js";

let engine: Engine;
beforeAll(async () => {
  engine = (await loadEngine("fused")).engine;
});
afterAll(() => engine.dispose());

const DIGEST = /^[0-9a-f]{64}$/;
const OTHER = "f".repeat(64);

const resultOf = async (experiment: Experiment): Promise<Result> =>
  (await runExperiment(experiment, runnerOf(engine))).result;

/** The refusal of a run in which one arm is handed another job. */
async function refusal(meddle: (job: ArmJob) => ArmJob, settings: Parameters<typeof experimentOf>[0] = {}) {
  const job = (asked: ArmJob) => (asked.name === "bn" ? meddle(asked) : asked);
  const error = await runExperiment(experimentOf(settings), runnerOf(engine, { job })).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(ExpectedError);
  expect((error as ExpectedError).exitCode).toBe(EXIT.bug);
  return (error as ExpectedError).message;
}

const noPair = (what: string, seed = 1) =>
  `the arms of seed ${seed} are not comparable: bn has different values in ${what}; nothing was written, since a comparison would be meaningless`;

/** The tensor with one value moved by a little. */
const tampered = (job: ArmJob, name: string): ArmJob => {
  const { shape, data } = job.weights.get(name) as Tensor;
  const changed = Float32Array.from(data);
  changed[0] = (changed[0] as number) + 2 ** -20;
  return { ...job, weights: new Map([...job.weights, [name, { shape, data: changed }]]) };
};

const reversed = (points: Points): Points =>
  samplesAt(
    points,
    Int32Array.from({ length: points.samples }, (_, i) => points.samples - 1 - i),
  );

describe("the certificate of a pair", () => {
  test("has the same points and the same tensors in both arms, and no difference", async () => {
    const { pairing } = await resultOf(experimentOf());
    const { plain, bn } = pairing.arms as Record<string, Pairing["arms"][string]>;
    expect(bn).toEqual(plain);
    expect(Object.keys(plain?.tensors ?? {})).toEqual(
      [0, 1, 2, 3].flatMap((layer) => [`layers.${layer}.kernel`, `layers.${layer}.bias`]),
    );
    for (const { deviates, initial } of Object.values(plain?.tensors ?? {})) {
      expect(deviates).toMatch(DIGEST);
      expect(initial).toMatch(DIGEST);
    }
    expect(plain?.batchSize).toBe(60);
    expect(pairing.differences).toEqual([]);
  });

  test("shows another init as a difference of every kernel, of the same deviates", async () => {
    const arms = { a: { normalize: "none" }, b: { init: "he" }, c: { init: "he" } } as const;
    const { pairing } = await resultOf(experimentOf({ arms }));
    const kernels = [0, 1, 2, 3].map((layer) => `layers.${layer}.kernel`);
    expect(pairing.differences).toEqual(
      ["b", "c"].flatMap((arm) => kernels.map((tensor) => ({ arm, tensor, declared: { init: "he" } }))),
    );
    for (const [tensor, { deviates, initial }] of Object.entries(pairing.arms["a"]?.tensors ?? {})) {
      const other = pairing.arms["b"]?.tensors[tensor];
      expect(other?.deviates).toBe(deviates);
      expect(other?.initial === initial).toBe(tensor.endsWith(".bias"));
    }
  });

  test("names the setting behind each difference, and all of them", async () => {
    const arms = { a: {}, b: { bias: 0.5 }, c: { biasStd: 0.25, bias: 0 }, d: { initStd: 0.5 }, e: { decay: 0.9 } };
    const { pairing } = await resultOf(experimentOf({ arms }));
    const declared = (arm: string) => [
      ...new Set(
        pairing.differences
          .filter((difference) => difference.arm === arm)
          .map(({ declared }) => JSON.stringify(declared)),
      ),
    ];
    expect(declared("b")).toEqual(['{"bias":0.5}']);
    expect(declared("c")).toEqual(['{"bias":0,"biasStd":0.25}']);
    expect(declared("d")).toEqual(['{"initStd":0.5}']);
    expect(declared("e")).toEqual([]);
    for (const { arm, tensor } of pairing.differences) {
      expect(tensor.endsWith(arm === "d" ? ".kernel" : ".bias")).toBe(true);
    }
  });

  test("of each seed hangs on the seed, and that of the first is the whole certificate's", async () => {
    const { pairing, seeds } = await resultOf(experimentOf({ seeds: [4, 9], shuffle: true, testSamples: 10 }));
    const [first, second] = seeds.map((seed) => seed.pairing) as [
      Result["seeds"][number]["pairing"],
      (typeof seeds)[number]["pairing"],
    ];
    expect(first.training).toBe(pairing.arms["plain"]?.training);
    expect(first.evaluation).toBe(pairing.evaluation);
    for (const part of ["training", "evaluation", "deviates"] as const) {
      expect(first[part]).toMatch(DIGEST);
      expect(second[part]).not.toBe(first[part]);
    }
  });
});

describe("arms that are no pair are refused, and the arm and what differs are named", () => {
  test.each(["layers.0.kernel", "layers.2.kernel", "layers.1.bias"])("%s", async (name) => {
    expect(await refusal((job) => tampered(job, name))).toBe(
      noPair(`${name}, which in its engine differs from what was generated`),
    );
  });

  test("another order of the training points", async () => {
    expect(await refusal((job) => ({ ...job, training: reversed(job.training) }))).toBe(
      noPair("the training points or their order"),
    );
  });

  test("other training points", async () => {
    const other = experimentOf({ seed: 2 }).draw(2).dataset.training;
    expect(await refusal((job) => ({ ...job, training: other }))).toBe(noPair("the training points or their order"));
  });

  test("other evaluation points", async () => {
    expect(await refusal((job) => ({ ...job, evaluation: reversed(job.evaluation) }))).toBe(
      noPair("the evaluation points"),
    );
  });

  test("another batch size", async () => {
    expect(await refusal((job) => ({ ...job, batchSize: 30 }))).toBe(noPair("the batch size"));
  });

  test("an engine that holds another tensor than it was given", async () => {
    const runner = runnerOf(engine, {
      outcome: (outcome, { name }) => {
        const { handed } = outcome;
        const tensors = { ...handed.tensors, "layers.3.bias": OTHER };
        return name === "bn" ? { ...outcome, handed: { ...handed, tensors } } : outcome;
      },
    });
    await expect(runExperiment(experimentOf(), runner)).rejects.toThrow(
      "bn has different values in layers.3.bias, which",
    );
  });

  test("an engine that holds no such tensor", async () => {
    const runner = runnerOf(engine, {
      outcome: (outcome, { name }) => {
        const { "layers.1.kernel": _, ...tensors } = outcome.handed.tensors;
        return name === "plain" ? { ...outcome, handed: { ...outcome.handed, tensors } } : outcome;
      },
    });
    await expect(runExperiment(experimentOf(), runner)).rejects.toThrow(
      "plain has different values in layers.1.kernel",
    );
  });

  test("in any seed", async () => {
    const { training } = experimentOf({ seed: 3 }).draw(3).dataset;
    const ofSeed3 = (job: ArmJob) => job.training.y[0] === training.y[0];
    expect(await refusal((job) => (ofSeed3(job) ? tampered(job, "layers.1.kernel") : job), { seeds: 4 })).toBe(
      noPair("layers.1.kernel, which in its engine differs from what was generated", 3),
    );
  });

  test("weights that a plan makes and no setting of it tells", async () => {
    const experiment = experimentOf({ arms: { plain: { normalize: "none" }, bn: {} } });
    const drawn = experiment.draw(1);
    const weightsOf: typeof drawn.weightsOf = (plan) =>
      plan.spec.normalization === undefined
        ? drawn.weightsOf(plan)
        : tampered({ weights: drawn.weightsOf(plan) } as ArmJob, "layers.0.kernel").weights;
    const meddled = { ...experiment, draw: () => ({ ...drawn, weightsOf }) };
    await expect(runExperiment(meddled, runnerOf(engine))).rejects.toThrow(
      "bn has different values in layers.0.kernel, and no setting of the arm explains it",
    );
  });
});

describe("a recorded certificate checked again", () => {
  const SETTINGS = {
    seeds: [1, 5],
    testSamples: 7,
    arms: { plain: { normalize: "none" }, bn: {}, he: { init: "he" } },
  } as const;
  let result: Result;
  let experiment: Experiment;
  beforeAll(async () => {
    experiment = experimentOf({ ...SETTINGS, seeds: [...SETTINGS.seeds] });
    result = await resultOf(experiment);
  });

  test("holds", () => {
    expect(recheckPairing(result, experiment)).toEqual([]);
    expect(recheckPairing(JSON.parse(JSON.stringify(result)), experiment)).toEqual([]);
  });

  /** Every string in a value, by its path. */
  function* texts(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
    if (typeof value === "string") yield path;
    else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) yield* texts(item, [...path, key]);
    }
  }

  const changedAt = (path: readonly string[], value: unknown): Result => {
    const copy = structuredClone(result) as unknown as Record<string, unknown>;
    let place = copy;
    for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
    place[path.at(-1) as string] = value;
    return copy as unknown as Result;
  };

  test("finds each digest that was changed, and says where, in every arm and in every seed", () => {
    const certificate = [...texts(result.pairing, ["pairing"])].filter((path) => path[1] !== "differences");
    const ofSeeds = result.seeds.flatMap((_, i) => [
      ...texts(result.seeds[i]?.pairing, ["seeds", String(i), "pairing"]),
    ]);
    // Three of the data, then of each arm two of points and two for each of eight tensors; three of each seed.
    expect(certificate).toHaveLength(3 + 3 * (2 + 2 * 8));
    expect(ofSeeds).toHaveLength(2 * 3);
    for (const path of [...certificate, ...ofSeeds]) {
      const faults = recheckPairing(changedAt(path, OTHER), experiment);
      expect(faults, path.join(".")).toHaveLength(1);
      expect(faults[0]).toContain("is recorded as ffffffffffff… but regenerated as ");
      if (path[1] === "arms") expect(faults[0]).toMatch(new RegExp(`^${path[2]}: `));
      if (path[3] === "tensors") expect(faults[0]).toContain(path[4]);
      if (path[0] === "seeds") expect(faults[0]).toContain(`seed ${result.seeds[Number(path[1])]?.seed}: `);
    }
  });

  test("says what it is and what it should be", () => {
    const { initial = "" } = result.pairing.arms["he"]?.tensors["layers.1.kernel"] ?? {};
    const changed = changedAt(["pairing", "arms", "he", "tensors", "layers.1.kernel", "initial"], OTHER);
    expect(recheckPairing(changed, experiment)).toEqual([
      `he: layers.1.kernel is recorded as ffffffffffff… but regenerated as ${initial.slice(0, 12)}…`,
    ]);
    expect(recheckPairing(changedAt(["pairing", "arms", "bn", "batchSize"], 7), experiment)).toEqual([
      "bn: the batch size is recorded as 7 but regenerated as 60",
    ]);
  });

  test("misses an arm, a tensor and a seed that are not there", () => {
    const { he: _, ...arms } = result.pairing.arms;
    expect(recheckPairing(changedAt(["pairing", "arms"], arms), experiment)).toEqual(["he has no certificate"]);
    const { "layers.0.bias": __, ...tensors } = result.pairing.arms["bn"]?.tensors ?? {};
    const [deviates, initial] = recheckPairing(changedAt(["pairing", "arms", "bn", "tensors"], tensors), experiment);
    expect(deviates).toMatch(/^bn: the deviates of layers\.0\.bias is recorded as undefined but regenerated/);
    expect(initial).toMatch(/^bn: layers\.0\.bias is recorded as undefined but regenerated/);
    expect(recheckPairing(changedAt(["seeds"], result.seeds.slice(0, 1)), experiment)).toEqual([
      "1 seeds are recorded, the configuration has 2",
    ]);
  });

  test("finds a seed that is not the configuration's", () => {
    expect(recheckPairing(changedAt(["seeds", "1", "seed"], 6), experiment)).toEqual([
      "seed 5: its number is recorded as 6 but regenerated as 5",
    ]);
  });

  test("finds declared differences that are left out or told otherwise", () => {
    const fault = ["the declared differences are not those that follow from the settings"];
    const { differences } = result.pairing;
    expect(differences).toHaveLength(4);
    expect(recheckPairing(changedAt(["pairing", "differences"], differences.slice(1)), experiment)).toEqual(fault);
    expect(recheckPairing(changedAt(["pairing", "differences", "0", "declared", "init"], "lecun"), experiment)).toEqual(
      fault,
    );
  });
});
