import { t } from "../../text/language.js";
import { normalizeSamples, standardizedSamples } from "./layer.js";
import { type ActivationNormalizer, affineTensor, type NormalizerOptions } from "./normalizer.js";

const groupsOf = ({ groups = 1 }: Pick<NormalizerOptions, "groups">) => groups;

/**
 * Group normalization: a sample's units form `groups` groups of equal size, of consecutive units; each group is
 * standardized by its own statistics.
 *
 *   u = gamma · (z − μ)/√(σ² + ε) + beta,   μ and σ² of one group of one sample's units
 *
 * Shapes: z, u `[units][samples]`; μ, σ² `[groups][samples]`; gamma, beta `[units]`. Training and inference are the same.
 * Parameters: gamma starts at 1, beta at 0, each per unit. No state. One group is layer normalization. Every normalized
 * layer must have a multiple of `groups` units.
 *
 * Wu & He 2018, equations 1, 2 and 7.
 */
export const group: ActivationNormalizer = {
  acts: "activations",
  label: t`group normalization`,
  formula: t`gamma · (z − μ)/√(σ² + ε) + beta, statistics of a sample over each group of its units`,
  source: "Wu & He 2018",
  dependsOn: "sample",
  options: ["affine", "position", "groups"],
  parameters: [
    { name: "gamma", per: "unit", start: 1, affine: true },
    { name: "beta", per: "unit", start: 0, affine: true },
  ],
  statisticOf: ({ unit, sample, units, options }) =>
    sample * groupsOf(options) + Math.floor((unit * groupsOf(options)) / units),
  kernel: 3,
  fault: (units, options) =>
    units % groupsOf(options) === 0
      ? undefined
      : t`${groupsOf(options)} groups of equal size need a multiple of ${groupsOf(options)} units; a layer has ${units}`,
  forward: (z, site) => normalizeSamples(z, site, groupsOf(site.options)),
  tfjs: (tf, z, site) => ({
    output: affineTensor(tf, standardizedSamples(tf, z, site, groupsOf(site.options)), site.parameter),
  }),
};
