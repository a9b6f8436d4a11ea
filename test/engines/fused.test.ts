import { describe, expect, test } from "vitest";
import { float32Digest } from "../../src/data/digest.js";
import type { ArmState, EngineArm, LayerObservation, ObservedPoints } from "../../src/engines/engine.js";
import { loadFusedEngine } from "../../src/engines/fused-node.js";
import { referenceEngine } from "../../src/engines/reference.js";
import type { Normalization } from "../../src/model/network.js";
import { valuesOf } from "../../src/model/tensors.js";
import { float64Cost } from "./float64-cost.js";
import { type TaskOptions, taskOf } from "./fused-tasks.js";

const engine = loadFusedEngine();
const armOf = (options: TaskOptions) => engine.createArm(taskOf(options));
const digest = (state: ArmState) => float32Digest(...[...state.tensors.values()].map(({ data }) => data));
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
const arms = [{ bn: false }, { bn: true }];

const SHAPES: readonly TaskOptions[] = [
  { samples: 1 },
  { samples: 7, sizes: [1, 1] },
  { samples: 97, sizes: [3, 17, 4, 1] },
  { samples: 513, sizes: [2, 33, 3, 1] },
  { samples: 1100, sizes: [1, 8, 8, 1], activation: "gelu" },
  { samples: 50_000, sizes: [1, 4, 1], activation: "relu" },
];

describe.each(SHAPES)("$samples samples, sizes $sizes", (shape) => {
  test.each(arms)("cost and observation are those of the float64 formulas (bn: $bn)", ({ bn }) => {
    const task = taskOf({ ...shape, bn });
    const arm = engine.createArm(task);
    const expected = float64Cost(
      task,
      new Map([...task.initial.tensors].map(([n, { data }]) => [n, Float64Array.from(data)])),
    );
    expect(arm.costs().train / expected).toBeCloseTo(1, 5);
    const seen = arm.observe("next-batch");
    expect(seen.cost / expected).toBeCloseTo(1, 5);
    seen.layers.forEach(({ preActivation, layerInput, gradientNorms, norm }, l) => {
      const samples = task.training.samples;
      expect(preActivation.length).toBe((task.spec.sizes[l + 1] as number) * samples);
      expect(layerInput.length).toBe((task.spec.sizes[l] as number) * samples);
      expect(gradientNorms.kernel).toBeGreaterThanOrEqual(0);
      expect(norm !== undefined).toBe(bn && l + 2 < task.spec.sizes.length);
    });
    const { samples, y } = task.training;
    const predictions = seen.layers.at(-1)?.preActivation as Float32Array;
    const errors = predictions.map((p, s) => p - (y[s] as number));
    expect(errors.reduce((sum, e) => sum + e * e, 0) / samples / seen.cost).toBeCloseTo(1, 5);
    // ∂C/∂ŷ = 2 (ŷ − y)/n
    const outputNorm = seen.layers.at(-1)?.gradientNorms.preActivation as number;
    expect(outputNorm / Math.sqrt((4 * seen.cost) / samples)).toBeCloseTo(1, 5);
  });
});

test("the layer inputs are the activations of the pre-activations, and the normalized batch has the norm's moments", () => {
  const task = taskOf({ samples: 600, sizes: [1, 9, 7, 1], bn: true, activation: "relu" });
  const { layers } = engine.createArm(task).observe("next-batch");
  const hidden = layers[0]?.preActivation as Float32Array;
  expect(layers[1]?.layerInput).toEqual(hidden.map((z) => Math.max(z, 0)));
  const gamma = valuesOf(task.initial.tensors, "norms.1.gamma");
  const beta = valuesOf(task.initial.tensors, "norms.1.beta");
  const variances = layers[0]?.norm?.batchVariance as Float64Array;
  for (let f = 0; f < 9; f++) {
    const row = Array.from(hidden.subarray(f * 600, (f + 1) * 600));
    const mean = row.reduce((sum, v) => sum + v, 0) / 600;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 600;
    const v = variances[f] as number;
    expect(mean).toBeCloseTo(beta[f] as number, 5);
    expect(variance).toBeCloseTo(((gamma[f] as number) ** 2 * v) / (v + 0.001), 4);
  }
});

test("what is observed of a plain arm has every chunk at its place", () => {
  const task = taskOf({ samples: 1100, sizes: [2, 9, 1], activation: "softplus" });
  const arm = engine.createArm(task);
  const { layers } = arm.observe("next-batch");
  const { x } = task.training;
  expect(layers[0]?.layerInput).toEqual(
    Float32Array.from({ length: 2200 }, (_, i) => x[2 * (i % 1100) + Math.floor(i / 1100)] as number),
  );
  expect(layers[1]?.preActivation).toEqual(arm.predict(task.training));
  const hidden = layers[0]?.preActivation as Float32Array;
  const input = layers[1]?.layerInput as Float32Array;
  hidden.forEach((z, i) => {
    expect(Math.abs((input[i] as number) - Math.log1p(Math.exp(z)))).toBeLessThan(1e-5);
  });
});

test("chunks change nothing: a batch of 1030 gives the plain arm the mean of its parts' gradients", () => {
  const whole = taskOf({ samples: 1030, sizes: [1, 6, 1] });
  const gradientOf = (first: number, count: number) => {
    const part = {
      ...whole.training,
      samples: count,
      x: whole.training.x.slice(first, first + count),
      y: whole.training.y.slice(first, first + count),
    };
    return engine.createArm({ ...whole, training: part, batchSize: count, evaluation: part }).gradients("next-batch");
  };
  const parts = [gradientOf(0, 700), gradientOf(700, 330)] as const;
  for (const [name, { data }] of gradientOf(0, 1030)) {
    const mixed = data.map(
      (_, i) => (700 * (valuesOf(parts[0], name)[i] as number) + 330 * (valuesOf(parts[1], name)[i] as number)) / 1030,
    );
    data.forEach((g, i) => {
      expect(Math.abs(g - (mixed[i] as number))).toBeLessThan(1e-5 * largest(mixed));
    });
  }
});

describe.each(arms)("bn: $bn", ({ bn }) => {
  const options: TaskOptions = {
    bn,
    samples: 53,
    batchSize: 20,
    evaluationSamples: 31,
    sizes: [2, 9, 7, 1],
    rate: 0.01,
  };

  test("looking changes neither the state nor what follows", () => {
    const [watched, alone] = [armOf(options), armOf(options)];
    for (let update = 0; update <= 7; update++) {
      watched.advance(update);
      const before = digest(watched.state());
      watched.costs();
      for (const points of ["next-batch", "evaluation"] as const satisfies ObservedPoints[]) {
        watched.observe(points);
        watched.gradients(points);
      }
      watched.predict({ samples: 3, inputs: 2, x: Float32Array.of(1, 2, 3, 4, 5, 6) });
      expect(digest(watched.state())).toBe(before);
    }
    alone.advance(7);
    expect(digest(watched.state())).toBe(digest(alone.state()));
  });

  test("batches follow one another, the last of a pass smaller, and a pass begins anew", () => {
    const task = taskOf(options);
    const arm = engine.createArm(task);
    for (const [update, first, count] of [
      [0, 0, 20],
      [1, 20, 20],
      [2, 40, 13],
      [3, 0, 20],
    ] as const) {
      arm.advance(update);
      const x = task.training.x.slice(2 * first, 2 * (first + count));
      const part = { ...task.training, samples: count, x, y: task.training.y.slice(first, first + count) };
      const batch = engine.createArm({
        ...task,
        training: part,
        batchSize: count,
        evaluation: part,
        initial: { ...arm.state(), update: 0 },
      });
      expect(arm.observe("next-batch").cost).toBe(batch.costs().train);
    }
  });

  test("an arm that starts from a state continues as the one that was there", () => {
    const whole = armOf(options);
    whole.advance(5);
    const resumed = engine.createArm({ ...taskOf(options), initial: whole.state() });
    expect(resumed.update).toBe(5);
    whole.advance(12);
    expect(resumed.advance(12)).toEqual({ status: "reached", update: 12 });
    expect(digest(resumed.state())).toBe(digest(whole.state()));
  });

  test("predictions do not depend on how many are asked for", () => {
    const arm = armOf({ ...options, sizes: [1, 9, 1], evaluationSamples: 700 });
    arm.advance(3);
    const x = Float32Array.from({ length: 700 }, (_, i) => i / 50 - 7);
    const all = arm.predict({ samples: 700, inputs: 1, x });
    expect(Array.from(x, (value) => arm.predict({ samples: 1, inputs: 1, x: Float32Array.of(value) })[0])).toEqual([
      ...all,
    ]);
  });
});

describe.each(arms)("an arm of five samples (bn: $bn)", (arm) => {
  test("predicts more than it ever takes at once, and is the same afterwards", () => {
    const task = taskOf({ ...arm, samples: 5, sizes: [1, 9, 4, 1] });
    const run = engine.createArm(task);
    run.advance(3);
    const before = [run.state(), run.costs()];
    const x = Float32Array.from({ length: 700 }, (_, i) => i / 50 - 7);
    const all = run.predict({ samples: 700, inputs: 1, x });
    expect([run.state(), run.costs()]).toEqual(before);
    for (const i of [0, 4, 5, 511, 512, 699])
      expect(run.predict({ samples: 1, inputs: 1, x: x.slice(i, i + 1) })[0]).toBe(all[i]);
  });
});

/** What the small networks of normalizations.slow.test.ts do not reach: several chunks in a group, and groups across chunks. */
const LARGE: readonly Partial<Normalization>[] = [
  { ghostBatchSize: 40 },
  { ghostBatchSize: 513 },
  { ghostBatchSize: 700, position: "after", transform: "scale" },
  { ghostBatchSize: 256, position: "after", where: "hidden", affine: false },
  { position: "after" },
  { position: "after", transform: "center", where: "hidden" },
  { where: "hidden", transform: "scale" },
  { where: "input", affine: false },
  { where: "input", ghostBatchSize: 600 },
];

describe.each(LARGE)("1100 samples, %o", (normalization) => {
  test.each(["relu", "gelu", "elu"] as const)(
    "%s: gradients, observation and next state are the reference's",
    (activation) => {
      const task = taskOf({ bn: true, samples: 1100, sizes: [2, 5, 33, 3, 1], activation, normalization });
      const [arm, truth] = [engine, referenceEngine()].map((each) => each.createArm(task)) as [EngineArm, EngineArm];
      const compare = (values: ArrayLike<number>, expected: ArrayLike<number>, what: string, floor = 1e-3) => {
        expect(values.length, what).toBe(expected.length);
        const difference = largest(Array.from(values, (v, i) => v - (expected[i] as number)));
        expect(difference / Math.max(largest(expected), floor), what).toBeLessThan(2e-4);
      };
      const [gradients, rightly] = [arm.gradients("next-batch"), truth.gradients("next-batch")];
      const scale = Math.max(...[...rightly.values()].map(({ data }) => largest(data)));
      for (const [name, { data }] of gradients) compare(data, valuesOf(rightly, name), name, scale / 100);
      const [seen, right] = [arm.observe("next-batch"), truth.observe("next-batch")];
      seen.layers.forEach((layer, l) => {
        const expected = right.layers[l] as LayerObservation;
        compare(layer.preActivation, expected.preActivation, `preActivation ${l}`);
        compare(layer.layerInput, expected.layerInput, `layerInput ${l}`);
        compare([layer.gradientNorms.preActivation], [expected.gradientNorms.preActivation], `gradient ${l}`);
        compare(layer.norm?.batchMean ?? [], expected.norm?.batchMean ?? [], `mean ${l}`);
        compare(layer.norm?.batchVariance ?? [], expected.norm?.batchVariance ?? [], `variance ${l}`);
      });
      for (const each of [arm, truth]) each.advance(1);
      for (const [name, { data }] of arm.state().tensors)
        compare(data, valuesOf(truth.state().tensors, name), name, 0.1);
      const [costs, expectedCosts] = [arm.costs(), truth.costs()];
      compare(
        [costs.train, costs.inference as number],
        [expectedCosts.train, expectedCosts.inference as number],
        "costs",
      );
      const points = taskOf({ samples: 1300, sizes: [2, 1], seed: 5 }).training;
      const [measured, measuredRightly] = [arm.normStatistics(points), truth.normStatistics(points)];
      expect([...measured.keys()]).toEqual([...measuredRightly.keys()]);
      for (const [index, { mean, variance }] of measured) {
        compare(mean, measuredRightly.get(index)?.mean ?? [], `measured mean ${index}`);
        compare(variance, measuredRightly.get(index)?.variance ?? [], `measured variance ${index}`);
      }
    },
  );
});

test("the plain arm costs the same in both modes; the bn arm's inference is undefined before its first update", () => {
  const plain = armOf({}).costs();
  expect(plain.inference).toBe(plain.train);
  const bn = armOf({ bn: true });
  expect(bn.costs().inference).toBeNull();
  bn.advance(1);
  expect(bn.costs().inference).toBeGreaterThan(0);
});

test("moving averages follow the batches' moments, debiased where asked for", () => {
  const arm = armOf({ bn: true, samples: 20, batchSize: 10 });
  const debiased = armOf({ bn: true, samples: 20, batchSize: 10, debias: true });
  const expected = { mean: 0, variance: 0 };
  for (let update = 0; update < 4; update++) {
    const norm = arm.observe("next-batch").layers[0]?.norm;
    expected.mean = 0.5 * expected.mean + 0.5 * (norm?.batchMean[2] as number);
    expected.variance = 0.5 * expected.variance + 0.5 * (norm?.batchVariance[2] as number);
    arm.advance(update + 1);
    debiased.advance(update + 1);
    const moved = arm.observe("next-batch").layers[0]?.norm;
    expect((moved?.movingMean[2] as number) / expected.mean).toBeCloseTo(1, 5);
    expect((moved?.movingVariance[2] as number) / expected.variance).toBeCloseTo(1, 5);
    const corrected = debiased.observe("next-batch").layers[0]?.norm;
    expect((corrected?.movingMean[2] as number) * (1 - 0.5 ** (update + 1))).toBeCloseTo(
      moved?.movingMean[2] as number,
      10,
    );
  }
  // At equal statistics both modes are one function: 60 updates on one batch bring the averages there.
  const still = armOf({ bn: true, samples: 20, rate: 0, debias: true });
  still.advance(60);
  const { train, inference } = still.costs();
  expect((inference as number) / train).toBeCloseTo(1, 5);
});

test("an arm that needs more than 4 GB is refused with the sizes that make it so", () => {
  const task = taskOf({ sizes: [1, 1000, 1] });
  const training = { samples: 2e6, inputs: 1, x: new Float32Array(2e6), y: new Float32Array(2e6) };
  expect(() => engine.createArm({ ...task, training, batchSize: 2e6, evaluation: training })).toThrow(
    /4 GB.*\[1, 1000, 1\]/,
  );
});

test("what an arm needs is counted by how it normalizes: ghost batches need less, a norm behind the activation more", () => {
  const samples = 7e5;
  const points = { samples, inputs: 1, x: new Float32Array(samples), y: new Float32Array(samples) };
  const few = { ...points, samples: 1 };
  const refusal = (normalization: Partial<Normalization>, units: number): string => {
    const task = taskOf({ sizes: [1, units, 1], bn: true, normalization });
    try {
      engine.createArm({ ...task, training: points, evaluation: few, batchSize: samples });
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const needed = (message: string) => Number(/need ([\d.]+) GB/.exec(message)?.[1]);
  const whole = needed(refusal({}, 1000));
  expect(needed(refusal({ ghostBatchSize: 100 }, 1000))).toBeLessThan(0.6 * whole);
  expect(needed(refusal({ position: "after" }, 1000))).toBeGreaterThan(1.1 * whole);
});

test("statistics of more points than 4 GB take are refused", () => {
  const arm = engine.createArm(taskOf({ bn: true, sizes: [1, 100, 1] }));
  expect(() => arm.normStatistics({ samples: 1e7, inputs: 1, x: new Float32Array(0) })).toThrow(
    /4 GB for statistics.*\[1, 100, 1\] with 10000000 samples/,
  );
});
