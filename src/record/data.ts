import { z } from "zod";
import { DELIMITER_NAMES } from "./names.js";
import { count } from "./values.js";

const columnScaleSchema = z
  .object({ mean: z.number(), deviation: z.number() })
  .meta({ description: "Of the training set, in float64; the deviation is biased: divided by the number of points." });
const columnsSchema = z
  .object({
    inputs: z.array(z.string()),
    target: z.string(),
    reading: z.object({
      encoding: z.enum(["UTF-8", "UTF-16", "Windows-1252"]),
      delimiter: z.enum(DELIMITER_NAMES),
      decimalMark: z.enum([".", ","]),
      header: z.boolean(),
      unused: z.array(z.string()).meta({ description: "Columns that are neither inputs nor the target." }),
    }),
  })
  .meta({
    description: "For your own data: the names of the columns (generated without a header), and how the file was read.",
  });

const classesSchema = z
  .object({
    training: z.array(count).meta({ description: "Images of each label, from 0." }),
    evaluation: z.array(count).optional().meta({ description: "The same for the points that costs are measured on." }),
    examples: z
      .object({
        height: count,
        width: count,
        channels: z.union([z.literal(1), z.literal(3)]),
        images: z.array(z.array(z.string())).meta({
          description: "For each label: two hex digits per value, row by row, a pixel's channels side by side.",
        }),
      })
      .optional()
      .meta({
        description:
          "The first training images of each label, shrunk to at most 16 pixels per side; from black, 0 or less, to white, 1 or more. Absent with more than 20 labels.",
      }),
  })
  .meta({ description: "Of labeled images." });
export type ResultClasses = z.infer<typeof classesSchema>;

export const dataSchema = z
  .object({
    inputs: count,
    trainingSamples: count,
    observedSamples: count.meta({
      description: "Number of training points used for checkpoints: all, or at most 2500 (500 images), evenly chosen.",
    }),
    evaluationSamples: count.meta({ description: "The points that costs are measured on." }),
    columns: columnsSchema.optional(),
    truth: z
      .string()
      .optional()
      .meta({ description: "The curve around which the points lie; absent if none is known." }),
    drawn: z.object({ x: z.array(z.number()).optional(), y: z.array(z.number()) }).meta({
      description:
        "Training points for the charts, at most 2500 (500 images), evenly chosen; x only with one input; y is empty with several targets.",
    }),
    grid: z.array(z.number()).optional(),
    classes: classesSchema.optional(),
    standardization: z
      .object({
        inputs: z.array(columnScaleSchema).optional().meta({ description: "One entry per input column." }),
        targets: columnScaleSchema.optional(),
      })
      .optional()
      .meta({
        description:
          "With standardizeInputs or standardizeTargets: the networks are trained on (value − mean) / deviation, rounded to float32; a deviation of 0 only centers. Layers, gradients and saved weights are of those values; costs, fits and points are in the data's own units.",
      }),
  })
  .meta({ description: "The data for charts, in the data's own units." });
export type ResultData = z.infer<typeof dataSchema>;
