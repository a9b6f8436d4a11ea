import type { Points } from "../data/points.js";
import { accuracyOf } from "../model/losses/cross-entropy.js";
import { lossOf } from "../model/losses/index.js";
import { hasMovingAverages, norms, parameterNames, slotName } from "../model/network.js";
import type { Moments } from "../model/normalizers/normalizer.js";
import { optimizerOf } from "../model/optimizers/index.js";
import { decayOf } from "../model/optimizers/weight-decay.js";
import { at } from "../model/rows.js";
import { type Tensor, type TensorMap, valuesOf } from "../model/tensors.js";
import {
  type ArmTask,
  costsIn,
  type Engine,
  type EngineArm,
  type Evaluation,
  isDivergedCost,
  isFrozen,
  type ModeName,
  modesOf,
  movingCorrection,
  type NormObservation,
  type ObservedPoints,
  pointsAt,
} from "./engine.js";
import { type Backward, backward, type Forward, forward, type Mode, meanMoments } from "./reference-network.js";

/**
 * The float64 engine in plain TypeScript: the truth for gradients, and the code to read next to the formulas. Its last
 * bits depend on the machine's `Math.exp` and `Math.tanh`.
 */
export function referenceEngine(): Engine {
  return {
    info: { name: "reference", backend: "javascript", reproducible: "here", libraries: {} },
    createArm: referenceArm,
    dispose() {},
  };
}

function referenceArm(task: ArmTask): EngineArm {
  const { spec, evaluation, training } = task;
  const names = parameterNames(spec);
  const optimizer = optimizerOf(spec.optimization ?? {});
  const hasModes = hasMovingAverages(spec);
  let update = task.initial.update;
  let tensors: TensorMap = new Map(
    [...task.initial.tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
  );
  let averaged: readonly ReadonlyMap<number, Moments>[] = [];

  const shapeOf = (name: string): readonly number[] => tensors.get(name)?.shape ?? [];
  const float64 = (name: string) => Float64Array.from(valuesOf(tensors, name));

  const moving = (): ReadonlyMap<number, Moments> => {
    if (!hasModes) return new Map();
    const correction = movingCorrection(task, update);
    const debiased = (name: string) => float64(name).map((value) => value / correction);
    return new Map(
      norms(spec).map(({ index }) => [
        index,
        { mean: debiased(`norms.${index}.moving_mean`), variance: debiased(`norms.${index}.moving_variance`) },
      ]),
    );
  };

  const { trainingMode, inference, modeNamed } = modesOf(task, () => update, moving);

  /** One step of the optimizer, and of the moving statistics for each batch, from one forward pass. */
  const step = (pass: Forward, gradients: Backward["parameters"]): void => {
    const next = new Map<string, Tensor>(tensors);
    const set = (name: string, data: Float64Array) => next.set(name, { shape: shapeOf(name), data });
    for (const name of names) {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new Error(`the pass left no gradient of ${name}`);
      const decay = decayOf(name, { ...spec.optimization, learningRate: spec.learningRate });
      const { value, slots } = optimizer.step(
        decay === 0 ? float64(name) : float64(name).map((w) => w - decay * w),
        gradient,
        optimizer.slots.map((slot) => float64(slotName(slot, name))),
        { ...spec.optimization, learningRate: spec.learningRate, t: update + 1 },
      );
      set(name, value);
      for (const [i, slot] of optimizer.slots.entries()) set(slotName(slot, name), slots[i] ?? new Float64Array(0));
    }
    averaged = isFrozen(spec, update) || !hasModes ? [] : batchMoments(pass);
    const { decay } = spec.normalization ?? { decay: 0 };
    const move = (name: string, batch: Float64Array) => {
      const old = next.get(name)?.data ?? [];
      set(
        name,
        batch.map((value, i) => decay * at(old, i) + (1 - decay) * value),
      );
    };
    for (const batch of averaged)
      for (const [norm, { mean, variance }] of batch) {
        move(`norms.${norm}.moving_mean`, mean);
        move(`norms.${norm}.moving_variance`, variance);
      }
    tensors = next;
    update += 1;
  };

  const evaluated = ({ cost, prediction, samples }: Forward): Evaluation =>
    lossOf(spec).classes ? { cost, accuracy: accuracyOf(prediction, evaluation.y, samples) } : { cost };
  const evaluate = (mode: Mode) => evaluated(forward(spec, tensors, evaluation, mode));

  const differentiate = (which: ObservedPoints, mode: ModeName = "training") => {
    const points = pointsAt(task, update, which);
    const pass = forward(spec, tensors, points, modeNamed(mode, points.samples, which));
    return { pass, gradients: backward(spec, points, pass) };
  };

  /** The norms' own statistics over these points in one batch, in training mode or as the population. */
  const momentsOver = (points: Points, statistics: "own" | "population"): ReadonlyMap<number, Moments> => {
    if (!hasModes) return new Map();
    const frozen = statistics === "own" && isFrozen(spec, update);
    const mode: Mode = { ...inference(points.samples), statistics: frozen ? "moving" : statistics };
    return passMoments(forward(spec, tensors, points, mode));
  };

  return {
    get update() {
      return update;
    },

    advance(target) {
      while (update < target) {
        const batch = pointsAt(task, update, "next-batch");
        const pass = forward(spec, tensors, batch, trainingMode(batch.samples, "next-batch"));
        if (isDivergedCost(pass.cost) || holdsNaN(tensors)) return { status: "diverged", update };
        step(pass, backward(spec, batch, pass).parameters);
      }
      return { status: "reached", update };
    },

    averaged: () => averaged,

    costs() {
      const train = evaluate(trainingMode(evaluation.samples, "evaluation"));
      if (!hasModes) return costsIn(train, train);
      return costsIn(train, update === 0 ? undefined : evaluate(inference(evaluation.samples)));
    },

    recalibrated() {
      if (!hasModes) return undefined;
      return evaluate(inference(evaluation.samples, momentsOver(training, "population")));
    },

    populationMoments: () => momentsOver(training, "population"),

    observe(which, mode) {
      const { pass, gradients } = differentiate(which, mode);
      const [batches, averages] = [passMoments(pass), moving()];
      const normAt = (norm: number): NormObservation | undefined => {
        const [batch, average] = [batches.get(norm), averages.get(norm)];
        if (batch === undefined || average === undefined) return undefined;
        return {
          batchMean: batch.mean,
          batchVariance: batch.variance,
          movingMean: average.mean,
          movingVariance: average.variance,
        };
      };
      const inputNorm = normAt(0);
      return {
        update,
        cost: pass.cost,
        ...(inputNorm === undefined ? {} : { inputNorm }),
        layers: pass.preActivations.map((preActivation, layer) => {
          const norm = normAt(layer + 1);
          return {
            preActivation,
            layerInput: pass.layerInputs[layer] ?? new Float64Array(0),
            gradientNorms: {
              kernel: l2Norm(gradients.parameters.get(`layers.${layer}.kernel`)),
              preActivation: l2Norm(gradients.preActivations[layer]),
            },
            ...(norm === undefined ? {} : { norm }),
          };
        }),
      };
    },

    gradients(which) {
      const { parameters } = differentiate(which).gradients;
      return new Map(
        names.map((name) => [name, { shape: shapeOf(name), data: parameters.get(name) ?? new Float64Array(0) }]),
      );
    },

    state: () => ({ update, tensors }),

    predict: (x) => forward(spec, tensors, withoutTargets(x), inference(x.samples)).prediction,

    normStatistics: (x) => momentsOver(withoutTargets(x), "own"),

    dispose() {},
  };
}

/** Points to predict at; what their cost would be is not asked. */
function withoutTargets(points: Omit<Points, "y">): Points {
  return { ...points, y: new Float32Array(points.samples) };
}

/** The norms' statistics over a pass, by index. */
function passMoments({ norms: caches, groups }: Forward): ReadonlyMap<number, Moments> {
  return new Map(
    [...caches].flatMap(([index, { moments }]) =>
      moments.length === 0 ? [] : [[index, meanMoments(moments, groups)] as const],
    ),
  );
}

/** The same for each batch of the pass. */
function batchMoments({ norms: caches, groups }: Forward): readonly ReadonlyMap<number, Moments>[] {
  const batches = new Set(groups.map(({ batch }) => batch));
  return [...batches].map((batch) => {
    const isOwn = (_: unknown, i: number) => groups[i]?.batch === batch;
    return new Map(
      [...caches].flatMap(([index, { moments }]) =>
        moments.length === 0 ? [] : [[index, meanMoments(moments.filter(isOwn), groups.filter(isOwn))] as const],
      ),
    );
  });
}

function holdsNaN(tensors: TensorMap): boolean {
  for (const { data } of tensors.values()) if (data.some(Number.isNaN)) return true;
  return false;
}

function l2Norm(values: Float64Array = new Float64Array(0)): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
