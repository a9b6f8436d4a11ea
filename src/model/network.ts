import type { ActivationName } from "./activations.js";
import type { LossName } from "./losses/index.js";
import { type NormalizerName, normalizerOf } from "./normalizers/index.js";
import type { ActivationNormalizer, NormalizerOptions, NormalizerParameter } from "./normalizers/normalizer.js";
import { type Optimization, optimizerOf } from "./optimizers/index.js";

export { TRANSFORMS, type Transform } from "./normalizers/normalizer.js";

/**
 * How an arm normalizes: a normalizer, what it normalizes, and its settings. The standard is batch normalization of the
 * input and of every hidden layer's pre-activation, with the statistics of the whole batch.
 */
export interface Normalization extends NormalizerOptions {
  /** `batch` where absent. */
  readonly normalizer?: NormalizerName;
  /**
   * What is normalized: the network's input, the hidden layers, or (the standard) both. Normalizers that do not depend on
   * the batch never normalize the input.
   */
  readonly where?: NormalizedPlaces;
  /** Before the activation (the standard), `a = f(norm(z))`, or after it, `a = norm(f(z))`. */
  readonly position?: Position;
}

export const NORMALIZED_PLACES = ["all", "hidden", "input"] as const;
export type NormalizedPlaces = (typeof NORMALIZED_PLACES)[number];
export const POSITIONS = ["before", "after"] as const;
export type Position = (typeof POSITIONS)[number];

/** One arm's network and how it is trained: everything an engine needs to build it. */
export interface NetworkSpec {
  /** Units per layer, the input's columns first: `[1, 30, 30, 30, 30, 30, 30, 30, 1]` in the tutorial. */
  readonly sizes: readonly number[];
  readonly activation: ActivationName;
  /** Absent in the plain arm. */
  readonly normalization?: Normalization;
  /** Step size of the optimizer. */
  readonly learningRate: number;
  /** Absent with plain stochastic gradient descent. */
  readonly optimization?: Optimization;
  /** `mse` where absent. */
  readonly loss?: LossName;
}

/** What of a network decides which tensors it has. */
export type NetworkShape = Pick<NetworkSpec, "sizes" | "normalization" | "optimization">;

/** Number of kernels: the hidden layers and the linear output layer. */
export function layerCount(spec: Pick<NetworkSpec, "sizes">): number {
  return spec.sizes.length - 1;
}

/** One normalization and the features it normalizes. */
export interface NormPlace {
  readonly index: number;
  readonly units: number;
}

/**
 * The normalizations of activations an arm has: index I stands in `norms.I`, 0 for the input, I for hidden layer I − 1.
 */
export function norms({ sizes, normalization }: Pick<NetworkSpec, "sizes" | "normalization">): NormPlace[] {
  const definition = activationNormalizer({ normalization });
  if (definition === undefined) return [];
  const { where = "all" } = normalization ?? {};
  const normalizesInput = definition.dependsOn === "batch" && where !== "hidden";
  return sizes
    .slice(0, -1)
    .map((units, index) => ({ index, units }))
    .filter(({ index }) => (index === 0 ? normalizesInput : where !== "input"));
}

/** The definition of what normalizes activations; undefined in a plain arm, and where kernels are normalized. */
export function activationNormalizer({
  normalization,
}: {
  readonly normalization?: Normalization | undefined;
}): ActivationNormalizer | undefined {
  if (normalization === undefined) return undefined;
  const definition = normalizerOf(normalization);
  return definition.acts === "activations" ? definition : undefined;
}

/** Whether an arm has moving averages, and so two modes: a training-mode and an inference-mode cost. */
export function hasMovingAverages(spec: Pick<NetworkSpec, "sizes" | "normalization">): boolean {
  return activationNormalizer(spec)?.dependsOn === "batch" && norms(spec).length > 0;
}

/** A tensor of a network's state. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The trained tensors in the order of the forward pass, as in the recorded fixtures. */
export function trainedTensors(spec: Pick<NetworkSpec, "sizes" | "normalization">): NamedShape[] {
  const { sizes } = spec;
  const places = new Map(norms(spec).map((place) => [place.index, place]));
  const tensors: NamedShape[] = [];
  for (const [index, units] of sizes.entries()) {
    if (index > 0) {
      tensors.push({ name: `layers.${index - 1}.kernel`, shape: [sizes[index - 1] ?? 0, units] });
      tensors.push({ name: `layers.${index - 1}.bias`, shape: [units] });
      if (index < sizes.length - 1) tensors.push(...kernelTensors(spec, index - 1, units));
    }
    if (places.has(index)) tensors.push(...parameterTensors(spec, `norms.${index}`, units));
  }
  return tensors;
}

/** Names of the trained tensors in the order of the forward pass. */
export function parameterNames(spec: Pick<NetworkSpec, "sizes" | "normalization">): string[] {
  return trainedTensors(spec).map(({ name }) => name);
}

/** The moving averages in the order of the forward pass. */
export function movingTensors(spec: Pick<NetworkSpec, "sizes" | "normalization">): NamedShape[] {
  if (!hasMovingAverages(spec)) return [];
  return norms(spec).flatMap(({ index, units }) =>
    ["moving_mean", "moving_variance"].map((name) => ({ name: `norms.${index}.${name}`, shape: [units] })),
  );
}

/** The optimizer's state: for each of its slots one tensor for every trained one. */
export function optimizerTensors(spec: NetworkShape): NamedShape[] {
  const { slots } = optimizerOf(spec.optimization ?? {});
  return slots.flatMap((slot) =>
    trainedTensors(spec).map(({ name, shape }) => ({ name: slotName(slot, name), shape })),
  );
}

/** In front of the names of an optimizer's tensors. */
export const OPTIMIZER_PREFIX = "optimizer.";

/** The tensor in which an optimizer keeps a slot of a trained tensor. */
export function slotName(slot: string, trained: string): string {
  return `${OPTIMIZER_PREFIX}${slot}.${trained}`;
}

/** The parameters that a normalizer of kernels adds to a layer in front of the last. */
function kernelTensors({ normalization }: Pick<NetworkSpec, "normalization">, layer: number, units: number) {
  if (normalization === undefined || normalizerOf(normalization).acts !== "kernels") return [];
  return parameterTensors({ normalization }, `layers.${layer}`, units);
}

function parameterTensors({ normalization }: Pick<NetworkSpec, "normalization">, prefix: string, units: number) {
  return normalizerParameters({ normalization }).map(({ name, per }) => ({
    name: `${prefix}.${name}`,
    shape: [per === "unit" ? units : 1],
  }));
}

/** The parameters of an arm's normalizer that are trained. */
export function normalizerParameters({
  normalization,
}: {
  readonly normalization?: Normalization | undefined;
}): readonly NormalizerParameter[] {
  if (normalization === undefined) return [];
  const { affine = true } = normalization;
  return normalizerOf(normalization).parameters.filter((parameter) => affine || parameter.affine !== true);
}
