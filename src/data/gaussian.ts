import type { Points } from "./points.js";
import type { RandomStream } from "./streams.js";

/** The function under the noise, for a row of d inputs: Σ (xᵢ² − 1) / √(2d), of mean 0 and variance 1 for Gaussian x. */
export function gaussianTarget(row: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i] as number) * (row[i] as number) - 1;
  return sum / Math.sqrt(2 * row.length);
}

/**
 * `samples` points of `inputs` columns from N(0, 1), rounded to float32, and `y = gaussianTarget(x) + noise·ε`. Each
 * point's inputs are drawn before its noise. `noiseSquare` is the realized mean of the squared noise.
 */
export function gaussianPoints(
  samples: number,
  inputs: number,
  noise: number,
  stream: RandomStream,
): { points: Points; noiseSquare: number } {
  const x = new Float32Array(samples * inputs);
  const y = new Float32Array(samples);
  let sum = 0;
  for (let s = 0; s < samples; s++) {
    const row = x.subarray(s * inputs, (s + 1) * inputs);
    for (let i = 0; i < inputs; i++) row[i] = stream.normal();
    const error = noise * stream.normal();
    sum += error * error;
    y[s] = gaussianTarget(row) + error;
  }
  return { points: { samples, inputs, x, y }, noiseSquare: sum / samples };
}
