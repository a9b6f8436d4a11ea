import type { Points } from "../data/points.js";
import { accuracyOf } from "../model/losses/cross-entropy.js";
import { lossOf } from "../model/losses/index.js";
import { hasMovingAverages, norms, parameterNames, slotName } from "../model/network.js";
import { optimizerOf } from "../model/optimizers/index.js";
import { decayOf } from "../model/optimizers/weight-decay.js";
import type { T, TF } from "../model/tensorflow.js";
import type { Tensor } from "../model/tensors.js";
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
  type Values,
} from "./engine.js";
import type { TensorFlowBackend } from "./tfjs-backends.js";
import { costOf, forward, type Mode, type Moments, meanMoments, type Pass, type Probes } from "./tfjs-network.js";

/** The float32 engine on TensorFlow.js with automatic differentiation, on the backend that was loaded. */
export function tfjsEngine({ tf, backend, libraries }: TensorFlowBackend): Engine {
  return {
    info: { name: "tfjs", backend, reproducible: "no", libraries },
    createArm: (task) => tfjsArm(tf, task),
    dispose() {},
  };
}

/** Points as tensors: x `[samples, inputs]`, y `[samples, outputs]`, or labels `[samples]`. */
interface PointTensors {
  readonly samples: number;
  readonly x: T;
  readonly y: T;
}

/** A state's points, differentiated: which samples of them share statistics depends on what they are. */
interface Chosen extends PointTensors {
  readonly which: ObservedPoints;
}

function tfjsArm(tf: TF, task: ArmTask): EngineArm {
  const { spec } = task;
  const names = parameterNames(spec);
  const optimizer = optimizerOf(spec.optimization ?? {});
  const { classes } = lossOf(spec);
  const hasModes = hasMovingAverages(spec);
  const shapes = new Map([...task.initial.tensors].map(([name, { shape }]) => [name, shape]));
  const tensors = new Map<string, T>();
  for (const [name, { shape, data }] of task.initial.tensors) {
    tensors.set(name, tf.tensor(Float32Array.from(data), [...shape]));
  }
  const evaluation = tensorsOf(tf, task.evaluation, classes);
  let update = task.initial.update;
  /** The batches' statistics of the last update. */
  let averaged: readonly Norms[] = [];

  const tensorAt = (name: string): T => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`the state has no tensor "${name}"`);
    return tensor;
  };

  const replace = (name: string, next: T) => {
    tensors.get(name)?.dispose();
    tensors.set(name, tf.keep(next));
  };

  const tensorOf = (name: string, tensor: T): Tensor => ({ shape: shapes.get(name) ?? [], data: valuesOf(tensor) });

  /** The moving averages as inference mode uses them. */
  const moving = (): ReadonlyMap<number, Moments> => {
    if (!hasModes) return new Map();
    const correction = movingCorrection(task, update);
    const debiased = (name: string) => tf.div(tensorAt(name), correction);
    const moments = (index: number): Moments => ({
      mean: debiased(`norms.${index}.moving_mean`),
      variance: debiased(`norms.${index}.moving_variance`),
    });
    return new Map(norms(spec).map(({ index }) => [index, moments(index)]));
  };

  const { trainingMode, inference, modeNamed } = modesOf(task, () => update, moving);

  /** Frees every tensor made by `use` but those it keeps. */
  const scoped = <R>(use: () => R): R => {
    tf.engine().startScope();
    try {
      return use();
    } finally {
      tf.engine().endScope();
    }
  };

  const chosen = (which: ObservedPoints): Chosen =>
    which === "evaluation"
      ? { ...evaluation, which }
      : { ...tensorsOf(tf, pointsAt(task, update, which), classes), which };

  /**
   * The cost and its gradient with respect to every parameter, then every probe. `pass` has the batch statistics; they
   * outlive the scope, so the caller frees them.
   */
  const differentiate = ({ x, y, samples, which }: Chosen, probes: Probes = [], name: ModeName = "training") => {
    const mode = modeNamed(name, samples, which);
    let seen: Pick<Pass, "norms" | "groups"> = { norms: new Map(), groups: [] };
    const cost = (...inputs: T[]) => {
      const parameters = new Map(names.flatMap((name, i) => (inputs[i] === undefined ? [] : [[name, inputs[i]]])));
      const pass = forward(tf, spec, parameters, x, mode, inputs.slice(names.length));
      seen = pass;
      for (const { mean, variance } of [...pass.norms.values()].flat()) [mean, variance].map((each) => tf.keep(each));
      return costOf(tf, spec, pass.prediction, y);
    };
    const { value, grads } = tf.valueAndGrads(cost)([...names.map(tensorAt), ...probes]);
    return { cost: value, grads, pass: seen };
  };

  const dispose = ({ norms }: Pick<Pass, "norms">) => {
    for (const { mean, variance } of [...norms.values()].flat()) tf.dispose([mean, variance]);
  };

  /** One step of the optimizer and of the moving statistics, from one forward pass; false when the state has diverged. */
  const step = (): boolean =>
    scoped(() => {
      const { cost, grads, pass } = differentiate(chosen("next-batch"));
      const diverged = isDivergedCost(scalarOf(cost)) || holdsNaN();
      if (!diverged) {
        const frozen = isFrozen(spec, update);
        names.forEach((name, i) => {
          const gradient = grads[i];
          if (gradient !== undefined) descend(name, gradient);
        });
        const batches = frozen || !hasModes ? [] : batchMoments(tf, pass);
        for (const batch of batches)
          for (const [norm, { mean, variance }] of batch) {
            moveTowards(`norms.${norm}.moving_mean`, mean);
            moveTowards(`norms.${norm}.moving_variance`, variance);
          }
        averaged = batches.map(momentsOf);
        update += 1;
      }
      dispose(pass);
      return !diverged;
    });

  const descend = (name: string, gradient: T) => {
    const options = { ...spec.optimization, learningRate: spec.learningRate };
    const decay = decayOf(name, options);
    const w = decay === 0 ? tensorAt(name) : tf.sub(tensorAt(name), tf.mul(tensorAt(name), decay));
    const slotNames = optimizer.slots.map((slot) => slotName(slot, name));
    const { value, slots } = optimizer.tfjs(tf, w, gradient, slotNames.map(tensorAt), { ...options, t: update + 1 });
    replace(name, value);
    slotNames.forEach((slot, i) => {
      const next = slots[i];
      if (next !== undefined) replace(slot, next);
    });
  };

  const moveTowards = (name: string, batch: T) => {
    const decay = spec.normalization?.decay ?? 0;
    replace(name, tf.add(tf.mul(tensorAt(name), decay), tf.mul(batch, 1 - decay)));
  };

  const holdsNaN = (): boolean => {
    const values = tf.concat([...tensors.values()].map((tensor) => tf.reshape(tensor, [-1])));
    return scalarOf(tf.any(tf.isNaN(values))) !== 0;
  };

  const evaluate = (mode: Mode): Evaluation => {
    const { prediction } = forward(tf, spec, tensors, evaluation.x, mode);
    const cost = scalarOf(costOf(tf, spec, prediction, evaluation.y));
    if (!classes) return { cost };
    const outputs = Float64Array.from(valuesOf(tf.transpose(prediction)));
    return { cost, accuracy: accuracyOf(outputs, task.evaluation.y, evaluation.samples) };
  };

  /** The norms' own statistics over these points in one batch, in training mode or as the population. */
  const momentsOver = (x: T, statistics: "own" | "population"): ReadonlyMap<number, Moments> => {
    if (!hasModes) return new Map();
    const samples = x.shape[0] ?? 0;
    const frozen = statistics === "own" && isFrozen(spec, update);
    const mode: Mode = { ...inference(samples), statistics: frozen ? "moving" : statistics };
    return passMoments(tf, forward(tf, spec, tensors, x, mode));
  };

  return {
    get update() {
      return update;
    },

    advance(target) {
      while (update < target) if (!step()) return { status: "diverged", update };
      return { status: "reached", update };
    },

    averaged: () => averaged,

    costs: () =>
      scoped(() => {
        const train = evaluate(trainingMode(evaluation.samples, "evaluation"));
        if (!hasModes) return costsIn(train, train);
        return costsIn(train, update === 0 ? undefined : evaluate(inference(evaluation.samples)));
      }),

    recalibrated: () =>
      scoped(() => {
        if (!hasModes) return undefined;
        const { x } = tensorsOf(tf, task.training, classes);
        return evaluate(inference(evaluation.samples, momentsOver(x, "population")));
      }),

    populationMoments: () =>
      scoped(() => momentsOf(momentsOver(tensorsOf(tf, task.training, classes).x, "population"))),

    observe: (which, mode = "training") =>
      scoped(() => {
        const points = chosen(which);
        const pass = forward(tf, spec, tensors, points.x, modeNamed(mode, points.samples, which));
        const probes = pass.preActivations.map((preActivation) => tf.zerosLike(preActivation));
        const { cost, grads, pass: differentiated } = differentiate(points, probes, mode);
        dispose(differentiated);
        const [batches, averages] = [passMoments(tf, pass), moving()];
        const normAt = (norm: number): NormObservation | undefined => {
          const [batch, average] = [batches.get(norm), averages.get(norm)];
          if (batch === undefined || average === undefined) return undefined;
          return {
            batchMean: valuesOf(batch.mean),
            batchVariance: valuesOf(batch.variance),
            movingMean: valuesOf(average.mean),
            movingVariance: valuesOf(average.variance),
          };
        };
        const inputNorm = normAt(0);
        return {
          update,
          cost: scalarOf(cost),
          ...(inputNorm === undefined ? {} : { inputNorm }),
          layers: pass.preActivations.map((preActivation, layer) => {
            const norm = normAt(layer + 1);
            return {
              preActivation: valuesOf(rowsOf(tf, preActivation)),
              layerInput: valuesOf(rowsOf(tf, pass.layerInputs[layer] as T)),
              gradientNorms: {
                kernel: l2Norm(valuesOf(grads[names.indexOf(`layers.${layer}.kernel`)] as T)),
                preActivation: l2Norm(valuesOf(grads[names.length + layer] as T)),
              },
              ...(norm === undefined ? {} : { norm }),
            };
          }),
        };
      }),

    gradients: (which) =>
      scoped(() => {
        const { grads, pass } = differentiate(chosen(which));
        dispose(pass);
        return new Map(names.flatMap((name, i) => (grads[i] === undefined ? [] : [[name, tensorOf(name, grads[i])]])));
      }),

    state: () => ({ update, tensors: new Map([...tensors].map(([name, tensor]) => [name, tensorOf(name, tensor)])) }),

    predict: ({ samples, inputs, x }) =>
      scoped(() => {
        const { prediction } = forward(tf, spec, tensors, tf.tensor2d(x, [samples, inputs]), inference(samples));
        return valuesOf(tf.transpose(prediction));
      }),

    normStatistics: ({ samples, inputs, x }) =>
      scoped(() => momentsOf(momentsOver(tf.tensor2d(x.slice(), [samples, inputs]), "own"))),

    dispose() {
      tf.dispose([...tensors.values(), evaluation.x, evaluation.y]);
    },
  };
}

function tensorsOf(tf: TF, { samples, inputs, x, y }: Points, classes: boolean): PointTensors {
  // Copies: a backend may keep the array it is given, and a batch is a view into the training points.
  return {
    samples,
    x: tf.tensor2d(x.slice(), [samples, inputs]),
    y: classes ? tf.tensor1d(y.slice()) : tf.tensor2d(y.slice(), [samples, y.length / samples]),
  };
}

/** `[samples, units]`, or images `[samples, height, width, channels]`, as rows of units. */
function rowsOf(tf: TF, values: T): T {
  return tf.transpose(values, [values.rank - 1, ...Array.from({ length: values.rank - 1 }, (_, axis) => axis)]);
}

/** Moments by the norm's index. */
type Norms = ReadonlyMap<number, { readonly mean: Values; readonly variance: Values }>;

function momentsOf(norms: ReadonlyMap<number, Moments>): Norms {
  const values = ({ mean, variance }: Moments) => ({ mean: valuesOf(mean), variance: valuesOf(variance) });
  return new Map([...norms].map(([index, moments]) => [index, values(moments)]));
}

/** The norms' statistics over a pass, by index. */
function passMoments(tf: TF, { norms, groups }: Pick<Pass, "norms" | "groups">): ReadonlyMap<number, Moments> {
  return new Map([...norms].map(([index, moments]) => [index, meanMoments(tf, moments, groups)]));
}

/** The same for each batch of the pass. */
function batchMoments(tf: TF, { norms, groups }: Pick<Pass, "norms" | "groups">): ReadonlyMap<number, Moments>[] {
  return [...new Set(groups.map(({ batch }) => batch))].map((batch) => {
    const isOwn = (_: unknown, i: number) => groups[i]?.batch === batch;
    return new Map(
      [...norms].map(([index, moments]) => [index, meanMoments(tf, moments.filter(isOwn), groups.filter(isOwn))]),
    );
  });
}

const valuesOf = (tensor: T): Values => Float32Array.from(tensor.dataSync());

const scalarOf = (tensor: T): number => tensor.dataSync()[0] ?? Number.NaN;

/** In double precision, so that a float32 gradient's norm does not overflow before the gradient does. */
function l2Norm(values: Values): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
