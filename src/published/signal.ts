import type { LayerObservation, Observation, Values } from "../engines/engine.js";

/*
 * How signals and gradients go through a network at its initial weights. Hidden layers are counted from 1; a matrix is
 * `[units][samples]`, and the output of hidden layer l is the input of the layer after it.
 */

/** The output of hidden layer `layer`. */
export function handedOn({ layers }: Observation, layer: number): Values {
  return layers[layer]?.layerInput as Values;
}

/** Number of samples, by the one row of predictions. */
export function samplesOf({ layers }: Observation): number {
  return (layers.at(-1) as LayerObservation).preActivation.length;
}

/** ln‖∂C/∂(pre-activation)‖² of every layer, the output layer last. */
export function logGradientSquares({ layers }: Observation): number[] {
  return layers.map(({ gradientNorms }) => 2 * Math.log(gradientNorms.preActivation));
}

/** The least-squares slope of values over 0, 1, 2, … */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  let [products, squares] = [0, 0];
  for (const [i, value] of values.entries()) {
    products += (i - middle) * value;
    squares += (i - middle) ** 2;
  }
  return products / squares;
}

/** The least-squares slope of ln y over ln x: the exponent of y ∝ xᵖ. */
export function exponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const products = logs.map(([x, y]) => (x - x0) * (y - y0));
  return mean(products) / mean(logs.map(([x]) => (x - x0) ** 2));
}

/** The mean cosine between the columns of two different samples; NaN where a column is zero. */
export function meanPairwiseCosine(matrix: Values, samples: number): number {
  const lengths = new Float64Array(samples);
  for (let i = 0; i < matrix.length; i++) {
    const sample = i % samples;
    lengths[sample] = (lengths[sample] as number) + (matrix[i] as number) ** 2;
  }
  // Σ over all pairs of the cosine is the square of the sum of the unit vectors; the samples' own cosines are 1.
  let total = 0;
  for (let start = 0; start < matrix.length; start += samples) {
    let sum = 0;
    for (let s = 0; s < samples; s++) sum += (matrix[start + s] as number) / Math.sqrt(lengths[s] as number);
    total += sum * sum;
  }
  return (total - samples) / (samples * (samples - 1));
}

/** The mean of the squares. */
export function secondMoment(values: Values): number {
  return sumOfSquares(values) / values.length;
}

/** The share of values beyond ±`beyond`. */
export function shareBeyond(values: Values, beyond: number): number {
  let count = 0;
  for (const value of values) if (Math.abs(value) > beyond) count += 1;
  return count / values.length;
}

/** Whether some hidden layer outputs only zeros, whatever the sample. */
export function isDead({ layers }: Observation): boolean {
  return layers.slice(1).some(({ layerInput }) => layerInput.every((value) => value === 0));
}

/**
 * r(H) = tr(M)²/‖M‖²_F with M = H·Hᵀ (Daneshmand et al. 2020): n where H's n singular values are equal, 1 where all but
 * one are zero, and never more than the rank.
 */
export function softRank(matrix: Values, samples: number): number {
  const units = matrix.length / samples;
  let frobenius = 0;
  for (let u = 0; u < units; u++) {
    for (let v = u; v < units; v++) {
      let product = 0;
      for (let s = 0; s < samples; s++) {
        product += (matrix[u * samples + s] as number) * (matrix[v * samples + s] as number);
      }
      frobenius += (u === v ? 1 : 2) * product * product;
    }
  }
  return sumOfSquares(matrix) ** 2 / frobenius;
}

function sumOfSquares(values: Values): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
