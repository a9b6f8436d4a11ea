import { z } from "zod";
import { count, digest } from "./values.js";

export const pairingSchema = z
  .object({
    data: digest.meta({ description: "The training points in their own units, before standardizing and shuffling." }),
    evaluation: digest.meta({ description: "The points that costs are measured on, as the arms received them." }),
    batchOrder: digest,
    arms: z.record(
      z.string(),
      z.object({
        training: digest.meta({
          description: "The points that this arm received, standardized if requested, in the order of its batches.",
        }),
        evaluation: digest,
        batchSize: count,
        tensors: z.record(
          z.string(),
          z.object({
            deviates: digest.meta({
              description: "The unscaled random numbers (with weights from a file: the tensor itself).",
            }),
            initial: digest.meta({ description: "The tensor that the engine held before the first update." }),
          }),
        ),
      }),
    ),
    differences: z
      .array(
        z.object({
          arm: z.string(),
          tensor: z.string(),
          declared: z.partialRecord(z.enum(["init", "initStd", "bias", "biasStd"]), z.union([z.string(), z.number()])),
        }),
      )
      .meta({
        description: "Initial tensors that differ from the first arm's, and the arm's settings that make them differ.",
      }),
  })
  .meta({
    description:
      "Why the arms are pairs: the same points in the same order, the same random numbers. Any other run is refused.",
  });
export type Pairing = z.infer<typeof pairingSchema>;
