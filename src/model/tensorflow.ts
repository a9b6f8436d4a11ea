import type * as TensorFlow from "@tensorflow/tfjs-core";

/** TensorFlow.js as one backend's package exports it; two packages in one process are two separate worlds. */
export type TF = typeof TensorFlow;
export type T = TensorFlow.Tensor;
export type Scalar = TensorFlow.Scalar;
