import { describe, expect, test } from "vitest";
import type { ArmTask, EngineArm } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { type ActivationName, activations } from "../../src/model/activations.js";
import { parameterNames } from "../../src/model/network.js";
import { valuesOf } from "../../src/model/tensors.js";
import { describeEngines } from "./engines.js";
import { ARMS, changed, smallTask, startingFrom, unevenTask } from "./tasks.js";

const ACTIVATIONS = Object.keys(activations) as ActivationName[];
const everyArm = ACTIVATIONS.flatMap((activation) => ARMS.map((arm) => ({ activation, arm })));

const reference = (task: ArmTask): EngineArm => referenceEngine().createArm(task);

const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

/** [C(θ + h) − C(θ − h)]/2h, one entry after the other. */
function centralDifferences(task: ArmTask, name: string): number[] {
  const h = 1e-5;
  const { tensors } = task.initial;
  const only = new RegExp(`^${name.replaceAll(".", "\\.")}$`);
  const cost = (entry: number, step: number) =>
    reference(
      startingFrom(
        task,
        changed(tensors, only, (old, i) => (i === entry ? old + step : old)),
      ),
    ).observe("next-batch").cost;
  return Array.from(valuesOf(tensors, name), (_, i) => (cost(i, h) - cost(i, -h)) / (2 * h));
}

describe("the reference engine's gradient is the one that central differences show", () => {
  test.each(everyArm)("$activation, $arm", ({ activation, arm }) => {
    const task = unevenTask({ arm, activation });
    const gradients = reference(task).gradients("next-batch");
    expect([...gradients.keys()]).toEqual(parameterNames(task.spec));
    for (const [name, { data }] of gradients) {
      const differences = centralDifferences(task, name);
      expect(data.length, name).toBe(differences.length);
      const largest = Math.max(1, ...differences.map(Math.abs));
      for (const [i, difference] of differences.entries()) {
        expect(Math.abs((data[i] as number) - difference), `${name}[${i}]`).toBeLessThan(1e-7 * largest);
      }
    }
  });

  test.each(ARMS)("in a deeper %s arm with three inputs", (arm) => {
    const task = unevenTask({ arm, activation: "silu", sizes: [3, 5, 2, 4, 3, 1], samples: 9, seed: 2 });
    for (const [name, { data }] of reference(task).gradients("next-batch")) {
      const differences = centralDifferences(task, name);
      const largest = Math.max(1, ...differences.map(Math.abs));
      const error = norm(differences.map((difference, i) => difference - (data[i] as number)));
      expect(error, name).toBeLessThan(1e-7 * largest);
    }
  });
});

await describeEngines("gradients", (engine, { float64 }) => {
  test.each(everyArm)("$activation, $arm: every one agrees with the reference's", ({ activation, arm }) => {
    const task = unevenTask({ arm, activation, sizes: [2, 6, 5, 4, 1], samples: 12, evaluationSamples: 9 });
    const [own, truth] = [engine().createArm(task), reference(task)];
    for (const points of ["next-batch", "evaluation"] as const) {
      const [gradients, expected] = [own.gradients(points), truth.gradients(points)];
      expect([...gradients.keys()]).toEqual([...expected.keys()]);
      // Some are zero by theory; their rounding errors are measured by the largest gradient there is.
      const largest = Math.max(...[...expected.values()].map(({ data }) => norm(data)));
      for (const [name, { shape, data }] of gradients) {
        expect(shape, name).toEqual(expected.get(name)?.shape);
        const truly = valuesOf(expected, name);
        const error = norm(Array.from(data, (value, i) => value - (truly[i] as number)));
        expect(error, name).toBeLessThanOrEqual(float64 ? 0 : 1e-5 * norm(truly) + 1e-6 * largest);
      }
    }
    own.dispose();
  });

  test.each(everyArm)("$activation, $arm: what is observed agrees with the reference's", ({ activation, arm }) => {
    const task = unevenTask({ arm, activation, sizes: [2, 6, 5, 1], samples: 12 });
    const own = engine().createArm(task);
    const [seen, truth] = [own.observe("next-batch"), reference(task).observe("next-batch")];
    const near = (values: ArrayLike<number>, expected: ArrayLike<number>, what: string) => {
      expect(values.length, what).toBe(expected.length);
      const scale = Math.max(1e-3, norm(expected));
      expect(norm(Array.from(values, (value, i) => value - (expected[i] as number))), what).toBeLessThan(1e-5 * scale);
    };
    near([seen.cost], [truth.cost], "cost");
    expect(seen.layers.length).toBe(truth.layers.length);
    for (const [layer, expected] of truth.layers.entries()) {
      const found = seen.layers[layer] as typeof expected;
      near(found.preActivation, expected.preActivation, `preActivation ${layer}`);
      near(found.layerInput, expected.layerInput, `layerInput ${layer}`);
      near([found.gradientNorms.kernel], [expected.gradientNorms.kernel], `kernel's gradient ${layer}`);
      near([found.gradientNorms.preActivation], [expected.gradientNorms.preActivation], `gradient by it ${layer}`);
      expect(found.norm === undefined).toBe(expected.norm === undefined);
      near(found.norm?.batchMean ?? [], expected.norm?.batchMean ?? [], `batchMean ${layer}`);
      near(found.norm?.batchVariance ?? [], expected.norm?.batchVariance ?? [], `batchVariance ${layer}`);
    }
    expect(seen.inputNorm === undefined).toBe(arm === "plain");
    expect(seen.layers.map(({ norm }) => norm !== undefined)).toEqual([arm === "bn", arm === "bn", false]);
    own.dispose();
  });

  test.each(ARMS)("observed norms of a kernel's gradient are those of the gradient itself, %s", (arm) => {
    const run = engine().createArm(unevenTask({ arm }));
    const [{ layers }, gradients] = [run.observe("next-batch"), run.gradients("next-batch")];
    for (const [layer, { gradientNorms }] of layers.entries()) {
      const expected = norm(valuesOf(gradients, `layers.${layer}.kernel`));
      expect(Math.abs(gradientNorms.kernel / expected - 1)).toBeLessThan(1e-6);
    }
    run.dispose();
  });

  test("with a single sample, the gradient by a pre-activation is that by the bias, and by beta behind a BN", () => {
    const [plain, bn] = ARMS.map((arm) => engine().createArm(unevenTask({ arm, samples: 1 })));
    for (const [run, name] of [
      [plain, (layer: number) => `layers.${layer}.bias`],
      [bn, (layer: number) => (layer === 2 ? "layers.2.bias" : `norms.${layer + 1}.beta`)],
    ] as [EngineArm, (layer: number) => string][]) {
      const [{ layers }, gradients] = [run.observe("next-batch"), run.gradients("next-batch")];
      const expected = layers.map((_, layer) => norm(valuesOf(gradients, name(layer))));
      // In the bn arm nothing passes the BN of a single sample, so below the last of them both are zero.
      expect(expected.filter((value) => value > 1e-3).length).toBe(run === plain ? 3 : 2);
      for (const [layer, { gradientNorms }] of layers.entries()) {
        expect(Math.abs(gradientNorms.preActivation - (expected[layer] as number))).toBeLessThan(1e-5);
      }
      run.dispose();
    }
  });

  test.each(ARMS)("a small step against the gradient lowers the cost by learning rate × ‖gradient‖², %s", (arm) => {
    const task = unevenTask({ arm, learningRate: 1e-3, samples: 20 });
    const run = engine().createArm(task);
    const square = [...run.gradients("next-batch").values()].reduce((sum, { data }) => sum + norm(data) ** 2, 0);
    const before = run.costs().train;
    run.advance(1);
    expect((before - run.costs().train) / (1e-3 * square)).toBeCloseTo(1, 1);
    run.dispose();
  });
});

test("a task's gradients on its evaluation points are not those on its next batch", () => {
  const run = reference(smallTask({ arm: "bn", evaluationSamples: 5 }));
  expect(run.gradients("evaluation")).not.toEqual(run.gradients("next-batch"));
});
