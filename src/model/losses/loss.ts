import type { Scalar, T, TF } from "../tensorflow.js";

/**
 * What a loss is: the cost of a network's outputs. To add one, write a file beside this one and list it in `index.ts`;
 * the engine `fused` needs a kernel as well, and refuses the loss until it has one.
 */
export interface Loss {
  /** In a sentence: "mean squared error". */
  readonly label: string;
  /** As printed in the help and the documents. */
  readonly formula: string;
  readonly source: string;
  /** Whether a sample's target is a class, one number 0 … K − 1 for K outputs, and an accuracy is recorded. */
  readonly classes: boolean;
  /** The number in `src/kernel/losses.ts`; a loss without one runs on the other engines. */
  readonly kernel?: number;
  /** Float64: the cost of outputs `[units][samples]`, with targets as `Points.y`; NaN where an output is. */
  readonly value: (outputs: Float64Array, targets: Float32Array, samples: number) => number;
  /** ∂C/∂output, `[units][samples]`. */
  readonly gradient: (outputs: Float64Array, targets: Float32Array, samples: number) => Float64Array;
  /** The cost of outputs `[samples, units]`, targets `[samples, units]` or `[samples]`, as differentiable operations. */
  readonly tfjs: (tf: TF, outputs: T, targets: T) => Scalar;
  /** What needs no network: the cost of answering every sample alike, as well as that can be done. */
  readonly ofConstant: (targets: Targets, outputs: number) => number;
  /** The cost of giving all classes equal shares. */
  readonly chance?: (outputs: number) => number;
}

/** Targets as `Points.y`: what the answer may be made from, and what it is measured on. */
export interface Targets {
  readonly training: Float32Array;
  readonly evaluation: Float32Array;
}
