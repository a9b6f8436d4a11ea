import type { NormObservation, Observation } from "../engines/engine.js";
import type { ActivationName } from "../model/activations.js";
import type { Bins } from "./bins.js";
import { type Distribution, distributionOf } from "./distribution.js";
import type { Gap } from "./gap.js";
import { type Health, healthOf } from "./health.js";
import { type Statistic, statistic, statistics } from "./statistic.js";

/** One entry per feature. The batch is the points observed, in training mode: with ghost batches the mean of theirs. */
export interface NormStatistics {
  batchMean: Statistic[];
  batchVariance: Statistic[];
  movingMean: Statistic[];
  movingVariance: Statistic[];
  /** From the first update on. */
  gap?: Gap;
}

export interface LayerRecord extends Partial<NormStatistics> {
  /** 0 is the first hidden layer; the last is the linear output layer. */
  layer: number;
  preActivation: Distribution;
  layerInput: Distribution;
  gradientNorms: { kernel: Statistic; preActivation: Statistic };
  health: Health;
}

/** What is kept of one state of one arm. */
export interface Checkpoint {
  update: number;
  /** The normalization of the network's input, in a bn arm. */
  inputNorm?: NormStatistics;
  layers: LayerRecord[];
}

/** How an arm's observations are reduced. */
export interface Reduction {
  readonly bins: Bins;
  readonly activation: ActivationName;
  /** Mean of the squared targets, the scale of the output. */
  readonly targetSquare: number;
  /** The train/inference gap of this state's norms, by their index. */
  readonly gaps: ReadonlyMap<number, Gap>;
}

/** Reduces an observation to what is recorded. */
export function checkpointOf(
  observation: Observation,
  { bins, activation, targetSquare, gaps }: Reduction,
): Checkpoint {
  const { update, inputNorm, layers } = observation;
  const health = healthOf(activation, observation, targetSquare);
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
