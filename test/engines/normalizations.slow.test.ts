import "./on-every-engine.js";
import { describe, expect, test } from "vitest";
import type { ArmTask, EngineArm, LayerObservation, Moments, NormObservation } from "../../src/engines/engine.js";
import { pointsAt } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { activations } from "../../src/model/activations.js";
import { norms, parameterNames } from "../../src/model/network.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { describeEngines } from "./engines.js";
import { float64Pass } from "./float64-cost.js";
import { changed, normalPoints, smallTask, startingFrom } from "./tasks.js";
import { CASES, MORE_CASES, VARIANTS, variantTask } from "./variants.js";

const reference = (task: ArmTask): EngineArm => referenceEngine().createArm(task);
const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** ‖values − expected‖ against the size of what is expected, `floor` where that is smaller. */
function near(values: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string, floor = 1e-3) {
  expect(values.length, what).toBe(expected.length);
  const error = norm(Array.from(values, (value, i) => value - (expected[i] as number)));
  expect(error, what).toBeLessThanOrEqual(tolerance * Math.max(floor, norm(expected)));
}

const float64Of = (tensors: TensorMap) =>
  new Map([...tensors].map(([name, { data }]) => [name, Float64Array.from(data)] as const));

/** A unit's values over the samples, from `[units][samples]`. */
const rowsOf = (values: ArrayLike<number>, samples: number) =>
  Array.from({ length: values.length / samples }, (_, f) => Array.from(values).slice(f * samples, (f + 1) * samples));

/** Every norm observed, by its index. */
function observedNorms({ observe }: EngineArm, points: "next-batch" | "evaluation"): Map<number, NormObservation> {
  const { inputNorm, layers } = observe(points);
  const all = [inputNorm, ...layers.map((layer) => layer.norm)].map((seen, index) => [index, seen] as const);
  return new Map(all.flatMap(([index, seen]) => (seen === undefined ? [] : [[index, seen] as const])));
}

/** [C(θ + h) − C(θ − h)]/2h on the next batch, one entry after the other. */
function centralDifferences(task: ArmTask, name: string): number[] {
  const h = 1e-5;
  const { tensors } = task.initial;
  const cost = (entry: number, step: number) => {
    const moved = changed(tensors, new RegExp(`^${name}$`), (old, i) => (i === entry ? old + step : old));
    return reference(startingFrom(task, moved)).observe("next-batch").cost;
  };
  return Array.from(valuesOf(tensors, name), (_, i) => (cost(i, h) - cost(i, -h)) / (2 * h));
}

test("the variants are all there are, and every activation meets some", () => {
  expect(VARIANTS.length).toBe(3 * 3 * 2 * 2 * 2);
  expect(new Set(VARIANTS.map(({ name }) => name)).size).toBe(VARIANTS.length);
  for (const activation of Object.keys(activations)) {
    expect(CASES.filter((each) => each.activation === activation).length, activation).toBeGreaterThanOrEqual(5);
  }
});

describe("the reference engine is right about", () => {
  test.each(MORE_CASES)("$name, $activation: cost and statistics, by another implementation", ({ task }) => {
    const arm = reference(task);
    for (const points of ["next-batch", "evaluation"] as const) {
      const batch = pointsAt(task, 0, points);
      const { predictions, moments } = float64Pass(task.spec, batch, float64Of(task.initial.tensors));
      const seen = arm.observe(points);
      near(seen.layers.at(-1)?.preActivation ?? [], predictions, 1e-12, "predictions");
      near(
        [seen.cost],
        [sum(predictions.map((p, s) => (p - (batch.y[s] as number)) ** 2)) / batch.samples],
        1e-12,
        "C",
      );
      const observed = observedNorms(arm, points);
      expect([...observed.keys()]).toEqual([...moments.keys()]);
      for (const [index, { batchMean, batchVariance }] of observed) {
        near(batchMean, moments.get(index)?.mean ?? [], 1e-12, `mean ${index}`);
        near(batchVariance, moments.get(index)?.variance ?? [], 1e-12, `variance ${index}`);
      }
    }
  });

  test.each(MORE_CASES)("$name, $activation: gradients, by central differences", ({ task }) => {
    const gradients = reference(task).gradients("next-batch");
    expect([...gradients.keys()]).toEqual(parameterNames(task.spec));
    const differences = new Map([...gradients.keys()].map((name) => [name, centralDifferences(task, name)]));
    // A difference of two costs is off by their rounding over 2h; behind an explosive layer both are large.
    const largest = Math.max(1, ...[...differences.values()].flat().map(Math.abs));
    for (const [name, expected] of differences) {
      near(gradients.get(name)?.data ?? [], expected, 1e-7 * largest, name, 1);
    }
  });
});

await describeEngines("every way to normalize", (engine, { float64, label }) => {
  // Each norm multiplies the rounding of a lone sample, whose variance is zero, by 1/√ε = 32.
  const TOLERANCE = float64 ? 1e-12 : 5e-5;

  // TensorFlow differentiates by itself, whatever the activation.
  const byItself = label.startsWith("tfjs");

  test.each(byItself ? CASES : MORE_CASES)(
    "$name, $activation: agrees with the reference before and after updates",
    ({ task }) => {
      const [own, truth] = [engine().createArm(task), reference(task)];
      for (const update of [0, 1]) {
        for (const points of ["next-batch", "evaluation"] as const) {
          const [gradients, expected] = [own.gradients(points), truth.gradients(points)];
          expect([...gradients.keys()]).toEqual([...expected.keys()]);
          // Some are zero by theory; their rounding errors are measured by the largest gradient there is.
          const largest = Math.max(...[...expected.values()].map(({ data }) => norm(data)));
          for (const [name, { shape, data }] of gradients) {
            expect(shape, name).toEqual(expected.get(name)?.shape);
            near(data, valuesOf(expected, name), TOLERANCE, `${name}@${update}`, largest / 10);
          }

          const [seen, right] = [own.observe(points), truth.observe(points)];
          near([seen.cost], [right.cost], TOLERANCE, "cost");
          for (const [layer, expectedLayer] of right.layers.entries()) {
            const found = seen.layers[layer] as LayerObservation;
            near(found.preActivation, expectedLayer.preActivation, TOLERANCE, `preActivation ${layer}`);
            near(found.layerInput, expectedLayer.layerInput, TOLERANCE, `layerInput ${layer}`);
            for (const which of ["kernel", "preActivation"] as const) {
              const [got, wanted] = [found.gradientNorms[which], expectedLayer.gradientNorms[which]];
              near([got], [wanted], TOLERANCE, `gradient norm, ${which} ${layer}`, largest / 10);
            }
          }
          const [observed, rightly] = [observedNorms(own, points), observedNorms(truth, points)];
          expect([...observed.keys()]).toEqual(norms(task.spec).map(({ index }) => index));
          for (const [index, found] of observed)
            for (const key of ["batchMean", "batchVariance", "movingMean", "movingVariance"] as const)
              near(found[key], rightly.get(index)?.[key] ?? [], TOLERANCE, `${key} ${index}@${update}`);
        }
        const [costs, rightCosts] = [own.costs(), truth.costs()];
        near([costs.train], [rightCosts.train], TOLERANCE, "train cost");
        if (rightCosts.inference === null) expect(costs.inference).toBeNull();
        else near([costs.inference as number], [rightCosts.inference], 2 * TOLERANCE, "inference cost");
        const x = normalPoints(4, 2, 9);
        if (update > 0) near(own.predict(x), truth.predict(x), 2 * TOLERANCE, "predictions");

        expect(own.advance(update + 1)).toEqual({ status: "reached", update: update + 1 });
        truth.advance(update + 1);
        const [next, rightNext] = [own.state().tensors, truth.state().tensors];
        expect([...next.keys()]).toEqual([...task.initial.tensors.keys()]);
        for (const [name, { data }] of next)
          near(data, valuesOf(rightNext, name), TOLERANCE, `${name} after ${update + 1}`);
      }
      own.dispose();
    },
  );

  const odd = [
    { sizes: [1, 1] },
    { sizes: [3, 1] },
    { sizes: [1, 1, 1] },
    { sizes: [1, 1, 1, 1], samples: 1, batchSize: 1 },
    { sizes: [1, 7, 1], samples: 2, batchSize: 2, evaluationSamples: 1 },
    { sizes: [3, 9, 2, 6, 1], samples: 13, batchSize: 13, evaluationSamples: 17 },
  ];
  const awkward = odd.flatMap((choices) =>
    (["silu", "tanh"] as const).slice(byItself ? 1 : 0).map((activation) => ({ ...choices, activation })),
  );
  test.each(awkward)("sizes $sizes, $samples samples, $activation: the same in every variant", (choices) => {
    for (const variant of VARIANTS) {
      const task = variantTask(variant, choices);
      const [own, truth] = [engine().createArm(task), reference(task)];
      const [gradients, expected] = [own.gradients("next-batch"), truth.gradients("next-batch")];
      const largest = Math.max(...[...expected.values()].map(({ data }) => norm(data)));
      for (const [name, { data }] of gradients)
        near(data, valuesOf(expected, name), TOLERANCE, `${variant.name}: ${name}`, largest / 10);
      for (const arm of [own, truth]) expect(arm.advance(2).update).toBe(2);
      for (const [name, { data }] of own.state().tensors)
        near(data, valuesOf(truth.state().tensors, name), 2 * TOLERANCE, `${variant.name}: ${name}`);
      near([own.costs().train], [truth.costs().train], 5 * TOLERANCE, `${variant.name}: cost`);
      own.dispose();
    }
  });

  test("the state has gamma, beta and moving averages of the norms there are, and no others", () => {
    for (const variant of VARIANTS) {
      const { where, affine } = variant.normalization;
      const arm = engine().createArm(variantTask(variant));
      const names = [...arm.state().tensors.keys()].filter((name) => name.startsWith("norms."));
      const indices = { all: [0, 1, 2], hidden: [1, 2], input: [0] }[where as "all"];
      const tensors = [...(affine ? ["gamma", "beta"] : []), "moving_mean", "moving_variance"];
      expect(names, variant.name).toEqual(indices.flatMap((i) => tensors.map((tensor) => `norms.${i}.${tensor}`)));
      const gradients = [...arm.gradients("next-batch").keys()].filter((name) => name.startsWith("norms."));
      expect(gradients).toEqual(names.filter((name) => /gamma|beta/.test(name)));
      arm.dispose();
    }
  });
});

await describeEngines("ghost batches", (engine, { float64 }) => {
  const TOLERANCE = float64 ? 1e-12 : 1e-5;
  const without = VARIANTS.filter(({ normalization }) => normalization.ghostBatchSize === undefined);
  const trained = (task: ArmTask) => {
    const arm = engine().createArm(task);
    arm.advance(3);
    const result = [arm.state(), arm.costs(), arm.observe("next-batch"), arm.gradients("evaluation")];
    arm.dispose();
    return result;
  };

  test.each(without)("$name: as large as the batch or larger they are none, to the bit", ({ normalization }) => {
    const whole = trained(variantTask({ normalization }));
    for (const ghostBatchSize of [7, 8, 1e9]) {
      expect(trained(variantTask({ normalization: { ...normalization, ghostBatchSize } }))).toEqual(whole);
    }
  });

  test("the moving averages move once an update, by the mean over the samples of their groups' statistics", () => {
    const task = variantTask({ normalization: { ghostBatchSize: 3, decay: 0.75, where: "input" } });
    const arm = engine().createArm(task);
    arm.advance(1);
    const { x } = pointsAt(task, 0, "next-batch");
    for (const feature of [0, 1]) {
      const column = Array.from({ length: 7 }, (_, s) => x[2 * s + feature] as number);
      const groups = [column.slice(0, 3), column.slice(3, 6), column.slice(6)];
      const means = groups.map((group) => sum(group) / group.length);
      const variances = groups.map((group, g) => sum(group.map((v) => (v - (means[g] as number)) ** 2)) / group.length);
      const weighted = ([a, b, c]: number[]) => (3 * (a as number) + 3 * (b as number) + (c as number)) / 7;
      const moved = (name: string) => valuesOf(arm.state().tensors, `norms.0.${name}`)[feature] as number;
      expect(moved("moving_mean")).toBeCloseTo(0.25 * weighted(means), 6);
      expect(moved("moving_variance")).toBeCloseTo(0.25 * weighted(variances), 6);
    }
    arm.dispose();
  });

  test("every group is normalized by itself: each has mean beta", () => {
    const task = variantTask({ normalization: { ghostBatchSize: 3 } });
    const arm = engine().createArm(task);
    const [first] = arm.observe("next-batch").layers;
    const beta = valuesOf(task.initial.tensors, "norms.1.beta");
    for (const [unit, row] of rowsOf(first?.preActivation ?? [], 7).entries())
      for (const group of [row.slice(0, 3), row.slice(3, 6), row.slice(6)])
        expect(sum(group) / group.length).toBeCloseTo(beta[unit] as number, 5);
    arm.dispose();
  });

  test("inference knows no groups", () => {
    const task = (ghostBatchSize: number) => ({
      ...variantTask({ normalization: { ghostBatchSize, debias: true } }, { evaluationSamples: 9 }),
      initial: { ...later, update: 3 },
    });
    const source = engine().createArm(variantTask({ normalization: {} }, { evaluationSamples: 9 }));
    source.advance(3);
    const later = source.state();
    const [small, large] = [2, 100].map((size) => engine().createArm(task(size)));
    expect(small?.costs().inference).toBe(large?.costs().inference);
    expect(small?.costs().train).not.toBe(large?.costs().train);
    for (const arm of [source, small, large]) arm?.dispose();
  });

  test("the gradient is that of the mean cost: the mean of the groups' own gradients, by their samples", () => {
    const task = variantTask({ normalization: { ghostBatchSize: 3 } });
    const whole = engine().createArm(task);
    const { x, y } = task.training;
    const parts = [[0, 3] as const, [3, 6] as const, [6, 7] as const].map(([from, to]) => {
      const part = { samples: to - from, inputs: 2, x: x.slice(2 * from, 2 * to), y: y.slice(from, to) };
      const arm = engine().createArm({ ...task, training: part, evaluation: part, batchSize: to - from });
      const result = { share: (to - from) / 7, gradients: arm.gradients("next-batch"), cost: arm.costs().train };
      arm.dispose();
      return result;
    });
    near([whole.observe("next-batch").cost], [sum(parts.map(({ share, cost }) => share * cost))], TOLERANCE, "cost");
    for (const [name, { data }] of whole.gradients("next-batch")) {
      const expected = Array.from(data, (_, i) =>
        sum(parts.map(({ share, gradients }) => share * (valuesOf(gradients, name)[i] as number))),
      );
      near(data, expected, TOLERANCE, name, 1);
    }
    whole.dispose();
  });
});

await describeEngines("the statistics of norms on points of one's own", (engine, { float64 }) => {
  const TOLERANCE = float64 ? 1e-12 : 1e-5;

  test.each(VARIANTS)("$name: are those of one batch, whatever training's batches are", (variant) => {
    const task = variantTask(variant);
    const arm = engine().createArm(task);
    arm.advance(2);
    const { ghostBatchSize: _, ...whole } = task.spec.normalization as NonNullable<typeof task.spec.normalization>;
    const parameters = float64Of(arm.state().tensors);
    // Few, more than any batch, fewer again, and the training set itself.
    for (const points of [normalPoints(4, 2, 11), normalPoints(40, 2, 12), normalPoints(1, 2, 13), task.training]) {
      const { moments } = float64Pass({ ...task.spec, normalization: whole }, points, parameters);
      const measured = arm.normStatistics(points);
      expect([...measured.keys()]).toEqual([...moments.keys()]);
      for (const [index, { mean, variance }] of measured) {
        near(mean, moments.get(index)?.mean ?? [], TOLERANCE, `mean ${index} of ${points.samples}`, 0.1);
        near(variance, moments.get(index)?.variance ?? [], TOLERANCE, `variance ${index} of ${points.samples}`, 0.1);
      }
    }
    arm.dispose();
  });

  test.each(VARIANTS.filter(({ normalization }) => normalization.ghostBatchSize === undefined))(
    "$name: of the training set are the batch statistics of an update that takes all of it",
    (variant) => {
      const task = variantTask(variant, { batchSize: 10 });
      const arm = engine().createArm(task);
      arm.advance(2);
      const observed = observedNorms(arm, "next-batch");
      const measured: ReadonlyMap<number, Moments> = arm.normStatistics(task.training);
      expect([...measured.keys()]).toEqual([...observed.keys()]);
      for (const [index, { mean, variance }] of measured) {
        expect(Array.from(mean)).toEqual(Array.from(observed.get(index)?.batchMean ?? []));
        expect(Array.from(variance)).toEqual(Array.from(observed.get(index)?.batchVariance ?? []));
      }
      arm.dispose();
    },
  );

  test("are later ones' own: what was measured before stays as it was", () => {
    const task = variantTask({ normalization: {} });
    const arm = engine().createArm(task);
    const before = arm.normStatistics(task.training);
    const copy = structuredClone(before);
    arm.advance(3);
    expect(arm.normStatistics(task.training)).not.toEqual(copy);
    arm.normStatistics(task.evaluation);
    expect(before).toEqual(copy);
    arm.dispose();
  });

  test("are none in an arm without BN", () => {
    const task = smallTask({ arm: "plain" });
    const arm = engine().createArm(task);
    expect(arm.normStatistics(task.training).size).toBe(0);
    arm.dispose();
  });
});

await describeEngines("exact facts of the other ways to normalize", (engine, { float64 }) => {
  const ZERO = float64 ? 1e-13 : 1e-5;
  const using = <R>(task: ArmTask, use: (arm: EngineArm) => R): R => {
    const arm = engine().createArm(task);
    try {
      return use(arm);
    } finally {
      arm.dispose();
    }
  };
  const biasGradients = (task: ArmTask) =>
    using(task, (arm) => [0, 1].map((layer) => norm(valuesOf(arm.gradients("next-batch"), `layers.${layer}.bias`))));

  test.each(VARIANTS)(
    "$name: hidden biases have no gradient exactly where the next norm takes a mean away",
    (variant) => {
      const { where, transform, position } = variant.normalization;
      const taken = where !== "input" && position === "before" && transform !== "scale";
      for (const gradient of biasGradients(variantTask(variant, { activation: "tanh" }))) {
        if (taken) expect(gradient).toBeLessThan(ZERO);
        else expect(gradient).toBeGreaterThan(1e-4);
      }
    },
  );

  test("behind the activation, what the next kernel is multiplied with has mean beta and variance gamma²·σ²/(σ² + ε)", () => {
    const task = variantTask({ normalization: { position: "after" } }, { activation: "softplus" });
    using(task, (arm) => {
      const { layers } = arm.observe("next-batch");
      const { batchVariance } = (layers[0] as LayerObservation).norm as NormObservation;
      const [gamma, beta] = ["gamma", "beta"].map((name) => valuesOf(task.initial.tensors, `norms.1.${name}`));
      for (const [unit, row] of rowsOf(layers[1]?.layerInput ?? [], 7).entries()) {
        const mean = sum(row) / 7;
        const variance = sum(row.map((value) => (value - mean) ** 2)) / 7;
        const sigma2 = batchVariance[unit] as number;
        expect(mean).toBeCloseTo(beta?.[unit] as number, 5);
        expect(variance).toBeCloseTo(((gamma?.[unit] as number) ** 2 * sigma2) / (sigma2 + 0.001), 4);
      }
    });
  });

  test("behind the activation, the statistics are those of f of what it receives", () => {
    using(variantTask({ normalization: { position: "after" } }, { activation: "silu" }), (arm) => {
      const [first] = arm.observe("next-batch").layers;
      for (const [unit, row] of rowsOf(first?.preActivation ?? [], 7).entries()) {
        expect(first?.norm?.batchMean[unit]).toBeCloseTo(sum(row.map(activations.silu.value)) / 7, 5);
      }
    });
  });

  test("centered only, a batch keeps its deviations; scaled only, its second moment becomes m/(m + ε)", () => {
    const seen = (transform: "center" | "scale") =>
      using(variantTask({ normalization: { transform, affine: false } }), (arm) => arm.observe("next-batch").layers[0]);
    const centered = seen("center");
    for (const [unit, row] of rowsOf(centered?.preActivation ?? [], 7).entries()) {
      expect(sum(row) / 7).toBeCloseTo(0, 5);
      expect(sum(row.map((v) => v * v)) / 7).toBeCloseTo(centered?.norm?.batchVariance[unit] as number, 4);
    }
    const scaled = seen("scale");
    for (const [unit, row] of rowsOf(scaled?.preActivation ?? [], 7).entries()) {
      const moment = scaled?.norm?.batchVariance[unit] as number;
      expect(sum(row.map((v) => v * v)) / 7).toBeCloseTo(moment / (moment + 0.001), 5);
      const deviation = Math.sqrt(moment + 0.001);
      expect(sum(row) / 7).toBeCloseTo((scaled?.norm?.batchMean[unit] as number) / deviation, 5);
    }
  });

  test.each(["standardize", "center", "scale"] as const)("without affine, %s is gamma 1 and beta 0", (transform) => {
    const bare = variantTask({ normalization: { transform, affine: false } });
    const plain = variantTask({ normalization: { transform } });
    const ones = changed(
      changed(plain.initial.tensors, /gamma$/, () => 1),
      /beta$/,
      () => 0,
    );
    const tensors = new Map([...ones].map(([name, tensor]) => [name, bare.initial.tensors.get(name) ?? tensor]));
    const [own, dressed] = [bare, startingFrom(plain, tensors)].map((task) =>
      using(task, (arm) => ({ costs: arm.costs(), gradients: arm.gradients("next-batch") })),
    );
    expect(own?.costs).toEqual(dressed?.costs);
    for (const [name, { data }] of own?.gradients ?? [])
      near(data, valuesOf(dressed?.gradients as TensorMap, name), ZERO, name, 1);
  });

  test.each([
    ["center", /moving_variance$/],
    ["scale", /moving_mean$/],
  ] as const)("inference with %s hangs on one of the moving averages only", (transform, other) => {
    const task = variantTask({ normalization: { transform } });
    using(task, (arm) => {
      arm.advance(3);
      const { tensors } = arm.state();
      const inferenceOf = (of: TensorMap) =>
        using({ ...task, initial: { update: 3, tensors: of } }, (moved) => moved.costs().inference as number);
      const before = inferenceOf(tensors);
      expect(inferenceOf(changed(tensors, other, (old) => old + 0.5))).toBe(before);
      const used = other.source.startsWith("moving_mean") ? /moving_variance$/ : /moving_mean$/;
      expect(inferenceOf(changed(tensors, used, (old) => old + 0.5))).not.toBe(before);
    });
  });
});
