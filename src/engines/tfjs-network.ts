import { activations } from "../model/activations.js";
import { stagesOf } from "../model/layers/stages.js";
import { lossOf } from "../model/losses/index.js";
import {
  activationNormalizer,
  type NetworkSpec,
  type NormPlace,
  normalizedAt,
  normalizesKernel,
  norms,
} from "../model/network.js";
import { normalizerOf } from "../model/normalizers/index.js";
import type { Moments as MomentsOf, TensorPass } from "../model/normalizers/normalizer.js";
import type { Scalar, T, TF } from "../model/tensorflow.js";
import type { PassMode, SampleGroup } from "./engine.js";
import { product, reshaped } from "./tfjs-layers.js";

/** The tensors of a state by name. */
export type Tensors = ReadonlyMap<string, T>;

/** Mean and biased variance per feature, `[units]`; with `transform: scale` the second moment in the variance's place. */
export type Moments = MomentsOf<T>;

export type Mode = PassMode<Moments>;

/** What a forward pass computes; matrices are `[samples, units]`, TensorFlow's order, images `[samples, height, width, channels]`. */
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
  const stages = stagesOf(spec);
  const last = stages.length - 1;
  const activate = activations[spec.activation].tfjs;
  const of = (name: string): T => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`the state has no tensor "${name}"`);
    return tensor;
  };
  const { normalization } = spec;
  const normalized = normalizedAt(spec, stages);
  const normalizer = activationNormalizer(spec);
  const ofKernels = normalization === undefined ? undefined : normalizerOf(normalization);
  const places = new Map(norms(spec).map((place) => [place.index, place]));
  const seen = new Map<number, readonly Moments[]>();

  const normalize = (index: number, z: T): T => {
    const place = places.get(index);
    if (normalizer === undefined || normalization === undefined || place === undefined) return z;
    const { rows, shared } = place.arrangement;
    const averages = mode.moving.get(index);
    const parameter = (name: string) => {
      const values = tensors.get(`norms.${index}.${name}`);
      if (values === undefined || shared === 1 || values.shape[0] !== place.units) return values;
      return tf.reshape(tf.tile(tf.expandDims(values, 1), [1, shared]), [rows]);
    };
    const passes = (normalizer.dependsOn === "batch" ? split(tf, z, mode.groups) : [z]).map((group): TensorPass => {
      const pass = normalizer.tfjs(tf, arranged(tf, place, group), {
        units: rows,
        pixels: shared,
        options: normalization,
        parameter,
        statistics: mode.statistics,
        ...(averages === undefined ? {} : { moving: averages }),
      });
      return { ...pass, output: kept(tf, place, pass.output, group.shape) };
    });
    const moments = passes.flatMap((pass) => (pass.moments === undefined ? [] : [pass.moments]));
    if (moments.length > 0) seen.set(index, moments);
    const outputs = passes.map(({ output }) => output);
    const [only, ...others] = outputs;
    return only !== undefined && others.length === 0 ? only : tf.concat(outputs, 0);
  };

  const kernelOf = (layer: number): T => {
    const kernel = of(`layers.${layer}.kernel`);
    if (ofKernels?.acts !== "kernels" || !normalizesKernel(spec, layer)) return kernel;
    const units = kernel.shape.at(-1) ?? 0;
    const used = ofKernels.tfjs(tf, tf.reshape(kernel, [-1, units]), (name) => tensors.get(`layers.${layer}.${name}`));
    return tf.reshape(used, kernel.shape);
  };

  const layerInputs: T[] = [];
  const preActivations: T[] = [];
  const { images, sizes } = spec;
  let a = normalize(0, images === undefined ? x : tf.reshape(x, [-1, images.height, images.width, sizes[0] ?? 0]));
  for (const [layer, stage] of stages.entries()) {
    for (const step of stage.before) {
      a = reshaped(tf, step, a);
      if (normalized(layer - 1) === step) a = normalize(layer, a);
    }
    layerInputs.push(a);
    const z = tf.add(product(tf, stage, a, kernelOf(layer)), of(`layers.${layer}.bias`));
    let u: T = normalized(layer) === "before" ? normalize(layer + 1, z) : z;
    const probe = probes?.[layer];
    if (probe !== undefined) u = tf.add(u, probe);
    preActivations.push(u);
    if (layer === last) break;
    a = activate(tf, u);
    if (normalized(layer) === "after") a = normalize(layer + 1, a);
  }
  const prediction = preActivations[last];
  if (prediction === undefined) throw new Error("a network has a layer");
  return { layerInputs, preActivations, norms: seen, groups: mode.groups, prediction };
}

/** What a normalization takes, `[samples × columns, rows]`; see `Arrangement`. */
function arranged(tf: TF, { arrangement: { rows, order } }: NormPlace, z: T): T {
  return tf.reshape(order === undefined ? z : tf.transpose(z, [...order]), [-1, rows]);
}

/** The other way, of values that had that shape. */
function kept(tf: TF, { arrangement: { order } }: NormPlace, u: T, shape: readonly number[]): T {
  if (order === undefined) return tf.reshape(u, [...shape]);
  const ordered = order.map((axis) => shape[axis] ?? 0);
  return tf.transpose(
    tf.reshape(u, ordered),
    order.map((_, axis) => order.indexOf(axis)),
  );
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
