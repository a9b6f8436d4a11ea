import { z } from "zod";

/** Version of `result.json`'s layout; rises when a reader of the old one would misread the new one. */
export const SCHEMA_VERSION = 2;

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

const gapParts = z
  .object({
    total: statisticSchema,
    startUp: statisticSchema.meta({ description: "The weight that zero, the averages' start, still has." }),
    lag: statisticSchema.meta({ description: "The weights moved since the averaged updates." }),
    noise: statisticSchema.meta({ description: "The batches were not the whole training set." }),
  })
  .meta({
    description:
      "Root mean square over the features of moving average − whole training set's statistic, and of the three parts that add up to it in every feature.",
  });

const gapSchema = z
  .object({
    mean: gapParts.meta({ description: "In standard deviations √(σ² + ε) of the training set's values." }),
    variance: gapParts.meta({ description: "As shares of the training set's σ² + ε." }),
  })
  .meta({ description: "How far inference mode is from the training set under the current weights." });

const normSchema = z
  .object({ ...normStatistics, gap: gapSchema.optional() })
  .meta({ description: "One entry per feature; the moving averages are as inference mode uses them." });

export const VERDICTS = ["healthy", "saturated", "dead", "exploding", "vanishing", "constant"] as const;

const verdictSchema = z
  .object({
    verdict: z.enum(VERDICTS),
    units: count,
    secondMoment: statisticSchema.meta({ description: "Mean of the squared pre-activation." }),
    growth: statisticSchema.optional().meta({
      description: "secondMoment over that of the layer before; in layer 0 over that of the layer's input.",
    }),
    gradientGrowth: statisticSchema.optional().meta({
      description:
        "Per layer, geometric mean from the output back to this layer: gradient norm by the pre-activation over that of the layer behind it. Absent in the output layer and where a gradient is zero.",
    }),
    saturatedShare: z.number().optional().meta({ description: "Of the values; absent where nothing saturates." }),
    silentUnits: count.optional().meta({ description: "Units that are ≤ 0 on every sample; absent but for relu." }),
    constantUnits: count.meta({ description: "Units with the same pre-activation on every sample." }),
  })
  .meta({ description: "What a layer's state means, and the numbers behind it; thresholds are in the README." });

const layerSchema = z.object({
  layer: count.meta({ description: "0 is the first hidden layer; the last is the linear output layer." }),
  preActivation: distributionSchema,
  layerInput: distributionSchema,
  gradientNorms: z
    .object({ kernel: statisticSchema, preActivation: statisticSchema })
    .meta({ description: "L2 norms of the cost's gradient." }),
  health: verdictSchema,
  gap: gapSchema.optional().meta({ description: "Of the BN that belongs to this layer, from the first update on." }),
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

const finalSchema = z.object({ train: z.number(), inference: statisticSchema });

export const divergenceSchema = z
  .object({
    update: count,
    layer: count,
    tensor: z.string(),
    pass: z
      .enum(["forward", "backward"])
      .meta({ description: "Whether the state's forward pass overflowed, or the backward pass that made the state." }),
    growth: z
      .object({
        update: count.meta({ description: "The last checkpoint before the divergence." }),
        measured: statisticSchema.meta({ description: "Geometric mean over the hidden layers." }),
        predicted: z.number().optional().meta({ description: "By theory, where there is one (README)." }),
      })
      .optional()
      .meta({ description: "Factor by which the pre-activation's second moment grows from layer to layer." }),
  })
  .meta({ description: "The first state that diverged, and its first tensor that float32 cannot hold." });

const armRecord = {
  costs: z.array(costSchema).meta({ description: "Ends with the last finite entry." }),
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

const seedArmSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("trained"), costs: armRecord.costs, final: finalSchema }),
  z.object({ status: z.literal("diverged"), costs: armRecord.costs, divergence: divergenceSchema }),
]);

const anchorsSchema = z.object({
  noiseFloor: z.number().optional(),
  realisedNoise: z.number().optional(),
  predictMean: z.number(),
});

const seedSchema = z.object({
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

const pairedEffectSchema = z
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

const effectSchema = z.object({
  against: z.string().meta({ description: "The control: the arm's pair." }),
  train: pairedEffectSchema,
  inference: pairedEffectSchema,
});

const spreadSchema = z.object({ low: z.number(), median: z.number(), high: z.number() });

const probeSchema = z
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

const warningSchema = z.object({
  code: z.enum(["decay-too-slow", "inference-gap"]),
  arm: z.string(),
  text: z.string(),
  value: statisticSchema,
  limit: z.number(),
});

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
    seeds: z.array(count).min(1),
    dataset: z.string().optional().meta({ description: "Absent on given data, like inputs." }),
    inputs: count.optional().meta({ description: "Columns of the gaussian dataset." }),
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
    data: digest.meta({ description: "The training points before shuffling." }),
    evaluation: digest,
    batchOrder: digest,
    arms: z.record(
      z.string(),
      z.object({
        training: digest.meta({ description: "The points that this arm was handed, in the order of its batches." }),
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
