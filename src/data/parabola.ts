import type { Points } from "./points.js";
import type { RandomStream } from "./streams.js";

/** Where the tutorial's x lies. */
const FROM = -7;
const TO = 10;

/** The function under the noise: x² − 5. */
export const parabola = (x: number): number => x * x - 5;

/** `samples` numbers from −7 to 10, both included, rounded to float32; a single one is −7. */
export function inputGrid(samples: number): Float32Array {
  const step = samples > 1 ? (TO - FROM) / (samples - 1) : 0;
  const grid = Float32Array.from({ length: samples }, (_, i) => FROM + i * step);
  if (samples > 1) grid[samples - 1] = TO;
  return grid;
}

/**
 * The noisy parabola `y = x² − 5 + noise·ε`, ε ~ N(0, 1), on `inputGrid(samples)`.
 * `noiseSquare` is the realized mean of the squared noise: what the true parabola itself would cost on these points.
 */
export function noisyParabola(
  samples: number,
  noise: number,
  stream: RandomStream,
): { points: Points; noiseSquare: number } {
  const x = inputGrid(samples);
  let sum = 0;
  const y = x.map((value) => {
    const error = noise * stream.normal();
    sum += error * error;
    return parabola(value) + error;
  });
  return { points: { samples, inputs: 1, x, y }, noiseSquare: sum / samples };
}
