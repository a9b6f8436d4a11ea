import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { findExperiments } from "../../src/check/find-experiments.js";
import { gatesOf } from "../../src/check/gates.js";
import { prepareCheck } from "../../src/check/prepare-check.js";
import { quantityName } from "../../src/check/quantities.js";
import { toleranceText } from "../../src/check/tolerance.js";
import type { Baseline } from "../../src/record/baseline.js";
import { type Recorded, record } from "./recorded.js";

describe("the experiments that are meant", () => {
  beforeEach(() => {
    const [before, folder] = [process.cwd(), realpathSync(mkdtempSync(join(tmpdir(), "bn-compare-found-")))];
    for (const path of ["experiments/b", "experiments/a", "experiments/empty", "other/a", "experiments/deep/c"]) {
      mkdirSync(join(folder, path), { recursive: true });
      if (!path.endsWith("empty")) writeFileSync(join(folder, path, "experiment.yaml"), "activation: tanh\n");
    }
    writeFileSync(join(folder, "experiments/b/other.yaml"), "activation: relu\n");
    process.chdir(folder);
    onTestFinished(() => {
      process.chdir(before);
      rmSync(folder, { recursive: true, force: true });
    });
  });
  const folders = (...patterns: string[]) => findExperiments(patterns).map(({ folder }) => folder);

  test("are all of experiments/ when none is named, in order, without folders that hold none", () => {
    expect(findExperiments([])).toEqual([
      { name: "a", folder: "experiments/a" },
      { name: "b", folder: "experiments/b" },
    ]);
  });

  test("are named by folder, by file, by glob, or by the name of one that comes with the package", () => {
    expect(folders("experiments/b")).toEqual(["experiments/b"]);
    expect(folders("experiments/b/")).toEqual(["experiments/b"]);
    expect(folders("experiments/b/experiment.yaml")).toEqual(["experiments/b"]);
    expect(folders("experiments/**")).toEqual(["experiments/a", "experiments/b", "experiments/deep/c"]);
    expect(folders("experiments/{a,b}/*.yaml")).toEqual(["experiments/a", "experiments/b"]);
    expect(findExperiments(["tutorial-relu"])[0]?.name).toBe("tutorial-relu");
  });

  test("are checked once each, however often they are named", () => {
    expect(folders("experiments/a", "experiments/*", join(process.cwd(), "experiments/b"))).toEqual([
      "experiments/a",
      "experiments/b",
    ]);
  });

  test("have different names in reports even where their folders have the same", () => {
    expect(findExperiments(["experiments/a", "other/a", "experiments/b"]).map(({ name }) => name)).toEqual([
      "experiments/a",
      "other/a",
      "b",
    ]);
  });

  test("are called from the folder itself, and from a neighbor", () => {
    process.chdir("experiments/a");
    expect(findExperiments(["."])).toEqual([{ name: "a", folder: "." }]);
    expect(findExperiments(["../b"])[0]).toMatchObject({ name: "b", folder: expect.stringMatching(/experiments\/b$/) });
  });

  test.each(["no-such", "x*", "experiments/empty", "experiments/b/other.yaml", "experiments/*/other.yaml"])(
    "are none for %s: a usage error that says what was expected",
    (pattern) => {
      expect(() => findExperiments(["experiments/a", pattern])).toThrow(
        expect.objectContaining({ exitCode: 2, message: expect.stringContaining(`no experiment matches ${pattern}`) }),
      );
    },
  );

  test("are none where there is no experiments/", () => {
    process.chdir("other");
    expect(() => findExperiments([])).toThrow(/no experiment matches experiments\/\*.*name one, or run where/);
  });

  test("compare twenty seeds where they have one, their own where they have more, and check.seeds before both", () => {
    const seeds = (text: string) => {
      writeFileSync("experiments/a/experiment.yaml", `activation: tanh\nsamples: 9\n${text}`);
      return prepareCheck({ name: "a", folder: "experiments/a" }, {}).experiment.seeds;
    };
    expect(seeds("")).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(seeds("seeds: 3\n")).toEqual([1, 2, 3]);
    expect(seeds("seeds: [5, 2]\n")).toEqual([5, 2]);
    expect(seeds("seeds: 3\ncheck:\n  seeds: 2\n")).toEqual([1, 2]);
    expect(seeds("seed: 7\ncheck:\n  seeds: 2\n")).toEqual([7, 8]);
  });
});

describe("the gates", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await record();
  });
  const gates = (settings: Parameters<typeof gatesOf>[0], baseline = recorded.baseline) =>
    gatesOf(settings, recorded.experiment, baseline);

  const tolerances = (settings: Parameters<typeof gatesOf>[0]) =>
    gates(settings).map(({ tolerance }) => toleranceText(tolerance));

  test("are both final costs of the arm with BN, within 5 %, where none is named", () => {
    expect(gates({}).map(({ quantity }) => quantityName(quantity))).toEqual(["bn.train", "bn.inference"]);
    expect(tolerances({})).toEqual(["5\u00a0%", "5\u00a0%"]);
    expect(tolerances({ maxIncrease: 3 })).toEqual(["3", "3"]);
  });

  test("are those that are named, each with its own tolerance or the common one", () => {
    const named = gates({ maxIncrease: "2%", gates: { "plain.train": null, "bn.effect": "10%", "bn.gap": 0.2 } });
    expect(named).toEqual([
      { quantity: { arm: "plain", kind: "train" }, tolerance: { kind: "relative", share: 0.02 } },
      { quantity: { arm: "bn", kind: "effect", control: "plain" }, tolerance: { kind: "relative", share: 0.1 } },
      { quantity: { arm: "bn", kind: "gap", control: "plain" }, tolerance: { kind: "absolute", amount: 0.2 } },
    ]);
    expect(gates({ gates: {} })).toEqual([]);
  });

  test("of an arm without moving averages are of its one cost", () => {
    const experiment = structuredClone({
      ...recorded.experiment,
      draw: undefined,
    }) as unknown as typeof recorded.experiment;
    Object.assign(experiment.arms.bn?.spec.normalization ?? {}, { normalizer: "layer" });
    const of = (settings: Parameters<typeof gatesOf>[0]) =>
      gatesOf(settings, experiment, recorded.baseline).map(({ quantity }) => quantityName(quantity));
    expect(of({})).toEqual(["bn.train"]);
    expect(() => of({ gates: { "bn.gap": null } })).toThrow(
      "bn has no moving averages, and so only one cost; gate bn.train",
    );
    expect(() => of({ gates: { "bn.recalibrated": null } })).toThrow("bn has no moving averages");
  });

  test("stand by default while two seeds of the baseline end with a cost", () => {
    const diverging = (...seeds: number[]): Baseline => ({
      ...recorded.baseline,
      seeds: [1, 2, 3].map((seed) => ({
        seed,
        arms: {
          bn: seeds.includes(seed)
            ? { status: "diverged", divergence: { update: 3, layer: 0, tensor: "kernel", pass: "backward" } }
            : { status: "trained", final: { train: 1, inference: 1 } },
        },
      })),
    });
    const experiment = { ...recorded.experiment, seeds: [1, 2, 3] };
    expect(gatesOf({}, experiment, diverging(2))).toHaveLength(2);
    expect(gatesOf({}, experiment, diverging(1, 2))).toEqual([]);
  });

  test.each([
    ["bn", /check\.gates\.bn: there is no such quantity; name an arm \(plain, bn\) with \.train, \.inference/],
    ["bn.cost", /there is no such quantity/],
    ["other.train", /there is no such quantity/],
    ["plain.effect", /plain is the control, which has no effect of its own/],
  ])("refuse %s", (name, message) => {
    expect(() => gates({ gates: { [name]: null } })).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
    );
  });
});
