import { t } from "../../text/language.js";
import { add, at } from "../rows.js";
import type { Tensor } from "../tensors.js";
import type { KernelNormalizer } from "./normalizer.js";

/**
 * Weight normalization: the norm and the direction of the weights into a unit are trained separately; activations are not
 * normalized.
 *
 *   W = gain · V/‖V‖,   ‖V‖ the Euclidean norm of the column of V that leads into the unit
 *
 * Shapes: V, W `[in][out]`; gain `[out]`. Training and inference are the same. Parameters: V, the layer's `kernel`, and
 * gain, which starts at ‖V‖, so that the network starts equal to the plain one. For every layer, the last only with
 * `normalizeOutput`. No state. A unit whose weights are all 0 has no direction: its W is NaN.
 *
 * Salimans & Kingma 2016, equations 2 and 3.
 */
export const weight: KernelNormalizer = {
  acts: "kernels",
  label: t`weight normalization`,
  formula: t`the kernel is gain · V/‖V‖ per unit`,
  source: "Salimans & Kingma 2016",
  options: [],
  parameters: [{ name: "gain", per: "unit", start: lengthsOf }],
  kernel: 6,

  forward(kernel, units, parameter) {
    const lengths = squaresOf(kernel, units).map(Math.sqrt);
    const gain = parameter("gain") ?? lengths;
    const output = kernel.map((value, i) => (at(gain, i % units) * value) / at(lengths, i % units));

    /*
     * With G = ∂C/∂W and the direction v = V/‖V‖: ∂C/∂gain = Σ G v, and since ∂v/∂V = (1 − v vᵀ)/‖V‖,
     *
     *   ∂C/∂V = gain/‖V‖ · (G − v · ∂C/∂gain)                       (equation 3; orthogonal to V)
     */
    const backward = (g: Float64Array) => {
      const direction = kernel.map((value, i) => value / at(lengths, i % units));
      const byGain = new Float64Array(units);
      g.forEach((value, i) => {
        add(byGain, i % units, value * at(direction, i));
      });
      const input = g.map((value, i) => {
        const unit = i % units;
        return (at(gain, unit) / at(lengths, unit)) * (value - at(direction, i) * at(byGain, unit));
      });
      return { input, parameters: { gain: byGain } };
    };
    return { output, backward };
  },

  tfjs(tf, kernel, parameter) {
    const length = tf.sqrt(tf.sum(tf.square(kernel), 0));
    return tf.div(tf.mul(parameter("gain") ?? length, kernel), length);
  },
};

/** Σ V² of the weights into each unit. */
function squaresOf(kernel: ArrayLike<number>, units: number): Float64Array {
  const squares = new Float64Array(units);
  for (let i = 0; i < kernel.length; i++) add(squares, i % units, at(kernel, i) ** 2);
  return squares;
}

/** ‖V‖ per unit, rounded to float32. */
function lengthsOf({ shape, data }: Tensor): Float32Array {
  return Float32Array.from(squaresOf(data, at(shape, shape.length - 1)), Math.sqrt);
}
