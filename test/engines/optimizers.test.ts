import { expect, test } from "vitest";
import type { ArmTask } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { accuracyOf, crossEntropy } from "../../src/model/losses/cross-entropy.js";
import { mse } from "../../src/model/losses/mse.js";
import { adam } from "../../src/model/optimizers/adam.js";
import type { Optimization } from "../../src/model/optimizers/index.js";
import { valuesOf } from "../../src/model/tensors.js";
import { describeEngines } from "./engines.js";
import { layeredTask } from "./layered-tasks.js";

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - (b[i] ?? Number.NaN)));

const OPTIMIZATIONS: readonly Optimization[] = [
  { optimizer: "sgd", weightDecay: 0.3 },
  { optimizer: "momentum" },
  { optimizer: "momentum", momentum: 0.5, weightDecay: 0.1, decayNorms: true },
  { optimizer: "adam" },
  { optimizer: "adam", beta1: 0.5, beta2: 0.9, weightDecay: 0.2 },
];

const taskWith = (optimization: Optimization): ArmTask =>
  layeredTask({ optimization, normalization: {}, samples: 17, batchSize: 6, learningRate: 0.02 });

test("Adam is algorithm 1 of Kingma & Ba, written out for one weight", () => {
  const [rate, beta1, beta2] = [0.01, 0.9, 0.999];
  let [w, m, v] = [0.7, 0, 0];
  let state: Pick<ReturnType<typeof adam.step>, "value" | "slots"> = {
    value: Float64Array.of(0.7),
    slots: [Float64Array.of(0), Float64Array.of(0)],
  };
  for (const [i, g] of [0.3, -2, 1e-9, 0, 5].entries()) {
    const t = i + 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    w -= (rate * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + 1e-8);
    const next = adam.step(state.value, Float64Array.of(g), state.slots, { learningRate: rate, t });
    state = next;
    expect(state.value[0]).toBeCloseTo(w, 14);
  }
});

await describeEngines("optimizers", (engine, { float64 }) => {
  const close = float64 ? 1e-12 : 2e-4;

  test.each(OPTIMIZATIONS)("%o: every tensor of the state, as the reference engine", (optimization) => {
    const task = taskWith(optimization);
    const [own, truth] = [engine().createArm(task), referenceEngine().createArm(task)];
    for (const update of [1, 2, 3]) {
      own.advance(update);
      truth.advance(update);
    }
    const { tensors } = own.state();
    expect([...tensors.keys()]).toEqual([...task.initial.tensors.keys()]);
    for (const [name, { data }] of truth.state().tensors) {
      // In front of a norm a bias has a gradient of rounding, which Adam makes whole steps of; the means move with it.
      const isRounding = /layers\.[01]\.bias|norms\.0\.beta|norms\.[12]\.moving_mean/.test(name);
      if (optimization.optimizer === "adam" && isRounding) continue;
      expect(apart(valuesOf(tensors, name), data), name).toBeLessThanOrEqual(close * Math.max(largest(data), 0.02));
    }
    own.dispose();
  });

  test.each(OPTIMIZATIONS)("%o: a state holds all that goes on from it", (optimization) => {
    const task = taskWith(optimization);
    const whole = engine().createArm(task);
    whole.advance(7);
    const first = engine().createArm(task);
    first.advance(4);
    const second = engine().createArm({ ...task, initial: first.state() });
    second.advance(7);
    expect(second.state()).toEqual(whole.state());
    for (const arm of [whole, first, second]) arm.dispose();
  });

  test("weight decay shrinks kernels alone, and with decayNorms everything that is trained", () => {
    const after = (optimization: Optimization) => {
      const arm = engine().createArm(taskWith({ ...optimization }));
      arm.advance(1);
      const { tensors } = arm.state();
      arm.dispose();
      return tensors;
    };
    const [none, kernels, all] = [
      after({}),
      after({ weightDecay: 0.5 }),
      after({ weightDecay: 0.5, decayNorms: true }),
    ];
    for (const [name, { data: start }] of taskWith({}).initial.tensors) {
      if (name.includes("moving")) continue;
      const decayed = Array.from(valuesOf(none, name), (w, i) => w - 0.02 * 0.5 * (start[i] ?? Number.NaN));
      expect(apart(valuesOf(all, name), decayed), name).toBeLessThan(1e-6);
      const expected = name.endsWith(".kernel") ? decayed : valuesOf(none, name);
      expect(apart(valuesOf(kernels, name), expected), name).toBeLessThan(1e-6);
    }
  });

  test("cross-entropy counts what is classified right, and a tie is the lower label's", () => {
    const task = layeredTask({ sizes: [3, 4, 3], loss: "crossEntropy", samples: 9 });
    const zero = new Map(
      [...task.initial.tensors].map(([name, { shape, data }]) => [
        name,
        { shape, data: name.startsWith("layers.1") ? data.map(() => 0) : data },
      ]),
    );
    const arm = engine().createArm({ ...task, initial: { update: 0, tensors: zero } });
    const { train, accuracy } = arm.costs();
    expect(train).toBeCloseTo(Math.log(3), 6);
    expect(accuracy?.train).toBe(task.training.y.filter((label) => label === 0).length / 9);
    arm.dispose();
  });

  test("cross-entropy survives outputs so large that e to them would overflow", () => {
    const task = layeredTask({ sizes: [3, 4, 3], loss: "crossEntropy", samples: 9 });
    const large = new Map(
      [...task.initial.tensors].map(([name, { shape, data }]) => [
        name,
        { shape, data: name === "layers.1.kernel" ? data.map((value) => 1e4 * value) : data },
      ]),
    );
    const at = { ...task, initial: { update: 0, tensors: large } };
    const [own, truth] = [engine().createArm(at), referenceEngine().createArm(at)];
    expect(own.costs().train / truth.costs().train).toBeCloseTo(1, 5);
    expect(truth.costs().train).toBeGreaterThan(1000);
    own.dispose();
  });
});

test("what losses compare with: the mean's cost, chance, and the entropy of the shares", () => {
  const same = (...targets: number[]) => ({
    training: Float32Array.from(targets),
    evaluation: Float32Array.from(targets),
  });
  expect(mse.ofConstant(same(1, 3), 1)).toBe(1);
  expect(mse.ofConstant(same(1, 10, 3, 30), 2)).toBe(1 + 100);
  expect(mse.ofConstant({ training: Float32Array.of(1, 3), evaluation: Float32Array.of(2, 5) }, 1)).toBe(4.5);
  expect(crossEntropy.chance?.(3)).toBeCloseTo(Math.log(3), 12);
  expect(crossEntropy.ofConstant(same(2, 2), 3)).toBe(0);
  expect(crossEntropy.ofConstant(same(0, 0, 0, 1), 3)).toBeCloseTo(
    -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)),
    12,
  );
});

test("accuracy takes the first of equal outputs", () => {
  // Two samples, three classes, feature-major.
  expect(accuracyOf(Float64Array.of(1, 0, 1, 2, 0, 2), Float32Array.of(0, 1), 2)).toBe(1);
  expect(accuracyOf(Float64Array.of(1, 0, 1, 2, 0, 2), Float32Array.of(1, 2), 2)).toBe(0);
});
