import { root } from "../metrics/roots.js";
import { type Initialization, initializers } from "../model/initializers.js";
import type { NetworkSpec } from "../model/network.js";
import type { Checkpoint } from "../record/layers.js";
import { statistic } from "../record/statistic.js";
import type { Statistic } from "../record/values.js";

/** Growth of the pre-activation's second moment per layer, as it was before a divergence. */
export interface Growth {
  update: number;
  measured: Statistic;
  predicted?: number;
}

/**
 * The factor per layer that theory predicts for the initial weights of a plain relu network: n·s²/2 for kernels of n
 * inputs and standard deviation s (He et al. 2015, section 2.2), its geometric mean over the hidden layers behind the
 * first. Undefined for other activations, with BN, with one hidden layer, or for images.
 */
export function predictedGrowth(spec: NetworkSpec, initialization: Initialization | undefined): number | undefined {
  const { sizes, images, activation, normalization } = spec;
  const steps = sizes.length - 3;
  if (
    images !== undefined ||
    initialization === undefined ||
    activation !== "relu" ||
    normalization !== undefined ||
    steps < 1
  )
    return undefined;
  let product = 1;
  for (let layer = 1; layer <= steps; layer++) {
    const [inputs, units] = [sizes[layer] as number, sizes[layer + 1] as number];
    const std = initializers[initialization.init](inputs, units, initialization.initStd);
    product *= (inputs * std * std) / 2;
  }
  return Number.isFinite(product) && product > 0 ? root(product, steps) : undefined;
}

/** What the last checkpoint before the divergence shows; the prediction is of the initial weights, so of update 0. */
export function growthBefore(
  update: number,
  checkpoints: readonly Checkpoint[],
  predicted: number | undefined,
): Growth | undefined {
  const before = checkpoints.findLast((checkpoint) => checkpoint.update < update);
  const hidden = before?.layers.slice(0, -1) ?? [];
  const [first, last] = [hidden[0], hidden.at(-1)].map((layer) => layer?.health.secondMoment);
  if (before === undefined || hidden.length < 2 || first === undefined || last === undefined) return undefined;
  const ratio = Number(last) / Number(first);
  const measured = Number.isFinite(ratio) && ratio > 0 ? root(ratio, hidden.length - 1) : ratio;
  return {
    update: before.update,
    measured: statistic(measured),
    ...(before.update === 0 && predicted !== undefined ? { predicted } : {}),
  };
}
