import type { Result } from "../record/result.js";
import { t } from "./language.js";
import { countText, numberText } from "./numbers.js";

/** What a page says of a normalizer; `isOfBatch`: its statistics are those of a batch. */
interface NormalizerTerm {
  readonly label: string;
  readonly formula: string;
  readonly source: string;
  readonly isOfBatch: boolean;
}

/**
 * The terms of a page for someone who meets them here first, with the normalizers that its arms have; numbers are the
 * run's where there is one run.
 */
export function termsOf(results: readonly Result[], normalizers: readonly NormalizerTerm[]): Term[] {
  return [...costTerms(results), ...netTerms(results, normalizers)];
}

type Term = readonly [term: string, meaning: string];

function costTerms(results: readonly Result[]): Term[] {
  const [only] = results.length === 1 ? results : [];
  const hasNoise = results.some(({ referenceCosts }) => (referenceCosts.noiseFloor ?? 0) > 0);
  const isOfClasses = results.every(({ referenceCosts }) => referenceCosts.chance !== undefined);
  const here = (cost: number | undefined) => (cost === undefined ? "" : t` (here ${numberText(cost)})`);
  return [
    ...(isOfClasses
      ? ([
          [
            t`cost`,
            t`The cross-entropy: minus the logarithm of the probability that a net assigns to a point's class, averaged over the points. Training lowers it.`,
          ],
          [
            t`predicting the classes' shares`,
            t`The cost of always predicting each class's share of the points, regardless of the input${here(only?.referenceCosts.predictMean)}: a net that does no better knows nothing about the classes.`,
          ],
          [t`accuracy`, t`The share of points whose correct class has the largest output.`],
        ] as const)
      : ([
          [
            t`cost`,
            t`The mean squared error: the squared distance of each prediction from its target, averaged over the points. Training lowers it.`,
          ],
          [
            t`predicting the mean`,
            t`The cost of always predicting the training targets' mean, regardless of the input${here(only?.referenceCosts.predictMean)}: a net that does no better knows nothing about the curve.`,
          ],
        ] as const)),
    ...(hasNoise
      ? ([
          [
            t`noise alone`,
            t`The variance of the noise that was added to the curve${here(only?.referenceCosts.noiseFloor)}: the true curve itself misses the points by that much.`,
          ],
        ] as const)
      : []),
    [t`diverged`, t`The cost, or a value in the net, overflowed or became NaN. The net's training ends there.`],
  ];
}

function netTerms(results: readonly Result[], normalizers: readonly NormalizerTerm[]): Term[] {
  const [only] = results.length === 1 ? results : [];
  return [
    [
      t`arm`,
      t`One of the compared networks. All have the same data, and start from the same weights or the same random numbers for them.`,
    ],
    [
      t`layer, unit`,
      t`Each unit of a layer adds up the layer's inputs, each times a weight. An activation function bends the sum into the next layer's input; without it the whole net would be a straight line.`,
    ],
    ...(results.some(({ config }) => config.image !== undefined)
      ? ([
          [
            t`convolution, channel, feature map`,
            t`A convolution applies the same small kernel of weights at every place of an image. Each of its kernels gives one channel: an image of its own, the feature map, whose pixels are a unit's values. BN takes a channel's mean and variance over all images of the batch and all their pixels.`,
          ],
        ] as const)
      : []),
    [
      t`pre-activation`,
      t`What an activation function receives: the sum, normalized where the net normalizes it there.`,
    ],
    ...normalizers.map(({ label, formula, source }) =>
      label === BN.label ? ([`${label} (BN)`, BN.meaning] as const) : ([label, `${formula} (${source}).`] as const),
    ),
    ...(normalizers.some(({ isOfBatch }) => isOfBatch)
      ? ([
          [
            t`batch statistics, moving averages`,
            t`In training, a unit's mean and variance are those of the current batch. To predict, moving averages of them are used, so that an answer does not depend on what else is in the batch.`,
          ],
        ] as const)
      : []),
    [
      t`update, batch`,
      t`One update is one step of training: the gradient over one batch of samples${batchText(only)} moves every weight a little toward a lower cost. Update 0 is the state before the first step.`,
    ],
    [
      t`gradient`,
      t`How much the cost changes when a value in the net changes. Training moves the weights against it; a layer that it does not reach cannot learn.`,
    ],
    [t`seed`, t`Starts the random generator: same seed, same run; another seed, new noise and new weights.`],
  ];
}

/** The normalization that is told in words, not by its formula. */
const BN = {
  label: t`batch normalization`,
  meaning: t`Brings each unit's values to mean 0 and variance 1 over the batch, then scales them by gamma and shifts them by beta, which are learned.`,
};

function batchText(result: Result | undefined): string {
  if (result === undefined) return "";
  const { config, data } = result;
  const all = countText(data.trainingSamples);
  return config.batchSize < data.trainingSamples
    ? t` (here ${countText(config.batchSize)} of ${all})`
    : t` (here all ${all})`;
}
