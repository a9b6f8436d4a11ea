import type { OptimizerOptions } from "./optimizer.js";

/**
 * Decoupled weight decay: w ← w − η · λ · w before the optimizer's step, apart from the gradient. Kernels alone; with
 * `decayNorms` every trained tensor.
 *
 * Loshchilov & Hutter 2019, algorithm 2, with η and λ multiplied.
 *
 * Returns η · λ for the named tensor; 0 where it does not decay.
 */
export function decayOf(
  name: string,
  { learningRate, weightDecay = 0, decayNorms = false }: OptimizerOptions & { readonly learningRate: number },
): number {
  return decayNorms || name.endsWith(".kernel") ? learningRate * weightDecay : 0;
}
