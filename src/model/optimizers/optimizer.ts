import type { T, TF } from "../tensorflow.js";

/**
 * What an optimizer is: how a trained tensor moves along its gradient. To add one, write a file beside this one and list
 * it in `index.ts`; the engine `fused` needs a kernel as well, and refuses the optimizer until it has one.
 */
export interface Optimizer {
  /** In a sentence: "SGD with momentum". */
  readonly label: string;
  /** As printed in the help and the documents. */
  readonly formula: string;
  readonly source: string;
  /** The settings that it reads besides the learning rate and `weightDecay`. */
  readonly options: readonly OptimizerOption[];
  /** Its state: names of tensors, each shaped as the trained one and 0 before the first update. */
  readonly slots: readonly string[];
  /** The number in `src/kernel/optimizers.ts`; an optimizer without one runs on the other engines. */
  readonly kernel?: number;
  /** One update, float64: what becomes of w and of the slots, in their order. */
  readonly step: (w: Float64Array, gradient: Float64Array, slots: readonly Float64Array[], at: Step) => Stepped;
  readonly tfjs: (tf: TF, w: T, gradient: T, slots: readonly T[], at: Step) => Stepped<T>;
}

export type OptimizerOption = "momentum" | "beta1" | "beta2";

/** How an arm is optimized; the standard is plain gradient descent. */
export interface OptimizerOptions {
  /** m of `momentum`; 0.9 where absent. */
  readonly momentum?: number;
  /** β₁ and β₂ of `adam`; 0.9 and 0.999 where absent. */
  readonly beta1?: number;
  readonly beta2?: number;
  /** λ of decoupled weight decay; none where absent. */
  readonly weightDecay?: number;
  /** Whether gamma, beta, gains and biases decay, too; kernels alone where absent. */
  readonly decayNorms?: boolean;
}

/** The update that is made: t counts from 1. */
export interface Step extends OptimizerOptions {
  readonly learningRate: number;
  readonly t: number;
}

export interface Stepped<V = Float64Array> {
  readonly value: V;
  readonly slots: readonly V[];
}
