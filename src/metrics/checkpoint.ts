import type { NormObservation, Observation } from "../engines/engine.js";
import type { ActivationName } from "../model/activations.js";
import type { Checkpoint, Gap, Health, NormStatistics } from "../record/layers.js";
import { statistic, statistics } from "../record/statistic.js";
import type { Bins } from "./bins.js";
import { distributionOf } from "./distribution.js";
import { healthOf } from "./health.js";

/** How an arm's observations are reduced. */
export interface Reduction {
  readonly bins: Bins;
  readonly activation: ActivationName;
  /** By layer, the outputs last. */
  readonly units: readonly number[];
  /** Mean of the squared targets, the scale of the output; absent where they are classes. */
  readonly targetSquare?: number;
  /** The train/inference gap of this state's norms, by their index. */
  readonly gaps: ReadonlyMap<number, Gap>;
}

/** Reduces an observation to what is recorded. */
export function checkpointOf(observation: Observation, { bins, activation, gaps, ...output }: Reduction): Checkpoint {
  const { update, inputNorm, layers } = observation;
  const health = healthOf(activation, observation, output);
  return {
    update,
    ...(inputNorm === undefined ? {} : { inputNorm: normStatistics(inputNorm, gaps.get(0)) }),
    layers: layers.map(({ preActivation, layerInput, gradientNorms, norm }, layer) => ({
      layer,
      preActivation: distributionOf(preActivation, bins.preActivation(layer)),
      layerInput: distributionOf(layerInput, bins.layerInput(layer)),
      gradientNorms: {
        kernel: statistic(gradientNorms.kernel),
        preActivation: statistic(gradientNorms.preActivation),
      },
      health: health[layer] as Health,
      ...(norm === undefined ? {} : normStatistics(norm, gaps.get(layer + 1))),
    })),
  };
}

function normStatistics(norm: NormObservation, gap: Gap | undefined): NormStatistics {
  return {
    batchMean: statistics(norm.batchMean),
    batchVariance: statistics(norm.batchVariance),
    movingMean: statistics(norm.movingMean),
    movingVariance: statistics(norm.movingVariance),
    ...(gap === undefined ? {} : { gap }),
  };
}
