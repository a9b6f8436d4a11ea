import { z } from "zod";
import { count, HEX_BYTES, statisticSchema } from "./values.js";

/** The part of a result about convolutions: feature maps of one image, and the first layer's kernels. */

const side = z.number().int().min(1);

const mapsSchema = z
  .object({
    height: side,
    width: side.meta({
      description: "Of a recorded map; if it is larger than 16 × 16 pixels, of its blocks, which have their means.",
    }),
    low: z.array(z.number()).meta({ description: "Smallest value of every channel, over all its pixels." }),
    high: z.array(z.number()),
    values: z.string().regex(HEX_BYTES).meta({
      description:
        "The first 8 channels, one after the other, row by row: two hex digits per pixel, 00 for the channel's low and ff for its high.",
    }),
  })
  .meta({ description: "One map per channel." });
export type Maps = z.infer<typeof mapsSchema>;

const mapStateSchema = z.object({
  update: count,
  input: mapsSchema.meta({ description: "What the first layer's kernel is multiplied by." }),
  layers: z.array(mapsSchema).meta({
    description: "What the activation of each convolution receives, in training mode; the first layer first.",
  }),
  kernels: z
    .object({
      height: side,
      width: side,
      inputs: side,
      values: z.array(statisticSchema).meta({
        description: "Kernels of the first 8 channels, one after the other: of each its first 4 inputs, row by row.",
      }),
    })
    .meta({ description: "layers.0.kernel." }),
});
export type MapState = z.infer<typeof mapStateSchema>;

export const imageMapsSchema = z
  .object({
    point: count.meta({ description: "Which of the observed training images, from 0 in the order of the batches." }),
    label: z.number().optional().meta({ description: "Its class." }),
    states: z.array(mapStateSchema).min(1).max(2),
  })
  .meta({
    description:
      "At the first checkpoint and the last one at which all of them are numbers. Absent if there is none, and in networks whose first layer is not a convolution.",
  });
export type ImageMaps = z.infer<typeof imageMapsSchema>;
