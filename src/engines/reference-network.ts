import type { Points } from "../data/points.js";
import { activations } from "../model/activations.js";
import { pixelsOf, type Stage, stagesOf } from "../model/layers/stages.js";
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
import type { ActivationNormalizer, KernelPass, Moments, NormalizerPass } from "../model/normalizers/normalizer.js";
import { at } from "../model/rows.js";
import { type TensorMap, valuesOf } from "../model/tensors.js";
import type { PassMode, SampleGroup } from "./engine.js";
import { arranged, gathered, kept, type Reshaped, reshape, scattered } from "./reference-layers.js";

/*
 * One forward and one backward pass in float64, written to be read beside the formulas. A matrix is `[units][samples]`
 * in one array: a unit's values over the samples are contiguous, so batch statistics are statistics of a row. Of images a
 * unit is a channel, and its values are `[samples × pixels]`: a convolution is the product with gathered rows. Kernels are
 * `[in][out]`. What a normalizer, an activation or a loss does is in its definition, in `src/model`.
 */

export type Mode = PassMode<Moments>;

/** What one normalization of activations leaves behind: a pass for each group of samples. */
interface NormCache {
  readonly place: NormPlace;
  readonly passes: readonly NormalizerPass[];
  /** Those of each group, in order; none where the normalizer does not depend on the batch. */
  readonly moments: readonly Moments[];
}

/** What a forward pass leaves behind. */
export interface Forward {
  readonly samples: number;
  readonly groups: readonly SampleGroup[];
  /** `[layer]` → what the kernel is multiplied with, `[in][samples]`. */
  readonly layerInputs: Float64Array[];
  /** `[layer]` → what the activation receives, `[out][samples]`; the last is the prediction. */
  readonly preActivations: Float64Array[];
  /** `[layer]` → the kernel that was used, and how it came from the trained one where that is normalized. */
  readonly kernels: { readonly used: ArrayLike<number>; readonly pass?: KernelPass }[];
  /** By the norm's index; empty in the plain arm. */
  readonly norms: ReadonlyMap<number, NormCache>;
  readonly stages: readonly Stage[];
  /** `[layer]` → what stands in front of it, in order. */
  readonly reshaped: (readonly Reshaped[])[];
  readonly prediction: Float64Array;
  readonly cost: number;
}

/** The gradient of the cost with respect to every trained tensor, and every pre-activation `[layer]` → `[out][samples]`. */
export interface Backward {
  readonly parameters: Map<string, Float64Array>;
  readonly preActivations: Float64Array[];
}

/**
 * Every arm's forward pass; see docs/semantics.md: z = a·W + b, a = f(z), the last layer linear. What the spec
 * normalizes is the input, `norms.0`, and hidden layer l at `norms.l+1`: its z before the activation or f(z) after it; or
 * the kernels of the hidden layers.
 */
export function forward(spec: NetworkSpec, tensors: TensorMap, points: Points, mode: Mode): Forward {
  const { samples } = points;
  const stages = stagesOf(spec);
  const last = stages.length - 1;
  const f = activations[spec.activation].value;
  const normalizer = activationNormalizer(spec);
  const places = new Map(norms(spec).map((place) => [place.index, place]));
  const normalized = normalizedAt(spec, stages);
  const caches = new Map<number, NormCache>();
  const normalize = (index: number, z: Float64Array): Float64Array => {
    const place = places.get(index);
    if (normalizer === undefined || place === undefined) return z;
    const { output, cache } = normalizeGroups(spec, normalizer, tensors, place, z, samples, mode);
    caches.set(index, cache);
    return output;
  };

  let a = normalize(0, transposed(points, spec.sizes[0] ?? 0));
  const layerInputs: Float64Array[] = [];
  const preActivations: Float64Array[] = [];
  const kernels: Forward["kernels"] = [];
  const reshaped: Reshaped[][] = [];
  for (const [layer, stage] of stages.entries()) {
    reshaped[layer] = stage.before.map((step) => {
      const done = reshape(step, a, samples);
      a = normalized(layer - 1) === step ? normalize(layer, done.output) : done.output;
      return done;
    });
    layerInputs.push(a);
    const kernel = kernelOf(spec, tensors, layer);
    kernels.push(kernel);
    const rows = stage.kind === "conv" ? gathered(stage, a, samples) : a;
    const z = affine(rows, kernel.used, valuesOf(tensors, `layers.${layer}.bias`), samples * pixelsOf(stage.to));
    const u = normalized(layer) === "before" ? normalize(layer + 1, z) : z;
    preActivations.push(u);
    if (layer === last) break;
    a = u.map(f);
    if (normalized(layer) === "after") a = normalize(layer + 1, a);
  }
  const prediction = preActivations.at(-1) ?? new Float64Array(0);
  const cost = lossOf(spec).value(prediction, points.y, samples);
  const { groups } = mode;
  return { samples, groups, stages, layerInputs, preActivations, kernels, norms: caches, reshaped, prediction, cost };
}

/** Backpropagation through `forward`. */
export function backward(spec: NetworkSpec, points: Points, pass: Forward): Backward {
  const { samples, stages } = pass;
  const last = stages.length - 1;
  const derivative = activations[spec.activation].derivative;
  const normalized = normalizedAt(spec, stages);
  const parameters = new Map<string, Float64Array>();
  const preActivations: Float64Array[] = [];
  const throughNorm = (index: number, g: Float64Array): Float64Array => {
    const cache = pass.norms.get(index);
    return cache === undefined ? g : normalizeBackward(cache, `norms.${index}`, g, pass, parameters);
  };

  let gradient = lossOf(spec).gradient(pass.prediction, points.y, samples);
  for (let layer = last; layer >= 0; layer--) {
    const stage = stages[layer] as Stage;
    if (layer < last) {
      // Here it is ∂C/∂a with respect to what the layer outputs.
      if (normalized(layer) === "after") gradient = throughNorm(layer + 1, gradient);
      const u = rowsAt(pass.preActivations, layer);
      gradient = gradient.map((g, i) => g * derivative(at(u, i)));
    }
    preActivations[layer] = gradient;
    if (normalized(layer) === "before") gradient = throughNorm(layer + 1, gradient);
    const columns = samples * pixelsOf(stage.to);
    const { used, pass: kernelPass } = pass.kernels[layer] ?? { used: [] };
    const input = rowsAt(pass.layerInputs, layer);
    const byKernel = kernelGradient(stage.kind === "conv" ? gathered(stage, input, samples) : input, gradient, columns);
    if (kernelPass === undefined) parameters.set(`layers.${layer}.kernel`, byKernel);
    else {
      const { input, parameters: own } = kernelPass.backward(byKernel);
      parameters.set(`layers.${layer}.kernel`, input);
      for (const [name, values] of Object.entries(own)) parameters.set(`layers.${layer}.${name}`, values);
    }
    parameters.set(`layers.${layer}.bias`, rowSums(gradient, columns));
    gradient = inputGradient(used, gradient, columns);
    if (stage.kind === "conv") gradient = scattered(stage, gradient, samples);
    for (const { step, backward } of (pass.reshaped[layer] ?? []).toReversed()) {
      if (normalized(layer - 1) === step) gradient = throughNorm(layer, gradient);
      gradient = backward(gradient);
    }
  }
  throughNorm(0, gradient);
  return { parameters, preActivations };
}

function rowsAt(matrices: readonly Float64Array[], layer: number): Float64Array {
  const matrix = matrices[layer];
  if (matrix === undefined) throw new Error(`the pass has no layer ${layer}`);
  return matrix;
}

/** The kernel that a layer multiplies with: the trained one, or what the spec's normalizer makes of it. */
function kernelOf(spec: NetworkSpec, tensors: TensorMap, layer: number): Forward["kernels"][number] {
  const trained = valuesOf(tensors, `layers.${layer}.kernel`);
  const normalizer = spec.normalization === undefined ? undefined : normalizerOf(spec.normalization);
  if (normalizer?.acts !== "kernels" || !normalizesKernel(spec, layer)) return { used: trained };
  const units = valuesOf(tensors, `layers.${layer}.bias`).length;
  const pass = normalizer.forward(Float64Array.from(trained), units, parametersOf(tensors, `layers.${layer}`));
  return { used: pass.output, pass };
}

const parametersOf = (tensors: TensorMap, prefix: string) => (name: string) => {
  const data = tensors.get(`${prefix}.${name}`)?.data;
  return data === undefined ? undefined : Float64Array.from(data);
};

/** z `[units][samples]` through a normalizer, one group of samples after the other. */
function normalizeGroups(
  { normalization = { epsilon: 0, decay: 0, debias: false } }: NetworkSpec,
  { dependsOn, forward: normalizerForward }: ActivationNormalizer,
  tensors: TensorMap,
  place: NormPlace,
  z: Float64Array,
  samples: number,
  { statistics, moving, groups }: Mode,
): { output: Float64Array; cache: NormCache } {
  const { arrangement, index } = place;
  const { rows, columns, shared } = arrangement;
  const averages = moving.get(index);
  const parameter = parametersOf(tensors, `norms.${index}`);
  const rowsOf = (name: string) => {
    const values = parameter(name);
    return values === undefined || shared === 1 || values.length * shared !== rows ? values : repeated(values, shared);
  };
  const all = arranged(arrangement, z, samples);
  const passes = (dependsOn === "batch" ? groups : whole(samples)).map(({ from, to }) =>
    normalizerForward(columnsOf(all, samples * columns, from * columns, to * columns), {
      units: rows,
      pixels: shared,
      samples: (to - from) * columns,
      options: normalization,
      parameter: rowsOf,
      statistics,
      ...(averages === undefined ? {} : { moving: averages }),
    }),
  );
  const moments = passes.flatMap((pass) => (pass.moments === undefined ? [] : [pass.moments]));
  const outputs = passes.map(({ output }) => output);
  return { output: kept(arrangement, joined(outputs, rows), samples), cache: { place, passes, moments } };
}

/** ∂C/∂z from ∂C/∂u; the gradients of the groups are added in their order. */
function normalizeBackward(
  { place, passes }: NormCache,
  prefix: string,
  g: Float64Array,
  { samples, groups }: Forward,
  parameters: Map<string, Float64Array>,
): Float64Array {
  const { arrangement } = place;
  const { rows, columns, shared } = arrangement;
  const all = arranged(arrangement, g, samples);
  const parts = passes.length === groups.length ? groups : whole(samples);
  const gradients = passes.map((pass, i) => {
    const { from, to } = parts[i] ?? { from: 0, to: samples };
    return pass.backward(columnsOf(all, samples * columns, from * columns, to * columns));
  });
  for (const { parameters: own } of gradients)
    for (const [name, values] of Object.entries(own)) {
      const entries = values.length === rows ? summed(values, shared) : values;
      const before = parameters.get(`${prefix}.${name}`) ?? new Float64Array(entries.length);
      parameters.set(
        `${prefix}.${name}`,
        before.map((value, i) => value + at(entries, i)),
      );
    }
  const inputs = gradients.map(({ input }) => input);
  return kept(arrangement, joined(inputs, rows), samples);
}

/** Every value `times` times, one after the other. */
function repeated(values: Float64Array, times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, i) => at(values, Math.floor(i / times)));
}

/** The sums of so many consecutive values. */
function summed(values: Float64Array, count: number): Float64Array {
  return count === 1 ? values : rowSums(values, count);
}

/** The moments of one batch, or of a pass: the mean of its groups', every sample counting the same. */
export function meanMoments(moments: readonly Moments[], groups: readonly SampleGroup[]): Moments {
  const samples = groups.reduce((total, { from, to }) => total + to - from, 0);
  const average = (of: keyof Moments) => {
    const mean = new Float64Array(moments[0]?.[of].length ?? 0);
    for (const [i, { from, to }] of groups.entries()) {
      const values = moments[i]?.[of] ?? [];
      for (let unit = 0; unit < mean.length; unit++)
        mean[unit] = at(mean, unit) + ((to - from) / samples) * at(values, unit);
    }
    return mean;
  };
  return { mean: average("mean"), variance: average("variance") };
}

const whole = (samples: number): readonly SampleGroup[] => [{ from: 0, to: samples, batch: 0 }];

/** Columns `[from, to)` of a matrix `[rows][samples]`. */
function columnsOf(matrix: Float64Array, samples: number, from: number, to: number): Float64Array {
  if (from === 0 && to === samples) return matrix;
  const [rows, size] = [matrix.length / samples, to - from];
  const part = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) part.set(matrix.subarray(row * samples + from, row * samples + to), row * size);
  return part;
}

/** Matrices of the same rows, side by side. */
function joined(parts: readonly Float64Array[], rows: number): Float64Array {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const samples = parts.reduce((total, { length }) => total + length, 0) / rows;
  const matrix = new Float64Array(rows * samples);
  let from = 0;
  for (const part of parts) {
    const size = part.length / rows;
    for (let row = 0; row < rows; row++) matrix.set(part.subarray(row * size, (row + 1) * size), row * samples + from);
    from += size;
  }
  return matrix;
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

/** `[samples][pixels × channels]` → `[channels][samples × pixels]`. */
function transposed({ samples, inputs, x }: Points, channels: number): Float64Array {
  const pixels = inputs / channels;
  const matrix = new Float64Array(inputs * samples);
  for (let s = 0; s < samples; s++)
    for (let p = 0; p < pixels; p++)
      for (let c = 0; c < channels; c++)
        matrix[(c * samples + s) * pixels + p] = x[s * inputs + p * channels + c] as number;
  return matrix;
}
