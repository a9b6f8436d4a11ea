import type { ActivationName } from "./activations.js";
import { type Arrangement, arrangementOf } from "./layers/arrangement.js";
import {
  type ImageNetwork,
  kernelShape,
  type ReshapingStep,
  type Shape,
  type Stage,
  stagesOf,
} from "./layers/stages.js";
import type { LossName } from "./losses/index.js";
import { type NormalizerName, normalizerOf } from "./normalizers/index.js";
import {
  type ActivationNormalizer,
  dependsOnBatch,
  type NormalizerOptions,
  type NormalizerParameter,
} from "./normalizers/normalizer.js";
import { type Optimization, optimizerOf } from "./optimizers/index.js";

export { TRANSFORMS, type Transform } from "./normalizers/normalizer.js";

/**
 * How an arm normalizes: a normalizer, what it normalizes, and its settings. The default is batch normalization of the
 * input and of every hidden layer's pre-activation, with the statistics of the whole batch.
 */
export interface Normalization extends NormalizerOptions {
  /** Default: `batch`. */
  readonly normalizer?: NormalizerName;
  /**
   * What is normalized: the network's input, the hidden layers, or both (the default). Normalizers that do not depend on
   * the batch never normalize the input.
   */
  readonly where?: NormalizedPlaces;
  /** Before the activation (the default), `a = f(norm(z))`, after it, `a = norm(f(z))`, or after the pooling that follows. */
  readonly position?: Position;
  /** Whether the linear last layer is also normalized. */
  readonly normalizeOutput?: boolean;
}

/** `conv` and `dense`: hidden layers of that kind. */
export const NORMALIZED_PLACES = ["all", "hidden", "input", "conv", "dense"] as const;
export type NormalizedPlaces = (typeof NORMALIZED_PLACES)[number];
export const POSITIONS = ["before", "after", "afterPooling"] as const;
export type Position = (typeof POSITIONS)[number];

/** One arm's network and how it is trained: everything an engine needs to build it. */
export interface NetworkSpec {
  /**
   * Units per weighted layer, the input's columns first: `[1, 30, 30, 30, 30, 30, 30, 30, 1]` in the tutorial. For images,
   * a channel is a unit, with samples × pixels values.
   */
  readonly sizes: readonly number[];
  /** Absent in a network of dense layers. */
  readonly images?: ImageNetwork;
  readonly activation: ActivationName;
  /** Absent in the plain arm. */
  readonly normalization?: Normalization;
  /** Step size of the optimizer. */
  readonly learningRate: number;
  /** Absent with plain stochastic gradient descent. */
  readonly optimization?: Optimization;
  /** Default: `mse`. */
  readonly loss?: LossName;
}

/** What of a network decides which tensors it has. */
export type NetworkShape = Pick<NetworkSpec, "sizes" | "images" | "normalization" | "optimization">;
/** What decides which of them are trained. */
type Trained = Omit<NetworkShape, "optimization">;

/** Number of kernels: the hidden layers and the linear output layer. */
export function layerCount(spec: Pick<NetworkSpec, "sizes">): number {
  return spec.sizes.length - 1;
}

/** One normalization of activations. */
export interface NormPlace {
  readonly index: number;
  /** Entries of gamma, beta and the moving averages: the features that it normalizes. */
  readonly units: number;
  readonly arrangement: Arrangement;
}

/**
 * The normalizations of activations an arm has: index I stands in `norms.I`, 0 for the input, I for weighted layer I − 1.
 */
export function norms(spec: Trained): NormPlace[] {
  const { normalization, images } = spec;
  const definition = activationNormalizer({ normalization });
  if (definition === undefined || normalization === undefined) return [];
  const { where = "all", position, normalizeOutput = false, axes } = normalization;
  const { dependsOn, imagesOnly = false } = definition;
  const isPlace = (kind: "input" | Stage["kind"]) =>
    where === "all" || where === kind || (where === "hidden" && kind !== "input");
  const stages = stagesOf(spec);
  const place = (index: number, shape: Shape): NormPlace[] => {
    if (imagesOnly && !shape.isImage) return [];
    const arrangement = arrangementOf(shape, { dependsOn, axes });
    return [{ index, units: arrangement.rows / arrangement.shared, arrangement }];
  };
  const input = images === undefined ? stages[0]?.from : inputShape(spec.sizes[0] ?? 0, images);
  return [
    ...(dependsOn === "batch" && input !== undefined && isPlace("input") ? place(0, input) : []),
    ...stages.flatMap(({ kind, to }, layer) => {
      if (layer === stages.length - 1 ? !normalizeOutput : !isPlace(kind)) return [];
      const pooling = position === "afterPooling" ? poolingBehind(stages, layer) : undefined;
      return place(layer + 1, pooling?.to ?? to);
    }),
  ];
}

function inputShape(channels: number, { height, width }: ImageNetwork): Shape {
  return { height, width, channels, isImage: true };
}

/** Where the output of a layer is normalized: around its activation, or behind a step in front of the next layer. */
export function normalizedAt(
  { normalization }: Pick<NetworkSpec, "normalization">,
  stages: readonly Stage[],
): (layer: number) => "before" | "after" | ReshapingStep | undefined {
  const { position = "before" } = normalization ?? {};
  return (layer) => {
    if (layer < 0) return undefined;
    // The output has no activation.
    if (position === "before" || layer === stages.length - 1) return "before";
    return position === "afterPooling" ? (poolingBehind(stages, layer) ?? "after") : "after";
  };
}

/** The pooling that follows a layer. */
function poolingBehind(stages: readonly Stage[], layer: number): ReshapingStep | undefined {
  return stages[layer + 1]?.before.find(({ kind }) => kind !== "flatten");
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
export function hasMovingAverages(spec: Trained): boolean {
  const { normalization } = spec;
  return normalization !== undefined && dependsOnBatch(normalizerOf(normalization)) && norms(spec).length > 0;
}

/** A tensor of a network's state. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The trained tensors in the order of the forward pass, as in the recorded fixtures. */
export function trainedTensors(spec: Trained): NamedShape[] {
  const places = new Map(norms(spec).map((place) => [place.index, place]));
  const stages = stagesOf(spec);
  const normAt = (index: number) => {
    const place = places.get(index);
    return place === undefined ? [] : parameterTensors(spec, `norms.${index}`, place.units);
  };
  return [
    ...normAt(0),
    ...stages.flatMap((stage, layer) => [
      { name: `layers.${layer}.kernel`, shape: kernelShape(stage) },
      { name: `layers.${layer}.bias`, shape: [stage.to.channels] },
      ...(normalizesKernel(spec, layer) ? parameterTensors(spec, `layers.${layer}`, stage.to.channels) : []),
      ...normAt(layer + 1),
    ]),
  ];
}

/** Names of the trained tensors in the order of the forward pass. */
export function parameterNames(spec: Trained): string[] {
  return trainedTensors(spec).map(({ name }) => name);
}

/** The moving averages in the order of the forward pass. */
export function movingTensors(spec: Trained): NamedShape[] {
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

/** Whether a normalizer of kernels makes another one of a layer's. */
export function normalizesKernel(spec: Pick<NetworkSpec, "sizes" | "normalization">, layer: number): boolean {
  const { normalization } = spec;
  if (normalization === undefined || normalizerOf(normalization).acts !== "kernels") return false;
  return normalization.normalizeOutput === true || layer + 1 < layerCount(spec);
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
