import { t } from "../../text/language.js";
import { add, at } from "../rows.js";
import { type ActivationNormalizer, affineOf, affineTensor } from "./normalizer.js";

/**
 * Root mean square normalization: layer normalization without the mean and without beta.
 *
 *   u = gamma · z/√(m + ε),   m = mean of z² over one sample's units
 *
 * Shapes: z, u `[units][samples]`; m `[samples]`; gamma `[units]`. Training and inference are the same. Parameter: gamma,
 * which starts at 1. No state.
 *
 * Zhang & Sennrich 2019, equation 4.
 */
export const rms: ActivationNormalizer = {
  acts: "activations",
  label: t`RMS normalization`,
  formula: t`gamma · z/√(mean z² + ε), over a sample's units`,
  source: "Zhang & Sennrich 2019",
  dependsOn: "sample",
  options: ["affine", "position"],
  parameters: [{ name: "gamma", per: "unit", start: 1, affine: true }],
  statisticOf: ({ sample }) => sample,
  kernel: 4,

  forward(z, site) {
    const { units, samples, options } = site;
    const { gamma } = affineOf(site);
    const unitOf = (i: number) => Math.floor(i / samples);
    const meansOf = (values: Float64Array) => {
      const means = new Float64Array(samples);
      values.forEach((value, i) => {
        add(means, i % samples, value / units);
      });
      return means;
    };
    const inverse = meansOf(z.map((value) => value * value)).map((square) => 1 / Math.sqrt(square + options.epsilon));
    const normalized = z.map((value, i) => value * at(inverse, i % samples));
    const output = normalized.map((value, i) => at(gamma, unitOf(i)) * value);

    /*
     * i = 1/√(m + ε), ∂m/∂z_j = 2 z_j/U of U units, so ∂i/∂z_j = −i³ z_j/U. With h = gamma · ∂C/∂u:
     *
     *   ∂C/∂z_j = i h_j − i³ z_j Σ h·z / U = i (h_j − ẑ_j · mean(h·ẑ)),   ∂C/∂gamma = Σ ∂C/∂u · ẑ over the samples
     */
    const backward = (g: Float64Array) => {
      const byGamma = new Float64Array(units);
      g.forEach((value, i) => {
        add(byGamma, unitOf(i), value * at(normalized, i));
      });
      const h = g.map((value, i) => at(gamma, unitOf(i)) * value);
      const meanHz = meansOf(h.map((value, i) => value * at(normalized, i)));
      const input = h.map(
        (value, i) => at(inverse, i % samples) * (value - at(normalized, i) * at(meanHz, i % samples)),
      );
      return { input, parameters: { gamma: byGamma } };
    };
    return { output, backward };
  },

  tfjs(tf, z, { options, parameter }) {
    const square = tf.mean(tf.square(z), 1, true);
    return { output: affineTensor(tf, tf.div(z, tf.sqrt(tf.add(square, options.epsilon))), parameter) };
  },
};
