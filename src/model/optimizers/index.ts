import { adam } from "./adam.js";
import { momentum } from "./momentum.js";
import type { Optimizer, OptimizerOptions } from "./optimizer.js";
import { sgd } from "./sgd.js";

/** Every optimizer by name, the standard first. */
export const optimizers = { sgd, momentum, adam } as const satisfies Record<string, Optimizer>;

export type OptimizerName = keyof typeof optimizers;

/** An optimizer with its settings; absent from a network that is trained by plain gradient descent. */
export interface Optimization extends OptimizerOptions {
  readonly optimizer?: OptimizerName;
}

export function optimizerOf({ optimizer = "sgd" }: Optimization): Optimizer {
  return optimizers[optimizer];
}
