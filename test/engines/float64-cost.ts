import type { Points } from "../../src/data/points.js";
import type { ArmTask } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";
import type { NetworkSpec, Normalization } from "../../src/model/network.js";

/** Values of every named tensor, float64. */
export type Parameters = ReadonlyMap<string, Float64Array>;

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

const value: Readonly<Record<ActivationName, (z: number) => number>> = {
  relu: (z) => Math.max(z, 0),
  "leaky-relu": (z) => (z < 0 ? 0.2 * z : z),
  elu: (z) => (z < 0 ? Math.expm1(z) : z),
  selu: (z) => SELU_SCALE * (z < 0 ? SELU_ALPHA * Math.expm1(z) : z),
  gelu: (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
  silu: (z) => z * sigmoid(z),
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  tanh: Math.tanh,
  sigmoid,
  identity: (z) => z,
};

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** What one norm saw of each feature: of ghost batches the mean, every sample counting the same. */
export interface Float64Moments {
  readonly mean: number[];
  readonly variance: number[];
}

/** Consecutive parts of `size`, the last one perhaps smaller. */
const parts = (row: readonly number[], size: number) =>
  row.flatMap((_, s) => (s % size === 0 ? [row.slice(s, s + size)] : []));

/** The row of one feature, normalized with its own moments; they are appended to `moments`. */
function normalizeRow(z: number[], moments: Float64Moments, { transform, epsilon, ghostBatchSize }: Normalization) {
  const groups = parts(z, ghostBatchSize ?? z.length).map((group) => {
    const mu = mean(group);
    const center = transform === "scale" ? 0 : mu;
    const variance = mean(group.map((v) => (v - center) ** 2));
    const deviation = transform === "center" ? 1 : Math.sqrt(variance + epsilon);
    return group.map((v) => ({ normalized: (v - center) / deviation, mu, variance }));
  });
  moments.mean.push(mean(groups.flat().map(({ mu }) => mu)));
  moments.variance.push(mean(groups.flat().map(({ variance }) => variance)));
  return groups.flat().map(({ normalized }) => normalized);
}

/**
 * SEMANTICS's forward pass in training mode on these points, for every way to normalize: written for reading, in float64,
 * feature-major, and without a line in common with the engines.
 */
export function float64Pass(spec: NetworkSpec, points: Omit<Points, "y">, parameters: Parameters) {
  const { sizes, activation, normalization } = spec;
  const { where = "all", position = "before", affine = true } = normalization ?? {};
  const values = (name: string) => parameters.get(name) as Float64Array;
  const moments = new Map<number, Float64Moments>();
  const norm = (rows: number[][], index: number) => {
    if (normalization === undefined) return rows;
    if (where === (index === 0 ? "hidden" : "input")) return rows;
    const own: Float64Moments = { mean: [], variance: [] };
    moments.set(index, own);
    return rows.map((row, f) => {
      const normalized = normalizeRow(row, own, normalization);
      if (!affine) return normalized;
      const [gamma, beta] = [values(`norms.${index}.gamma`)[f] as number, values(`norms.${index}.beta`)[f] as number];
      return normalized.map((v) => gamma * v + beta);
    });
  };
  const inputs = sizes[0] as number;
  const columns = Array.from({ length: points.samples }, (_, s) => s);
  let a = Array.from({ length: inputs }, (_, i) => columns.map((s) => points.x[s * inputs + i] as number));
  a = norm(a, 0);
  const depth = sizes.length - 1;
  for (let l = 0; ; l++) {
    const units = sizes[l + 1] as number;
    const kernel = values(`layers.${l}.kernel`);
    const bias = values(`layers.${l}.bias`);
    const z = Array.from({ length: units }, (_, j) =>
      columns.map((s) =>
        a.reduce((sum, row, i) => sum + (row[s] as number) * (kernel[i * units + j] as number), bias[j] as number),
      ),
    );
    if (l + 1 === depth) return { predictions: z[0] as number[], moments };
    const activated = (rows: number[][]) => rows.map((row) => row.map(value[activation]));
    a = position === "after" ? norm(activated(z), l + 1) : activated(norm(z, l + 1));
  }
}

/** SEMANTICS's cost in training mode on all training samples. */
export function float64Cost({ spec, training }: ArmTask, parameters: Parameters): number {
  const { predictions } = float64Pass(spec, training, parameters);
  return mean(predictions.map((prediction, s) => (prediction - (training.y[s] as number)) ** 2));
}
