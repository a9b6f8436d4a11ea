import type { Points } from "../data/points.js";
import { activations } from "../model/activations.js";
import { layerCount, type NetworkSpec, norms, type Transform } from "../model/network.js";
import { type TensorMap, valuesOf } from "../model/tensors.js";

/*
 * One forward and one backward pass in float64, written to be read beside the formulas. A matrix is `[units][samples]`
 * in one array: a unit's values over the samples are contiguous, so batch statistics are statistics of a row. Kernels are
 * `[in][out]`.
 */

/** Where BN takes its mean and variance from: the points it sees, or given by the norm's index. */
export type Statistics = "batch" | ReadonlyMap<number, Moments>;

/** Mean and biased variance per unit; with `transform: scale` the second moment about zero in the variance's place. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What one BN leaves behind: its moments, with ghost batches their mean over the samples, and for its backward pass: */
interface NormCache extends Moments {
  /** ẑ, `[units][samples]`. */
  readonly normalized: Float64Array;
  /** What z (or z − μ) is multiplied with to become ẑ, `[units][ghost batches]`. */
  readonly inverses: Float64Array;
}

/** What a forward pass leaves behind. */
export interface Forward {
  readonly samples: number;
  /** `[layer]` → what the kernel is multiplied with, `[in][samples]`. */
  readonly layerInputs: Float64Array[];
  /** `[layer]` → what the activation receives, `[out][samples]`; the last is the prediction. */
  readonly preActivations: Float64Array[];
  /** By the norm's index; empty in the plain arm. */
  readonly norms: ReadonlyMap<number, NormCache>;
  /** Mean over the samples of the squared error. */
  readonly cost: number;
}

/** The gradient of the cost by every trained tensor, and by every pre-activation `[layer]` → `[out][samples]`. */
export interface Backward {
  readonly parameters: Map<string, Float64Array>;
  readonly preActivations: Float64Array[];
}

/**
 * Every arm's forward pass; see docs/semantics.md: z = a·W + b, a = f(z), the last layer linear. What the spec
 * normalizes is the input, `norms.0`, and hidden layer l at `norms.l+1`: its z before the activation or f(z) after it.
 */
export function forward(spec: NetworkSpec, tensors: TensorMap, points: Points, statistics: Statistics): Forward {
  const { samples } = points;
  const last = layerCount(spec) - 1;
  const f = activations[spec.activation].value;
  const indices = new Set(norms(spec).map(({ index }) => index));
  const caches = new Map<number, NormCache>();
  const normalize = (index: number, z: Float64Array): Float64Array => {
    if (!indices.has(index)) return z;
    const given = statistics === "batch" ? undefined : (statistics.get(index) as Moments);
    const { output, cache } = batchNormalize(spec, tensors, index, z, samples, given);
    caches.set(index, cache);
    return output;
  };

  let a = normalize(0, transposed(points));
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
    const u = layer < last && !normalizesAfter(spec) ? normalize(layer + 1, z) : z;
    preActivations.push(u);
    if (layer < last) a = normalizesAfter(spec) ? normalize(layer + 1, u.map(f)) : u.map(f);
  }
  const prediction = preActivations[last] as Float64Array;
  let cost = 0;
  for (let s = 0; s < samples; s++) cost += ((prediction[s] as number) - (points.y[s] as number)) ** 2;
  return { samples, layerInputs, preActivations, norms: caches, cost: cost / samples };
}

/** Backpropagation through `forward(…, "batch")`. */
export function backward(spec: NetworkSpec, tensors: TensorMap, points: Points, pass: Forward): Backward {
  const { samples } = pass;
  const last = layerCount(spec) - 1;
  const derivative = activations[spec.activation].derivative;
  const parameters = new Map<string, Float64Array>();
  const preActivations: Float64Array[] = [];
  const throughNorm = (index: number, g: Float64Array): Float64Array =>
    pass.norms.has(index) ? normalizeBackward(spec, tensors, index, g, pass, parameters) : g;

  // C = 1/N Σ (ŷ − y)², so ∂C/∂ŷ = 2/N (ŷ − y).
  let gradient: Float64Array = (pass.preActivations[last] as Float64Array).map(
    (p, s) => (2 / samples) * (p - (points.y[s] as number)),
  );
  for (let layer = last; layer >= 0; layer--) {
    if (layer < last) {
      // Here it is ∂C/∂a by what the layer hands on.
      if (normalizesAfter(spec)) gradient = throughNorm(layer + 1, gradient);
      const u = pass.preActivations[layer] as Float64Array;
      gradient = gradient.map((g, i) => g * derivative(u[i] as number));
    }
    preActivations[layer] = gradient;
    if (layer < last && !normalizesAfter(spec)) gradient = throughNorm(layer + 1, gradient);
    const input = pass.layerInputs[layer] as Float64Array;
    const kernel = valuesOf(tensors, `layers.${layer}.kernel`);
    parameters.set(`layers.${layer}.kernel`, kernelGradient(input, gradient, samples));
    parameters.set(`layers.${layer}.bias`, rowSums(gradient, samples));
    gradient = inputGradient(kernel, gradient, samples);
  }
  throughNorm(0, gradient);
  return { parameters, preActivations };
}

/** Whether hidden layers are normalized behind their activation. */
function normalizesAfter({ normalization }: NetworkSpec): boolean {
  return normalization?.position === "after";
}

/** The samples `[from, to)` that share their statistics: all of them, or one ghost batch after the other. */
function ghostBatches({ normalization }: NetworkSpec, samples: number): { from: number; to: number }[] {
  const size = Math.min(normalization?.ghostBatchSize ?? samples, samples);
  return Array.from({ length: Math.ceil(samples / size) }, (_, i) => ({
    from: i * size,
    to: Math.min((i + 1) * size, samples),
  }));
}

/** gamma and beta of a norm; 1 and 0 where it has none. */
function gammaAndBeta(spec: NetworkSpec, tensors: TensorMap, norm: number, units: number) {
  if (spec.normalization?.affine === false) {
    return { gamma: new Float64Array(units).fill(1), beta: new Float64Array(units) };
  }
  return { gamma: valuesOf(tensors, `norms.${norm}.gamma`), beta: valuesOf(tensors, `norms.${norm}.beta`) };
}

/**
 * `u = gamma · ẑ + beta` with the moments given, or with each ghost batch's own (Ioffe & Szegedy 2015, algorithm 1):
 * ẑ = (z − μ)/√(σ² + ε); with `center` ẑ = z − μ; with `scale` ẑ = z/√(m + ε), m = mean of z².
 */
function batchNormalize(
  spec: NetworkSpec,
  tensors: TensorMap,
  norm: number,
  z: Float64Array,
  samples: number,
  given: Moments | undefined,
): { output: Float64Array; cache: NormCache } {
  const { transform = "standardize", epsilon = 0 } = spec.normalization ?? {};
  const units = z.length / samples;
  const { gamma, beta } = gammaAndBeta(spec, tensors, norm, units);
  const groups = given === undefined ? ghostBatches(spec, samples) : [{ from: 0, to: samples }];
  const cache = {
    mean: new Float64Array(units),
    variance: new Float64Array(units),
    normalized: new Float64Array(z.length),
    inverses: new Float64Array(units * groups.length),
  };
  const output = new Float64Array(z.length);
  for (let unit = 0; unit < units; unit++) {
    for (const [group, { from, to }] of groups.entries()) {
      const [start, end] = [unit * samples + from, unit * samples + to];
      const [mean, variance] =
        given === undefined
          ? momentsOf(z.subarray(start, end), transform)
          : [given.mean[unit] as number, given.variance[unit] as number];
      const share = (to - from) / samples;
      cache.mean[unit] = (cache.mean[unit] as number) + share * mean;
      cache.variance[unit] = (cache.variance[unit] as number) + share * variance;
      const center = transform === "scale" ? 0 : mean;
      const inverse = transform === "center" ? 1 : 1 / Math.sqrt(variance + epsilon);
      cache.inverses[unit * groups.length + group] = inverse;
      for (let i = start; i < end; i++) {
        const normalized = ((z[i] as number) - center) * inverse;
        cache.normalized[i] = normalized;
        output[i] = (gamma[unit] as number) * normalized + (beta[unit] as number);
      }
    }
  }
  return { output, cache };
}

/**
 * With g = ∂C/∂u, per unit: ∂C/∂beta = Σ g, ∂C/∂gamma = Σ g·ẑ over all samples. ∂C/∂z within a group of N samples that
 * share their statistics, means taken over the group, i = 1/√(σ² + ε) or 1/√(m + ε):
 *
 *   standardize  ẑ = (z − μ) i   ∂C/∂z = gamma · i · (g − mean(g) − ẑ · mean(g·ẑ))  (Ioffe & Szegedy 2015, section 3, the
 *                                chain rule through μ and σ² collected)
 *   center       ẑ = z − μ       ∂ẑ_t/∂z_s = [s = t] − 1/N, so ∂C/∂z = gamma · (g − mean(g))
 *   scale        ẑ = z · i       ∂m/∂z_s = 2 z_s/N, ∂i/∂z_s = −i³ z_s/N, so
 *                                ∂C/∂z_s = gamma · (i g_s − i³ z_s Σ g·z / N) = gamma · i · (g − ẑ · mean(g·ẑ))
 *
 * One formula, then: mean(g) is there where a mean is subtracted, ẑ · mean(g·ẑ) where something is divided by. Returns
 * ∂C/∂z.
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
  const { transform = "standardize", affine = true } = spec.normalization ?? {};
  const { normalized, inverses } = pass.norms.get(norm) as NormCache;
  const units = g.length / samples;
  const { gamma } = gammaAndBeta(spec, tensors, norm, units);
  const groups = ghostBatches(spec, samples);
  const [byGamma, byBeta] = [new Float64Array(units), new Float64Array(units)];
  const byInput = new Float64Array(g.length);
  for (let unit = 0; unit < units; unit++) {
    for (const [group, { from, to }] of groups.entries()) {
      const [start, end] = [unit * samples + from, unit * samples + to];
      let [sumG, sumGz] = [0, 0];
      for (let i = start; i < end; i++) {
        sumG += g[i] as number;
        sumGz += (g[i] as number) * (normalized[i] as number);
      }
      byBeta[unit] = (byBeta[unit] as number) + sumG;
      byGamma[unit] = (byGamma[unit] as number) + sumGz;
      const meanG = transform === "scale" ? 0 : sumG / (to - from);
      const meanGz = transform === "center" ? 0 : sumGz / (to - from);
      const scale = (gamma[unit] as number) * (inverses[unit * groups.length + group] as number);
      for (let i = start; i < end; i++) {
        byInput[i] = scale * ((g[i] as number) - meanG - (normalized[i] as number) * meanGz);
      }
    }
  }
  if (affine) {
    parameters.set(`norms.${norm}.gamma`, byGamma);
    parameters.set(`norms.${norm}.beta`, byBeta);
  }
  return byInput;
}

/** Mean and biased variance of one unit's values, in two passes; with `scale` the mean of their squares. */
function momentsOf(row: Float64Array, transform: Transform): [mean: number, variance: number] {
  const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = average(row);
  const center = transform === "scale" ? 0 : mean;
  return [mean, average(row.map((value) => (value - center) ** 2))];
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
