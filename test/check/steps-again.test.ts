import { beforeAll, describe, expect, test } from "vitest";
import { relative, stepAgain } from "../../src/check/steps-again.js";
import type { EngineArm } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { limit } from "../../src/outcome/limits.js";
import { changedEngine, type Recorded, record, stepperOf } from "./recorded.js";

let tanh: Recorded;
let relu: Recorded;
beforeAll(async () => {
  [tanh, relu] = await Promise.all([record(), record({ activation: "relu", init: "he", learningRate: 1e-4 })]);
});

const again = async ({ engine, experiment, baseline, recordedStates }: Recorded, other = engine) =>
  stepAgain(stepperOf(other), experiment, baseline, recordedStates);
/** The recorded states of an arm that the experiment has four of. */
const HIDDEN = "layers.1.kernel";

describe("from the baseline's states", () => {
  test("the same code makes the very same steps", async () => {
    const found = await again(tanh);
    expect(found).toMatchObject({ recordedStates: 8, roundingOnly: true, disagreements: [], cost: 0 });
    // Four kernels and biases of each arm; of bn also four times gamma, beta and both averages.
    expect(found.tensors).toBe(4 * 8 + 4 * (8 + 16));
  });

  test.each(["tanh", "relu"])("the same formulas in float64 differ by rounding only (%s)", async (name) => {
    const found = await again(name === "tanh" ? tanh : relu, referenceEngine());
    expect(found.roundingOnly).toBe(true);
    expect(found.cost).toBeGreaterThan(0);
    expect(found.cost).toBeLessThan(limit("same-cost"));
  });

  test("a unit in the last place of every number is rounding", async () => {
    const nudged = changedEngine(tanh.engine, (_, { to }) => Math.fround(to * (1 + 2 ** -23)));
    expect((await again(tanh, nudged)).roundingOnly).toBe(true);
  });

  test("a rate 1 % off is the code, and every step shows its factor", async () => {
    const faster = changedEngine(tanh.engine, (name, { from, to }) =>
      name.includes("moving") ? to : from + 1.01 * (to - from),
    );
    const { roundingOnly, disagreements } = await again(tanh, faster);
    expect(roundingOnly).toBe(false);
    for (const { ratio, tensor } of disagreements.filter((each) => each.tensor.endsWith("kernel")))
      expect(ratio, tensor).toBeCloseTo(1.01, 3);
  });

  test("a sign is the code: the tensor, its first update, −1", async () => {
    const turned = changedEngine(tanh.engine, (name, { from, to }) => (name === HIDDEN ? 2 * from - to : to));
    const { roundingOnly, disagreements } = await again(tanh, turned);
    expect(roundingOnly).toBe(false);
    expect(disagreements[0]).toMatchObject({ arm: "plain", update: 1, tensor: HIDDEN });
    expect(disagreements[0]?.ratio).toBeCloseTo(-1, 3);
    expect(new Set(disagreements.map(({ tensor }) => tensor))).toEqual(new Set([HIDDEN]));
  });

  test("disagreements come as an update computes them: averages from the input on, then the deepest layer first", async () => {
    const all = changedEngine(tanh.engine, (_, { from, to }) => from + 2 * (to - from));
    const first = (await again(tanh, all)).disagreements.filter(({ arm, update }) => arm === "bn" && update === 1);
    const names = first.map(({ tensor }) => tensor);
    expect(names[0]).toBe("norms.0.moving_mean");
    expect(names.indexOf("norms.3.moving_variance")).toBeLessThan(names.indexOf("layers.3.kernel"));
    expect(names.indexOf("layers.3.kernel")).toBeLessThan(names.indexOf("layers.0.kernel"));
  });

  describe("one tensor in a few, off by 4 %", () => {
    const offAt = (updates: readonly number[]) =>
      changedEngine(tanh.engine, (name, { from, to }, update) =>
        name === HIDDEN && updates.includes(update) ? from + 1.04 * (to - from) : to,
      );
    test("at one state may be a relu's corner", async () => {
      const { roundingOnly, disagreements } = await again(tanh, offAt([6]));
      expect(disagreements.length).toBeGreaterThan(0);
      expect(roundingOnly).toBe(true);
    });
    test("at most recordedStates is none", async () =>
      expect((await again(tanh, offAt([1, 6, 11, 16]))).roundingOnly).toBe(false));
  });

  test("one off by more than a corner can be is the code", async () => {
    const far = changedEngine(tanh.engine, (name, { from, to }, update) =>
      name === HIDDEN && update === 6 ? from + 1.1 * (to - from) : to,
    );
    expect((await again(tanh, far)).roundingOnly).toBe(false);
  });

  test("a step within the tolerance agrees, one just beyond it does not", async () => {
    const by = async (share: number) => {
      const changed = changedEngine(tanh.engine, (name, { from, to }) =>
        name === "norms.2.moving_mean" ? from + (1 + share) * (to - from) : to,
      );
      return (await again(tanh, changed)).disagreements;
    };
    expect(await by(limit("same-step") / 2)).toEqual([]);
    expect((await by(limit("same-step") * 2)).length).toBeGreaterThan(0);
  });

  test("NaN, and a tensor that is gone, are the code", async () => {
    const holes = changedEngine(tanh.engine, (name, { to }) => (name === HIDDEN ? Number.NaN : to));
    expect((await again(tanh, holes)).roundingOnly).toBe(false);
    const { engine } = tanh;
    const without: typeof engine = {
      ...engine,
      createArm(task) {
        const arm = engine.createArm(task);
        const state = () => ({ update: arm.update, tensors: new Map([...arm.state().tensors].slice(1)) });
        return Object.assign(Object.create(arm) as EngineArm, {
          state,
          advance: (target: number) => arm.advance(target),
          costs: () => arm.costs(),
          dispose: () => arm.dispose(),
        });
      },
    };
    expect((await again(tanh, without)).roundingOnly).toBe(false);
  });

  test("another cost from the same state is the code, though every step is the same", async () => {
    const costs = Object.fromEntries(
      Object.entries(tanh.baseline.recordedStates.costs).map(([name, cost]) => [
        name,
        { ...cost, train: cost.train * 1.001 },
      ]),
    );
    const baseline = { ...tanh.baseline, recordedStates: { ...tanh.baseline.recordedStates, costs } };
    const found = await again({ ...tanh, baseline });
    expect(found).toMatchObject({ roundingOnly: false, disagreements: [] });
    expect(found.cost).toBeCloseTo(0.001, 5);
  });

  test("other initial weights are the code, though every step is the same", async () => {
    const { experiment } = tanh;
    const draw: typeof experiment.draw = (seed) => {
      const drawn = experiment.draw(seed);
      return { ...drawn, weightsOf: (plan) => scaledKernel(drawn.weightsOf(plan)) };
    };
    const found = await again({ ...tanh, experiment: { ...experiment, draw } });
    expect(found).toMatchObject({
      roundingOnly: false,
      disagreements: [],
      otherStart: { arm: "plain", tensor: HIDDEN },
    });
  });

  test("without any states nothing can be called rounding", async () => {
    expect(await again({ ...tanh, recordedStates: new Map() })).toMatchObject({ tensors: 0, roundingOnly: false });
  });
});

function scaledKernel(weights: Recorded["recordedStates"]): Recorded["recordedStates"] {
  return new Map(
    [...weights].map(([name, { shape, data }]) => [
      name,
      { shape, data: name === HIDDEN ? Float32Array.from(data, (value) => value * 1.001) : data },
    ]),
  );
}

test("a relative difference is infinite where one of the two is missing, or the baseline's is 0", async () => {
  expect(relative(1.01, 1)).toBeCloseTo(0.01, 12);
  expect(relative(null, null)).toBe(0);
  expect(relative(null, 1)).toBe(Number.POSITIVE_INFINITY);
  expect(relative(1, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(relative(Number.NaN, 1)).toBe(Number.POSITIVE_INFINITY);
});
