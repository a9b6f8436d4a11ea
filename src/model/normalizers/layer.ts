import { t } from "../../text/language.js";
import { add, at } from "../rows.js";
import type { T, TF } from "../tensorflow.js";
import { type ActivationNormalizer, affineOf, affineTensor, type NormalizerPass, type Site } from "./normalizer.js";

/**
 * Layer normalization: every sample is standardized over its own units, so neither the batch nor the mode matters.
 *
 *   u = gamma · (z − μ)/√(σ² + ε) + beta,   μ and σ² of one sample's units
 *
 * Shapes: z, u `[units][samples]`; μ, σ² `[samples]`; gamma, beta `[units]`. Training and inference are the same.
 * Parameters: gamma starts at 1, beta at 0, each per unit. No state. A layer of one unit is constant: its variance is 0,
 * and u is beta.
 *
 * Ba, Kiros & Hinton 2016, equations 3 and 4.
 */
export const layer: ActivationNormalizer = {
  acts: "activations",
  label: t`layer normalization`,
  formula: t`gamma · (z − μ)/√(σ² + ε) + beta, statistics of a sample over its units`,
  source: "Ba, Kiros & Hinton 2016",
  dependsOn: "sample",
  options: ["affine", "position"],
  parameters: [
    { name: "gamma", per: "unit", start: 1, affine: true },
    { name: "beta", per: "unit", start: 0, affine: true },
  ],
  statisticOf: ({ sample }) => sample,
  kernel: 2,
  forward: (z, site) => normalizeSamples(z, site, 1),
  tfjs: (tf, z, site) => ({ output: affineTensor(tf, standardizedSamples(tf, z, site, 1), site.parameter) }),
};

/** The forward pass over `groups` equal groups of a sample's units, each with its own statistics. */
export function normalizeSamples(z: Float64Array, site: Site, groups: number): NormalizerPass {
  const { units, samples } = site;
  const { gamma, beta } = affineOf(site);
  const size = units / groups;
  const unitOf = (i: number) => Math.floor(i / samples);
  /** The index of entry i's statistics in `[groups][samples]`. */
  const groupOf = (i: number) => Math.floor(unitOf(i) / size) * samples + (i % samples);
  const meansOf = (values: Float64Array) => {
    const means = new Float64Array(groups * samples);
    values.forEach((value, i) => {
      add(means, groupOf(i), value / size);
    });
    return means;
  };
  const mean = meansOf(z);
  const centered = z.map((value, i) => value - at(mean, groupOf(i)));
  const inverse = meansOf(centered.map((value) => value * value)).map(
    (variance) => 1 / Math.sqrt(variance + site.options.epsilon),
  );
  const normalized = centered.map((value, i) => value * at(inverse, groupOf(i)));
  const output = normalized.map((value, i) => at(gamma, unitOf(i)) * value + at(beta, unitOf(i)));

  /*
   * As in batch normalization with the roles of units and samples exchanged, but gamma differs within what shares a
   * statistic, so it goes into the means: with g = ∂C/∂u and h = gamma · g = ∂C/∂ẑ, over the units of a sample's group,
   *
   *   ∂C/∂z = (h − mean(h) − ẑ · mean(h·ẑ)) / √(σ² + ε)
   *
   * and per unit, over the samples, ∂C/∂beta = Σ g, ∂C/∂gamma = Σ g·ẑ.
   */
  const backward = (g: Float64Array) => {
    const [byBeta, byGamma] = [new Float64Array(units), new Float64Array(units)];
    g.forEach((value, i) => {
      add(byBeta, unitOf(i), value);
      add(byGamma, unitOf(i), value * at(normalized, i));
    });
    const h = g.map((value, i) => at(gamma, unitOf(i)) * value);
    const [meanH, meanHz] = [meansOf(h), meansOf(h.map((value, i) => value * at(normalized, i)))];
    const input = h.map(
      (value, i) =>
        at(inverse, groupOf(i)) * (value - at(meanH, groupOf(i)) - at(normalized, i) * at(meanHz, groupOf(i))),
    );
    return { input, parameters: { gamma: byGamma, beta: byBeta } };
  };
  return { output, backward };
}

/** (z − μ)/√(σ² + ε) of z `[samples, units]`, over `groups` equal groups of units. */
export function standardizedSamples(
  tf: TF,
  z: T,
  { units, options }: { readonly units: number; readonly options: { readonly epsilon: number } },
  groups: number,
): T {
  const grouped = tf.reshape(z, [-1, groups, units / groups]);
  const { mean, variance } = tf.moments(grouped, 2, true);
  const standardized = tf.div(tf.sub(grouped, mean), tf.sqrt(tf.add(variance, options.epsilon)));
  return tf.reshape(standardized, [-1, units]);
}
