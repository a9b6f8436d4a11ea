import type { Moments, Values } from "../engines/engine.js";
import { type Statistic, statistic } from "./statistic.js";

/** Root mean square over the features of a difference and of the three parts that add up to it in each of them. */
export interface GapParts {
  total: Statistic;
  startUp: Statistic;
  lag: Statistic;
  noise: Statistic;
}

/** How far the moving averages of one BN are from the whole training set's statistics under the current weights. */
export interface Gap {
  /** In standard deviations √(σ² + ε) of the training set. */
  mean: GapParts;
  /** As shares of the training set's σ² + ε. */
  variance: GapParts;
}

/**
 * With decay d after t updates, the moving average is M = Σₖ wₖ Bₖ with wₖ = (1 − d) dᵗ⁻¹⁻ᵏ, Bₖ the statistics of the
 * batch of update k + 1, and Σ wₖ = 1 − dᵗ. With Sₖ those of the whole training set under the same weights, F = Σₖ wₖ Sₖ
 * and S = Sₜ:
 *
 *   M − S  =  −dᵗ S  (start-up: the weight that zero still has)
 *           + F − (1 − dᵗ) S  (lag: the weights moved since)
 *           + M − F  (batch noise: the batches were not the whole set)
 *
 * Debiased averages are divided by 1 − dᵗ, F with them, and have no start-up part.
 */
export function gapOf(
  moving: Moments,
  averaged: Moments,
  current: Moments,
  { epsilon, startWeight, debias }: { epsilon: number; startWeight: number; debias: boolean },
): Gap {
  const scale = Float64Array.from(current.variance, (variance) => variance + epsilon);
  const parts = (m: Values, f: Values, s: Values, unit: (i: number) => number): GapParts => {
    const [total, startUp, lag, noise] = [squares(), squares(), squares(), squares()];
    for (let i = 0; i < s.length; i++) {
      const [M, S, u] = [m[i] as number, s[i] as number, unit(i)];
      const F = debias ? (f[i] as number) / (1 - startWeight) : (f[i] as number);
      const start = debias ? 0 : -startWeight * S;
      total.add((M - S) / u);
      startUp.add(start / u);
      lag.add((F - S - start) / u);
      noise.add((M - F) / u);
    }
    return { total: total.root(), startUp: startUp.root(), lag: lag.root(), noise: noise.root() };
  };
  return {
    mean: parts(moving.mean, averaged.mean, current.mean, (i) => Math.sqrt(scale[i] as number)),
    variance: parts(moving.variance, averaged.variance, current.variance, (i) => scale[i] as number),
  };
}

function squares() {
  let [sum, count] = [0, 0];
  return {
    add(value: number) {
      sum += value * value;
      count += 1;
    },
    root: () => statistic(Math.sqrt(sum / count)),
  };
}
