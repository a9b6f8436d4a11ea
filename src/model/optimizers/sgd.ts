import { at } from "../rows.js";
import type { Optimizer } from "./optimizer.js";

/**
 * Stochastic gradient descent: w ← w − η · g, with the learning rate η and the gradient g of the batch. No state.
 *
 * Robbins & Monro 1951.
 */
export const sgd: Optimizer = {
  label: "SGD",
  formula: "w − η · g",
  source: "Robbins & Monro 1951",
  options: [],
  slots: [],
  kernel: 0,
  step: (w, gradient, _slots, { learningRate }) => ({
    value: w.map((old, i) => old - learningRate * at(gradient, i)),
    slots: [],
  }),
  tfjs: (tf, w, gradient, _slots, { learningRate }) => ({
    value: tf.sub(w, tf.mul(gradient, learningRate)),
    slots: [],
  }),
};
