import type { Digest } from "../data/digest.js";
import { float32Digest } from "../data/digest.js";

/** A dense array with its shape, row-major; a kernel is `[in, out]`, a vector `[units]`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/**
 * Tensors by name. Names are those of Keras with the layer's index: `layers.I.kernel`, `layers.I.bias`,
 * `norms.I.gamma`, `norms.I.beta`, `norms.I.moving_mean`, `norms.I.moving_variance`. `norms.0` normalizes the network's
 * input, `norms.I` (I > 0) hidden layer I − 1. Other normalizers and optimizers add their own tensors, see
 * `trainedTensors` and `optimizerTensors` in network.ts.
 */
export type TensorMap = ReadonlyMap<string, Tensor>;

/** The named tensor's values. Throws when it is missing: an engine was handed a state that does not fit its network. */
export function valuesOf(tensors: TensorMap, name: string): Float32Array | Float64Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`the state has no tensor "${name}"`);
  return tensor.data;
}

/** SHA-256 over the tensors whose names end in `suffix`, in the map's order, as little-endian float32. */
export function digestOf(tensors: TensorMap, suffix: string): Digest {
  const parts = [...tensors].filter(([name]) => name.endsWith(suffix)).map(([, tensor]) => tensor.data);
  return float32Digest(...parts);
}
