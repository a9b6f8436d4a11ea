import { z } from "zod";
import { frameSchema } from "./frames.js";
import { checkpointSchema } from "./layers.js";
import { imageMapsSchema } from "./maps.js";
import { unitsSchema } from "./units.js";
import { count, digest, statisticSchema } from "./values.js";

/** The part of a result about its arms: in full, over seeds, and under rounding. */

const standardizedMeta = {
  description:
    "With standardizeTargets: the same costs for the standardized targets, which training lowers. Multiplied by the squared deviation in data.standardization (of the first seed), they are the costs beside them.",
};

const recalibratedSchema = statisticSchema.optional().meta({
  description:
    "At the last update of an arm with moving averages: the cost with these replaced by the whole training set's statistics under the final weights. Absent if that would take too much memory.",
});

const accuracySchema = z
  .object({ train: z.number(), inference: z.number().nullable(), recalibrated: z.number().optional() })
  .optional()
  .meta({ description: "With a loss over classes: the share of points whose class is predicted correctly." });

const costSchema = z.object({
  update: count,
  train: z.number(),
  inference: statisticSchema
    .nullable()
    .meta({ description: "null before the bn arm's first update: undefined there." }),
  standardized: z
    .object({ train: z.number(), inference: statisticSchema.nullable(), recalibrated: statisticSchema.optional() })
    .optional()
    .meta(standardizedMeta),
  recalibrated: recalibratedSchema,
  accuracy: accuracySchema,
});

const finalSchema = z.object({
  train: z.number(),
  inference: statisticSchema,
  standardized: z
    .object({ train: z.number(), inference: statisticSchema, recalibrated: statisticSchema.optional() })
    .optional()
    .meta(standardizedMeta),
  recalibrated: recalibratedSchema,
  accuracy: accuracySchema,
});

export const divergenceSchema = z
  .object({
    update: count,
    layer: count.meta({
      description: "0 is the first hidden layer; tensors inputNorm.… belong to the normalization before it.",
    }),
    tensor: z.string(),
    pass: z
      .enum(["forward", "backward"])
      .meta({ description: "Whether the state's forward pass overflowed, or the backward pass that made the state." }),
    cause: z
      .object({
        code: z.literal("zero-variance"),
        feature: count.meta({ description: "A column of the data for the input's norm, otherwise a unit; from 0." }),
      })
      .optional()
      .meta({ description: "Without ε, BN divided 0 by 0 in the norm that outputs the tensor." }),
    growth: z
      .object({
        update: count.meta({ description: "The last checkpoint before the divergence." }),
        measured: statisticSchema.meta({ description: "Geometric mean over the hidden layers." }),
        predicted: z
          .number()
          .optional()
          .meta({ description: "The theoretical value, if there is one (docs/verdicts.md)." }),
      })
      .optional()
      .meta({ description: "Factor by which the pre-activation's second moment grows from layer to layer." }),
  })
  .meta({ description: "The first state that diverged, and its first tensor that float32 cannot hold." });
export type Divergence = z.infer<typeof divergenceSchema>;

const armRecord = {
  costs: z.array(costSchema).meta({
    description: "The loss; a squared error in the squared unit of the targets. Ends with the last finite entry.",
  }),
  checkpoints: z.array(checkpointSchema),
  frames: z.array(frameSchema),
  units: unitsSchema.optional(),
  maps: imageMapsSchema.optional(),
  stateDigests: z
    .string()
    .regex(/^(?:[0-9a-f]{8})*$/)
    .optional()
    .meta({
      description:
        "Eight hex digits of the state after each update in digests.json, computed from its tensors' digests there. Absent if an engine's bytes are not reproducible.",
    }),
};

export const armSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("trained"),
    ...armRecord,
    final: finalSchema,
    fit: z.array(statisticSchema).meta({
      description:
        "Predictions in inference mode, at data.grid (one input column) or at data.drawn's points; empty with several outputs.",
    }),
  }),
  z.object({ status: z.literal("diverged"), ...armRecord, divergence: divergenceSchema }),
]);
export type ArmResult = z.infer<typeof armSchema>;

export const seedArmSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("trained"), costs: armRecord.costs, final: finalSchema }),
  z.object({ status: z.literal("diverged"), costs: armRecord.costs, divergence: divergenceSchema }),
]);
export type SeedArm = z.infer<typeof seedArmSchema>;

export const referenceCostsSchema = z.object({
  noiseFloor: z.number().optional(),
  realizedNoise: z.number().optional(),
  predictMean: z.number().meta({
    description:
      "The cost of always predicting the training targets' mean; with classes, their shares of the points measured.",
  }),
  chance: z
    .number()
    .optional()
    .meta({ description: "With a loss over classes: the cost of predicting equal shares for all classes." }),
});
export type ReferenceCosts = z.infer<typeof referenceCostsSchema>;

export const seedSchema = z.object({
  seed: count,
  pairing: z
    .object({ training: digest, evaluation: digest, deviates: digest })
    .meta({ description: "What the arms of this seed have in common, checked as in pairing." }),
  referenceCosts: referenceCostsSchema,
  arms: z.record(z.string(), seedArmSchema),
});
export type SeedResult = z.infer<typeof seedSchema>;

const spreadSchema = z.object({ low: z.number(), median: z.number(), high: z.number() });

export const probeSchema = z
  .object({
    repeats: count,
    arms: z.record(
      z.string(),
      z.object({
        diverged: count.meta({ description: "Repeats that diverged; they are not part of any spread." }),
        costs: z
          .array(z.object({ update: count, train: spreadSchema, inference: spreadSchema.optional() }))
          .meta({ description: "Smallest, median and largest cost over the repeats with a finite cost." }),
        finals: z.array(finalSchema),
      }),
    ),
  })
  .meta({
    description:
      "The first seed's arms repeated, with every initial kernel entry changed by one unit in the last place at random: how much rounding alone may change.",
  });
export type RoundingProbe = z.infer<typeof probeSchema>;
