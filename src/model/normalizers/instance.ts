import { t } from "../../text/language.js";
import { normalizeSamples, standardizedSamples } from "./layer.js";
import { type ActivationNormalizer, affineTensor } from "./normalizer.js";

/** Each channel is its own group: the pixels of one channel of one sample share a statistic. */
const channelsOf = ({ units, pixels = 1 }: { readonly units: number; readonly pixels?: number }) => units / pixels;

/**
 * Instance normalization: every channel of every sample is standardized over its pixels.
 *
 *   u = gamma · (z − μ)/√(σ² + ε) + beta,   μ and σ² of one channel's pixels of one sample
 *
 * Shapes: z, u `[channels × pixels][samples]`; μ, σ² `[channels][samples]`; gamma, beta `[channels]`. Training and inference
 * are the same. Parameters: gamma starts at 1, beta at 0, each per channel. No state. For images only: dense layers are
 * left unchanged.
 *
 * Ulyanov, Vedaldi & Lempitsky 2016, equation 2.
 */
export const instance: ActivationNormalizer = {
  acts: "activations",
  label: t`instance normalization`,
  formula: t`gamma · (z − μ)/√(σ² + ε) + beta, statistics of a sample's channel over its pixels`,
  source: "Ulyanov, Vedaldi & Lempitsky 2016",
  dependsOn: "sample",
  imagesOnly: true,
  options: ["affine", "position"],
  parameters: [
    { name: "gamma", per: "unit", start: 1, affine: true },
    { name: "beta", per: "unit", start: 0, affine: true },
  ],
  kernel: 7,
  forward: (z, site) => normalizeSamples(z, site, channelsOf(site)),
  tfjs: (tf, z, site) => ({
    output: affineTensor(tf, standardizedSamples(tf, z, site, channelsOf(site)), site.parameter),
  }),
};
