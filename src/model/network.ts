import type { ActivationName } from "./activations.js";

/** How the bn arm normalises, in the terms of SEMANTICS: `BN(z) = gamma · (z − μ) / √(σ² + epsilon) + beta`. */
export interface Normalization {
  /** Added to the variance under the root. */
  readonly epsilon: number;
  /** `moving ← decay · moving + (1 − decay) · batch`. */
  readonly decay: number;
  /** Divide the moving averages by `1 − decayᵗ`, t = number of updates. */
  readonly debias: boolean;
}

/** One arm's network and optimiser: everything an engine needs to build it. */
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

/** Names of the trained tensors in the order of the forward pass, as in the recorded fixtures. */
export function parameterNames(spec: Pick<NetworkSpec, "sizes" | "normalization">): string[] {
  const layers = layerCount(spec);
  const norm = (index: number) =>
    spec.normalization === undefined ? [] : [`norms.${index}.gamma`, `norms.${index}.beta`];
  const names = norm(0);
  for (let layer = 0; layer < layers; layer++) {
    names.push(`layers.${layer}.kernel`, `layers.${layer}.bias`);
    if (layer < layers - 1) names.push(...norm(layer + 1));
  }
  return names;
}

/** Units normalised by each BN: the input's columns, then the hidden layers' widths. Empty in the plain arm. */
export function normSizes(spec: Pick<NetworkSpec, "sizes" | "normalization">): number[] {
  return spec.normalization === undefined ? [] : spec.sizes.slice(0, -1);
}
