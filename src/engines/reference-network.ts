import type { Points } from "../data/points.js";
import { activations } from "../model/activations.js";
import { layerCount, type NetworkSpec } from "../model/network.js";
import { type TensorMap, valuesOf } from "../model/tensors.js";

/*
 * One forward and one backward pass in float64, written to be read beside the formulas. A matrix is `[units][samples]`
 * in one array: a unit's values over the samples are contiguous, so batch statistics are statistics of a row. Kernels are
 * `[in][out]`.
 */

/** Where BN takes its mean and variance from: the points it sees, or given per norm. */
export type Statistics = "batch" | readonly Moments[];

/** Mean and biased variance per unit. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What one BN leaves behind for its backward pass: `normalized` is ẑ = (z − μ)/√(σ² + ε), `[units][samples]`. */
interface NormCache extends Moments {
  readonly normalized: Float64Array;
}

/** What a forward pass leaves behind. */
export interface Forward {
  readonly samples: number;
  /** `[layer]` → what the kernel is multiplied with, `[in][samples]`. */
  readonly layerInputs: Float64Array[];
  /** `[layer]` → what the activation receives, `[out][samples]`; the last is the prediction. */
  readonly preActivations: Float64Array[];
  /** `[norm]`; empty in the plain arm. */
  readonly norms: NormCache[];
  /** Mean over the samples of the squared error. */
  readonly cost: number;
}

/** The gradient of the cost by every trained tensor, and by every pre-activation `[layer]` → `[out][samples]`. */
export interface Backward {
  readonly parameters: Map<string, Float64Array>;
  readonly preActivations: Float64Array[];
}

/** Both arms' forward pass; see SEMANTICS in the README: z = a·W + b, u = BN(z), a = f(u), the last layer linear. */
export function forward(spec: NetworkSpec, tensors: TensorMap, points: Points, statistics: Statistics): Forward {
  const { samples } = points;
  const last = layerCount(spec) - 1;
  const f = activations[spec.activation].value;
  const norms: NormCache[] = [];
  const normalize = (z: Float64Array): Float64Array => {
    const index = norms.length;
    const moments = statistics === "batch" ? momentsOf(z, samples) : (statistics[index] as Moments);
    const { output, normalized } = batchNormalize(spec, tensors, index, z, moments);
    norms.push({ ...moments, normalized });
    return output;
  };
  const normalizing = spec.normalization !== undefined;

  let a = transposed(points);
  if (normalizing) a = normalize(a);
  const layerInputs: Float64Array[] = [];
  const preActivations: Float64Array[] = [];
  for (let layer = 0; layer <= last; layer++) {
    layerInputs.push(a);
    const z = affine(
      a,
      valuesOf(tensors, `layers.${layer}.kernel`),
      valuesOf(tensors, `layers.${layer}.bias`),
      samples,
    );
    const u = normalizing && layer < last ? normalize(z) : z;
    preActivations.push(u);
    if (layer < last) a = u.map(f);
  }
  const prediction = preActivations[last] as Float64Array;
  let cost = 0;
  for (let s = 0; s < samples; s++) cost += ((prediction[s] as number) - (points.y[s] as number)) ** 2;
  return { samples, layerInputs, preActivations, norms, cost: cost / samples };
}

/** Backpropagation through `forward(…, "batch")`. */
export function backward(spec: NetworkSpec, tensors: TensorMap, points: Points, pass: Forward): Backward {
  const { samples } = pass;
  const last = layerCount(spec) - 1;
  const derivative = activations[spec.activation].derivative;
  const parameters = new Map<string, Float64Array>();
  const preActivations: Float64Array[] = [];

  // C = 1/N Σ (ŷ − y)², so ∂C/∂ŷ = 2/N (ŷ − y).
  let gradient: Float64Array = (pass.preActivations[last] as Float64Array).map(
    (p, s) => (2 / samples) * (p - (points.y[s] as number)),
  );
  for (let layer = last; layer >= 0; layer--) {
    preActivations[layer] = gradient;
    if (layer < last && spec.normalization !== undefined) {
      gradient = normalizeBackward(spec, tensors, layer + 1, gradient, pass, parameters);
    }
    const input = pass.layerInputs[layer] as Float64Array;
    const kernel = valuesOf(tensors, `layers.${layer}.kernel`);
    parameters.set(`layers.${layer}.kernel`, kernelGradient(input, gradient, samples));
    parameters.set(`layers.${layer}.bias`, rowSums(gradient, samples));
    gradient = inputGradient(kernel, gradient, samples);
    if (layer > 0) {
      const u = pass.preActivations[layer - 1] as Float64Array;
      gradient = gradient.map((g, i) => g * derivative(u[i] as number));
    }
  }
  if (spec.normalization !== undefined) normalizeBackward(spec, tensors, 0, gradient, pass, parameters);
  return { parameters, preActivations };
}

/** `u = gamma · ẑ + beta`, ẑ = (z − μ)/√(σ² + ε) (Ioffe & Szegedy 2015, algorithm 1). */
function batchNormalize(spec: NetworkSpec, tensors: TensorMap, norm: number, z: Float64Array, moments: Moments) {
  const gamma = valuesOf(tensors, `norms.${norm}.gamma`);
  const beta = valuesOf(tensors, `norms.${norm}.beta`);
  const samples = z.length / gamma.length;
  const normalized = new Float64Array(z.length);
  const output = new Float64Array(z.length);
  for (let unit = 0; unit < gamma.length; unit++) {
    const [mean, scale] = [moments.mean[unit] as number, inverseDeviation(spec, moments, unit)];
    for (let i = unit * samples; i < (unit + 1) * samples; i++) {
      normalized[i] = ((z[i] as number) - mean) * scale;
      output[i] = (gamma[unit] as number) * (normalized[i] as number) + (beta[unit] as number);
    }
  }
  return { output, normalized };
}

/**
 * With g = ∂C/∂u and N samples, per unit: ∂C/∂beta = Σ g, ∂C/∂gamma = Σ g·ẑ, and
 * ∂C/∂z = gamma/√(σ² + ε) · (g − (Σ g)/N − ẑ · (Σ g·ẑ)/N)  (Ioffe & Szegedy 2015, section 3, the chain rule through μ
 * and σ² collected). Returns ∂C/∂z.
 */
function normalizeBackward(
  spec: NetworkSpec,
  tensors: TensorMap,
  norm: number,
  g: Float64Array,
  pass: Forward,
  parameters: Map<string, Float64Array>,
): Float64Array {
  const { samples } = pass;
  const cache = pass.norms[norm] as NormCache;
  const gamma = valuesOf(tensors, `norms.${norm}.gamma`);
  const byBeta = rowSums(g, samples);
  const byGamma = rowSums(
    g.map((value, i) => value * (cache.normalized[i] as number)),
    samples,
  );
  parameters.set(`norms.${norm}.gamma`, byGamma);
  parameters.set(`norms.${norm}.beta`, byBeta);
  const byInput = new Float64Array(g.length);
  for (let unit = 0; unit < gamma.length; unit++) {
    const scale = (gamma[unit] as number) * inverseDeviation(spec, cache, unit);
    const [meanG, meanGz] = [(byBeta[unit] as number) / samples, (byGamma[unit] as number) / samples];
    for (let i = unit * samples; i < (unit + 1) * samples; i++) {
      byInput[i] = scale * ((g[i] as number) - meanG - (cache.normalized[i] as number) * meanGz);
    }
  }
  return byInput;
}

function inverseDeviation(spec: NetworkSpec, moments: Moments, unit: number): number {
  return 1 / Math.sqrt((moments.variance[unit] as number) + (spec.normalization?.epsilon ?? 0));
}

/** Mean and biased variance of every row, in two passes. */
function momentsOf(z: Float64Array, samples: number): Moments {
  const mean = rowSums(z, samples).map((sum) => sum / samples);
  const centred = z.map((value, i) => (value - (mean[Math.floor(i / samples)] as number)) ** 2);
  return { mean, variance: rowSums(centred, samples).map((sum) => sum / samples) };
}

function rowSums(matrix: Float64Array, samples: number): Float64Array {
  const sums = new Float64Array(matrix.length / samples);
  for (let i = 0; i < matrix.length; i++) {
    const row = Math.floor(i / samples);
    sums[row] = (sums[row] as number) + (matrix[i] as number);
  }
  return sums;
}

/** z[j][s] = Σᵢ a[i][s]·W[i][j] + b[j]. */
function affine(a: Float64Array, kernel: ArrayLike<number>, bias: ArrayLike<number>, samples: number): Float64Array {
  const [inputs, outputs] = [a.length / samples, bias.length];
  const z = new Float64Array(outputs * samples);
  for (let j = 0; j < outputs; j++) {
    const row = z.subarray(j * samples, (j + 1) * samples).fill(bias[j] as number);
    for (let i = 0; i < inputs; i++) addScaled(row, kernel[i * outputs + j] as number, a, i * samples);
  }
  return z;
}

/** ∂C/∂W[i][j] = Σₛ a[i][s]·g[j][s]. */
function kernelGradient(a: Float64Array, g: Float64Array, samples: number): Float64Array {
  const [inputs, outputs] = [a.length / samples, g.length / samples];
  const gradient = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) {
      let sum = 0;
      for (let s = 0; s < samples; s++) sum += (a[i * samples + s] as number) * (g[j * samples + s] as number);
      gradient[i * outputs + j] = sum;
    }
  }
  return gradient;
}

/** ∂C/∂a[i][s] = Σⱼ W[i][j]·g[j][s]. */
function inputGradient(kernel: ArrayLike<number>, g: Float64Array, samples: number): Float64Array {
  const outputs = g.length / samples;
  const inputs = kernel.length / outputs;
  const gradient = new Float64Array(inputs * samples);
  for (let i = 0; i < inputs; i++) {
    const row = gradient.subarray(i * samples, (i + 1) * samples);
    for (let j = 0; j < outputs; j++) addScaled(row, kernel[i * outputs + j] as number, g, j * samples);
  }
  return gradient;
}

/** row[s] += factor · matrix[offset + s]. */
function addScaled(row: Float64Array, factor: number, matrix: Float64Array, offset: number): void {
  for (let s = 0; s < row.length; s++) row[s] = (row[s] as number) + factor * (matrix[offset + s] as number);
}

/** `[samples][inputs]` → `[inputs][samples]`. */
function transposed(points: Points): Float64Array {
  const { samples, inputs, x } = points;
  const matrix = new Float64Array(inputs * samples);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < inputs; i++) matrix[i * samples + s] = x[s * inputs + i] as number;
  }
  return matrix;
}
