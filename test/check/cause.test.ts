import { beforeAll, describe, expect, test } from "vitest";
import { causeOf, locate } from "../../src/check/cause.js";
import type { Finals } from "../../src/check/quantities.js";
import type { Baseline } from "../../src/record/baseline.js";
import { type Recorded, record, stepperOf } from "./recorded.js";

const TENSORS = ["layers.0.kernel", "layers.1.kernel", "norms.0.moving_mean", "norms.1.gamma", "norms.1.moving_mean"];
const LAYERS = 2;
type Digests = Baseline["digests"];

/** A run of both arms whose digests of an update are eight times one digit; `at` says where the bn arm's differ. */
function digests(updates: readonly number[], at: Readonly<Record<number, readonly string[]>> = {}): Digests {
  const arm = (name: string) => ({
    tensors: TENSORS,
    updates: updates.map((update): [number, string] => [
      update,
      TENSORS.map((tensor) => (name === "bn" && at[update]?.includes(tensor) ? "f" : "0").repeat(8)).join(""),
    ]),
  });
  return { plain: arm("plain"), bn: arm("bn") };
}
const located = (recorded: Digests, current: Digests | undefined) =>
  locate({ digests: recorded } as Baseline, current, LAYERS);

describe("the first state that differs", () => {
  test("is none in two equal runs, and unknown where one has no digests", () => {
    expect(located(digests([0, 1, 2]), digests([0, 1, 2]))).toBeUndefined();
    expect(located({}, digests([0]))).toBeUndefined();
    expect(located(digests([0]), undefined)).toBeUndefined();
  });

  test("is that of the earliest update, with arm, layer and tensor", () => {
    const now = digests([0, 1, 2], { 1: ["layers.0.kernel"], 2: TENSORS });
    expect(located(digests([0, 1, 2]), now)).toEqual({
      update: 1,
      arm: "bn",
      tensor: "layers.0.kernel",
      layer: "layer 1",
    });
  });

  test.each<[string, readonly string[], string, string]>([
    [
      "the deepest layer in the backward pass",
      ["layers.0.kernel", "layers.1.kernel"],
      "layers.1.kernel",
      "the output layer",
    ],
    ["a norm behind the layer that follows it", ["norms.1.gamma", "layers.0.kernel"], "norms.1.gamma", "layer 1"],
    [
      "averages before gradients, since the forward pass moves them",
      ["layers.1.kernel", "norms.1.moving_mean"],
      "norms.1.moving_mean",
      "layer 1",
    ],
    [
      "averages from the input on",
      ["norms.1.moving_mean", "norms.0.moving_mean"],
      "norms.0.moving_mean",
      "the input's normalization",
    ],
  ])("names %s", (_, differing, tensor, layer) => {
    expect(located(digests([0, 1]), digests([0, 1], { 1: differing }))).toMatchObject({ tensor, layer });
  });

  test("is looked for at the updates that the baseline kept", () => {
    expect(located(digests([0, 4, 8]), digests([0, 1, 2, 3, 4, 5, 6, 7, 8], { 3: TENSORS }))).toBeUndefined();
    const now = digests([0, 1, 2, 3, 4, 5, 6, 7, 8], { 8: ["layers.1.kernel"] });
    expect(located(digests([0, 4, 8]), now)).toMatchObject({ update: 8 });
  });

  test("is where one run ends before the other", () => {
    const ended = located(digests([0, 1, 2, 3]), digests([0, 1]));
    expect(ended).toMatchObject({ update: 2, layer: "every layer" });
    expect(ended?.tensor).toContain("only one of the runs reached");
  });
});

describe("the cause", () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await record();
  });
  const located = { update: 1, arm: "bn", layer: "layer 1", tensor: "layers.0.kernel" };
  const causeFor = (
    change: Partial<Baseline> = {},
    found: { location?: typeof located; finals?: Finals[] } = { location: located },
    experiment = recorded.experiment,
  ) => {
    const baseline = { ...recorded.baseline, ...change };
    const read = { file: "baseline.json", baseline, recordedStates: recorded.recordedStates };
    return causeOf(experiment, read, {
      info: recorded.engine.info,
      step: stepperOf(recorded.engine),
      location: undefined,
      ...found,
    });
  };
  const finals = (factor: number): Finals[] =>
    recorded.baseline.seeds.map(({ seed, arms }) => {
      const current = structuredClone(arms);
      if (seed === 2 && current["bn"]?.status === "trained") current["bn"].final.train *= factor;
      return { seed, baseline: arms, current };
    });

  test("is another engine where name, backend or a library differ, whatever the steps", async () => {
    const { engine } = recorded.baseline;
    for (const other of [
      { ...engine, name: "tfjs" },
      { ...engine, backend: "wasm" },
      { ...engine, version: { ...engine.version, library: "9.9" } },
    ]) {
      const cause = await causeFor({ engine: other });
      expect(cause.kind).toBe("engine");
      expect(cause.text).toContain("this run by fused (wasm-simd)");
    }
    const release = { ...engine, version: { "bn-compare": "99.0.0" } };
    expect((await causeFor({ engine: release })).kind).toBe("rounding");
  });

  test("is the environment only for an engine whose bits hang on it", async () => {
    const environment = { node: "v1.0.0", platform: "plan9", arch: "vax" };
    expect((await causeFor({ environment })).kind).toBe("rounding");
    const info = { ...recorded.engine.info, reproducible: "here" as const };
    const read = { file: "", baseline: { ...recorded.baseline, environment }, recordedStates: recorded.recordedStates };
    const cause = await causeOf(recorded.experiment, read, {
      info,
      step: stepperOf(recorded.engine),
      location: located,
    });
    expect(cause).toMatchObject({ kind: "environment", text: expect.stringContaining("Node v1.0.0 on plan9 vax") });
  });

  test("is rounding where the steps agree, and says from how many states", async () => {
    expect(await causeFor()).toMatchObject({ kind: "rounding", text: expect.stringContaining("8 recorded states") });
  });

  test("is the code where every state is the same and a final cost is not", async () => {
    const cause = await causeFor({}, { finals: finals(1.01) });
    expect(cause).toMatchObject({ kind: "code", text: expect.stringContaining("yet final costs differ") });
    expect((await causeFor({}, { finals: finals(1 + 1e-7) })).kind).toBe("rounding");
    expect((await causeFor({}, { finals: finals(Number.NaN) })).kind).toBe("code");
  });

  test("is the code where training starts from other weights", async () => {
    const { experiment } = recorded;
    const draw: typeof experiment.draw = (seed) => ({
      ...experiment.draw(seed),
      weightsOf: (plan) => experiment.draw(seed + 1).weightsOf(plan),
    });
    const cause = await causeFor({}, { location: { ...located, update: 0 } }, { ...experiment, draw });
    expect(cause).toMatchObject({
      kind: "code",
      text: expect.stringContaining("starts from different weights, layers.0.kernel of plain (layer 1)"),
    });
  });

  test("is the code where it takes other steps, with the first tensor and the factor they share", async () => {
    const arms = Object.fromEntries(
      Object.entries(recorded.experiment.arms).map(([name, plan]) => [
        name,
        { ...plan, spec: { ...plan.spec, learningRate: 1.02 * plan.spec.learningRate } },
      ]),
    );
    const cause = await causeFor({}, { location: located }, { ...recorded.experiment, arms });
    expect(cause.kind).toBe("code");
    expect(cause.text).toContain("first layers.3.kernel of plain at update 1 (the output layer)");
    expect(cause.text).toContain("nearly all by the same factor, 1.02 of the baseline's step");
  });

  test("is said to be unknown between rounding and code where the baseline has no states", async () => {
    const read = { file: "", baseline: recorded.baseline, recordedStates: new Map() };
    const cause = await causeOf(recorded.experiment, read, {
      info: recorded.engine.info,
      step: stepperOf(recorded.engine),
      location: located,
    });
    expect(cause).toMatchObject({ kind: "code", text: expect.stringContaining("no states") });
  });
});
