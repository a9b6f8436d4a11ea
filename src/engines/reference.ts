import type { Points } from "../data/points.js";
import { norms, parameterNames } from "../model/network.js";
import { type Tensor, type TensorMap, valuesOf } from "../model/tensors.js";
import {
  type ArmTask,
  type Engine,
  type EngineArm,
  isDivergedCost,
  type NormObservation,
  pointsAt,
  withoutGhostBatches,
} from "./engine.js";
import { type Backward, backward, type Forward, forward, type Moments } from "./reference-network.js";

/**
 * The float64 engine in plain TypeScript: the truth for gradients, and the code to read next to the formulas. Its last
 * bits hang on the machine's `Math.exp` and `Math.tanh`.
 */
export function referenceEngine(): Engine {
  return {
    info: { name: "reference", backend: "javascript", reproducible: "here", libraries: {} },
    createArm: referenceArm,
    dispose() {},
  };
}

function referenceArm(task: ArmTask): EngineArm {
  const { spec, evaluation } = task;
  const names = parameterNames(spec);
  let update = task.initial.update;
  let tensors: TensorMap = new Map(
    [...task.initial.tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
  );

  let averaged: ReadonlyMap<number, Moments> = new Map();

  const moving = (): ReadonlyMap<number, Moments> => {
    const correction = spec.normalization?.debias === true && update > 0 ? 1 - spec.normalization.decay ** update : 1;
    const debiased = (name: string) => Float64Array.from(valuesOf(tensors, name), (value) => value / correction);
    const moments = (index: number): Moments => ({
      mean: debiased(`norms.${index}.moving_mean`),
      variance: debiased(`norms.${index}.moving_variance`),
    });
    return new Map(norms(spec).map(({ index }) => [index, moments(index)]));
  };

  /** One SGD step and one update of the moving statistics, both from the same forward pass. */
  const step = (pass: Forward, gradients: Backward["parameters"]): void => {
    const next = new Map<string, Tensor>(tensors);
    const replace = (name: string, value: (old: number, i: number) => number) => {
      const { shape, data } = tensors.get(name) as Tensor;
      next.set(name, { shape, data: Float64Array.from(data, value) });
    };
    for (const name of names) {
      const gradient = gradients.get(name) as Float64Array;
      replace(name, (old, i) => old - spec.learningRate * (gradient[i] as number));
    }
    const decay = spec.normalization?.decay ?? 0;
    for (const [norm, { mean, variance }] of pass.norms) {
      replace(`norms.${norm}.moving_mean`, (old, i) => decay * old + (1 - decay) * (mean[i] as number));
      replace(`norms.${norm}.moving_variance`, (old, i) => decay * old + (1 - decay) * (variance[i] as number));
    }
    tensors = next;
    averaged = pass.norms;
    update += 1;
  };

  const differentiate = (points: Points) => {
    const pass = forward(spec, tensors, points, "batch");
    return { pass, gradients: backward(spec, tensors, points, pass) };
  };

  return {
    get update() {
      return update;
    },

    advance(target) {
      while (update < target) {
        const batch = pointsAt(task, update, "next-batch");
        const pass = forward(spec, tensors, batch, "batch");
        if (isDivergedCost(pass.cost) || holdsNaN(tensors)) return { status: "diverged", update };
        step(pass, backward(spec, tensors, batch, pass).parameters);
      }
      return { status: "reached", update };
    },

    averaged: () => averaged,

    costs() {
      const train = forward(spec, tensors, evaluation, "batch").cost;
      if (spec.normalization === undefined) return { train, inference: train };
      return { train, inference: update === 0 ? null : forward(spec, tensors, evaluation, moving()).cost };
    },

    observe(which) {
      const { pass, gradients } = differentiate(pointsAt(task, update, which));
      const averages = moving();
      const normAt = (norm: number): NormObservation | undefined => {
        const [batch, average] = [pass.norms.get(norm), averages.get(norm)];
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
            layerInput: pass.layerInputs[layer] as Float64Array,
            gradientNorms: {
              kernel: l2Norm(gradients.parameters.get(`layers.${layer}.kernel`) as Float64Array),
              preActivation: l2Norm(gradients.preActivations[layer] as Float64Array),
            },
            ...(norm === undefined ? {} : { norm }),
          };
        }),
      };
    },

    gradients(which) {
      const { parameters } = differentiate(pointsAt(task, update, which)).gradients;
      const shaped = (name: string): [string, Tensor] => [
        name,
        { shape: (tensors.get(name) as Tensor).shape, data: parameters.get(name) as Float64Array },
      ];
      return new Map(names.map(shaped));
    },

    state: () => ({ update, tensors }),

    predict(x) {
      const points = { ...x, y: new Float32Array(x.samples) };
      const pass = forward(spec, tensors, points, spec.normalization === undefined ? "batch" : moving());
      return pass.preActivations.at(-1) as Float64Array;
    },

    normStatistics(x) {
      const points = { ...x, y: new Float32Array(x.samples) };
      const pass = forward(withoutGhostBatches(spec), tensors, points, "batch");
      return new Map([...pass.norms].map(([index, { mean, variance }]) => [index, { mean, variance }]));
    },

    dispose() {},
  };
}

function holdsNaN(tensors: TensorMap): boolean {
  for (const { data } of tensors.values()) if (data.some(Number.isNaN)) return true;
  return false;
}

function l2Norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
