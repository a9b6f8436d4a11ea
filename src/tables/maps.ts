import type { Maps } from "../record/maps.js";
import type { Result } from "../record/result.js";
import { ARM, type Column, layerName, type Table, UPDATES } from "./table.js";

const PIXEL: readonly Column[] = [
  { name: "y", type: "count", unit: "pixels", description: "row, from 0 at the top" },
  { name: "x", type: "count", unit: "pixels", description: "column, from 0 at the left" },
];
const VALUE = { name: "value", type: "number" } as const;

/** What one image becomes in the convolutions. */
export const maps: Table = {
  name: "maps",
  description:
    "For networks on images: one row per pixel of each channel's feature map, for one training image (`--maps-of`), each layer and arm, before training and at the last checkpoint. The first 8 channels of each convolution are recorded, to 1/255 of a channel's range; a map larger than 16 × 16 pixels is recorded as the means of equal blocks.",
  columns: [
    ARM,
    UPDATES,
    { name: "layer", type: "count", description: "the layer, from 0; −1: what the first layer receives" },
    { name: "layer_name", type: "text", description: "the layer's name in the charts, or `input`" },
    { name: "channel", type: "count", description: "the channel, from 0" },
    ...PIXEL,
    {
      ...VALUE,
      unit: "the values'",
      description: "what the activation function receives; for the input, what the kernel is multiplied by",
    },
  ],
  *rows(record) {
    for (const { arm, updates, layer, maps } of recordedMaps(record)) {
      const layer_name = layer < 0 ? "input" : layerName(layer, record.config.sizes.length - 1);
      for (const pixel of pixelsOf(maps)) yield { arm, updates, layer, layer_name, ...pixel };
    }
  },
};

/** Every record of one image's maps: −1 is the input. */
export function* recordedMaps({ arms }: Pick<Result, "arms">) {
  for (const [arm, { maps }] of Object.entries(arms)) {
    for (const { update: updates, input, layers } of maps?.states ?? []) {
      for (const [place, maps] of [input, ...layers].entries()) yield { arm, updates, layer: place - 1, maps };
    }
  }
}

const DIGITS = 2;
const STEPS = 255;

function* pixelsOf({ height, width, low, high, values }: Maps) {
  for (let at = 0; at < values.length / DIGITS; at++) {
    const channel = Math.floor(at / (height * width));
    const [start, end] = [low[channel], high[channel]];
    if (start === undefined || end === undefined) return;
    const share = Number.parseInt(values.slice(DIGITS * at, DIGITS * (at + 1)), 16) / STEPS;
    const value = Number((start + (end - start) * share).toPrecision(4));
    yield { channel, y: Math.floor(at / width) % height, x: at % width, value };
  }
}

/** The weights of the first convolution. */
export const kernels: Table = {
  name: "kernels",
  description:
    "For networks on images: one row per weight of the first layer's kernel in each arm, before training and at the last checkpoint, for its first 8 channels and their first 4 inputs.",
  columns: [
    ARM,
    UPDATES,
    { name: "channel", type: "count", description: "the output channel, from 0" },
    { name: "input", type: "count", description: "the channel of the image that it is multiplied by, from 0" },
    ...PIXEL,
    { ...VALUE, unit: "1", description: "the weight: an entry of `layers.0.kernel`" },
  ],
  *rows({ arms }) {
    for (const [arm, { maps }] of Object.entries(arms)) {
      for (const { update: updates, kernels } of maps?.states ?? []) {
        const { height, width, inputs, values } = kernels;
        for (const [at, value] of values.entries()) {
          const place = Math.floor(at / (height * width));
          const of = { channel: Math.floor(place / inputs), input: place % inputs };
          yield { arm, updates, ...of, y: Math.floor(at / width) % height, x: at % width, value };
        }
      }
    }
  },
};
