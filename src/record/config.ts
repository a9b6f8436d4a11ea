import { z } from "zod";
import { DELIMITER_NAMES } from "./names.js";
import { count, digest } from "./values.js";

const file = z
  .object({
    sha256: digest,
    format: z.literal("safetensors").optional().meta({ description: "Of points; absent: CSV." }),
  })
  .meta({ description: "A given file, by its values as little-endian float32: x, then y; or every kernel and bias." });

export const configSchema = z
  .object({
    preset: z.string(),
    activation: z.string(),
    seed: count,
    seeds: z.array(count).min(1),
    dataset: z.string().optional().meta({ description: "Absent with your own data, like inputs." }),
    inputs: count.optional().meta({ description: "Columns of the gaussian dataset." }),
    samples: count,
    testSamples: count.optional().meta({ description: "Absent with your own data, like noise." }),
    noise: z.number().optional(),
    shuffle: z.boolean(),
    data: file.optional(),
    testData: file.optional(),
    standardizeInputs: z.boolean().optional().meta({ description: "Absent, like standardizeTargets, if it is off." }),
    standardizeTargets: z.boolean().optional(),
    target: z.string().optional().meta({ description: "As requested, like columns and delimiter." }),
    columns: z.array(z.string()).optional(),
    delimiter: z.enum(DELIMITER_NAMES).optional(),
    sizes: z.array(count).meta({
      description: "Units per weighted layer, the input's columns first; for images channels, the input's first.",
    }),
    image: z
      .object({ height: count, width: count })
      .optional()
      .meta({ description: "Pixels of a point; absent if points are not images." }),
    hiddenLayers: count
      .optional()
      .meta({ description: "Absent, like width, with layers and when given weights differ in width." }),
    width: count.optional(),
    layers: z
      .array(z.string())
      .optional()
      .meta({ description: "Every layer in order, instead of hiddenLayers and width." }),
    init: z.string().optional().meta({ description: "Absent with weights from a file." }),
    initStd: z.number().optional(),
    bias: z.number().optional(),
    biasStd: z.number().optional(),
    weights: file.optional(),
    normalize: z.string(),
    normalizer: z
      .string()
      .optional()
      .meta({ description: "As it was given, like the keys of normalizers and optimizers below; absent: batch." }),
    normalizeOutput: z.boolean().optional(),
    axes: z.string().optional(),
    transform: z.string(),
    affine: z.boolean(),
    position: z.string(),
    ghostBatchSize: count.optional(),
    decay: z.number(),
    epsilon: z.number(),
    debias: z.boolean(),
    renormMax: z.number().optional(),
    renormShift: z.number().optional(),
    frozenFrom: count.optional(),
    arms: z
      .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
      .meta({ description: "The keys above that each arm overrides." }),
    mapsOf: count.optional().meta({ description: "Absent: 0, or no images." }),
    roundingProbe: count,
    updates: count,
    batchSize: count,
    loss: z.string().optional().meta({ description: "Absent: mse." }),
    learningRate: z.number(),
    accumulate: count.optional().meta({ description: "Batches of one update; absent: 1." }),
    optimizer: z.string().optional().meta({ description: "Absent: sgd." }),
    momentum: z.number().optional(),
    beta1: z.number().optional(),
    beta2: z.number().optional(),
    weightDecay: z.number().optional(),
    decayNorms: z.boolean().optional(),
    costEvery: count,
    histogramEvery: count,
    engine: z.string(),
    backend: z.string(),
  })
  .meta({
    description:
      "The resolved configuration, which together with the contents of the input files determines the numbers.",
  });
export type ResolvedConfig = z.infer<typeof configSchema>;
