import type { Table } from "./table.js";

const LABEL = { name: "label", type: "count", description: "the class's label, from 0" } as const;

/** How many images there are of each class. */
export const classes: Table = {
  name: "classes",
  isOfData: true,
  description: "One row per class and part of the data, for labeled images; otherwise none.",
  columns: [
    LABEL,
    {
      name: "part",
      type: "text",
      description: "`training`, or `test` if costs are measured on separate points",
    },
    { name: "images", type: "count", unit: "images", description: "how many images have this label" },
  ],
  *rows({ data: { classes } }) {
    const parts = { training: classes?.training, test: classes?.evaluation };
    for (const [part, counts] of Object.entries(parts)) {
      for (const [label, images] of (counts ?? []).entries()) yield { label, part, images };
    }
  },
};

const HEX = 2;

/** A few images of each class, pixel by pixel. */
export const examples: Table = {
  name: "examples",
  isOfData: true,
  description:
    "One row per pixel of the examples of each class: its first training images in the order of the batches, shrunk to at most 16 pixels per side. Black pixels are left out.",
  columns: [
    LABEL,
    { name: "example", type: "count", description: "the example of its class, from 0" },
    { name: "pixel_y", type: "count", description: "the pixel's row, from 0 at the top" },
    { name: "pixel_x", type: "count", description: "its column, from 0 at the left" },
    {
      name: "color",
      type: "text",
      description: "as in CSS, with six hex digits; gray unless the image has three channels",
    },
  ],
  *rows({ data: { classes } }) {
    const { examples } = classes ?? {};
    if (examples === undefined) return;
    const { width, channels, images } = examples;
    const size = HEX * channels;
    for (const [label, own] of images.entries()) {
      for (const [example, pixels] of own.entries()) {
        for (let at = 0; at < pixels.length; at += size) {
          const color = `#${pixels.slice(at, at + size).repeat(3 / channels)}`;
          const place = at / size;
          if (color !== BLACK)
            yield { label, example, pixel_y: Math.floor(place / width), pixel_x: place % width, color };
        }
      }
    }
  },
};

export const BLACK = "#000000";
