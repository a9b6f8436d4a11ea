import { z } from "zod";

/** Version of `result.json`'s layout; rises when a reader of the old one would misread the new one. */
export const SCHEMA_VERSION = 1;

const count = z.int().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A number, or the name of one that JSON cannot write. */
export const statisticSchema = z
  .union([z.number(), z.enum(["Infinity", "-Infinity", "NaN"])])
  .meta({ description: "A number; one that overflowed or is undefined is named by a string." });

export const distributionSchema = z
  .object({
    edges: z.array(z.number()).min(2).meta({ description: "Bin edges; one more than counts." }),
    counts: z.array(count).meta({ description: "Values per bin: closed on the left, the last bin on both sides." }),
    underflow: count.meta({ description: "Finite values below the first edge." }),
    overflow: count.meta({ description: "Finite values above the last edge." }),
    nonFinite: count.meta({ description: "NaN and infinite values." }),
    mean: statisticSchema,
    variance: statisticSchema.meta({ description: "Biased: divided by the number of values." }),
    min: statisticSchema,
    max: statisticSchema,
  })
  .meta({
    description:
      "A histogram with its moments. counts, underflow, overflow and nonFinite add up to the number of values; the moments are of all values, so one NaN among them makes them NaN.",
  });

const normStatistics = {
  batchMean: z.array(statisticSchema),
  batchVariance: z.array(statisticSchema),
  movingMean: z.array(statisticSchema),
  movingVariance: z.array(statisticSchema),
};

const normSchema = z
  .object(normStatistics)
  .meta({ description: "One entry per feature; the moving averages are as inference mode uses them." });

const layerSchema = z.object({
  layer: count.meta({ description: "0 is the first hidden layer; the last is the linear output layer." }),
  preActivation: distributionSchema,
  layerInput: distributionSchema,
  gradientNorms: z
    .object({ kernel: statisticSchema, preActivation: statisticSchema })
    .meta({ description: "L2 norms of the cost's gradient." }),
  ...z.object(normStatistics).partial().shape,
});

const checkpointSchema = z.object({
  update: count,
  inputNorm: normSchema.optional().meta({ description: "The normalisation of the network's input (bn arm)." }),
  layers: z.array(layerSchema),
});

const costSchema = z.object({
  update: count,
  train: z.number(),
  inference: statisticSchema
    .nullable()
    .meta({ description: "null before the bn arm's first update: undefined there." }),
});

const armRecord = {
  costs: z.array(costSchema).meta({ description: "Ends with the last finite entry." }),
  checkpoints: z.array(checkpointSchema),
};

export const armSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("trained"),
    ...armRecord,
    final: z.object({ train: z.number(), inference: statisticSchema }),
    fit: z.array(statisticSchema).meta({
      description: "Predictions in inference mode, at data.grid (one input column) or at data.drawn's points.",
    }),
  }),
  z.object({
    status: z.literal("diverged"),
    ...armRecord,
    divergence: z
      .object({ update: count, layer: count, tensor: z.string() })
      .meta({ description: "The first state that diverged, and its first tensor that float32 cannot hold." }),
  }),
]);

const dataSchema = z
  .object({
    inputs: count,
    trainingSamples: count,
    evaluationSamples: count.meta({ description: "The points that costs are measured on." }),
    truth: z.literal("x² − 5").optional().meta({ description: "Absent on given data." }),
    drawn: z
      .object({ x: z.array(z.number()).optional(), y: z.array(z.number()) })
      .meta({ description: "Training points for the pictures, at most 2500, evenly thinned; x only with one input." }),
    grid: z.array(z.number()).optional(),
  })
  .meta({ description: "What the pictures of the data need." });

const file = z.object({ sha256: digest }).meta({ description: "A given file, by its contents." });

const configSchema = z
  .object({
    preset: z.string(),
    activation: z.string(),
    seed: count,
    samples: count,
    testSamples: count.optional().meta({ description: "Absent on given data, like noise." }),
    noise: z.number().optional(),
    shuffle: z.boolean(),
    data: file.optional(),
    testData: file.optional(),
    sizes: z.array(count).meta({ description: "Units per layer, the input's columns first." }),
    hiddenLayers: count.optional().meta({ description: "Absent, like width, when given weights differ in width." }),
    width: count.optional(),
    init: z.string().optional().meta({ description: "Absent with given weights." }),
    initStd: z.number().optional(),
    weights: file.optional(),
    decay: z.number(),
    epsilon: z.number(),
    debias: z.boolean(),
    updates: count,
    batchSize: count,
    learningRate: z.number(),
    costEvery: count,
    histogramEvery: count,
    engine: z.string(),
    backend: z.string(),
  })
  .meta({ description: "The resolved configuration: it and the given files' contents determine the numbers." });

export const resultSchema = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    config: configSchema,
    engine: z.object({
      name: z.string(),
      backend: z.string(),
      version: z.record(z.string(), z.string()).meta({ description: "Of bn-compare and the engine's libraries." }),
    }),
    pairing: z.object({
      data: digest,
      evaluation: digest,
      batchOrder: digest,
      arms: z.record(z.string(), z.object({ kernels: digest, biases: digest })),
    }),
    anchors: z.object({
      noiseFloor: z.number().optional(),
      realisedNoise: z.number().optional(),
      predictMean: z.number(),
    }),
    data: dataSchema,
    arms: z.record(z.string(), armSchema),
  })
  .meta({ title: "bn-compare result", description: "Everything a run found, without times or places." });

export type Statistic = z.infer<typeof statisticSchema>;
export type Distribution = z.infer<typeof distributionSchema>;
export type Layer = z.infer<typeof layerSchema>;
export type Checkpoint = z.infer<typeof checkpointSchema>;
export type ArmResult = z.infer<typeof armSchema>;
export type ResultData = z.infer<typeof dataSchema>;
export type ResolvedConfig = z.infer<typeof configSchema>;
export type Result = z.infer<typeof resultSchema>;
