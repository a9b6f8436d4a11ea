import { z } from "zod";
import type { Observation } from "../engines/engine.js";
import { type RateTrials, rateRatio, tryRates } from "./learning-rates.js";
import type { Networks } from "./networks.js";
import {
  exponent,
  handedOn,
  isDead,
  logGradientSquares,
  meanPairwiseCosine,
  samplesOf,
  secondMoment,
  shareBeyond,
  slope,
  softRank,
} from "./signal.js";
import { meanOverSeeds, type Statistic, shareOfSeeds } from "./statistic.js";

const arm = z.string();
const layer = z.int().min(1);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Types are checked where a statistic is written; the table holds them without. */
const define = <P, V>(statistic: Statistic<P, V>) => statistic as unknown as Statistic<unknown, unknown>;

/** The hidden layers from `first` on, counted from 1. */
const fromLayer = ({ layers }: Observation, first: number) =>
  layers.flatMap((_, index) => (index >= first ? [index] : []));

/** What a claim may measure, by the name that stands in its file. */
export const statistics = {
  gradientGrowth: define({
    what: "the factor per layer by which ‖∂C/∂z‖² grows from the output back to the input: the exponential of the slope of its logarithm over the layers, averaged over the seeds",
    parameters: z.strictObject({
      arm,
      points: z.enum(["next-batch", "evaluation"]),
      leaveOutFirst: z.int().min(0),
      leaveOutLast: z.int().min(0),
    }),
    needs: (parameters) => ({ arms: [parameters.arm] }),
    measure: (networks, parameters): number => {
      const squares = logGradientSquares(networks.observe(parameters.arm, parameters.points));
      return -slope(squares.slice(parameters.leaveOutFirst, squares.length - parameters.leaveOutLast));
    },
    summarize: (slopes) => meanOverSeeds(slopes, Math.exp),
  }),

  pairwiseCosine: define({
    what: "the cosine between a hidden layer's outputs for two samples, averaged over all pairs and the seeds",
    parameters: z.strictObject({ arm, layer }),
    needs: (parameters) => ({ arms: [parameters.arm], layer: parameters.layer }),
    measure: (networks, parameters): number => {
      const observation = networks.observe(parameters.arm);
      return meanPairwiseCosine(handedOn(observation, parameters.layer), samplesOf(observation));
    },
    summarize: (cosines) => meanOverSeeds(cosines),
  }),

  secondMomentGrowth: define({
    what: "the factor by which the mean square of the hidden layers' outputs grows per layer: its geometric or arithmetic mean over layers and seeds",
    parameters: z.strictObject({ arm, mean: z.enum(["geometric", "arithmetic"]) }),
    needs: (parameters) => ({ arms: [parameters.arm] }),
    measure: (networks, parameters): number => {
      const observation = networks.observe(parameters.arm);
      const moments = fromLayer(observation, 1).map((index) => secondMoment(handedOn(observation, index)));
      const factors = moments.slice(1).map((moment, i) => moment / (moments[i] as number));
      return mean(parameters.mean === "geometric" ? factors.map(Math.log) : factors);
    },
    summarize: (values, parameters) => meanOverSeeds(values, parameters.mean === "geometric" ? Math.exp : undefined),
  }),

  secondMoment: define({
    what: "the mean square of the pre-activations of the hidden layers from one on, averaged over the seeds",
    parameters: z.strictObject({ arm, from: layer }),
    needs: (parameters) => ({ arms: [parameters.arm], layer: parameters.from }),
    measure: (networks, parameters): number => {
      const hidden = networks.observe(parameters.arm).layers.slice(parameters.from - 1, -1);
      return mean(hidden.map(({ preActivation }) => secondMoment(preActivation)));
    },
    summarize: (moments) => meanOverSeeds(moments),
  }),

  saturatedShare: define({
    what: "the share of the outputs of a hidden layer and of those after it whose size is beyond a threshold, averaged over the seeds",
    parameters: z.strictObject({ arm, from: layer, beyond: z.number().min(0) }),
    needs: (parameters) => ({ arms: [parameters.arm], layer: parameters.from }),
    measure: (networks, parameters): number => {
      const observation = networks.observe(parameters.arm);
      const layers = fromLayer(observation, parameters.from);
      return mean(layers.map((index) => shareBeyond(handedOn(observation, index), parameters.beyond)));
    },
    summarize: (shares) => meanOverSeeds(shares),
  }),

  bornDead: define({
    what: "the share of seeds whose net has a hidden layer that outputs only zeros",
    parameters: z.strictObject({ arm }),
    needs: (parameters) => ({ arms: [parameters.arm] }),
    measure: (networks, parameters): boolean => isDead(networks.observe(parameters.arm)),
    summarize: shareOfSeeds,
  }),

  rank: define({
    what: "tr(M)²/‖M‖²_F with M = H·Hᵀ, where H is the output of the last hidden layer, averaged over the seeds; width, number of inputs and batch size are all n",
    parameters: z.strictObject({ arm, n: z.int().min(2) }),
    needs: (parameters) => ({ arms: [parameters.arm] }),
    measure: (networks, parameters): number => lastRank(networks, parameters.arm, parameters.n),
    summarize: (ranks) => meanOverSeeds(ranks),
  }),

  rankExponent: define({
    what: "p in r ∝ nᵖ, r as in the statistic rank: a least-squares fit over several n, averaged over the seeds",
    parameters: z.strictObject({ arm, n: z.array(z.int().min(2)).min(2) }),
    needs: (parameters) => ({ arms: [parameters.arm] }),
    measure: (networks, parameters): number =>
      exponent(parameters.n.map((n) => [n, lastRank(networks, parameters.arm, n)] as const)),
    summarize: (exponents) => meanOverSeeds(exponents),
  }),

  rateRatio: define({
    what: "log₁₀ of how many times larger the treated arm's largest usable learning rate is than the control's: the largest of the experiment's sweep at which every seed ends below its initial cost; the range is that of single seeds",
    parameters: z.strictObject({ control: arm, treated: arm }),
    needs: (parameters) => ({ arms: [parameters.control, parameters.treated], axis: "learningRate" }),
    measure: (networks, parameters): RateTrials => tryRates(networks, parameters),
    summarize: rateRatio,
  }),
} as const satisfies Record<string, Statistic<unknown, unknown>>;

export type StatisticName = keyof typeof statistics;

function lastRank(networks: Networks, arm: string, n: number): number {
  const observation = networks.with({ width: n, inputs: n, samples: n }).observe(arm);
  return softRank(handedOn(observation, observation.layers.length - 1), n);
}
