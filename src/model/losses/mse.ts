import { at, sum } from "../rows.js";
import type { Scalar } from "../tensorflow.js";
import type { Loss } from "./loss.js";

/** Target of entry i of `[units][samples]`; targets are row-major, `[samples][units]`. */
const targetOf = (targets: Float32Array, samples: number, i: number) =>
  at(targets, (i % samples) * (targets.length / samples) + Math.floor(i / samples));

/**
 * Mean squared error: C = 1/N Σ_s Σ_j (ŷ_js − y_js)², the mean over samples, summed over outputs;
 * ∂C/∂ŷ = 2/N (ŷ − y). Targets `[samples][units]`. Reference: the cost of predicting the targets' mean, their variance.
 */
export const mse: Loss = {
  label: "mean squared error",
  formula: "mean over samples of Σ (ŷ − y)²",
  source: "Gauss 1809",
  classes: false,
  kernel: 0,
  value(outputs, targets, samples) {
    let total = 0;
    outputs.forEach((output, i) => {
      total += (output - targetOf(targets, samples, i)) ** 2;
    });
    return total / samples;
  },
  gradient: (outputs, targets, samples) =>
    outputs.map((output, i) => (2 / samples) * (output - targetOf(targets, samples, i))),
  tfjs: (tf, outputs, targets) => tf.mean<Scalar>(tf.sum(tf.square(tf.sub(outputs, targets)), 1)),
  references(targets, outputs) {
    const samples = targets.length / outputs;
    const variances = Array.from({ length: outputs }, (_, unit) => {
      const values = Float64Array.from({ length: samples }, (_value, s) => at(targets, s * outputs + unit));
      const mean = sum(values) / samples;
      return sum(values.map((value) => (value - mean) ** 2)) / samples;
    });
    return [{ name: "predicting the mean", cost: variances.reduce((total, variance) => total + variance, 0) }];
  },
};
