import { naturalLogarithm } from "../../data/logarithm.js";
import { t } from "../../text/language.js";
import { at } from "../rows.js";
import type { Scalar } from "../tensorflow.js";
import type { Loss } from "./loss.js";

/**
 * Cross-entropy of a softmax: C = 1/N Σ_s −ln p_label, p_j = e^{o_j} / Σ_k e^{o_k}, over K outputs o of a sample;
 * ∂C/∂o_j = (p_j − [j = label])/N. Targets are labels 0 … K − 1, one a sample. References: ln K, what equal shares of all
 * classes cost, and the entropy of the classes' shares on the points measured, what predicting those costs.
 *
 * −ln p_label = (M − o_label) + ln(1 + Σ e^{o_k − M}) with the largest output M and the sum over the others: nothing
 * overflows, and a small cost keeps its digits.
 */
export const crossEntropy: Loss = {
  label: t`cross-entropy`,
  formula: t`mean over samples of −ln softmax(output)[label]`,
  source: "Bridle 1990",
  classes: true,
  kernel: 1,

  value(outputs, targets, samples) {
    let total = 0;
    for (let s = 0; s < samples; s++) {
      const { logits, largest, others } = softmaxOf(outputs, samples, s);
      total += at(logits, largest) - at(logits, at(targets, s)) + Math.log1p(others);
    }
    return total / samples;
  },

  gradient(outputs, targets, samples) {
    const gradient = new Float64Array(outputs.length);
    for (let s = 0; s < samples; s++) {
      const { logits, largest, others } = softmaxOf(outputs, samples, s);
      logits.forEach((logit, j) => {
        const share = Math.exp(logit - at(logits, largest)) / (1 + others);
        gradient[j * samples + s] = (share - (j === at(targets, s) ? 1 : 0)) / samples;
      });
    }
    return gradient;
  },

  tfjs(tf, outputs, targets) {
    const labels = tf.oneHot(tf.cast(targets, "int32"), outputs.shape[1] ?? 0);
    return tf.mean<Scalar>(tf.sub(tf.logSumExp(outputs, 1), tf.sum(tf.mul(outputs, labels), 1)));
  },

  ofConstant({ evaluation }, outputs) {
    const counts = new Float64Array(outputs);
    for (const label of evaluation) counts[label] = at(counts, label) + 1;
    const shares = counts.filter((count) => count > 0).map((count) => count / evaluation.length);
    return shares.reduce((total, share) => total - share * naturalLogarithm(share), 0);
  },
  chance: naturalLogarithm,
};

/** Outputs `[classes]` of sample s, the place of the first largest, and Σ e^{o − M} of all others. */
function softmaxOf(outputs: Float64Array, samples: number, s: number) {
  const logits = Float64Array.from({ length: outputs.length / samples }, (_, j) => at(outputs, j * samples + s));
  const largest = largestOf(logits);
  const others = logits.reduce(
    (total, logit, j) => total + (j === largest ? 0 : Math.exp(logit - at(logits, largest))),
    0,
  );
  return { logits, largest, others };
}

/** The place of the largest value; of equal ones, the first. */
function largestOf(values: Float64Array): number {
  let place = 0;
  values.forEach((value, i) => {
    if (value > at(values, place)) place = i;
  });
  return place;
}

/** The share of samples whose largest output is that of their label; ties go to the lower one. */
export function accuracyOf(outputs: Float64Array, labels: Float32Array, samples: number): number {
  let correct = 0;
  for (let s = 0; s < samples; s++) {
    const logits = Float64Array.from({ length: outputs.length / samples }, (_, j) => at(outputs, j * samples + s));
    if (largestOf(logits) === at(labels, s)) correct += 1;
  }
  return correct / samples;
}
