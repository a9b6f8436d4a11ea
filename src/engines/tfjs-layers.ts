import type { Rank, Tensor4D } from "@tensorflow/tfjs-core";
import { type ReshapingStep, type Shape, type Stage, windowPadding } from "../model/layers/stages.js";
import type { T, TF } from "../model/tensorflow.js";

/* What layers of images are as TensorFlow.js operations on `[samples, height, width, channels]`. */

/** a·W of a weighted layer. */
export function product(tf: TF, stage: Stage, a: T, kernel: T): T {
  if (stage.kind === "dense") return tf.matMul(a, kernel);
  const {
    from,
    to,
    stride,
    kernel: [height, width],
  } = stage;
  const images = imagesOf(tf, from, a);
  if (hasConvolutions(tf))
    return tf.conv2d(images, tf.reshape<Rank.R4>(kernel, [height, width, from.channels, to.channels]), stride, "same");
  const { top, left } = windowPadding(stage);
  // As far as the last window reaches, and a multiple of the stride, so that every window's rows are whole.
  const rest = (size: number, out: number, window: number, before: number) =>
    Math.max(0, window - 1 + out * stride - size - before);
  const padded = tf.pad(images, [
    [0, 0],
    [top, rest(from.height, to.height, height, top)],
    [left, rest(from.width, to.width, width, left)],
    [0, 0],
  ]);
  const taps = Array.from({ length: height * width }, (_, tap) =>
    shifted(tf, padded, Math.floor(tap / width), tap % width, to, stride),
  );
  const rows = taps.length === 1 && taps[0] !== undefined ? taps[0] : tf.concat(taps, 1);
  const z = tf.matMul(rows, tf.reshape<Rank.R2>(kernel, [-1, to.channels]));
  return tf.reshape(z, [a.shape[0] ?? 0, to.height, to.width, to.channels]);
}

export function reshaped(tf: TF, { kind, from, to }: ReshapingStep, a: T): T {
  if (kind === "mean") return tf.mean(a, [1, 2]);
  if (kind === "flatten") return tf.reshape(a, [-1, to.channels]);
  const images = imagesOf(tf, from, a);
  if (hasConvolutions(tf)) return tf.maxPool(images, 2, 2, "valid");
  // A row and a column more, so that the blocks from (1, 1) on are whole.
  const padded = tf.pad(images, [
    [0, 0],
    [0, 1],
    [0, 1],
    [0, 0],
  ]);
  const [first, ...others] = [0, 1, 2, 3].map((tap) => shifted(tf, padded, tap >> 1, tap & 1, to, 2));
  // The gradient of equal values goes to the earlier one.
  const largest = others.reduce((most, next) => tf.maximum(most as T, next), first);
  return tf.reshape(largest as T, [a.shape[0] ?? 0, to.height, to.width, to.channels]);
}

/**
 * Whether the backend differentiates convolutions. `wasm` lacks the kernel, and its gradient of a maximum over windows
 * differs from that of the others, so there both are made of products and slices.
 */
function hasConvolutions(tf: TF): boolean {
  return tf.getKernel("Conv2DBackpropFilter", tf.getBackend()) !== undefined;
}

/** Every `stride`-th pixel from (y, x) on, as many as `to` has, as rows `[samples × pixels, channels]`. */
function shifted(tf: TF, images: Tensor4D, y: number, x: number, to: Shape, stride: number): T {
  const [samples = 0, , , channels = 0] = images.shape;
  if (stride === 1)
    return tf.reshape(tf.slice(images, [0, y, x, 0], [samples, to.height, to.width, channels]), [-1, channels]);
  const [height, width] = [to.height * stride, to.width * stride];
  const block = tf.slice(images, [0, y, x, 0], [samples, height, width, channels]);
  const rows = tf.reshape<Rank.R2>(block, [samples * to.height, stride * width * channels]);
  const kept = tf.reshape<Rank.R2>(tf.slice(rows, [0, 0], [-1, width * channels]), [-1, stride * channels]);
  return tf.slice(kept, [0, 0], [-1, channels]);
}

/** `[samples, height, width, channels]`, for the types. */
function imagesOf(tf: TF, { height, width, channels }: Shape, a: T): Tensor4D {
  return tf.reshape<Rank.R4>(a, [a.shape[0] ?? 0, height, width, channels]);
}
