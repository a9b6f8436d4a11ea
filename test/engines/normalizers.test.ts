import { describe, expect, test } from "vitest";
import type { ArmTask, EngineArm, Observation } from "../../src/engines/engine.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { initialTensors, initialWeights } from "../../src/model/initializers.js";
import { hasMovingAverages, parameterNames } from "../../src/model/network.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";
import { apart, largest, outputsOf, stateAfter as reachedState, using } from "./arms.js";
import { describeEngines } from "./engines.js";
import { LAYERED_CASES, layeredTask, NORMALIZERS } from "./layered-tasks.js";
import { changed, startingFrom } from "./tasks.js";

const reference = (task: ArmTask): EngineArm => referenceEngine().createArm(task);

/** [C(θ + h) − C(θ − h)]/2h, one entry after the other. */
function centralDifferences(task: ArmTask, name: string): number[] {
  const h = 1e-5;
  const only = new RegExp(`^${name.replaceAll(".", "\\.")}$`);
  const cost = (entry: number, step: number) => {
    const moved = changed(task.initial.tensors, only, (old, i) => (i === entry ? old + step : old));
    return reference(startingFrom(task, moved)).observe("next-batch").cost;
  };
  return Array.from(valuesOf(task.initial.tensors, name), (_, i) => (cost(i, h) - cost(i, -h)) / (2 * h));
}

/** Moving averages so far from any batch that r and d of `renorm` are at their bounds: constants, as in its gradient. */
const farAverages = (task: ArmTask): ArmTask => {
  const far = changed(task.initial.tensors, /moving_mean$/, (_, i) => (i % 2 === 0 ? 90 : -90));
  return startingFrom(
    task,
    changed(far, /moving_variance$/, (_, i) => (i % 3 === 0 ? 1e4 : 1e-4)),
  );
};

describe("the reference engine's gradient is the one that central differences show", () => {
  test.each(LAYERED_CASES)("$name", (choices) => {
    const task = farAverages(layeredTask(choices));
    const gradients = reference(task).gradients("next-batch");
    expect([...gradients.keys()]).toEqual(parameterNames(task.spec));
    for (const [name, { data }] of gradients) {
      const differences = centralDifferences(task, name);
      expect(data.length, name).toBe(differences.length);
      // A corner of relu within h of a sample would show here; none is.
      expect(apart(data, differences), name).toBeLessThan(1e-6 * Math.max(1, largest(differences)));
    }
  });

  test("also where the moving averages are frozen", () => {
    const normalization = { normalizer: "batch", frozenFrom: 1 } as const;
    const task = { ...layeredTask({ normalization }) };
    const arm = reference({ ...task, initial: { ...task.initial, update: 1 } });
    const frozen = (tensors: TensorMap): ArmTask => ({ ...task, initial: { update: 1, tensors } });
    const tensors = changed(task.initial.tensors, /moving/, (_, i) => 0.5 + 0.1 * i);
    expect(arm.update).toBe(1);
    for (const [name, { data }] of reference(frozen(tensors)).gradients("next-batch"))
      expect(apart(data, centralDifferences(frozen(tensors), name)), name).toBeLessThan(1e-6);
  });
});

await describeEngines("normalizers", (engine, { float64 }) => {
  const close = float64 ? 1e-12 : 1e-4;

  // More than one chunk of the kernel's 512 samples, and a remainder.
  const sizes = [{ samples: 14 }, { samples: 7, batchSize: 3 }, { samples: 530 }];
  const cases = LAYERED_CASES.flatMap((choices) => sizes.map((size) => ({ ...choices, ...size })));

  test.each(cases)("$name, $samples samples: as the reference engine", (choices) => {
    const task = layeredTask({ ...choices, evaluationSamples: 5, learningRate: 0.01 });
    const [own, truth] = [engine().createArm(task), reference(task)];
    const near = (found: ArrayLike<number>, expected: ArrayLike<number>, what: string, size = largest(expected)) => {
      expect(found.length, what).toBe(expected.length);
      expect(apart(found, expected), what).toBeLessThanOrEqual(close * Math.max(size, 1e-3));
    };
    for (const update of [0, 1, 2]) {
      own.advance(update);
      truth.advance(update);
      const [seen, expected] = [own.observe("next-batch"), truth.observe("next-batch")];
      near([seen.cost], [expected.cost], `cost @${update}`);
      for (const [layer, { preActivation, gradientNorms, norm }] of expected.layers.entries()) {
        near(seen.layers[layer]?.preActivation ?? [], preActivation, `pre-activation ${layer} @${update}`);
        near([seen.layers[layer]?.gradientNorms.preActivation ?? 0], [gradientNorms.preActivation], `norm ${layer}`);
        expect(seen.layers[layer]?.norm === undefined).toBe(norm === undefined);
        near(seen.layers[layer]?.norm?.batchVariance ?? [], norm?.batchVariance ?? [], `variance ${layer}`);
      }
      const [gradients, exact] = [own.gradients("next-batch"), truth.gradients("next-batch")];
      const most = Math.max(...[...exact.values()].map(({ data }) => largest(data)));
      expect([...gradients.keys()]).toEqual([...exact.keys()]);
      for (const [name, { data }] of exact) near(valuesOf(gradients, name), data, `${name} @${update}`, most);
      const [costs, trueCosts] = [own.costs(), truth.costs()];
      near([costs.train], [trueCosts.train], "train");
      expect(costs.inference === null).toBe(trueCosts.inference === null);
      near([costs.inference ?? 0], [trueCosts.inference ?? 0], "inference");
      expect(costs.accuracy?.train).toBe(trueCosts.accuracy?.train);
      if (update > 0) near(own.predict(task.evaluation), truth.predict(task.evaluation), `predictions @${update}`);
    }
    const [state, expected] = [own.state(), truth.state()];
    expect([...state.tensors.keys()]).toEqual([...expected.tensors.keys()]);
    for (const [name, { data }] of expected.tensors) near(valuesOf(state.tensors, name), data, name);
    own.dispose();
  });

  test.each(NORMALIZERS)("%s has two modes only where it depends on the batch", (normalizer) => {
    const task = layeredTask({ normalization: { normalizer }, evaluationSamples: 5 });
    using(engine(), task, (arm) => {
      const { train, inference } = arm.costs();
      arm.advance(1);
      const moved = arm.averaged();
      const hasModes = normalizer === "batch" || normalizer === "renorm";
      expect(hasMovingAverages(task.spec)).toBe(hasModes);
      expect(inference).toBe(hasModes ? null : train);
      expect(moved.length).toBe(hasModes ? 1 : 0);
      expect(arm.recalibrated() !== undefined).toBe(hasModes);
      expect(arm.populationMoments().size).toBe(hasModes ? 3 : 0);
      expect(arm.normStatistics(task.training).size).toBe(hasModes ? 3 : 0);
      const own = arm.costs();
      expect(own.inference === own.train).toBe(!hasModes);
    });
  });

  const stateAfter = (task: ArmTask, updates: number) => reachedState(engine(), task, updates);
  const outputs = (task: ArmTask) => outputsOf(engine(), task);

  test.each([...NORMALIZERS, "batch ghost", "batch debiased"])(
    "%s seen in inference mode is the arm frozen there, and trains on as if nobody had looked",
    (name) => {
      const [normalizer = "batch", option] = name.split(" ");
      const more = { ghost: { ghostBatchSize: 3 }, debiased: { debias: true } }[option ?? ""] ?? {};
      const normalization = { normalizer: normalizer as (typeof NORMALIZERS)[number], ...more };
      const task = layeredTask({ normalization, samples: 14, evaluationSamples: 5, learningRate: 0.01 });
      const [arm, unseen] = [engine().createArm(task), engine().createArm(task)];
      arm.advance(3);
      unseen.advance(3);
      const seen = arm.observe("evaluation", "inference");
      const { inference } = arm.costs();
      expect(apart([seen.cost], [inference ?? Number.NaN])).toBeLessThanOrEqual(close * (inference ?? 0));
      expect(Array.from(seen.layers.at(-1)?.preActivation ?? [])).toEqual(Array.from(arm.predict(task.evaluation)));
      if (hasMovingAverages(task.spec)) {
        const frozen: ArmTask = {
          ...task,
          spec: {
            ...task.spec,
            normalization: { ...task.spec.normalization, normalizer: "batch", frozenFrom: 3 } as never,
          },
          initial: arm.state(),
        };
        // But for the statistics of the batch, which frozen ghost batches each have of their own.
        const compared = ({ cost, layers }: Observation) => [
          cost,
          layers.map(({ preActivation, layerInput, gradientNorms }) => [preActivation, layerInput, gradientNorms]),
        ];
        using(engine(), frozen, (other) => expect(compared(seen)).toEqual(compared(other.observe("evaluation"))));
        expect(seen).not.toEqual(arm.observe("evaluation"));
      } else expect(seen).toEqual(arm.observe("evaluation"));
      for (const each of [arm, unseen]) each.advance(5);
      expect(arm.state()).toEqual(unseen.state());
      arm.dispose();
      unseen.dispose();
    },
  );

  test("weight starts as the plain net", () => {
    const [task, plain] = [layeredTask({ normalization: { normalizer: "weight" } }), layeredTask({})];
    const weights = initialWeights(task.spec.sizes, { init: "he", initStd: 1 }, 1);
    const [start, plainStart] = [task, plain].map((of) =>
      outputs(startingFrom(of, initialTensors(weights, of.spec))),
    ) as [number[], number[]];
    expect(apart(start, plainStart)).toBeLessThan(1e-5 * largest(plainStart));
  });

  describe("several batches an update", () => {
    const base = { samples: 22, batchSize: 4, learningRate: 0.05, evaluationSamples: 9 };

    test("moving averages move once a batch", () => {
      const task = layeredTask({ ...base, accumulate: 3, normalization: { decay: 0.5 } });
      using(engine(), task, (arm) => {
        let expected = Float64Array.from({ length: 3 }, () => 0);
        for (const [update, batches] of [3, 3, 3, 3].entries()) {
          arm.advance(update + 1);
          const moves = arm.averaged();
          // 22 samples are six batches, of which the last has two: two updates of three.
          expect(moves.length).toBe(batches);
          for (const move of moves) expected = expected.map((old, i) => 0.5 * old + 0.5 * (move.get(0)?.mean[i] ?? 0));
        }
        expect(apart(valuesOf(arm.state().tensors, "norms.0.moving_mean"), expected)).toBeLessThan(1e-6);
      });
    });

    test("the last update of a pass takes the batches that are left", () => {
      const task = layeredTask({ ...base, accumulate: 4, normalization: {} });
      using(engine(), task, (arm) => {
        const counts = [1, 2, 3].map((update) => {
          arm.advance(update);
          return arm.averaged().length;
        });
        expect(counts).toEqual([4, 2, 4]);
      });
    });
  });

  describe("recalibrated", () => {
    test("with test points it costs another amount, and training is as if nobody had asked", () => {
      const task = layeredTask({
        normalization: {},
        batchSize: 5,
        evaluationSamples: 9,
        loss: "crossEntropy",
        sizes: [3, 6, 4],
      });
      const untouched = stateAfter(task, 4);
      using(engine(), task, (arm) => {
        arm.advance(2);
        const recalibrated = arm.recalibrated();
        expect(recalibrated?.cost).not.toBe(arm.costs().train);
        expect(recalibrated?.accuracy).toBeGreaterThanOrEqual(0);
        arm.advance(4);
        expect(arm.state().tensors).toEqual(untouched);
      });
    });

    test.each(["batch", "renorm"] as const)(
      "%s uses the training set's own statistics, layer by layer",
      (normalizer) => {
        const task = layeredTask({
          normalization: { normalizer, ghostBatchSize: 3 },
          batchSize: 5,
          evaluationSamples: 9,
        });
        using(engine(), task, (arm) => {
          arm.advance(3);
          const { tensors } = arm.state();
          const replaced = new Map(tensors);
          for (const [index, { mean, variance }] of arm.populationMoments()) {
            replaced.set(`norms.${index}.moving_mean`, { shape: [mean.length], data: mean });
            replaced.set(`norms.${index}.moving_variance`, { shape: [mean.length], data: variance });
          }
          const truth = reference({ ...task, initial: { update: 3, tensors: replaced } });
          expect(Math.abs((arm.recalibrated()?.cost ?? 0) / (truth.costs().inference ?? 0) - 1)).toBeLessThan(close);
          // Where the averages are the population's, recalibrating changes nothing.
          for (const [index, { mean }] of truth.populationMoments())
            expect(apart(mean, valuesOf(replaced, `norms.${index}.moving_mean`))).toBeLessThan(close);
        });
      },
    );
  });
});
