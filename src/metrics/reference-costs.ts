import type { Dataset } from "../data/dataset.js";
import type { ReferenceCosts } from "../record/arms.js";

export function referenceCostsOf({ original: { training, evaluation }, noise }: Dataset): ReferenceCosts {
  const mean = training.y.reduce((sum, y) => sum + y, 0) / training.samples;
  const predictMean = evaluation.y.reduce((sum, y) => sum + (y - mean) * (y - mean), 0) / evaluation.samples;
  return {
    ...(noise === undefined ? {} : { noiseFloor: noise.variance, realizedNoise: noise.realized }),
    predictMean,
  };
}
