import { t } from "../../text/language.js";
import { add, at } from "../rows.js";
import type { T } from "../tensorflow.js";
import { batch, momentsOf } from "./batch.js";
import { type ActivationNormalizer, affineOf, affineTensor, movingOf } from "./normalizer.js";

/** Default bounds of r and d. */
export const [RENORM_MAX, RENORM_SHIFT] = [3, 5];

const clip = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/**
 * Batch renormalization: batch normalization, corrected toward the moving averages, so that training mode computes nearly
 * what inference mode will.
 *
 *   training    u = gamma · ((z − μ)/s · r + d) + beta,   s = √(σ² + ε),  s̄ = √(moving variance + ε)
 *               r = clip(s/s̄, 1/renormMax, renormMax),  d = clip((μ − moving mean)/s̄, −renormShift, renormShift)
 *   inference   u = gamma · (z − moving mean)/s̄ + beta
 *
 * Shapes: z, u `[units][samples]`; all else `[units]`. No gradient passes through r and d, which use the moving
 * averages from before this update. Parameters: gamma starts at 1, beta at 0. State: the moving mean, from 0, and variance,
 * from 1; never debiased. With renormMax 1 and renormShift 0 it trains as batch normalization does.
 *
 * Ioffe 2017, algorithm 1.
 */
export const renorm: ActivationNormalizer = {
  acts: "activations",
  label: t`batch renormalization`,
  formula: t`gamma · ((z − μ)/σ · r + d) + beta, r and d toward the moving averages`,
  source: "Ioffe 2017",
  dependsOn: "batch",
  options: ["affine", "position", "ghostBatchSize", "renormMax", "renormShift"],
  parameters: batch.parameters,
  ...(batch.statisticOf && { statisticOf: batch.statisticOf }),
  movingVariance: 1,
  trainsWithAverages: true,
  kernel: 1,

  forward(z, site) {
    if (site.statistics !== "own") return batch.forward(z, site);
    const { units, samples, options } = site;
    const { epsilon, renormMax = RENORM_MAX, renormShift = RENORM_SHIFT } = options;
    const { gamma, beta } = affineOf(site);
    const moments = momentsOf(z, units);
    const moving = movingOf(site);
    const inverse = moments.variance.map((variance) => 1 / Math.sqrt(variance + epsilon));
    const movingDeviation = moving.variance.map((variance) => Math.sqrt(variance + epsilon));
    const r = inverse.map((own, unit) => clip(1 / (own * at(movingDeviation, unit)), 1 / renormMax, renormMax));
    const d = moments.mean.map((mean, unit) =>
      clip((mean - at(moving.mean, unit)) / at(movingDeviation, unit), -renormShift, renormShift),
    );
    const unitOf = (i: number) => Math.floor(i / samples);
    const standardized = z.map((value, i) => (value - at(moments.mean, unitOf(i))) * at(inverse, unitOf(i)));
    const corrected = standardized.map((value, i) => value * at(r, unitOf(i)) + at(d, unitOf(i)));
    const output = corrected.map((value, i) => at(gamma, unitOf(i)) * value + at(beta, unitOf(i)));

    /*
     * r and d are constants: with g = ∂C/∂u, ẑ = (z − μ)/s and û = ẑ r + d, ∂C/∂beta = Σ g, ∂C/∂gamma = Σ g·û, and
     * ∂C/∂z is that of batch normalization with gamma · r in gamma's place:
     *
     *   ∂C/∂z = gamma · r / s · (g − mean(g) − ẑ · mean(g·ẑ))
     */
    const backward = (g: Float64Array) => {
      const [byBeta, byGamma, byScale] = [new Float64Array(units), new Float64Array(units), new Float64Array(units)];
      g.forEach((value, i) => {
        add(byBeta, unitOf(i), value);
        add(byGamma, unitOf(i), value * at(corrected, i));
        add(byScale, unitOf(i), value * at(standardized, i));
      });
      const input = g.map((value, i) => {
        const unit = unitOf(i);
        const mean = at(byBeta, unit) / samples;
        const along = (at(standardized, i) * at(byScale, unit)) / samples;
        return at(gamma, unit) * at(r, unit) * at(inverse, unit) * (value - mean - along);
      });
      return { input, parameters: { gamma: byGamma, beta: byBeta } };
    };
    return { output, moments, backward };
  },

  tfjs(tf, z, site) {
    if (site.statistics !== "own") return batch.tfjs(tf, z, site);
    const { epsilon, renormMax = RENORM_MAX, renormShift = RENORM_SHIFT } = site.options;
    const moments = tf.moments(z, 0);
    const moving = movingOf(site);
    const deviation = tf.sqrt(tf.add(moments.variance, epsilon));
    const movingDeviation = tf.sqrt(tf.add(moving.variance, epsilon));
    const constant = tf.customGrad((x) => {
      if (Array.isArray(x) || typeof x === "function") throw new Error("one tensor is held constant at a time");
      return { value: tf.clone(x), gradFunc: (dy: T) => tf.zerosLike(dy) };
    });
    const r = constant(tf.clipByValue(tf.div(deviation, movingDeviation), 1 / renormMax, renormMax));
    const d = constant(
      tf.clipByValue(tf.div(tf.sub(moments.mean, moving.mean), movingDeviation), -renormShift, renormShift),
    );
    const corrected = tf.add(tf.mul(tf.div(tf.sub(z, moments.mean), deviation), r), d);
    return { output: affineTensor(tf, corrected, site.parameter), moments };
  },
};
