import { z } from "zod";
import { count } from "./values.js";

const quartilesSchema = z.object({ q25: z.number(), median: z.number(), q75: z.number() });

const intervalSchema = z
  .object({
    estimate: z.number(),
    low: z.number().optional().meta({ description: "Absent, like high, with one seed: it has no spread." }),
    high: z.number().optional(),
    confidence: z.number(),
    method: z.enum(["BCa", "percentile", "none"]),
    resamples: count,
    reason: z.string().optional().meta({ description: "Why it is not a BCa interval." }),
  })
  .meta({ description: "Bootstrap interval of a mean over seeds (Efron 1987)." });

export const pairedEffectSchema = z
  .object({
    pairs: count,
    defined: count.meta({ description: "Pairs in which both arms have a positive final cost." }),
    undefinedPairs: z.object({
      controlDiverged: count,
      treatedDiverged: count,
      bothDiverged: count,
      notPositive: count,
    }),
    logRatios: z.array(z.object({ seed: count, logRatio: z.number() })),
    quartiles: quartilesSchema.optional().meta({ description: "Of the log ratios." }),
    mean: intervalSchema.optional().meta({ description: "Of the log ratios; absent without a defined pair." }),
    wins: z
      .object({
        treated: count,
        control: count,
        ties: count,
        of: count,
        share: z.number(),
        low: z.number(),
        high: z.number(),
      })
      .optional()
      .meta({ description: "Pairs that the arm wins, with a Wilson interval; diverging loses." }),
    pairingGain: z
      .object({
        unpairedVariance: z.number().optional(),
        pairedVariance: z.number().optional(),
        gain: z.number().optional(),
        reason: z.string().optional(),
      })
      .meta({ description: "Variance of the difference of log costs: as if unpaired, over as paired." }),
  })
  .meta({ description: "log(cost of the control / cost of the arm) over seeds: positive where the arm ends lower." });
export type PairedEffect = z.infer<typeof pairedEffectSchema>;

export const effectSchema = z.object({
  against: z.string().meta({ description: "The control: the arm's pair." }),
  train: pairedEffectSchema,
  inference: pairedEffectSchema,
});
export type ArmEffect = z.infer<typeof effectSchema>;
