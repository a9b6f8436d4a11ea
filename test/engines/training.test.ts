import { describe, expect, test } from "vitest";
import { buildDataset } from "../../src/data/dataset.js";
import type { Points } from "../../src/data/points.js";
import {
  type ArmTask,
  type EngineArm,
  isDivergedCost,
  type NormObservation,
  type Observation,
  pointsAt,
} from "../../src/engines/engine.js";
import { loadTensorFlow } from "../../src/engines/tfjs-backends.js";
import { type ActivationName, activations } from "../../src/model/activations.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import { valuesOf } from "../../src/model/tensors.js";
import { describeEngines } from "./engines.js";
import { ARMS, type Arm, changed, smallTask, startingFrom, unevenTask } from "./tasks.js";

type Query = (arm: EngineArm) => unknown;

const QUERIES: Readonly<Record<string, Query>> = {
  costs: (arm) => arm.costs(),
  "observe on the next batch": (arm) => arm.observe("next-batch"),
  "observe on the evaluation points": (arm) => arm.observe("evaluation"),
  "observe on the sample": (arm) => arm.observe("sample"),
  "gradients on the next batch": (arm) => arm.gradients("next-batch"),
  "gradients on the evaluation points": (arm) => arm.gradients("evaluation"),
  predict: (arm) => arm.predict({ samples: 2, inputs: 2, x: Float32Array.of(0, 1, -1, 2) }),
  "the norms' statistics": (arm) => arm.normStatistics({ samples: 2, inputs: 2, x: Float32Array.of(0, 1, -1, 2) }),
  state: (arm) => arm.state(),
};

/** A copy that later work of the engine cannot reach. */
const snapshot = (arm: EngineArm) =>
  [...arm.state().tensors].map(([name, { shape, data }]) => [name, [...shape], Array.from(data)] as const);

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what = "") => {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs((actual[i] as number) - (expected[i] as number)), `${what}[${i}]`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  }
};

/** The same task with all of its training points as the sample. */
const sampled = (task: ArmTask): ArmTask => ({ ...task, sample: task.training });

/** What was observed of each norm, by its index. */
function normsOf({ inputNorm, layers }: Observation): ReadonlyMap<number, NormObservation> {
  const norms = [inputNorm, ...layers.map(({ norm }) => norm)];
  return new Map(norms.flatMap((norm, index) => (norm === undefined ? [] : [[index, norm] as const])));
}

/** The samples of one batch as the whole training set. */
function onlyBatch(task: ArmTask, from: number, to: number): Points {
  const { inputs, x, y } = task.training;
  return { samples: to - from, inputs, x: x.slice(from * inputs, to * inputs), y: y.slice(from, to) };
}

/** The tutorial's arm with relu and seed 1, as the command makes it. */
function tutorial(arm: Arm): ArmTask {
  const sizes = [1, 30, 30, 30, 30, 30, 30, 30, 1];
  const { training } = buildDataset({ kind: "parabola", samples: 500, testSamples: 0, noise: 8 }, 1, false);
  const normalization = { epsilon: 0.001, decay: 0.5, debias: false };
  const spec = { sizes, activation: "relu", learningRate: 0.001, ...(arm === "bn" ? { normalization } : {}) } as const;
  const weights = initialWeights(sizes, { init: "normal", initStd: 1 }, 1);
  const tensors = initialTensors(weights, spec);
  return { spec, initial: { update: 0, tensors }, training, evaluation: training, batchSize: 500 };
}

await describeEngines("an update", (engine, { float64 }) => {
  const TOLERANCE = float64 ? 1e-14 : 1e-6;

  test.each(ARMS)("moves every parameter by −learning rate × its gradient on the next batch, %s", (arm) => {
    const task = unevenTask({ arm, learningRate: 0.05, batchSize: 3 });
    const run = engine().createArm(task);
    const gradients = run.gradients("next-batch");
    expect(run.advance(1)).toEqual({ status: "reached", update: 1 });
    expect(run.update).toBe(1);
    const { tensors, update } = run.state();
    expect(update).toBe(1);
    for (const [name, { data }] of gradients) {
      const before = valuesOf(task.initial.tensors, name);
      close(
        valuesOf(tensors, name),
        Array.from(before, (old, i) => old - 0.05 * (data[i] as number)),
        TOLERANCE,
        name,
      );
    }
    run.dispose();
  });

  test("takes the batches in order, the last one smaller, and begins again", () => {
    const task = smallTask({ arm: "plain", batchSize: 3, samples: 7 });
    const run = engine().createArm(task);
    for (const [from, to] of [
      [0, 3],
      [3, 6],
      [6, 7],
      [0, 3],
      [3, 6],
    ] as const) {
      const { layerInput } = run.observe("next-batch").layers[0] as { layerInput: ArrayLike<number> };
      const { x, samples } = onlyBatch(task, from, to);
      const columns = [0, 1].flatMap((column) =>
        Array.from({ length: samples }, (_, s) => x[s * 2 + column] as number),
      );
      expect(Array.from(layerInput)).toEqual(columns);
      run.advance(run.update + 1);
    }
    run.dispose();
  });

  test.each(ARMS)("learns from its batch alone, %s", (arm) => {
    const task = smallTask({ arm, batchSize: 3, samples: 7 });
    const run = engine().createArm(task);
    for (const [from, to] of [
      [0, 3],
      [3, 6],
      [6, 7],
    ] as const) {
      const batch = onlyBatch(task, from, to);
      const alone = engine().createArm({
        ...startingFrom(task, run.state().tensors),
        training: batch,
        batchSize: to - from,
      });
      alone.advance(1);
      run.advance(run.update + 1);
      expect(snapshot(run)).toEqual(snapshot(alone));
      alone.dispose();
    }
    run.dispose();
  });

  test.each(ARMS)("is the same whether asked for one by one or all at once, %s", (arm) => {
    const task = smallTask({ arm, batchSize: 3 });
    const [steps, leap] = [engine().createArm(task), engine().createArm(task)];
    for (let update = 1; update <= 6; update++) steps.advance(update);
    leap.advance(6);
    expect(snapshot(leap)).toEqual(snapshot(steps));
    expect(leap.advance(4)).toEqual({ status: "reached", update: 6 });
    expect(snapshot(leap)).toEqual(snapshot(steps));
    for (const arm of [steps, leap]) arm.dispose();
  });

  test("goes on from any update with that update's batch", () => {
    const task = smallTask({ arm: "bn", batchSize: 3 });
    const whole = engine().createArm(task);
    whole.advance(2);
    const resumed = engine().createArm({ ...task, initial: whole.state() });
    expect(resumed.update).toBe(2);
    for (const run of [whole, resumed]) run.advance(5);
    expect(snapshot(resumed)).toEqual(snapshot(whole));
    for (const run of [whole, resumed]) run.dispose();
  });
});

await describeEngines("moving averages", (engine, { float64 }) => {
  const TOLERANCE = float64 ? 1e-14 : 1e-6;
  const normsOf = (arm: EngineArm): NormObservation[] => {
    const { inputNorm, layers } = arm.observe("next-batch");
    return [inputNorm, ...layers.map(({ norm }) => norm)].filter((norm) => norm !== undefined);
  };

  test.each([0, 0.5, 0.9])("are decay·moving + (1 − decay)·batch from zero, once an update: decay %d", (decay) => {
    const run = engine().createArm(smallTask({ arm: "bn", batchSize: 3, normalization: { decay } }));
    const expected = normsOf(run).map(({ batchMean }) => ({
      mean: new Array<number>(batchMean.length).fill(0),
      variance: new Array<number>(batchMean.length).fill(0),
    }));
    expect(expected.length).toBe(3);
    for (let update = 0; update < 5; update++) {
      const norms = normsOf(run);
      for (const [index, { mean, variance }] of expected.entries()) {
        const { batchMean, batchVariance, movingMean, movingVariance } = norms[index] as NormObservation;
        const { tensors } = run.state();
        close(valuesOf(tensors, `norms.${index}.moving_mean`), mean, TOLERANCE, `mean ${index}@${update}`);
        close(valuesOf(tensors, `norms.${index}.moving_variance`), variance, TOLERANCE, `variance ${index}@${update}`);
        close(movingMean, mean, TOLERANCE, `observed mean ${index}@${update}`);
        close(movingVariance, variance, TOLERANCE, `observed variance ${index}@${update}`);
        expected[index] = {
          mean: mean.map((old, i) => decay * old + (1 - decay) * (batchMean[i] as number)),
          variance: variance.map((old, i) => decay * old + (1 - decay) * (batchVariance[i] as number)),
        };
      }
      run.advance(update + 1);
    }
    run.dispose();
  });

  test("debiased are divided by 1 − decayᵗ where they are used, and kept as they are", () => {
    const task = (debias: boolean) => smallTask({ arm: "bn", batchSize: 3, normalization: { decay: 0.9, debias } });
    const [plainly, debiased] = [engine().createArm(task(false)), engine().createArm(task(true))];
    for (let update = 1; update <= 4; update++) {
      for (const run of [plainly, debiased]) run.advance(update);
      expect(snapshot(debiased)).toEqual(snapshot(plainly));
      const [used, kept] = [normsOf(debiased), normsOf(plainly)];
      for (const [index, { movingMean, movingVariance }] of kept.entries()) {
        const correct = (values: ArrayLike<number>) => Array.from(values, (value) => value / (1 - 0.9 ** update));
        close((used[index] as NormObservation).movingMean, correct(movingMean), TOLERANCE);
        close((used[index] as NormObservation).movingVariance, correct(movingVariance), TOLERANCE);
      }
    }
    for (const run of [plainly, debiased]) run.dispose();
  });

  test.each([
    ["debiased", { decay: 0.9, debias: true }],
    ["of decay 0", { decay: 0, debias: false }],
  ])(
    "%s are the batch's own statistics after one update, and inference then costs what training does",
    (_, normalization) => {
      const run = engine().createArm(smallTask({ arm: "bn", learningRate: 0, normalization }));
      run.advance(1);
      const { train, inference } = run.costs();
      expect(Math.abs((inference as number) / train - 1)).toBeLessThan(float64 ? 1e-12 : 1e-5);
      run.dispose();
    },
  );

  test("neither debiased nor settled make inference cost something else, until they settle", () => {
    const run = engine().createArm(smallTask({ arm: "bn", learningRate: 0, normalization: { decay: 0.5 } }));
    const ratio = () => {
      const { train, inference } = run.costs();
      return Math.abs((inference as number) / train - 1);
    };
    run.advance(1);
    expect(ratio()).toBeGreaterThan(0.01);
    run.advance(40);
    expect(ratio()).toBeLessThan(float64 ? 1e-9 : 1e-5);
    run.dispose();
  });

  test("before the first update leave the inference cost undefined: null, never NaN", () => {
    const run = engine().createArm(smallTask({ arm: "bn" }));
    expect(run.costs().inference).toBeNull();
    expect(run.costs().train).toBeGreaterThan(0);
    run.advance(1);
    expect(run.costs().inference).toEqual(expect.any(Number));
    run.dispose();
  });

  test("are no matter of the plain arm: both modes cost the same from the start", () => {
    const run = engine().createArm(smallTask({ arm: "plain" }));
    for (const update of [0, 1, 5]) {
      run.advance(update);
      const { train, inference } = run.costs();
      expect(inference).toBe(train);
    }
    run.dispose();
  });
});

await describeEngines("what an update put into the moving averages", (engine, { label }) => {
  const rounding = label === "reference" ? 1e-15 : 1e-6;

  test.each([{}, { ghostBatchSize: 2 }, { where: "hidden", transform: "scale" }] as const)(
    "with %o is its batch's statistics, which the averages then move by",
    (normalization) => {
      const run = engine().createArm(smallTask({ arm: "bn", batchSize: 3, normalization }));
      let before: ReadonlyMap<number, NormObservation> = new Map();
      for (let update = 1; update <= 4; update++) {
        const batch = normsOf(run.observe("next-batch"));
        run.advance(update);
        const [averaged = new Map<number, { mean: Float64Array; variance: Float64Array }>()] = run.averaged();
        expect(run.averaged().length).toBe(1);
        const now = normsOf(run.observe("next-batch"));
        expect([...averaged.keys()]).toEqual([...now.keys()]);
        for (const [index, { mean, variance }] of averaged) {
          close(mean, batch.get(index)?.batchMean ?? [], rounding, `mean ${index}`);
          close(variance, batch.get(index)?.batchVariance ?? [], rounding, `variance ${index}`);
          const [old, { movingMean }] = [before.get(index), now.get(index) as NormObservation];
          const moved = Array.from(mean, (value, f) => 0.5 * (old?.movingMean[f] ?? 0) + 0.5 * value);
          close(movingMean, moved, rounding, `moving mean ${index}`);
        }
        before = now;
      }
      run.dispose();
    },
  );

  test("is nothing in an arm without BN", () => {
    const run = engine().createArm(smallTask({ arm: "plain" }));
    run.advance(1);
    expect(run.averaged()).toEqual([]);
    run.dispose();
  });
});

await describeEngines("the sample", (engine, { label }) => {
  test.each(ARMS)("is observed as one batch of the %s arm, whatever its batches are", (arm) => {
    const task = smallTask({ arm, samples: 20, batchSize: 3, evaluationSamples: 5 });
    const sample = onlyBatch(task, 4, 16);
    const run = engine().createArm({ ...task, sample });
    run.advance(4);
    const alone = engine().createArm({
      ...startingFrom(task, run.state().tensors),
      training: sample,
      evaluation: sample,
      batchSize: sample.samples,
    });
    const [seen, expected] = [run.observe("sample"), alone.observe("next-batch")];
    expect(seen.layers).toHaveLength(3);
    for (const [layer, { preActivation, gradientNorms }] of seen.layers.entries()) {
      close(preActivation, expected.layers[layer]?.preActivation ?? [], label === "reference" ? 0 : 1e-6);
      expect(preActivation).toHaveLength((task.spec.sizes[layer + 1] as number) * 12);
      close([gradientNorms.kernel], [expected.layers[layer]?.gradientNorms.kernel ?? 0], 1e-6);
    }
    run.dispose();
    alone.dispose();
  });

  test("leaves the training as it is", () => {
    const task = smallTask({ arm: "bn", samples: 20, batchSize: 3, evaluationSamples: 5 });
    const [watched, alone] = [engine().createArm({ ...task, sample: task.training }), engine().createArm(task)];
    for (let update = 1; update <= 9; update++) {
      watched.observe("sample");
      watched.advance(update);
    }
    alone.advance(9);
    expect(snapshot(watched)).toEqual(snapshot(alone));
    watched.dispose();
    alone.dispose();
  });

  test("is not there unless the task has one", () => {
    const run = engine().createArm(smallTask({ arm: "plain", batchSize: 3 }));
    expect(() => run.observe("sample")).toThrow("without a sample");
    run.dispose();
  });
});

await describeEngines("asking", (engine) => {
  describe.each(ARMS)("the %s arm", (arm) => {
    test.each(Object.entries(QUERIES))("%s leaves the state bit for bit as it was", (_, query) => {
      const run = engine().createArm(sampled(unevenTask({ arm, batchSize: 3, evaluationSamples: 5 })));
      for (const update of [0, 1, 4]) {
        run.advance(update);
        const before = snapshot(run);
        query(run);
        expect(snapshot(run)).toEqual(before);
        expect(run.update).toBe(update);
      }
      run.dispose();
    });

    test("at every update does not change the trajectory", () => {
      const task = smallTask({ arm, batchSize: 3, evaluationSamples: 5 });
      const [asked, left] = [engine().createArm(sampled(task)), engine().createArm(task)];
      for (let update = 1; update <= 7; update++) {
        for (const query of Object.values(QUERIES)) query(asked);
        asked.advance(update);
      }
      left.advance(7);
      expect(snapshot(asked)).toEqual(snapshot(left));
      for (const run of [asked, left]) run.dispose();
    });

    test("twice gives the same answer", () => {
      const run = engine().createArm(sampled(smallTask({ arm, batchSize: 3 })));
      run.advance(2);
      for (const query of Object.values(QUERIES)) expect(query(run)).toEqual(query(run));
      run.dispose();
    });

    test("for a state gives one that later updates leave alone", () => {
      const task = smallTask({ arm });
      const run = engine().createArm(task);
      const before = snapshot(run);
      const early = run.state();
      run.advance(3);
      expect([...early.tensors].map(([name, { shape, data }]) => [name, [...shape], Array.from(data)])).toEqual(before);
      expect(snapshot(run)).not.toEqual(before);
      run.dispose();
    });

    test("costs are the mean squared error of the outputs on the evaluation points", () => {
      const task = smallTask({ arm, evaluationSamples: 6 });
      const run = engine().createArm(task);
      run.advance(3);
      const { x, y } = task.evaluation;
      const error = (outputs: ArrayLike<number>) =>
        y.reduce((sum, target, s) => sum + ((outputs[s] as number) - target) ** 2, 0) / y.length;
      const { train, inference } = run.costs();
      const observed = run.observe("evaluation");
      expect(error(observed.layers.at(-1)?.preActivation ?? [])).toBeCloseTo(train, 4);
      expect(observed.cost).toBeCloseTo(train, 4);
      expect(error(run.predict({ samples: 6, inputs: 2, x }))).toBeCloseTo(inference as number, 4);
      run.dispose();
    });
  });

  test("predictions of the bn arm in inference mode do not hang on each other", () => {
    const run = engine().createArm(smallTask({ arm: "bn" }));
    run.advance(3);
    const both = run.predict({ samples: 2, inputs: 2, x: Float32Array.of(0, 1, -1, 2) });
    const alone = run.predict({ samples: 1, inputs: 2, x: Float32Array.of(-1, 2) });
    expect(both.length).toBe(2);
    expect(alone[0]).toBeCloseTo(both[1] as number, 5);
    run.dispose();
  });
});

await describeEngines("small batches", (engine) => {
  test.each(ARMS)("one sample alone trains, and every number stays finite: %s", (arm) => {
    const run = engine().createArm(smallTask({ arm, samples: 1 }));
    expect(run.advance(5)).toEqual({ status: "reached", update: 5 });
    expect(run.costs().train).toSatisfy(Number.isFinite);
    for (const { data } of run.state().tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
    run.dispose();
  });

  test.each(ARMS)("batches of one train, and every number stays finite: %s", (arm) => {
    const run = engine().createArm(smallTask({ arm, samples: 4, batchSize: 1 }));
    expect(run.advance(9)).toEqual({ status: "reached", update: 9 });
    expect(run.costs()).toEqual({
      train: expect.toSatisfy(Number.isFinite),
      inference: expect.toSatisfy(Number.isFinite),
    });
    run.dispose();
  });

  test("a batch of one is normalized to beta: its variance is zero", () => {
    const run = engine().createArm(smallTask({ arm: "bn", samples: 4, batchSize: 1 }));
    const [first] = run.observe("next-batch").layers;
    expect(Array.from(first?.norm?.batchVariance ?? [])).toEqual([0, 0, 0, 0]);
    close(first?.preActivation ?? [], [0, 0, 0, 0], 0);
    run.dispose();
  });
});

await describeEngines("divergence", (engine) => {
  test("the tutorial's plain relu arm stops at update 1, the first diverged state, and stays there", () => {
    const run = engine().createArm(tutorial("plain"));
    expect(isDivergedCost(run.costs().train)).toBe(false);
    expect(run.advance(250)).toEqual({ status: "diverged", update: 1 });
    expect(isDivergedCost(run.costs().train)).toBe(true);
    const stopped = snapshot(run);
    for (const target of [2, 250]) expect(run.advance(target)).toEqual({ status: "diverged", update: 1 });
    expect(run.update).toBe(1);
    expect(snapshot(run)).toEqual(stopped);
    run.dispose();
  });

  test("the state at the target itself is not checked: asking for its cost does that", () => {
    const run = engine().createArm(tutorial("plain"));
    expect(run.advance(1)).toEqual({ status: "reached", update: 1 });
    expect(isDivergedCost(run.costs().train)).toBe(true);
    run.dispose();
  });

  test("a state that holds NaN has diverged before any update", () => {
    for (const [arm, name] of [
      ["plain", "layers.1.bias"],
      ["bn", "norms.1.moving_mean"],
    ] as const) {
      const task = smallTask({ arm });
      const broken = new Map(task.initial.tensors);
      const data = Float32Array.from(valuesOf(broken, name)).fill(Number.NaN, 1, 2);
      const run = engine().createArm(startingFrom(task, broken.set(name, { shape: [data.length], data })));
      expect(run.advance(3)).toEqual({ status: "diverged", update: 0 });
      run.dispose();
    }
  });

  const everyArm = ARMS.flatMap((arm) =>
    (Object.keys(activations) as ActivationName[]).map((activation) => ({ arm, activation })),
  );

  test.each(everyArm)("NaN in one unit reaches the cost through $activation, $arm", ({ arm, activation }) => {
    const task = smallTask({ arm, activation });
    const unit = arm === "bn" ? /^norms\.1\.beta$/ : /^layers\.0\.bias$/;
    const broken = changed(task.initial.tensors, unit, (old, i) => (i === 1 ? Number.NaN : old));
    const run = engine().createArm(startingFrom(task, broken));
    expect(run.costs().train).toBeNaN();
    expect(run.observe("next-batch").cost).toBeNaN();
    run.dispose();
  });

  test("the tutorial's bn arm goes on", () => {
    const run = engine().createArm(tutorial("bn"));
    expect(run.advance(3)).toEqual({ status: "reached", update: 3 });
    expect(isDivergedCost(run.costs().train)).toBe(false);
    run.dispose();
  });
});

await describeEngines("what an engine leaves behind", (engine, { label }) => {
  const isTfjs = label.startsWith("tfjs");

  const ghosts = { ghostBatchSize: 2, transform: "scale", position: "after", affine: false } as const;
  test.skipIf(!isTfjs).each([
    ["plain", {}],
    ["bn", {}],
    ["bn", ghosts],
  ] as const)(
    "the %s arm %o keeps its tensors' number over 250 updates with every query, and frees all",
    async (arm, normalization) => {
      const { backend } = engine().info;
      const { tf } = await loadTensorFlow(backend as "cpu");
      const start = tf.memory().numTensors;
      const run = engine().createArm(sampled(smallTask({ arm, batchSize: 3, evaluationSamples: 5, normalization })));
      const created = tf.memory().numTensors;
      expect(created - start).toBe(run.state().tensors.size + 2);
      for (let update = 1; update <= 250; update++) {
        run.advance(update);
        for (const [name, query] of Object.entries(QUERIES)) {
          query(run);
          expect(tf.memory().numTensors, `${name} at ${update}`).toBe(created);
        }
      }
      run.dispose();
      expect(tf.memory().numTensors).toBe(start);
    },
  );

  test.skipIf(!isTfjs)("an arm that diverged frees all it had", async () => {
    const { tf } = await loadTensorFlow(engine().info.backend as "cpu");
    const start = tf.memory().numTensors;
    const run = engine().createArm(tutorial("plain"));
    run.advance(250);
    run.costs();
    run.observe("next-batch");
    run.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  test("the task's own arrays are never written to", () => {
    const task = sampled(smallTask({ arm: "bn", batchSize: 3, evaluationSamples: 5 }));
    const copy = structuredClone({ ...task, initial: { ...task.initial, tensors: [...task.initial.tensors] } });
    const run = engine().createArm(task);
    run.advance(5);
    for (const query of Object.values(QUERIES)) query(run);
    run.dispose();
    expect({ ...task, initial: { ...task.initial, tensors: [...task.initial.tensors] } }).toEqual(copy);
  });

  test("it says what it is", () => {
    const { name, backend, libraries } = engine().info;
    expect(label).toBe(isTfjs ? `${name} on ${backend}` : name);
    if (isTfjs) expect(libraries["@tensorflow/tfjs-core"]).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe("the points at an update", () => {
  const task = smallTask({ arm: "plain", samples: 7, batchSize: 3, evaluationSamples: 2 });

  test("are the batches in order, over and over, and share the training points' memory", () => {
    expect([0, 1, 2, 3, 4, 5, 1000].map((update) => pointsAt(task, update, "next-batch").samples)).toEqual([
      3, 3, 1, 3, 3, 1, 3,
    ]);
    for (const [update, from] of [
      [0, 0],
      [1, 3],
      [2, 6],
      [3, 0],
    ] as const) {
      const { x, y, samples } = pointsAt(task, update, "next-batch");
      expect([...y]).toEqual([...task.training.y.slice(from, from + samples)]);
      expect([...x]).toEqual([...task.training.x.slice(2 * from, 2 * (from + samples))]);
      expect(x.buffer).toBe(task.training.x.buffer);
    }
  });

  test("are the evaluation points where those are asked for", () => {
    expect(pointsAt(task, 1, "evaluation")).toBe(task.evaluation);
  });

  test("are all of them with a full batch, or one that is larger still", () => {
    for (const batchSize of [7, 100]) expect(pointsAt({ ...task, batchSize }, 5, "next-batch")).toEqual(task.training);
  });
});

test.each<[number, boolean]>([
  [0, false],
  [3.4028234663852886e38, false],
  [3.41e38, true],
  [-3.41e38, true],
  [Number.POSITIVE_INFINITY, true],
  [Number.NaN, true],
])("a cost of %d has diverged: %s", (cost, diverged) => {
  expect(isDivergedCost(cost)).toBe(diverged);
});
