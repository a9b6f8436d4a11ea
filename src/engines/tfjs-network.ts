import { activations } from "../model/activations.js";
import { lossOf } from "../model/losses/index.js";
import { activationNormalizer, layerCount, type NetworkSpec, norms } from "../model/network.js";
import { normalizerOf } from "../model/normalizers/index.js";
import type { Moments as MomentsOf, StatisticsUsed, TensorPass } from "../model/normalizers/normalizer.js";
import type { Scalar, T, TF } from "../model/tensorflow.js";
import type { SampleGroup } from "./engine.js";

/** The tensors of a state by name. */
export type Tensors = ReadonlyMap<string, T>;

/** Mean and biased variance per feature, `[units]`; with `transform: scale` the second moment in the variance's place. */
export type Moments = MomentsOf<T>;

/** Where normalizers take statistics from, and which samples share them. */
export interface Mode {
  readonly statistics: StatisticsUsed;
  /** By the norm's index, as inference mode uses them. */
  readonly moving: ReadonlyMap<number, Moments>;
  readonly groups: readonly SampleGroup[];
}

/** What a forward pass computes; matrices are `[samples, units]`, TensorFlow's order. */
export interface Pass {
  readonly layerInputs: T[];
  readonly preActivations: T[];
  /** By the norm's index, of each group of samples; empty without moving averages. */
  readonly norms: ReadonlyMap<number, readonly Moments[]>;
  readonly groups: readonly SampleGroup[];
  readonly prediction: T;
}

/** Zeros added to every pre-activation, `[layer]`: the gradient with respect to them is that of the pre-activation. */
export type Probes = readonly T[];

/** The experiment's network as TensorFlow.js operations; gradients are left to its automatic differentiation. */
export function forward(tf: TF, spec: NetworkSpec, tensors: Tensors, x: T, mode: Mode, probes?: Probes): Pass {
  const last = layerCount(spec) - 1;
  const activate = activations[spec.activation].tfjs;
  const of = (name: string): T => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`the state has no tensor "${name}"`);
    return tensor;
  };
  const { normalization } = spec;
  const { position = "before" } = normalization ?? {};
  const normalizer = activationNormalizer(spec);
  const ofKernels = normalization === undefined ? undefined : normalizerOf(normalization);
  const indices = new Set(norms(spec).map(({ index }) => index));
  const seen = new Map<number, readonly Moments[]>();

  const normalize = (index: number, z: T): T => {
    if (normalizer === undefined || normalization === undefined || !indices.has(index)) return z;
    const averages = mode.moving.get(index);
    const passes = (normalizer.dependsOn === "batch" ? split(tf, z, mode.groups) : [z]).map(
      (group): TensorPass =>
        normalizer.tfjs(tf, group, {
          units: z.shape[1] ?? 0,
          options: normalization,
          parameter: (name) => tensors.get(`norms.${index}.${name}`),
          statistics: mode.statistics,
          ...(averages === undefined ? {} : { moving: averages }),
        }),
    );
    const moments = passes.flatMap((pass) => (pass.moments === undefined ? [] : [pass.moments]));
    if (moments.length > 0) seen.set(index, moments);
    const outputs = passes.map(({ output }) => output);
    const [only, ...others] = outputs;
    return only !== undefined && others.length === 0 ? only : tf.concat(outputs, 0);
  };

  const kernelOf = (layer: number): T => {
    const kernel = of(`layers.${layer}.kernel`);
    if (ofKernels?.acts !== "kernels" || layer === last) return kernel;
    return ofKernels.tfjs(tf, kernel, (name) => tensors.get(`layers.${layer}.${name}`));
  };

  const layerInputs: T[] = [];
  const preActivations: T[] = [];
  let a = normalize(0, x);
  for (let layer = 0; ; layer++) {
    layerInputs.push(a);
    const z = tf.add(tf.matMul(a, kernelOf(layer)), of(`layers.${layer}.bias`));
    let u: T = layer < last && position === "before" ? normalize(layer + 1, z) : z;
    const probe = probes?.[layer];
    if (probe !== undefined) u = tf.add(u, probe);
    preActivations.push(u);
    if (layer === last) return { layerInputs, preActivations, norms: seen, groups: mode.groups, prediction: u };
    a = activate(tf, u);
    if (position === "after") a = normalize(layer + 1, a);
  }
}

/** z `[samples, units]` by the groups of its samples. */
function split(tf: TF, z: T, groups: readonly SampleGroup[]): T[] {
  if (groups.length === 1) return [z];
  return tf.split(
    z,
    groups.map(({ from, to }) => to - from),
    0,
  );
}

/** The moments of one batch, or of a pass: the mean of its groups', every sample counting the same. */
export function meanMoments(tf: TF, moments: readonly Moments[], groups: readonly SampleGroup[]): Moments {
  const [only, ...others] = moments;
  if (only !== undefined && others.length === 0) return only;
  const samples = groups.reduce((sum, { from, to }) => sum + to - from, 0);
  const average = (of: keyof Moments) =>
    tf.addN(moments.map((group, i) => tf.mul(group[of], ((groups[i]?.to ?? 0) - (groups[i]?.from ?? 0)) / samples)));
  return { mean: average("mean"), variance: average("variance") };
}

/** The loss of a prediction `[samples, units]`. */
export function costOf(tf: TF, spec: NetworkSpec, prediction: T, y: T): Scalar {
  return lossOf(spec).tfjs(tf, prediction, y);
}
