import type { Dataset } from "../data/dataset.js";
import { lossOf } from "../model/losses/index.js";
import type { NetworkSpec } from "../model/network.js";
import type { ReferenceCosts } from "../record/arms.js";

/** What needs no training, for the networks of a run, which have their loss and their outputs in common. */
export function referenceCostsOf(
  { original: { training, evaluation }, noise }: Dataset,
  spec: Pick<NetworkSpec, "sizes" | "loss">,
): ReferenceCosts {
  const loss = lossOf(spec);
  const outputs = spec.sizes.at(-1) ?? 1;
  const predictMean = loss.ofConstant({ training: training.y, evaluation: evaluation.y }, outputs);
  return {
    ...(noise === undefined ? {} : { noiseFloor: noise.variance, realizedNoise: noise.realized }),
    predictMean,
    ...(loss.chance === undefined ? {} : { chance: loss.chance(outputs) }),
  };
}
