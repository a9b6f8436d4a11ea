import { z } from "zod";
import { count, statisticSchema } from "./values.js";
import { VERDICTS } from "./verdicts.js";

const outputsOfOne = z.enum(["beta", "zero", "sign", "undefined"]).meta({ description: "What BN outputs there." });
const tried = z.number().meta({ description: "Final cost in inference mode, in the targets' own unit." });

const arm = z.string();
const column = z.string().meta({ description: "A column of the training points, by name." });
const layers = count.meta({ description: "Hidden layers and the output layer." });

/** What to know about a result, as numbers; `warningText` makes the sentences. */
export const warningSchema = z.discriminatedUnion("code", [
  z
    .object({
      code: z.literal("decay-too-slow"),
      arm,
      value: z.number().meta({ description: "Weight of the averages' initial zero after the last update." }),
      limit: z.number(),
      decay: z.number(),
      updates: count,
      decayWithin: z.number().meta({ description: "The largest decay with three digits that is within the limit." }),
    })
    .meta({ description: "The moving averages still contain their initial zero." }),
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
        "The arm fails only because of its input's scale; the column's mean square, and the limit that it exceeds.",
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
      kind: z.enum(["batch", "ghost-batch"]),
      size: count.meta({ description: "Points in such a batch when it is full." }),
      samples: count.meta({ description: "Training points." }),
    })
    .meta({ description: "The number of batches or ghost batches per pass that hold a single point." }),
  z
    .object({ code: z.literal("evaluation-of-one"), arm, value: count, outputs: outputsOfOne })
    .meta({ description: "The number of batches or ghost batches in an evaluation that hold a single point." }),
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
      failed: z.enum(["diverged", "did-not-learn"]),
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
export type Warning = z.infer<typeof warningSchema>;
