import { z } from "zod";
import { count } from "./values.js";

const quartilesSchema = z.object({ q25: z.number(), median: z.number(), q75: z.number() });
export type Quartiles = z.infer<typeof quartilesSchema>;

/** Why an interval is not a BCa interval. */
const INTERVAL_REASONS = [
  "one-value",
  "equal-values",
  "no-influence",
  "all-above",
  "all-below",
  "large-acceleration",
] as const;
export type IntervalReason = (typeof INTERVAL_REASONS)[number];

const intervalSchema = z
  .object({
    estimate: z.number(),
    low: z.number().optional().meta({ description: "Absent, like high, with one seed: it has no spread." }),
    high: z.number().optional(),
    confidence: z.number(),
    method: z.enum(["BCa", "percentile", "none"]),
    resamples: count,
    reason: z.enum(INTERVAL_REASONS).optional().meta({
      description:
        "Why it is not a BCa interval: there is one value; all are equal; leaving out any one leaves the mean as it is; every resample lies above, or below, the estimate; the acceleration is too large for the confidence.",
    }),
  })
  .meta({ description: "Bootstrap interval of a mean over seeds (Efron 1987)." });
export type MeanInterval = z.infer<typeof intervalSchema>;

export const pairedEffectSchema = z
  .object({
    pairs: count,
    defined: count.meta({ description: "Pairs in which both arms have a positive final cost." }),
    undefinedPairs: z
      .object({
        controlDiverged: count.meta({ description: "The control arm alone." }),
        treatedDiverged: count.meta({ description: "The arm alone." }),
        bothDiverged: count,
        notPositive: count.meta({ description: "Neither diverged, but a cost is 0." }),
      })
      .meta({ description: "The other pairs, each counted once." }),
    logRatios: z
      .array(z.object({ seed: count, logRatio: z.number() }))
      .meta({ description: "Natural logarithms, of every defined pair." }),
    quartiles: quartilesSchema.optional().meta({ description: "Of the log ratios." }),
    mean: intervalSchema.optional().meta({ description: "Of the log ratios; absent without a defined pair." }),
    wins: z
      .object({
        treated: count,
        control: count,
        ties: count.meta({ description: "Equal costs, or both diverged." }),
        of: count,
        share: z.number(),
        low: z.number(),
        high: z.number(),
      })
      .optional()
      .meta({ description: "Pairs that the arm wins, with a Wilson interval; diverging loses." }),
    pairingGain: z
      .object({
        unpairedVariance: z.number().optional().meta({ description: "Of log control plus that of log arm." }),
        pairedVariance: z.number().optional().meta({ description: "Of the log ratio." }),
        gain: z.number().optional().meta({ description: "unpairedVariance / pairedVariance." }),
        reason: z.enum(["few-pairs", "equal-ratios"]).optional().meta({
          description: "Why there is no gain: fewer than 3 defined pairs, or the same log ratio for every seed.",
        }),
      })
      .meta({
        description:
          "What pairing gains: the factor by which more seeds would be needed without it for the same precision. Variances of natural logarithms, divided by n − 1.",
      }),
  })
  .meta({ description: "log(cost of the control / cost of the arm) over seeds: positive if the arm ends lower." });
export type PairedEffect = z.infer<typeof pairedEffectSchema>;

export const effectSchema = z.object({
  against: z.string().meta({ description: "The control: the arm's pair." }),
  train: pairedEffectSchema,
  inference: pairedEffectSchema,
});
export type ArmEffect = z.infer<typeof effectSchema>;
