import type { NormObservation, Observation } from "../engines/engine.js";
import type { Bins } from "./bins.js";
import { type Distribution, distributionOf } from "./distribution.js";
import { type Statistic, statistic, statistics } from "./statistic.js";

/** One entry per feature. */
export interface NormStatistics {
  batchMean: Statistic[];
  batchVariance: Statistic[];
  movingMean: Statistic[];
  movingVariance: Statistic[];
}

export interface LayerRecord extends Partial<NormStatistics> {
  /** 0 is the first hidden layer; the last is the linear output layer. */
  layer: number;
  preActivation: Distribution;
  layerInput: Distribution;
  gradientNorms: { kernel: Statistic; preActivation: Statistic };
}

/** What is kept of one state of one arm. */
export interface Checkpoint {
  update: number;
  /** The normalisation of the network's input, in a bn arm. */
  inputNorm?: NormStatistics;
  layers: LayerRecord[];
}

/** Reduces an observation to what is recorded. */
export function checkpointOf(observation: Observation, bins: Bins): Checkpoint {
  const { update, inputNorm, layers } = observation;
  return {
    update,
    ...(inputNorm === undefined ? {} : { inputNorm: normStatistics(inputNorm) }),
    layers: layers.map(({ preActivation, layerInput, gradientNorms, norm }, layer) => ({
      layer,
      preActivation: distributionOf(preActivation, bins.preActivation(layer)),
      layerInput: distributionOf(layerInput, bins.layerInput(layer)),
      gradientNorms: {
        kernel: statistic(gradientNorms.kernel),
        preActivation: statistic(gradientNorms.preActivation),
      },
      ...(norm === undefined ? {} : normStatistics(norm)),
    })),
  };
}

function normStatistics(norm: NormObservation): NormStatistics {
  return {
    batchMean: statistics(norm.batchMean),
    batchVariance: statistics(norm.batchVariance),
    movingMean: statistics(norm.movingMean),
    movingVariance: statistics(norm.movingVariance),
  };
}
