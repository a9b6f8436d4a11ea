import type * as TensorFlow from "@tensorflow/tfjs-core";
import type { Points } from "../data/points.js";
import { norms, parameterNames } from "../model/network.js";
import type { Tensor } from "../model/tensors.js";
import {
  type ArmTask,
  type Engine,
  type EngineArm,
  isDivergedCost,
  type NormObservation,
  type ObservedPoints,
  pointsAt,
  type Values,
  withoutGhostBatches,
} from "./engine.js";
import type { TensorFlowBackend } from "./tfjs-backends.js";
import { forward, type Moments, meanSquaredError, type Pass, type Probes, type T, type TF } from "./tfjs-network.js";

/** The float32 engine on TensorFlow.js with automatic differentiation, on the backend that was loaded. */
export function tfjsEngine({ tf, backend, libraries }: TensorFlowBackend): Engine {
  return {
    info: { name: "tfjs", backend, reproducible: "no", libraries },
    createArm: (task) => tfjsArm(tf, task),
    dispose() {},
  };
}

/** Points as tensors: x `[samples, inputs]`, y `[samples, 1]`. */
interface PointTensors {
  readonly x: T;
  readonly y: T;
}

function tfjsArm(tf: TF, task: ArmTask): EngineArm {
  const { spec } = task;
  const names = parameterNames(spec);
  const shapes = new Map([...task.initial.tensors].map(([name, { shape }]) => [name, shape]));
  const tensors = new Map<string, T>();
  for (const [name, { shape, data }] of task.initial.tensors) {
    tensors.set(name, tf.tensor(Float32Array.from(data), [...shape]));
  }
  const evaluation = tensorsOf(tf, task.evaluation);
  let update = task.initial.update;
  /** The batch statistics of the last update. */
  let averaged: ReturnType<typeof momentsOf> = new Map();

  const replace = (name: string, next: T) => {
    tensors.get(name)?.dispose();
    tensors.set(name, tf.keep(next));
  };

  const tensorOf = (name: string, tensor: T): Tensor => ({
    shape: shapes.get(name) as readonly number[],
    data: valuesOf(tensor),
  });

  /** The moving averages as inference mode uses them. */
  const moving = (): ReadonlyMap<number, Moments> => {
    const { decay, debias } = spec.normalization ?? { decay: 0, debias: false };
    const correction = debias && update > 0 ? 1 - decay ** update : 1;
    const debiased = (name: string) => tf.div(tensors.get(name) as T, correction);
    const moments = (index: number): Moments => ({
      mean: debiased(`norms.${index}.moving_mean`),
      variance: debiased(`norms.${index}.moving_variance`),
    });
    return new Map(norms(spec).map(({ index }) => [index, moments(index)]));
  };

  /** Frees every tensor made by `use` but those it keeps. */
  const scoped = <R>(use: () => R): R => {
    tf.engine().startScope();
    try {
      return use();
    } finally {
      tf.engine().endScope();
    }
  };

  const pointTensors = (which: ObservedPoints): PointTensors =>
    which === "evaluation" ? evaluation : tensorsOf(tf, pointsAt(task, update, which));

  /**
   * The cost and its gradient by every parameter, then by every probe. `norms` are the batch statistics of that pass;
   * they outlive the scope, so the caller frees them.
   */
  const differentiate = ({ x, y }: PointTensors, probes: Probes = []) => {
    let norms: Pass["norms"] = new Map();
    const cost = (...inputs: T[]) => {
      const parameters = new Map(names.map((name, i) => [name, inputs[i] as T]));
      const pass = forward(tf, spec, parameters, x, "batch", inputs.slice(names.length));
      norms = pass.norms;
      for (const { mean, variance } of norms.values()) [mean, variance].map((tensor) => tf.keep(tensor));
      return meanSquaredError(tf, pass.prediction, y);
    };
    const { value, grads } = tf.valueAndGrads(cost)([...names.map((name) => tensors.get(name) as T), ...probes]);
    return { cost: value, grads, norms };
  };

  const dispose = (norms: Pass["norms"]) => {
    for (const { mean, variance } of norms.values()) tf.dispose([mean, variance]);
  };

  /** One SGD step and one update of the moving statistics, from one forward pass; false when the state has diverged. */
  const step = (): boolean =>
    scoped(() => {
      const { cost, grads, norms } = differentiate(pointTensors("next-batch"));
      const diverged = isDivergedCost(scalarOf(cost)) || holdsNaN();
      if (!diverged) {
        names.forEach((name, i) => {
          replace(name, tf.sub(tensors.get(name) as T, tf.mul(grads[i] as T, spec.learningRate)));
        });
        for (const [norm, { mean, variance }] of norms) {
          moveTowards(`norms.${norm}.moving_mean`, mean);
          moveTowards(`norms.${norm}.moving_variance`, variance);
        }
        update += 1;
      }
      if (!diverged) averaged = momentsOf(norms);
      dispose(norms);
      return !diverged;
    });

  const moveTowards = (name: string, batch: T) => {
    const decay = spec.normalization?.decay ?? 0;
    replace(name, tf.add(tf.mul(tensors.get(name) as T, decay), tf.mul(batch, 1 - decay)));
  };

  const holdsNaN = (): boolean => {
    const values = tf.concat([...tensors.values()].map((tensor) => tf.reshape(tensor, [-1])));
    return scalarOf(tf.any(tf.isNaN(values))) !== 0;
  };

  const costIn = (statistics: "batch" | "moving"): number =>
    scoped(() => {
      const source = statistics === "batch" ? "batch" : moving();
      const { prediction } = forward(tf, spec, tensors, evaluation.x, source);
      return scalarOf(meanSquaredError(tf, prediction, evaluation.y));
    });

  return {
    get update() {
      return update;
    },

    advance(target) {
      while (update < target) if (!step()) return { status: "diverged", update };
      return { status: "reached", update };
    },

    averaged: () => averaged,

    costs() {
      const train = costIn("batch");
      if (spec.normalization === undefined) return { train, inference: train };
      return { train, inference: update === 0 ? null : costIn("moving") };
    },

    observe: (which) =>
      scoped(() => {
        const points = pointTensors(which);
        const pass = forward(tf, spec, tensors, points.x, "batch");
        const probes = pass.preActivations.map((preActivation) => tf.zerosLike(preActivation));
        const { cost, grads, norms } = differentiate(points, probes);
        dispose(norms);
        const averages = moving();
        const normAt = (norm: number): NormObservation | undefined => {
          const [batch, average] = [pass.norms.get(norm), averages.get(norm)];
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
              preActivation: valuesOf(tf.transpose(preActivation)),
              layerInput: valuesOf(tf.transpose(pass.layerInputs[layer] as T)),
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
        const { grads, norms } = differentiate(pointTensors(which));
        dispose(norms);
        return new Map(names.map((name, i) => [name, tensorOf(name, grads[i] as T)]));
      }),

    state: () => ({ update, tensors: new Map([...tensors].map(([name, tensor]) => [name, tensorOf(name, tensor)])) }),

    predict: ({ samples, inputs, x }) =>
      scoped(() => {
        const statistics = spec.normalization === undefined ? "batch" : moving();
        return valuesOf(forward(tf, spec, tensors, tf.tensor2d(x, [samples, inputs]), statistics).prediction);
      }),

    normStatistics: ({ samples, inputs, x }) =>
      scoped(() => {
        const pass = forward(
          tf,
          withoutGhostBatches(spec),
          tensors,
          tf.tensor2d(x.slice(), [samples, inputs]),
          "batch",
        );
        return momentsOf(pass.norms);
      }),

    dispose() {
      tf.dispose([...tensors.values(), evaluation.x, evaluation.y]);
    },
  };
}

function tensorsOf(tf: TF, { samples, inputs, x, y }: Points): PointTensors {
  // Copies: a backend may keep the array it is given, and a batch is a view into the training points.
  return { x: tf.tensor2d(x.slice(), [samples, inputs]), y: tf.tensor2d(y.slice(), [samples, 1]) };
}

function momentsOf(norms: Pass["norms"]) {
  const values = ({ mean, variance }: Moments) => ({ mean: valuesOf(mean), variance: valuesOf(variance) });
  return new Map([...norms].map(([index, moments]) => [index, values(moments)]));
}

const valuesOf = (tensor: TensorFlow.Tensor): Values => Float32Array.from(tensor.dataSync());

const scalarOf = (tensor: TensorFlow.Tensor): number => tensor.dataSync()[0] as number;

/** In double precision, so that a float32 gradient's norm does not overflow before the gradient does. */
function l2Norm(values: Values): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
