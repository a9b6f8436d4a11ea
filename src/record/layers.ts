import { z } from "zod";
import { count, statisticSchema } from "./values.js";
import { RULES, VERDICTS } from "./verdicts.js";

/** The part of a result about a state's layers: the schemas of its checkpoints. */

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
export type Distribution = z.infer<typeof distributionSchema>;

const normStatistics = {
  batchMean: z.array(statisticSchema).meta({ description: "Of the observed points, in training mode." }),
  batchVariance: z.array(statisticSchema),
  movingMean: z.array(statisticSchema),
  movingVariance: z.array(statisticSchema),
};

const gapParts = z
  .object({
    total: statisticSchema,
    initializationBias: statisticSchema.meta({
      description: "Initialization bias: the remaining weight of the initial zero.",
    }),
    lag: statisticSchema.meta({ description: "The weights have changed since the averaged updates." }),
    noise: statisticSchema.meta({ description: "The batches differ from the whole training set." }),
    rounding: statisticSchema.meta({
      description: "The engine's averages minus the same averages of the same batches in float64.",
    }),
  })
  .meta({
    description:
      "Root mean square over the features of moving average − whole training set's statistic, and of the four parts that add up to it in every feature.",
  });
export type GapParts = z.infer<typeof gapParts>;

export const gapSchema = z
  .object({
    mean: gapParts.meta({ description: "In standard deviations √(σ² + ε) of the training set's values." }),
    variance: gapParts.meta({ description: "As shares of the training set's σ² + ε." }),
  })
  .meta({ description: "How far inference mode is from the training set under the current weights." });
export type Gap = z.infer<typeof gapSchema>;

const normSchema = z
  .object({ ...normStatistics, gap: gapSchema.optional() })
  .meta({ description: "One entry per feature; the moving averages are as inference mode uses them." });
export type NormStatistics = z.infer<typeof normSchema>;

export const verdictSchema = z
  .object({
    verdict: z.enum(VERDICTS),
    evidence: z
      .object({
        rule: z.enum(RULES),
        value: statisticSchema.meta({ description: "What the rule judged: a second moment, or a share." }),
        limit: z
          .number()
          .optional()
          .meta({ description: "The limit that the value is beyond; absent for not-finite." }),
      })
      .optional()
      .meta({ description: "The number behind the verdict; absent in a healthy layer." }),
    units: count,
    secondMoment: statisticSchema.meta({ description: "Mean of the squared pre-activation." }),
    growth: statisticSchema.optional().meta({
      description: "secondMoment divided by that of the layer before; in layer 0, by that of the layer's input.",
    }),
    gradientGrowth: statisticSchema.optional().meta({
      description:
        "Per layer, geometric mean from the output back to this layer: gradient norm with respect to the pre-activation, divided by that of the layer after it. Absent in the output layer and if a gradient is zero.",
    }),
    saturatedShare: z
      .number()
      .optional()
      .meta({ description: "Share of the values; absent if the activation cannot saturate." }),
    flatShare: z.number().optional().meta({
      description:
        "Share of the values where the activation is flat; absent in the output layer and if the activation is flat nowhere.",
    }),
    silentUnits: count.optional().meta({ description: "Units that are ≤ 0 on every sample; only for relu." }),
    constantUnits: count.meta({ description: "Units with the same pre-activation on every sample." }),
  })
  .meta({ description: "What a layer's state means, and the numbers behind it; thresholds are in docs/verdicts.md." });
export type Health = z.infer<typeof verdictSchema>;
export type Evidence = NonNullable<Health["evidence"]>;

export const layerSchema = z.object({
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
export type Layer = z.infer<typeof layerSchema>;

export const checkpointSchema = z
  .object({
    update: count,
    inputNorm: normSchema.optional().meta({ description: "The normalization of the network's input (bn arm)." }),
    layers: z.array(layerSchema),
  })
  .meta({
    description:
      "A state in training mode on data.observedSamples training points, the same at every checkpoint of every arm.",
  });
export type Checkpoint = z.infer<typeof checkpointSchema>;
