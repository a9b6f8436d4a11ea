import type { Distribution } from "../record/layers.js";
import { statistic } from "../record/statistic.js";

/** A histogram without its moments. */
export type Counts = Pick<Distribution, "counts" | "underflow" | "overflow" | "nonFinite">;

/** Counts the values by bins; `edges` ascend evenly. */
export function countsOf(values: ArrayLike<number>, edges: readonly number[]): Counts {
  const bins = edges.length - 1;
  const [low, high] = [edges[0] as number, edges[bins] as number];
  const counts = new Array<number>(bins).fill(0);
  const perUnit = bins / (high - low);
  let [underflow, overflow, nonFinite] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) nonFinite += 1;
    else if (value < low) underflow += 1;
    else if (value > high) overflow += 1;
    else {
      // The division may round to the neighbor; the edges decide.
      let bin = Math.min(Math.floor((value - low) * perUnit), bins - 1);
      if (value < (edges[bin] as number)) bin -= 1;
      else if (bin < bins - 1 && value >= (edges[bin + 1] as number)) bin += 1;
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  return { counts, underflow, overflow, nonFinite };
}

/** Bins the values; the moments are sums in the values' order, so the same input gives the same bits. */
export function distributionOf(values: ArrayLike<number>, edges: readonly number[]): Distribution {
  let sum = 0;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    // Not `** 2`: the last bit of a power is left to the machine.
    const deviation = (values[i] as number) - mean;
    squares += deviation * deviation;
  }
  return {
    edges: [...edges],
    ...countsOf(values, edges),
    mean: statistic(mean),
    variance: statistic(squares / values.length),
    min: statistic(min),
    max: statistic(max),
  };
}

/** Share of the values outside the interval; NaN is outside. */
export function shareOutside(values: ArrayLike<number>, [low, high]: readonly [number, number]): number {
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(value >= low && value <= high)) outside += 1;
  }
  return outside / values.length;
}
