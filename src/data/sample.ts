import { type Points, samplesAt } from "./points.js";

/** At most this many training points stand for all of them where states are observed. */
export const SAMPLE_POINTS = 2500;

/**
 * The training points that every state of an arm is observed on: all of them, the very same object, or every second,
 * third, … one in the order of the batches. It depends on nothing but the points, so every checkpoint of every arm sees
 * the same.
 */
export function sampleOf(training: Points): Points {
  const { samples } = training;
  const indices = evenIndices(samples);
  if (indices.length === samples) return training;
  return samplesAt(training, indices);
}

/** Every index below `samples`, or an even choice of at most `SAMPLE_POINTS`. */
export function evenIndices(samples: number): number[] {
  const step = Math.ceil(samples / SAMPLE_POINTS);
  return Array.from({ length: Math.ceil(samples / step) }, (_, i) => i * step);
}
