import type { Result } from "../record/result.js";
import { countText, numberText } from "./numbers.js";

/** The terms of a page for someone who meets them here first; numbers are the run's where there is one run. */
export function termsOf(results: readonly Result[]): Term[] {
  return [...costTerms(results), ...netTerms(results)];
}

type Term = readonly [term: string, meaning: string];

function costTerms(results: readonly Result[]): Term[] {
  const [only] = results.length === 1 ? results : [];
  const hasNoise = results.some(({ referenceCosts }) => (referenceCosts.noiseFloor ?? 0) > 0);
  const isOfClasses = results.every(({ referenceCosts }) => referenceCosts.chance !== undefined);
  const here = (cost: number | undefined) => (cost === undefined ? "" : ` (here ${numberText(cost)})`);
  return [
    ...(isOfClasses
      ? ([
          [
            "cost",
            "The cross-entropy: minus the logarithm of the share that a net gives to a point's class, in the mean over the points. Training makes it smaller.",
          ],
          [
            "predicting the classes' shares",
            `What it costs to answer each class's share of the points whatever the input is${here(only?.referenceCosts.predictMean)}: a net that is no better knows nothing of the classes.`,
          ],
          ["accuracy", "The share of points whose class gets the largest output."],
        ] as const)
      : ([
          [
            "cost",
            "The mean squared error: how far each prediction is from its target, squared, in the mean over the points. Training makes it smaller.",
          ],
          [
            "predicting the mean",
            `What it costs to answer the training targets' mean whatever the input is${here(only?.referenceCosts.predictMean)}: a net that is no better knows nothing of the curve.`,
          ],
        ] as const)),
    ...(hasNoise
      ? ([
          [
            "noise alone",
            `The variance of the noise that was added to the curve${here(only?.referenceCosts.noiseFloor)}: the true curve itself misses the points by that much.`,
          ],
        ] as const)
      : []),
    [
      "diverged",
      "The cost, or a value in the net, became too large for its number format or stopped being a number. The net's training ends there.",
    ],
  ];
}

function netTerms(results: readonly Result[]): Term[] {
  const [only] = results.length === 1 ? results : [];
  const hasNorms = results.some(({ config, arms }) =>
    Object.keys(arms).some(
      (arm) =>
        ((Object.hasOwn(config.arms, arm) ? config.arms[arm]?.normalize : undefined) ?? config.normalize) !== "none",
    ),
  );
  return [
    [
      "arm",
      "One of the networks that are compared. All have the same data, and start from the same weights or the same random numbers for them.",
    ],
    [
      "layer, unit",
      "Each unit of a layer multiplies what the layer receives by its weights, and adds them up. An activation function bends the sum into what the next layer receives; without it the whole net would be a straight line.",
    ],
    ...(results.some(({ config }) => config.image !== undefined)
      ? ([
          [
            "convolution, channel, feature map",
            "A convolution has the same small kernel of weights at every place of an image. Each of its kernels gives one channel: an image of its own, the feature map, whose pixels are a unit's values. BN takes a channel's mean and variance over all images of the batch and all their pixels.",
          ],
        ] as const)
      : []),
    [
      "pre-activation",
      "What an activation function receives: the sum, after batch normalization where the net has it there.",
    ],
    ...(hasNorms
      ? ([
          [
            "batch normalization (BN)",
            "Brings each unit's values to mean 0 and variance 1 over the batch, then scales them by gamma and shifts them by beta, which are learned.",
          ],
          [
            "batch statistics, moving averages",
            "While it trains, BN takes mean and variance from the batch at hand. To predict, it takes averages of them that training has moved along, so that an answer does not depend on what else is in the batch.",
          ],
        ] as const)
      : []),
    [
      "update, batch",
      `One update is one step of training: the gradient over one batch of samples${batchText(only)} moves every weight a little towards a lower cost. Update 0 is the state before the first step.`,
    ],
    [
      "gradient",
      "How much the cost changes when a value in the net changes. Training goes against it, downhill; a layer that it does not reach cannot learn.",
    ],
    ["seed", "Starts the random generator: same seed, same run; another seed, new noise and new weights."],
  ];
}

function batchText(result: Result | undefined): string {
  if (result === undefined) return "";
  const { config, data } = result;
  const all = countText(data.trainingSamples);
  return config.batchSize < data.trainingSamples
    ? ` (here ${countText(config.batchSize)} of ${all})`
    : ` (here all ${all})`;
}
