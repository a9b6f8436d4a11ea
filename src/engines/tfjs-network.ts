import type * as TensorFlow from "@tensorflow/tfjs-core";
import { activations } from "../model/activations.js";
import { layerCount, type NetworkSpec, norms } from "../model/network.js";

/** TensorFlow.js as one backend's package exports it; two packages in one process are two separate worlds. */
export type TF = typeof TensorFlow;
export type T = TensorFlow.Tensor;
/** The tensors of a state by name. */
export type Tensors = ReadonlyMap<string, T>;

/** Mean and biased variance per feature, `[units]`; with `transform: scale` the second moment in the variance's place. */
export interface Moments {
  readonly mean: T;
  readonly variance: T;
}

/** What a forward pass computes; matrices are `[samples, units]`, TensorFlow's order. */
export interface Pass {
  readonly layerInputs: T[];
  readonly preActivations: T[];
  /** By the norm's index, of ghost batches their mean over the samples; empty in the plain arm. */
  readonly norms: ReadonlyMap<number, Moments>;
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
  statistics: "batch" | ReadonlyMap<number, Moments>,
  probes?: Probes,
): Pass {
  const last = layerCount(spec) - 1;
  const activate = activations[spec.activation].tfjs;
  const of = (name: string) => tensors.get(name) as T;
  const { transform = "standardize", position = "before", affine = true } = spec.normalization ?? {};
  const { epsilon = 0, ghostBatchSize = Number.POSITIVE_INFINITY } = spec.normalization ?? {};
  const indices = new Set(norms(spec).map(({ index }) => index));
  const seen = new Map<number, Moments>();

  const momentsOf = (z: T): Moments =>
    transform === "scale" ? { mean: tf.mean(z, 0), variance: tf.mean(tf.square(z), 0) } : tf.moments(z, 0);

  const transformed = (z: T, { mean, variance }: Moments): T => {
    const centered = transform === "scale" ? z : tf.sub(z, mean);
    return transform === "center" ? centered : tf.div(centered, tf.sqrt(tf.add(variance, epsilon)));
  };

  const normalize = (norm: number, z: T): T => {
    if (!indices.has(norm)) return z;
    const groups = statistics === "batch" ? consecutive(tf, z, ghostBatchSize) : [z];
    const moments = groups.map((group) =>
      statistics === "batch" ? momentsOf(group) : (statistics.get(norm) as Moments),
    );
    seen.set(norm, meanMoments(tf, moments, groups));
    const parts = groups.map((group, i) => transformed(group, moments[i] as Moments));
    const normalized = parts.length === 1 ? (parts[0] as T) : tf.concat(parts, 0);
    return affine ? tf.add(tf.mul(of(`norms.${norm}.gamma`), normalized), of(`norms.${norm}.beta`)) : normalized;
  };

  const layerInputs: T[] = [];
  const preActivations: T[] = [];
  let a = normalize(0, x);
  for (let layer = 0; layer <= last; layer++) {
    layerInputs.push(a);
    const z = tf.add(tf.matMul(a, of(`layers.${layer}.kernel`)), of(`layers.${layer}.bias`));
    let u: T = layer < last && position === "before" ? normalize(layer + 1, z) : z;
    const probe = probes?.[layer];
    if (probe !== undefined) u = tf.add(u, probe);
    preActivations.push(u);
    if (layer === last) break;
    a = activate(tf, u);
    if (position === "after") a = normalize(layer + 1, a);
  }
  return { layerInputs, preActivations, norms: seen, prediction: preActivations[last] as T };
}

/** z `[samples, units]` in parts of `size` samples, the last smaller where the division leaves a rest. */
function consecutive(tf: TF, z: T, size: number): T[] {
  const samples = z.shape[0] as number;
  if (samples <= size) return [z];
  const sizes = Array.from({ length: Math.ceil(samples / size) }, (_, i) => Math.min(size, samples - i * size));
  return tf.split(z, sizes, 0);
}

/** The groups' moments, each group weighted by its number of samples. */
function meanMoments(tf: TF, moments: readonly Moments[], groups: readonly T[]): Moments {
  if (moments.length === 1) return moments[0] as Moments;
  const sizes = groups.map(({ shape }) => shape[0] as number);
  const samples = sizes.reduce((sum, size) => sum + size, 0);
  const average = (of: keyof Moments) =>
    tf.addN(moments.map((group, i) => tf.mul(group[of], (sizes[i] as number) / samples)));
  return { mean: average("mean"), variance: average("variance") };
}

/** C = mean over the samples of the squared error, summed over outputs; y is `[samples, 1]`. */
export function meanSquaredError(tf: TF, prediction: T, y: T): TensorFlow.Scalar {
  return tf.mean(tf.sum(tf.square(tf.sub(prediction, y)), 1)) as TensorFlow.Scalar;
}
