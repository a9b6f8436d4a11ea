import { z } from "zod";
import { VERDICTS } from "../metrics/verdict-rules.js";
import { checkpointSchema, count, statisticSchema } from "./result-layers.js";

/** What a result holds of arms: in full, and over seeds with effects and rounding. */

/** A SHA-256 in hexadecimal. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/);

const standardizedMeta = {
  description:
    "With standardizeTargets: the same costs of the standardized targets, which is what training lowers. Times the squared deviation in data.standardization (of the first seed) they are the costs beside them.",
};

const costSchema = z.object({
  update: count,
  train: z.number(),
  inference: statisticSchema
    .nullable()
    .meta({ description: "null before the bn arm's first update: undefined there." }),
  standardized: z
    .object({ train: z.number(), inference: statisticSchema.nullable() })
    .optional()
    .meta(standardizedMeta),
});

const finalSchema = z.object({
  train: z.number(),
  inference: statisticSchema,
  standardized: z.object({ train: z.number(), inference: statisticSchema }).optional().meta(standardizedMeta),
});

export const divergenceSchema = z
  .object({
    update: count,
    layer: count,
    tensor: z.string(),
    pass: z
      .enum(["forward", "backward"])
      .meta({ description: "Whether the state's forward pass overflowed, or the backward pass that made the state." }),
    cause: z
      .object({
        code: z.literal("zero-variance"),
        feature: count.meta({ description: "A column of the data in the input's norm, else a unit; from 0." }),
      })
      .optional()
      .meta({ description: "Without ε, BN divided 0 by 0 in the norm that outputs the tensor." }),
    growth: z
      .object({
        update: count.meta({ description: "The last checkpoint before the divergence." }),
        measured: statisticSchema.meta({ description: "Geometric mean over the hidden layers." }),
        predicted: z.number().optional().meta({ description: "By theory, where there is one (docs/verdicts.md)." }),
      })
      .optional()
      .meta({ description: "Factor by which the pre-activation's second moment grows from layer to layer." }),
  })
  .meta({ description: "The first state that diverged, and its first tensor that float32 cannot hold." });

const armRecord = {
  costs: z
    .array(costSchema)
    .meta({ description: "In the squared unit of the targets. Ends with the last finite entry." }),
  checkpoints: z.array(checkpointSchema),
};

export const armSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("trained"),
    ...armRecord,
    final: finalSchema,
    fit: z.array(statisticSchema).meta({
      description: "Predictions in inference mode, at data.grid (one input column) or at data.drawn's points.",
    }),
  }),
  z.object({ status: z.literal("diverged"), ...armRecord, divergence: divergenceSchema }),
]);

export const seedArmSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("trained"), costs: armRecord.costs, final: finalSchema }),
  z.object({ status: z.literal("diverged"), costs: armRecord.costs, divergence: divergenceSchema }),
]);

export const anchorsSchema = z.object({
  noiseFloor: z.number().optional(),
  realizedNoise: z.number().optional(),
  predictMean: z.number(),
});

export const seedSchema = z.object({
  seed: count,
  pairing: z
    .object({ training: digest, evaluation: digest, deviates: digest })
    .meta({ description: "What the arms of this seed have in common, checked as in pairing." }),
  anchors: anchorsSchema,
  arms: z.record(z.string(), seedArmSchema),
});

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

export const effectSchema = z.object({
  against: z.string().meta({ description: "The control: the arm's pair." }),
  train: pairedEffectSchema,
  inference: pairedEffectSchema,
});

const spreadSchema = z.object({ low: z.number(), median: z.number(), high: z.number() });

export const probeSchema = z
  .object({
    repeats: count,
    arms: z.record(
      z.string(),
      z.object({
        diverged: count.meta({ description: "Repeats that diverged; they are in no spread." }),
        costs: z
          .array(z.object({ update: count, train: spreadSchema, inference: spreadSchema.optional() }))
          .meta({ description: "Smallest, median and largest cost over the repeats that are there and finite." }),
        finals: z.array(finalSchema),
      }),
    ),
  })
  .meta({
    description:
      "The first seed's arms again with every initial kernel entry moved by one unit in the last place at random: what arithmetic alone may change.",
  });

const outputsOfOne = z
  .enum(["beta", "zero", "sign", "undefined"])
  .meta({ description: "What is left of BN's input there." });
const tried = z.number().meta({ description: "Final cost in inference mode, in the targets' own unit." });

const arm = z.string();
const column = z.string().meta({ description: "Of the training points, by its name." });
const layers = count.meta({ description: "Hidden layers and the output layer." });

/** What to know about a result, as numbers; `warningText` makes the sentences. */
export const warningSchema = z.discriminatedUnion("code", [
  z
    .object({
      code: z.literal("decay-too-slow"),
      arm,
      value: z.number().meta({ description: "Weight of the averages' start at zero after the last update." }),
      limit: z.number(),
      decay: z.number(),
      updates: count,
      decayWithin: z.number().meta({ description: "The largest decay of three digits that is within the limit." }),
    })
    .meta({ description: "The moving averages still remember that they started at zero." }),
  z
    .object({
      code: z.literal("inference-gap"),
      arm,
      value: statisticSchema.meta({ description: "inference / train − 1." }),
      limit: z.number(),
      inference: statisticSchema,
      train: z.number(),
    })
    .meta({ description: "The final costs in the two modes differ by more than the limit." }),
  z
    .object({
      code: z.literal("input-scale"),
      arm,
      column,
      value: z.number(),
      limit: z.number(),
      verdict: z.enum(VERDICTS).exclude(["healthy"]),
      update: count,
      layer: count,
      layers,
    })
    .meta({
      description:
        "The arm fails for nothing but its input's size; the column's mean square, and the limit it is beyond.",
    }),
  z
    .object({ code: z.literal("constant-column"), column, value: z.number() })
    .meta({ description: "The column has this value on every training point." }),
  z
    .object({
      code: z.literal("batch-of-one"),
      arm,
      value: count,
      outputs: outputsOfOne,
      kind: z.enum(["batch", "ghost batch"]),
      size: count.meta({ description: "Points in such a batch, where it is full." }),
      samples: count.meta({ description: "Training points." }),
    })
    .meta({ description: "That many batches or ghost batches of a pass hold a single point." }),
  z
    .object({ code: z.literal("evaluation-of-one"), arm, value: count, outputs: outputsOfOne })
    .meta({ description: "That many batches or ghost batches of an evaluation hold a single point." }),
  z
    .object({
      code: z.literal("zero-variance"),
      arm,
      update: count,
      column: column.optional().meta({ description: "Where BN of the input divided by zero." }),
      unit: z
        .object({ layer: count, unit: count, layers })
        .optional()
        .meta({ description: "Where BN of a layer divided by zero." }),
    })
    .meta({ description: "The arm diverged because its epsilon is 0 and a feature does not vary." }),
  z
    .object({
      code: z.literal("large-targets"),
      arm: z.string(),
      value: z.number().meta({ description: "Root mean square of the targets, in the unit that training sees." }),
      limit: z.number(),
      failed: z.enum(["diverged", "did not learn"]),
      standardized: z
        .object({ inference: tried })
        .optional()
        .meta({ description: "The arm learned when it was tried on standardized targets." }),
      smallerRate: z.object({ learningRate: z.number(), inference: tried }).optional().meta({
        description: "The first learning rate, decade by decade, at which the arm did not diverge; it learned.",
      }),
    })
    .meta({ description: "The first seed's arm failed on large targets, and what was found to train it." }),
  z
    .object({
      code: z.literal("float32-rounding"),
      column: z.string(),
      distinct: count.meta({ description: "Different values in the file." }),
      kept: count.meta({ description: "Different values as float32." }),
      equal: z.tuple([z.number(), z.number()]).meta({ description: "Two values of the file that become equal." }),
      subtract: z.number().optional().meta({ description: "The smallest value, where the others differ without it." }),
    })
    .meta({ description: "Different values of a given column are equal as float32." }),
  z
    .object({
      code: z.literal("float32-overflow"),
      column: z.string(),
      role: z.enum(["input", "target"]),
      statistic: z.enum(["sum", "variance"]),
      largest: z.number().meta({ description: "The value farthest from zero." }),
    })
    .meta({ description: "A given column's points add up to more than float32 holds." }),
]);
