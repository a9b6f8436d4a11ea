import { t } from "../text/language.js";
import type { T, TF } from "./tensorflow.js";

/**
 * An activation function f, elementwise. To add one, add an entry to `activations` below: the configuration, both
 * engines, the histograms' bins and the gradient tests take it from there.
 */
export interface Activation {
  /** As printed in the help and the documents. */
  readonly formula: string;
  /** Where the values of f lie; its histogram's range, cut to [−8, 8]. */
  readonly range: readonly [number, number];
  /** f(z), float64. */
  readonly value: (z: number) => number;
  /** f′(z), float64; where f has a corner, the side TensorFlow takes. */
  readonly derivative: (z: number) => number;
  /** Pre-activations outside these saturate f: it hardly answers there any more. Absent where f has no such region. */
  readonly saturatedBeyond?: readonly [number, number];
  /** f is 0 with derivative 0 for every z ≤ 0, so a unit that never is above 0 cannot learn. */
  readonly silentBelowZero?: true;
  /** f(z) as differentiable TensorFlow.js operations. */
  readonly tfjs: (tf: TF, z: T) => T;
}

/** artanh 0.97: beyond it |tanh| > 0.97. */
const TANH_SATURATION = 2.092295720034939;
/** ln(0.97/0.03): beyond it the sigmoid is outside 0.03–0.97. */
const SIGMOID_SATURATION = 3.4760986898352733;
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
const LEAKY_SLOPE = 0.2;
const SQRT_2_OVER_PI = 0.7978845608028654;
const GELU_CUBIC = 0.044715;

const sigmoid = (z: number): number => {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
};

const geluInner = (z: number): number => SQRT_2_OVER_PI * (z + GELU_CUBIC * z ** 3);

export const activations = {
  relu: {
    formula: "max(z, 0)",
    range: [0, Infinity],
    value: (z) => Math.max(z, 0),
    derivative: (z) => (z > 0 ? 1 : 0),
    silentBelowZero: true,
    tfjs: (tf, z) => tf.relu(z),
  },
  "leaky-relu": {
    formula: t`z for z > 0, else 0.2 z (TensorFlow's slope)`,
    range: [-Infinity, Infinity],
    value: (z) => (z > 0 ? z : LEAKY_SLOPE * z),
    derivative: (z) => (z > 0 ? 1 : LEAKY_SLOPE),
    tfjs: (tf, z) => tf.leakyRelu(z, LEAKY_SLOPE),
  },
  elu: {
    formula: t`z for z ≥ 0, else exp(z) − 1 (Clevert et al. 2016, α = 1)`,
    range: [-1, Infinity],
    value: (z) => (z >= 0 ? z : Math.expm1(z)),
    derivative: (z) => (z >= 0 ? 1 : Math.exp(z)),
    tfjs: (tf, z) => tf.elu(z),
  },
  selu: {
    formula: t`1.0507 · (z for z > 0, else 1.6733 (exp(z) − 1)) (Klambauer et al. 2017)`,
    range: [-SELU_SCALE * SELU_ALPHA, Infinity],
    value: (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
    derivative: (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z)),
    tfjs: (tf, z) => tf.selu(z),
  },
  gelu: {
    formula: t`z/2 · (1 + tanh(√(2/π) (z + 0.044715 z³))), the tanh form (Hendrycks & Gimpel 2016)`,
    range: [-0.170041, Infinity],
    value: (z) => 0.5 * z * (1 + Math.tanh(geluInner(z))),
    derivative: (z) => {
      const t = Math.tanh(geluInner(z));
      return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * z * z);
    },
    tfjs: (tf, z) => {
      const inner = tf.mul(tf.add(z, tf.mul(tf.mul(tf.mul(z, z), z), GELU_CUBIC)), SQRT_2_OVER_PI);
      return tf.mul(tf.mul(z, 0.5), tf.add(tf.tanh(inner), 1));
    },
  },
  silu: {
    formula: t`z · sigmoid(z), also called swish (Elfwing et al. 2018)`,
    range: [-0.278465, Infinity],
    value: (z) => z * sigmoid(z),
    derivative: (z) => sigmoid(z) * (1 + z * (1 - sigmoid(z))),
    tfjs: (tf, z) => tf.mul(z, tf.sigmoid(z)),
  },
  softplus: {
    formula: "log(1 + exp(z))",
    range: [0, Infinity],
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    derivative: sigmoid,
    tfjs: (tf, z) => tf.softplus(z),
  },
  tanh: {
    formula: "tanh(z)",
    range: [-1, 1],
    value: Math.tanh,
    derivative: (z) => 1 - Math.tanh(z) ** 2,
    saturatedBeyond: [-TANH_SATURATION, TANH_SATURATION],
    tfjs: (tf, z) => tf.tanh(z),
  },
  sigmoid: {
    formula: "1 / (1 + exp(−z))",
    range: [0, 1],
    value: sigmoid,
    derivative: (z) => sigmoid(z) * (1 - sigmoid(z)),
    saturatedBeyond: [-SIGMOID_SATURATION, SIGMOID_SATURATION],
    tfjs: (tf, z) => tf.sigmoid(z),
  },
  identity: {
    formula: "z",
    range: [-Infinity, Infinity],
    value: (z) => z,
    derivative: () => 1,
    tfjs: (_tf, z) => z,
  },
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;

/** Just above 0: every z ≤ 0 lies outside. */
const ABOVE_ZERO = Number.MIN_VALUE;

/** The pre-activations at which the activation is not flat: outside of them no gradient to speak of passes. */
export function steepRegion(name: ActivationName): readonly [low: number, high: number] | undefined {
  const { saturatedBeyond, silentBelowZero }: Activation = activations[name];
  return saturatedBeyond ?? (silentBelowZero ? [ABOVE_ZERO, Number.POSITIVE_INFINITY] : undefined);
}
