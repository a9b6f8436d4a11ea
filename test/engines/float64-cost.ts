import type { ArmTask } from "../../src/engines/engine.js";
import type { ActivationName } from "../../src/model/activations.js";

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

/** gamma (z − μ)/√(σ² + ε) + beta over the row of one feature. */
function normalizeRow(z: number[], gamma: number, beta: number, epsilon: number): number[] {
  const centre = mean(z);
  const variance = mean(z.map((v) => (v - centre) ** 2));
  return z.map((v) => (gamma * (v - centre)) / Math.sqrt(variance + epsilon) + beta);
}

/** SEMANTICS's cost in training mode on all training samples: written for reading, in float64, feature-major. */
export function float64Cost({ spec, training }: ArmTask, parameters: Parameters): number {
  const values = (name: string) => parameters.get(name) as Float64Array;
  const norm = (rows: number[][], index: number) =>
    spec.normalization === undefined
      ? rows
      : rows.map((row, f) =>
          normalizeRow(
            row,
            values(`norms.${index}.gamma`)[f] as number,
            values(`norms.${index}.beta`)[f] as number,
            0.001,
          ),
        );
  const inputs = spec.sizes[0] as number;
  const columns = Array.from({ length: training.samples }, (_, s) => s);
  let a = Array.from({ length: inputs }, (_, i) => columns.map((s) => training.x[s * inputs + i] as number));
  a = norm(a, 0);
  const depth = spec.sizes.length - 1;
  for (let l = 0; l < depth; l++) {
    const units = spec.sizes[l + 1] as number;
    const kernel = values(`layers.${l}.kernel`);
    const bias = values(`layers.${l}.bias`);
    const z = Array.from({ length: units }, (_, j) =>
      columns.map((s) =>
        a.reduce((sum, row, i) => sum + (row[s] as number) * (kernel[i * units + j] as number), bias[j] as number),
      ),
    );
    if (l + 1 === depth)
      return mean((z[0] as number[]).map((prediction, s) => (prediction - (training.y[s] as number)) ** 2));
    a = norm(z, l + 1).map((row) => row.map(value[spec.activation]));
  }
  throw new Error("a network has at least one layer");
}
