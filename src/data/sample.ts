import { type ImageForm, type Points, samplesAt } from "./points.js";

/** At most this many training points stand for all of them where states are observed. */
export const SAMPLE_POINTS = 2500;
/** Of images fewer do: each has as many values in a channel as pixels. */
export const SAMPLE_IMAGES = 500;

/**
 * The training points that every state of an arm is observed on: all of them, the very same object, or every second,
 * third, … one in the order of the batches. It depends on nothing but the points, so every checkpoint of every arm sees
 * the same.
 */
export function sampleOf(training: Points): Points {
  const { samples, image } = training;
  const indices = evenIndices(samples, image);
  if (indices.length === samples) return training;
  return samplesAt(training, indices);
}

/** Every index below `samples`, or an even choice of at most `SAMPLE_POINTS`, `SAMPLE_IMAGES` where they are images. */
export function evenIndices(samples: number, image?: Omit<ImageForm, "channels">): number[] {
  const step = Math.ceil(samples / (image === undefined ? SAMPLE_POINTS : SAMPLE_IMAGES));
  return Array.from({ length: Math.ceil(samples / step) }, (_, i) => i * step);
}
