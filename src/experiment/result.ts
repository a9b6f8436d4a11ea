import { z } from "zod";
import { DELIMITER_NAMES } from "../data/separators.js";
import {
  anchorsSchema,
  armSchema,
  digest,
  type divergenceSchema,
  effectSchema,
  type pairedEffectSchema,
  probeSchema,
  type seedArmSchema,
  seedSchema,
  warningSchema,
} from "./result-arms.js";
import {
  type checkpointSchema,
  count,
  type distributionSchema,
  type gapSchema,
  type layerSchema,
  type statisticSchema,
  type verdictSchema,
} from "./result-layers.js";

export { divergenceSchema } from "./result-arms.js";
export { statisticSchema } from "./result-layers.js";

/** Version of `result.json`'s layout; rises when a reader of the old one would misread the new one. */
export const SCHEMA_VERSION = 3;

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
    description: "Of given data: the names of the columns, made up without a header, and how the file was read.",
  });

const dataSchema = z
  .object({
    inputs: count,
    trainingSamples: count,
    observedSamples: count.meta({
      description: "Training points that checkpoints are made on: all, or an even choice of at most 2500.",
    }),
    evaluationSamples: count.meta({ description: "The points that costs are measured on." }),
    columns: columnsSchema.optional(),
    truth: z.literal("x² − 5").optional().meta({ description: "Absent on given data." }),
    drawn: z
      .object({ x: z.array(z.number()).optional(), y: z.array(z.number()) })
      .meta({ description: "Training points for the pictures, at most 2500, evenly thinned; x only with one input." }),
    grid: z.array(z.number()).optional(),
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
  .meta({ description: "What the pictures of the data need, all in the data's own units." });

const file = z
  .object({ sha256: digest })
  .meta({ description: "A given file, by its values as little-endian float32: x, then y; or every kernel and bias." });

const configSchema = z
  .object({
    preset: z.string(),
    activation: z.string(),
    seed: count,
    seeds: z.array(count).min(1),
    dataset: z.string().optional().meta({ description: "Absent on given data, like inputs." }),
    inputs: count.optional().meta({ description: "Columns of the gaussian dataset." }),
    samples: count,
    testSamples: count.optional().meta({ description: "Absent on given data, like noise." }),
    noise: z.number().optional(),
    shuffle: z.boolean(),
    data: file.optional(),
    testData: file.optional(),
    standardizeInputs: z
      .boolean()
      .optional()
      .meta({ description: "Absent, like standardizeTargets, where it is off." }),
    standardizeTargets: z.boolean().optional(),
    target: z.string().optional().meta({ description: "As it was asked for, like columns and delimiter." }),
    columns: z.array(z.string()).optional(),
    delimiter: z.enum(DELIMITER_NAMES).optional(),
    sizes: z.array(count).meta({ description: "Units per layer, the input's columns first." }),
    hiddenLayers: count.optional().meta({ description: "Absent, like width, when given weights differ in width." }),
    width: count.optional(),
    init: z.string().optional().meta({ description: "Absent with given weights." }),
    initStd: z.number().optional(),
    bias: z.number().optional(),
    biasStd: z.number().optional(),
    weights: file.optional(),
    normalize: z.string(),
    transform: z.string(),
    affine: z.boolean(),
    position: z.string(),
    ghostBatchSize: count.optional(),
    decay: z.number(),
    epsilon: z.number(),
    debias: z.boolean(),
    arms: z
      .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
      .meta({ description: "What each arm sets for itself over the keys above." }),
    roundingProbe: count,
    updates: count,
    batchSize: count,
    learningRate: z.number(),
    costEvery: count,
    histogramEvery: count,
    engine: z.string(),
    backend: z.string(),
  })
  .meta({ description: "The resolved configuration: it and the given files' contents determine the numbers." });

const pairingSchema = z
  .object({
    data: digest.meta({ description: "The training points in their own units, before standardizing and shuffling." }),
    evaluation: digest.meta({ description: "The points that costs are measured on, as the arms were handed them." }),
    batchOrder: digest,
    arms: z.record(
      z.string(),
      z.object({
        training: digest.meta({
          description: "The points that this arm was handed, standardized where asked, in the order of its batches.",
        }),
        evaluation: digest,
        batchSize: count,
        tensors: z.record(
          z.string(),
          z.object({
            deviates: digest.meta({ description: "The unscaled random deviates (given weights: the tensor itself)." }),
            initial: digest.meta({ description: "The tensor that the engine held before the first update." }),
          }),
        ),
      }),
    ),
    differences: z
      .array(z.object({ arm: z.string(), tensor: z.string(), declared: z.string() }))
      .meta({ description: "Initial tensors that differ from the first arm's, and the setting that says so." }),
  })
  .meta({
    description:
      "Why the arms are pairs: the same points in the same order, the same deviates. A run whose arms are not is refused.",
  });

export const resultSchema = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    config: configSchema,
    engine: z.object({
      name: z.string(),
      backend: z.string(),
      version: z.record(z.string(), z.string()).meta({ description: "Of bn-compare and the engine's libraries." }),
    }),
    pairing: pairingSchema,
    anchors: anchorsSchema,
    data: dataSchema,
    arms: z.record(z.string(), armSchema).meta({ description: "Of the first seed, in full." }),
    seeds: z.array(seedSchema).min(1).meta({ description: "Every seed, the first one included." }),
    effects: z
      .record(z.string(), effectSchema)
      .meta({ description: "Of each arm but the first, against its control." }),
    roundingProbe: probeSchema.optional(),
    warnings: z.array(warningSchema),
  })
  .meta({ title: "bn-compare result", description: "Everything a run found, without times or places." });

export type Statistic = z.infer<typeof statisticSchema>;
export type Distribution = z.infer<typeof distributionSchema>;
export type Layer = z.infer<typeof layerSchema>;
export type Health = z.infer<typeof verdictSchema>;
export type Verdict = Health["verdict"];
export type Evidence = NonNullable<Health["evidence"]>;
export type Gap = z.infer<typeof gapSchema>;
export type Divergence = z.infer<typeof divergenceSchema>;
export type SeedArm = z.infer<typeof seedArmSchema>;
export type SeedResult = z.infer<typeof seedSchema>;
export type PairedEffect = z.infer<typeof pairedEffectSchema>;
export type ArmEffect = z.infer<typeof effectSchema>;
export type RoundingProbe = z.infer<typeof probeSchema>;
export type Warning = z.infer<typeof warningSchema>;
export type Pairing = z.infer<typeof pairingSchema>;
export type Checkpoint = z.infer<typeof checkpointSchema>;
export type ArmResult = z.infer<typeof armSchema>;
export type ResultData = z.infer<typeof dataSchema>;
export type ResolvedConfig = z.infer<typeof configSchema>;
export type Result = z.infer<typeof resultSchema>;
