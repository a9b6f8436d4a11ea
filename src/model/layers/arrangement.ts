import type { Axes } from "../normalizers/normalizer.js";
import { pixelsOf, type Shape } from "./stages.js";

/**
 * How a normalization sees what it normalizes: as a matrix `[rows][samples × columns]`, whose rows are features with a
 * statistic of the batch each, or the features of a sample. So BN of images is BN of longer rows, and what normalizes a
 * sample over its units normalizes it over its pixels' channels.
 */
export interface Arrangement {
  /** What is normalized. */
  readonly shape: Shape;
  readonly rows: number;
  /** Of each sample. */
  readonly columns: number;
  /** Rows that share an entry of gamma and beta, which then have rows / shared entries. */
  readonly shared: number;
  /** Row and column, in the sample's columns, of a value; `pixel` counts row by row of the image. */
  readonly place: (channel: number, pixel: number) => readonly [row: number, column: number];
  /** The order of the axes of `[samples, height, width, channels]` in which the rows are last; absent where they are. */
  readonly order?: readonly number[];
  /** Whether it is `[channels][samples × pixels]`, as everything else is kept. */
  readonly isKept: boolean;
}

/**
 * The arrangement of a normalizer: of one of the batch by its axes, of one of samples with all of a sample's values in
 * rows, and channel by channel where nothing has statistics.
 */
export function arrangementOf(
  shape: Shape,
  {
    dependsOn,
    axes = "channel",
  }: { readonly dependsOn: "batch" | "sample" | "nothing"; readonly axes?: Axes | undefined },
): Arrangement {
  const { channels, height, width } = shape;
  const pixels = pixelsOf(shape);
  if (dependsOn === "sample") {
    const rows = channels * pixels;
    const order = pixels === 1 ? undefined : [0, 3, 1, 2];
    return {
      ...(order && { order }),
      shape,
      rows,
      columns: 1,
      shared: pixels,
      isKept: pixels === 1,
      place: (c, p) => [c * pixels + p, 0],
    };
  }
  if (dependsOn === "batch" && shape.isImage && axes === "position")
    return {
      shape,
      rows: channels * pixels,
      columns: 1,
      shared: 1,
      isKept: false,
      place: (c, p) => [p * channels + c, 0],
    };
  if (dependsOn === "batch" && shape.isImage && axes === "height") {
    const place = (c: number, p: number) => [Math.floor(p / width), (p % width) * channels + c] as const;
    return { shape, order: [0, 2, 3, 1], rows: height, columns: width * channels, shared: 1, isKept: false, place };
  }
  return { shape, rows: channels, columns: pixels, shared: 1, isKept: true, place: (c, p) => [c, p] };
}
