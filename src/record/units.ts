import { z } from "zod";
import { count, HEX_BYTES, statisticSchema } from "./values.js";

/** The part of a result about single units: enough to draw one, with the parameters of its normalization. */

const perUnit = z.array(statisticSchema);

export const unitsSchema = z
  .object({
    update: count,
    x: z.array(z.number()).optional().meta({
      description: "The points' inputs as the network gets them; absent with several input columns.",
    }),
    layers: z.array(
      z.object({
        gamma: perUnit
          .optional()
          .meta({ description: "Of the normalization that belongs to the layer, if it has one." }),
        beta: perUnit.optional(),
        low: z.array(z.number()),
        high: z.array(z.number()),
        values: z.string().regex(HEX_BYTES).meta({
          description:
            "What each unit's activation receives at up to 25 of the observed points, in their order along x: two hex digits a point, 00 for the unit's low and ff for its high, unit after unit.",
        }),
      }),
    ),
  })
  .meta({
    description:
      "The first 40 units of each hidden layer, in training mode, at the last checkpoint at which all of them are numbers. Absent where there is none.",
  });
export type Units = z.infer<typeof unitsSchema>;
