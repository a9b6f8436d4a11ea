import type * as TensorFlow from "@tensorflow/tfjs-core";
import { activations } from "../model/activations.js";
import { layerCount, type NetworkSpec } from "../model/network.js";

/** TensorFlow.js as one backend's package exports it; two packages in one process are two separate worlds. */
export type TF = typeof TensorFlow;
export type T = TensorFlow.Tensor;
/** The tensors of a state by name. */
export type Tensors = ReadonlyMap<string, T>;

/** Mean and biased variance per feature, `[units]`. */
export interface Moments {
  readonly mean: T;
  readonly variance: T;
}

/** What a forward pass computes; matrices are `[samples, units]`, TensorFlow's order. */
export interface Pass {
  readonly layerInputs: T[];
  readonly preActivations: T[];
  /** `[norm]`; empty in the plain arm. */
  readonly norms: Moments[];
  readonly prediction: T;
}

/** Zeros added to every pre-activation, `[layer]`: the gradient by them is the gradient by the pre-activation. */
export type Probes = readonly T[];

/** The experiment's network as TensorFlow.js operations; gradients are left to its automatic differentiation. */
export function forward(
  tf: TF,
  spec: NetworkSpec,
  tensors: Tensors,
  x: T,
  statistics: "batch" | readonly Moments[],
  probes?: Probes,
): Pass {
  const last = layerCount(spec) - 1;
  const activate = activations[spec.activation].tfjs;
  const of = (name: string) => tensors.get(name) as T;
  const norms: Moments[] = [];

  const normalize = (z: T): T => {
    if (spec.normalization === undefined) return z;
    const norm = norms.length;
    const { mean, variance } = statistics === "batch" ? tf.moments(z, 0) : (statistics[norm] as Moments);
    norms.push({ mean, variance });
    const deviation = tf.sqrt(tf.add(variance, spec.normalization.epsilon));
    const normalized = tf.div(tf.sub(z, mean), deviation);
    return tf.add(tf.mul(of(`norms.${norm}.gamma`), normalized), of(`norms.${norm}.beta`));
  };

  const layerInputs: T[] = [];
  const preActivations: T[] = [];
  let a = normalize(x);
  for (let layer = 0; layer <= last; layer++) {
    layerInputs.push(a);
    const z = tf.add(tf.matMul(a, of(`layers.${layer}.kernel`)), of(`layers.${layer}.bias`));
    let u: T = layer < last ? normalize(z) : z;
    const probe = probes?.[layer];
    if (probe !== undefined) u = tf.add(u, probe);
    preActivations.push(u);
    if (layer < last) a = activate(tf, u);
  }
  return { layerInputs, preActivations, norms, prediction: preActivations[last] as T };
}

/** C = mean over the samples of the squared error, summed over outputs; y is `[samples, 1]`. */
export function meanSquaredError(tf: TF, prediction: T, y: T): TensorFlow.Scalar {
  return tf.mean(tf.sum(tf.square(tf.sub(prediction, y)), 1)) as TensorFlow.Scalar;
}
