import { t } from "../../text/language.js";
import { at, sum } from "../rows.js";
import type { Scalar } from "../tensorflow.js";
import type { Loss } from "./loss.js";

/** Target of entry i of `[units][samples]`; targets are row-major, `[samples][units]`. */
const targetOf = (targets: Float32Array, samples: number, i: number) =>
  at(targets, (i % samples) * (targets.length / samples) + Math.floor(i / samples));

/**
 * Mean squared error: C = 1/N Σ_s Σ_j (ŷ_js − y_js)², the mean over samples, summed over outputs;
 * ∂C/∂ŷ = 2/N (ŷ − y). Targets `[samples][units]`. Reference: the cost of predicting the training targets' mean.
 */
export const mse: Loss = {
  label: t`mean squared error`,
  formula: t`mean over samples of Σ (ŷ − y)²`,
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
  ofConstant({ training, evaluation }, outputs) {
    const column = (targets: Float32Array, unit: number) =>
      Float64Array.from({ length: targets.length / outputs }, (_, s) => at(targets, s * outputs + unit));
    let total = 0;
    for (let unit = 0; unit < outputs; unit++) {
      const [seen, measured] = [column(training, unit), column(evaluation, unit)];
      const mean = sum(seen) / seen.length;
      total += sum(measured.map((value) => (value - mean) * (value - mean))) / measured.length;
    }
    return total;
  },
};
