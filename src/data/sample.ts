import type { Points } from "./points.js";

/** At most this many training points stand for all of them where states are observed. */
export const SAMPLE_POINTS = 2500;

/**
 * The training points that every state of an arm is observed on: all of them, the very same object, or every second,
 * third, … one in the order of the batches. It depends on nothing but the points, so every checkpoint of every arm sees
 * the same.
 */
export function sampleOf(training: Points): Points {
  const { samples, inputs, x, y } = training;
  const indices = evenIndices(samples);
  if (indices.length === samples) return training;
  const chosen = { x: new Float32Array(indices.length * inputs), y: new Float32Array(indices.length) };
  indices.forEach((from, to) => {
    chosen.x.set(x.subarray(from * inputs, (from + 1) * inputs), to * inputs);
    chosen.y[to] = y[from] as number;
  });
  return { samples: indices.length, inputs, ...chosen };
}

/** Every index below `samples`, or an even choice of at most `SAMPLE_POINTS`. */
export function evenIndices(samples: number): number[] {
  const step = Math.ceil(samples / SAMPLE_POINTS);
  return Array.from({ length: Math.ceil(samples / step) }, (_, i) => i * step);
}
