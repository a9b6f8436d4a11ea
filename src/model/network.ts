import type { ActivationName } from "./activations.js";

/**
 * How an arm normalizes. The standard is `BN(z) = gamma · (z − μ) / √(σ² + epsilon) + beta` of the input and of every
 * hidden layer's pre-activation, with the statistics of the whole batch (Ioffe & Szegedy 2015, algorithm 1); the optional
 * keys take parts of it away, one at a time.
 */
export interface Normalization {
  /** Added to the variance under the root. */
  readonly epsilon: number;
  /** `moving ← decay · moving + (1 − decay) · batch`. */
  readonly decay: number;
  /** Divide the moving averages by `1 − decayᵗ`, t = number of updates. */
  readonly debias: boolean;
  /** What is normalized: the network's input, the hidden layers, or (the standard) both. */
  readonly where?: NormalizedPlaces;
  /**
   * `standardize` (the standard): (z − μ)/√(σ² + ε); `center`: z − μ; `scale`: z/√(m + ε) with m the second moment about
   * zero, the mean of z², which then takes the variance's place everywhere (Daneshmand et al. 2020, section 2).
   */
  readonly transform?: Transform;
  /** Whether gamma and beta exist and are trained; the standard is true. Without them gamma is 1 and beta 0. */
  readonly affine?: boolean;
  /** Before the activation (the standard), `a = f(BN(z))`, or after it, `a = BN(f(z))`. */
  readonly position?: Position;
  /**
   * In training mode, statistics of that many consecutive samples of the batch at a time instead of the whole batch
   * (ghost batch normalization, Hoffer et al. 2017); the gradient is still the whole batch's, and the moving averages
   * move by the mean of the groups' statistics. The last group is smaller where the division leaves a rest.
   */
  readonly ghostBatchSize?: number;
}

export const NORMALIZED_PLACES = ["all", "hidden", "input"] as const;
export type NormalizedPlaces = (typeof NORMALIZED_PLACES)[number];
export const TRANSFORMS = ["standardize", "center", "scale"] as const;
export type Transform = (typeof TRANSFORMS)[number];
export const POSITIONS = ["before", "after"] as const;
export type Position = (typeof POSITIONS)[number];

/** One arm's network and optimizer: everything an engine needs to build it. */
export interface NetworkSpec {
  /** Units per layer, the input's columns first: `[1, 30, 30, 30, 30, 30, 30, 30, 1]` in the tutorial. */
  readonly sizes: readonly number[];
  readonly activation: ActivationName;
  /** Absent in the plain arm. */
  readonly normalization?: Normalization;
  /** Step size of plain stochastic gradient descent. */
  readonly learningRate: number;
}

/** Number of kernels: the hidden layers and the linear output layer. */
export function layerCount(spec: Pick<NetworkSpec, "sizes">): number {
  return spec.sizes.length - 1;
}

/** The normalizations an arm has: index I stands in `norms.I`, 0 for the input, I for hidden layer I − 1. */
export function norms({ sizes, normalization }: Pick<NetworkSpec, "sizes" | "normalization">): NormPlace[] {
  if (normalization === undefined) return [];
  const { where = "all" } = normalization;
  return sizes
    .slice(0, -1)
    .map((units, index) => ({ index, units }))
    .filter(({ index }) => where === "all" || (where === "input") === (index === 0));
}

/** One normalization and the features it normalizes. */
export interface NormPlace {
  readonly index: number;
  readonly units: number;
}

/** Names of the trained tensors in the order of the forward pass, as in the recorded fixtures. */
export function parameterNames(spec: Pick<NetworkSpec, "sizes" | "normalization">): string[] {
  const layers = layerCount(spec);
  const affine = spec.normalization?.affine ?? true;
  const normalized = new Set(affine ? norms(spec).map(({ index }) => index) : []);
  const norm = (index: number) => (normalized.has(index) ? [`norms.${index}.gamma`, `norms.${index}.beta`] : []);
  const names = norm(0);
  for (let layer = 0; layer < layers; layer++) {
    names.push(`layers.${layer}.kernel`, `layers.${layer}.bias`);
    if (layer < layers - 1) names.push(...norm(layer + 1));
  }
  return names;
}
