import type { Dataset } from "../data/dataset.js";

/** Costs that mean something without any network, on the evaluation points, in the squared unit of the targets. */
export interface Anchors {
  /** Variance of the noise: the true function's expected cost. Absent on given data. */
  noiseFloor?: number;
  /** The true function's cost on these very points; a net with many parameters can end below it. */
  realizedNoise?: number;
  /** Cost of always predicting the mean of the training targets. */
  predictMean: number;
}

export function anchorsOf({ original: { training, evaluation }, noise }: Dataset): Anchors {
  const mean = training.y.reduce((sum, y) => sum + y, 0) / training.samples;
  const predictMean = evaluation.y.reduce((sum, y) => sum + (y - mean) * (y - mean), 0) / evaluation.samples;
  return {
    ...(noise === undefined ? {} : { noiseFloor: noise.variance, realizedNoise: noise.realized }),
    predictMean,
  };
}
