import { t } from "../../text/language.js";
import { add, at, sum } from "../rows.js";
import { type ActivationNormalizer, affineOf, affineTensor, movingOf, type Transform } from "./normalizer.js";

/**
 * Batch normalization: every feature is standardized over the samples of the batch.
 *
 *   training    u = gamma · (z − μ)/√(σ² + ε) + beta,   μ = mean of z, σ² = mean of (z − μ)²  over the batch, per feature
 *   inference   the same with the moving averages instead of μ and σ²
 *
 * Shapes: z, u `[units][samples]`; μ, σ², gamma, beta `[units]`. Parameters: gamma starts at 1, beta at 0. State: moving
 * mean and variance, from 0. From update `frozenFrom` on, training also uses the moving averages, which are then constants
 * for the gradient and no longer updated. `transform` leaves out the division (`center`) or the subtraction (`scale`, with
 * m, the mean of z², instead of the variance). A batch of one sample has variance 0, and u is beta.
 *
 * Ioffe & Szegedy 2015, algorithms 1 and 2.
 */
export const batch: ActivationNormalizer = {
  acts: "activations",
  label: t`batch normalization`,
  formula: t`gamma · (z − μ)/√(σ² + ε) + beta, statistics of a unit over the batch`,
  source: "Ioffe & Szegedy 2015",
  dependsOn: "batch",
  options: ["transform", "affine", "position", "ghostBatchSize", "debias", "frozenFrom", "axes"],
  parameters: [
    { name: "gamma", per: "unit", start: 1, affine: true },
    { name: "beta", per: "unit", start: 0, affine: true },
  ],
  statisticOf: ({ unit }) => unit,
  movingVariance: 0,
  kernel: 0,

  forward(z, site) {
    const { units, samples, options, statistics } = site;
    const { transform = "standardize", epsilon } = options;
    const { gamma, beta } = affineOf(site);
    const moments = momentsOf(z, units, transform);
    const used = statistics === "moving" ? movingOf(site) : moments;
    const center = used.mean.map((mean) => (transform === "scale" ? 0 : mean));
    const inverse = used.variance.map((variance) => (transform === "center" ? 1 : 1 / Math.sqrt(variance + epsilon)));
    const unitOf = (i: number) => Math.floor(i / samples);
    const normalized = z.map((value, i) => (value - at(center, unitOf(i))) * at(inverse, unitOf(i)));
    const output = normalized.map((value, i) => at(gamma, unitOf(i)) * value + at(beta, unitOf(i)));

    /*
     * With g = ∂C/∂u, per unit: ∂C/∂beta = Σ g, ∂C/∂gamma = Σ g·ẑ. ∂C/∂z of the N samples that share their statistics,
     * i = 1/√(σ² + ε) or 1/√(m + ε):
     *
     *   standardize  ẑ = (z − μ) i   ∂C/∂z = gamma · i · (g − mean(g) − ẑ · mean(g·ẑ))  (section 3, the chain rule
     *                                through μ and σ² collected)
     *   center       ẑ = z − μ       ∂ẑ_t/∂z_s = [s = t] − 1/N, so ∂C/∂z = gamma · (g − mean(g))
     *   scale        ẑ = z · i       ∂m/∂z_s = 2 z_s/N, ∂i/∂z_s = −i³ z_s/N, so
     *                                ∂C/∂z_s = gamma · (i g_s − i³ z_s Σ g·z / N) = gamma · i · (g − ẑ · mean(g·ẑ))
     *
     * One formula, then: mean(g) is there where a mean is subtracted, ẑ · mean(g·ẑ) where something is divided by; with
     * the moving averages, which do not depend on z, neither is.
     */
    const backward = (g: Float64Array) => {
      const [byBeta, byGamma] = [new Float64Array(units), new Float64Array(units)];
      g.forEach((value, i) => {
        add(byBeta, unitOf(i), value);
        add(byGamma, unitOf(i), value * at(normalized, i));
      });
      const own = statistics !== "moving";
      const meanG = byBeta.map((total) => (own && transform !== "scale" ? total / samples : 0));
      const meanGz = byGamma.map((total) => (own && transform !== "center" ? total / samples : 0));
      const input = g.map((value, i) => {
        const unit = unitOf(i);
        return at(gamma, unit) * at(inverse, unit) * (value - at(meanG, unit) - at(normalized, i) * at(meanGz, unit));
      });
      return { input, parameters: { gamma: byGamma, beta: byBeta } };
    };
    return { output, moments, backward };
  },

  tfjs(tf, z, site) {
    const { transform = "standardize", epsilon } = site.options;
    const moments =
      transform === "scale" ? { mean: tf.mean(z, 0), variance: tf.mean(tf.square(z), 0) } : tf.moments(z, 0);
    const { mean, variance } = site.statistics === "moving" ? movingOf(site) : moments;
    const centered = transform === "scale" ? z : tf.sub(z, mean);
    const normalized = transform === "center" ? centered : tf.div(centered, tf.sqrt(tf.add(variance, epsilon)));
    return { output: affineTensor(tf, normalized, site.parameter), moments };
  },
};

/** Mean and biased variance of each unit's values, in two passes; with `scale` the mean of their squares. */
export function momentsOf(z: Float64Array, units: number, transform: Transform = "standardize") {
  const samples = z.length / units;
  const moments = { mean: new Float64Array(units), variance: new Float64Array(units) };
  for (let unit = 0; unit < units; unit++) {
    const row = z.subarray(unit * samples, (unit + 1) * samples);
    const mean = sum(row) / samples;
    const center = transform === "scale" ? 0 : mean;
    moments.mean[unit] = mean;
    moments.variance[unit] = sum(row.map((value) => (value - center) ** 2)) / samples;
  }
  return moments;
}
