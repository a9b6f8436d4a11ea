import type { Moments, Values } from "../engines/engine.js";
import type { Gap, GapParts } from "../record/layers.js";
import { statistic } from "../record/statistic.js";

/** The statistics that a gap is between, of one norm at one state. */
export interface Averages {
  /** M: as inference mode uses them. */
  readonly moving: Moments;
  /** A: the same average of the same batches' statistics, in float64 and not debiased. */
  readonly exact: Moments;
  /** F: the same average of the whole training set's statistics at the same updates, not debiased. */
  readonly averaged: Moments;
  /** S: the whole training set's statistics now. */
  readonly current: Moments;
}

/**
 * With decay d after t updates, an average without rounding is A = Σₖ wₖ Bₖ with wₖ = (1 − d) dᵗ⁻¹⁻ᵏ, Bₖ the statistics
 * of the batch of update k + 1, and Σ wₖ = 1 − dᵗ. M is what the engine has for it. With Sₖ those of the whole training
 * set under the same weights, F = Σₖ wₖ Sₖ and S = Sₜ:
 *
 *   M − S  =  dᵗ (M₀ − S)  (initialization bias: the weight that the start M₀ still has, 0 or for some variances 1)
 *           + F − dᵗ M₀ − (1 − dᵗ) S  (lag: the weights moved since)
 *           + A − F  (batch noise: the batches were not the whole set)
 *           + M − A  (rounding of the average)
 *
 * Rounding is no noise that averages out. M ← d M + (1 − d) B stands still where (1 − d) |B − M| is less than half a unit
 * in M's last place, so M may stop up to ½/(1 − d) units away from a B that does not change.
 *
 * Debiased averages are divided by 1 − dᵗ, A and F with them, and have no initialization bias.
 */
export function gapOf(
  { moving, exact, averaged, current }: Averages,
  {
    epsilon,
    startWeight,
    start = 0,
    debias,
  }: { epsilon: number; startWeight: number; start?: number; debias: boolean },
): Gap {
  const scale = Float64Array.from(current.variance, (variance) => variance + epsilon);
  const divisor = debias ? 1 - startWeight : 1;
  const parts = (moment: keyof Moments, unit: (i: number) => number): GapParts => {
    const [total, initializationBias, lag, noise, rounding] = [squares(), squares(), squares(), squares(), squares()];
    const at = (values: Values, i: number) => values[i] as number;
    for (let i = 0; i < scale.length; i++) {
      const [M, S, u] = [at(moving[moment], i), at(current[moment], i), unit(i)];
      const [A, F] = [at(exact[moment], i) / divisor, at(averaged[moment], i) / divisor];
      const from = moment === "variance" ? start : 0;
      const bias = debias ? 0 : from * startWeight - startWeight * S;
      total.add((M - S) / u);
      initializationBias.add(bias / u);
      lag.add((F - S - bias) / u);
      noise.add((A - F) / u);
      rounding.add((M - A) / u);
    }
    return {
      total: total.root(),
      initializationBias: initializationBias.root(),
      lag: lag.root(),
      noise: noise.root(),
      rounding: rounding.root(),
    };
  };
  return {
    mean: parts("mean", (i) => Math.sqrt(scale[i] as number)),
    variance: parts("variance", (i) => scale[i] as number),
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
