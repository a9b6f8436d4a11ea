import { z } from "zod";
import { count, statisticSchema } from "./values.js";

/** The part of a result about an arm's frames: less than a checkpoint each, but more of them. */

const frameLayerSchema = z
  .object({
    counts: z.array(count).meta({
      description: "Of the pre-activation: each bin holds two of preActivation in the checkpoint at update 0.",
    }),
    underflow: count,
    overflow: count,
    nonFinite: count,
    flatShare: z.number().optional().meta({
      description:
        "Share of the values where the activation is flat; absent in the output layer and if the activation is flat nowhere.",
    }),
  })
  .meta({ description: "A layer's pre-activations on the training points of the checkpoints." });
export type FrameLayer = z.infer<typeof frameLayerSchema>;

export const frameSchema = z
  .object({
    update: count,
    costs: z
      .object({ train: statisticSchema, inference: statisticSchema.optional() })
      .optional()
      .meta({ description: "Absent in a state that diverged; inference is absent before the first update of BN." }),
    fit: z.array(statisticSchema).optional().meta({
      description:
        "Predictions in inference mode, where it is defined: at the first and every ⌈n/64⌉-th of the n points of the final fit.",
    }),
    layers: z.array(frameLayerSchema),
  })
  .meta({
    description:
      "A state for the animation, at updates 0, 1, 2, 3, 5, 8, 12, 18, …, the last one, and where the arm diverged.",
  });
export type Frame = z.infer<typeof frameSchema>;
