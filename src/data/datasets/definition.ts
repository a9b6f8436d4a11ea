import type { Points } from "../points.js";
import type { RandomStream } from "../streams.js";

/** A generated dataset: where its inputs lie, and the function under the noise. */
export interface DatasetDefinition {
  /** As the help lists it. */
  readonly about: string;
  /** The function of one input column as pictures label its curve; absent where none is shown. */
  readonly curve?: string;
  /** Whether the key `inputs` chooses the number of input columns; it is 1 by default. */
  readonly anyInputs: boolean;
  /** Writes the inputs of point `place` of `samples` into `row`, which rounds them to float32. */
  readonly place: (row: Float32Array, place: number, samples: number, stream: RandomStream) => void;
  /** The function under the noise, of one point's inputs. */
  readonly target: (row: ArrayLike<number>) => number;
}

/** Where the tutorial's x lies. */
const FROM = -7;
const TO = 10;

/** The tutorial's inputs: x evenly from −7 to 10, both included (a single one is −7). */
export function evenly(row: Float32Array, place: number, samples: number): void {
  if (place > 0 && place === samples - 1) row[0] = TO;
  else row[0] = FROM + place * ((TO - FROM) / Math.max(samples - 1, 1));
}

/**
 * `samples` points of `inputs` columns with y = target(x) + noise·ε, ε ~ N(0, 1). Each point's inputs are sampled before its
 * noise. `noiseSquare` is the realized mean of the squared noise: what the true function itself would cost on these points.
 */
export function noisyPoints(
  { place, target }: DatasetDefinition,
  { samples, inputs, noise }: { samples: number; inputs: number; noise: number },
  stream: RandomStream,
): { points: Points; noiseSquare: number } {
  const x = new Float32Array(samples * inputs);
  const y = new Float32Array(samples);
  let sum = 0;
  for (let s = 0; s < samples; s++) {
    const row = x.subarray(s * inputs, (s + 1) * inputs);
    place(row, s, samples, stream);
    const error = noise * stream.normal();
    sum += error * error;
    y[s] = target(row) + error;
  }
  return { points: { samples, inputs, x, y }, noiseSquare: sum / samples };
}
