import { at } from "../rows.js";
import type { Optimizer } from "./optimizer.js";

export const [BETA1, BETA2] = [0.9, 0.999];
/** As in PyTorch. Keras adds its 1e-7 before the correction of v̂. */
const EPSILON = 1e-8;

/**
 * Adam: steps of about η, whatever the gradient's size.
 *
 *   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   m̂ = m/(1 − β₁ᵗ),   v̂ = v/(1 − β₂ᵗ)
 *   w ← w − η · m̂/(√v̂ + 1e-8)
 *
 * State: m (`momentum`) and v (`velocity`, Keras's name), shaped as w, from 0; t counts updates from 1.
 *
 * Kingma & Ba 2015, algorithm 1.
 */
export const adam: Optimizer = {
  label: "Adam",
  formula: "w − η · m̂/(√v̂ + 1e-8)",
  source: "Kingma & Ba 2015",
  options: ["beta1", "beta2"],
  slots: ["momentum", "velocity"],
  kernel: 2,

  step(w, gradient, [m = new Float64Array(w.length), v = new Float64Array(w.length)], options) {
    const { learningRate, t, beta1 = BETA1, beta2 = BETA2 } = options;
    const first = m.map((old, i) => beta1 * old + (1 - beta1) * at(gradient, i));
    const second = v.map((old, i) => beta2 * old + (1 - beta2) * at(gradient, i) ** 2);
    const [ofFirst, ofSecond] = [1 - beta1 ** t, 1 - beta2 ** t];
    const value = w.map(
      (old, i) => old - (learningRate * at(first, i)) / ofFirst / (Math.sqrt(at(second, i) / ofSecond) + EPSILON),
    );
    return { value, slots: [first, second] };
  },

  tfjs(tf, w, gradient, [m = tf.zerosLike(w), v = tf.zerosLike(w)], options) {
    const { learningRate, t, beta1 = BETA1, beta2 = BETA2 } = options;
    const first = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
    const second = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const root = tf.sqrt(tf.div(second, 1 - beta2 ** t));
    const step = tf.div(tf.mul(first, learningRate / (1 - beta1 ** t)), tf.add(root, EPSILON));
    return { value: tf.sub(w, step), slots: [first, second] };
  },
};
