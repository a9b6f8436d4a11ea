import { t } from "../../text/language.js";
import { add, at } from "../rows.js";
import { type ActivationNormalizer, affineOf, affineTensor } from "./normalizer.js";

/** alpha before the first update. */
const ALPHA = 0.5;

/**
 * Dynamic tanh: no statistics; a trained slope replaces the standard deviation.
 *
 *   u = gamma · tanh(alpha · z) + beta,   one alpha for the layer
 *
 * Shapes: z, u `[units][samples]`; gamma, beta `[units]`; alpha `[1]`. Training and inference are the same. Parameters:
 * alpha starts at 0.5, gamma at 1, beta at 0; `affine: false` leaves alpha. No state.
 *
 * Zhu et al. 2025, equation 1.
 */
export const dyt: ActivationNormalizer = {
  acts: "activations",
  label: t`dynamic tanh`,
  formula: t`gamma · tanh(alpha · z) + beta, one alpha a layer`,
  source: "Zhu et al. 2025",
  dependsOn: "nothing",
  options: ["affine", "position"],
  parameters: [
    { name: "alpha", per: "layer", start: ALPHA },
    { name: "gamma", per: "unit", start: 1, affine: true },
    { name: "beta", per: "unit", start: 0, affine: true },
  ],
  kernel: 5,

  forward(z, site) {
    const { units, samples, parameter } = site;
    const { gamma, beta } = affineOf(site);
    const alpha = at(parameter("alpha") ?? [ALPHA], 0);
    const unitOf = (i: number) => Math.floor(i / samples);
    const squashed = z.map((value) => Math.tanh(alpha * value));
    const output = squashed.map((value, i) => at(gamma, unitOf(i)) * value + at(beta, unitOf(i)));

    /*
     * With g = ∂C/∂u, t = tanh(alpha z) and k = g · gamma · (1 − t²) = ∂C/∂(alpha z):
     *
     *   ∂C/∂z = alpha k,   ∂C/∂alpha = Σ k z over units and samples,   ∂C/∂gamma = Σ g t,   ∂C/∂beta = Σ g
     */
    const backward = (g: Float64Array) => {
      const [byBeta, byGamma, byAlpha] = [new Float64Array(units), new Float64Array(units), new Float64Array(1)];
      const input = g.map((value, i) => {
        const t = at(squashed, i);
        const k = value * at(gamma, unitOf(i)) * (1 - t * t);
        add(byBeta, unitOf(i), value);
        add(byGamma, unitOf(i), value * t);
        add(byAlpha, 0, k * at(z, i));
        return alpha * k;
      });
      return { input, parameters: { alpha: byAlpha, gamma: byGamma, beta: byBeta } };
    };
    return { output, backward };
  },

  tfjs(tf, z, { parameter }) {
    return { output: affineTensor(tf, tf.tanh(tf.mul(parameter("alpha") ?? ALPHA, z)), parameter) };
  },
};
