import { randomStream } from "../data/streams.js";
import type { Normalization } from "./network.js";
import type { Tensor, TensorMap } from "./tensors.js";

/** Standard deviation of a kernel's entries, by the number of its inputs and outputs. */
export const initialisers = {
  /** N(0, initStd²), whatever the width: the tutorial's choice. */
  normal: (_inputs: number, _outputs: number, initStd: number) => initStd,
  /** He et al. 2015, equation 10. */
  he: (inputs: number) => Math.sqrt(2 / inputs),
  /** Glorot & Bengio 2010, equation 12. */
  glorot: (inputs: number, outputs: number) => Math.sqrt(2 / (inputs + outputs)),
  /** LeCun et al. 1998, section 4.6. */
  lecun: (inputs: number) => Math.sqrt(1 / inputs),
} as const satisfies Record<string, (inputs: number, outputs: number, initStd: number) => number>;

export type InitialiserName = keyof typeof initialisers;

/** Every bias starts here. */
const INITIAL_BIAS = 0.1;

/**
 * The kernels `[in, out]` and biases `[out]` that both arms start from, rounded to float32. Each kernel draws from a
 * stream of its own, so a deeper network keeps the layers it had.
 */
export function initialWeights(
  sizes: readonly number[],
  init: { readonly init: InitialiserName; readonly initStd: number },
  seed: number,
): TensorMap {
  const tensors = new Map<string, Tensor>();
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [inputs, outputs] = [sizes[layer] as number, sizes[layer + 1] as number];
    const std = initialisers[init.init](inputs, outputs, init.initStd);
    const stream = randomStream(seed, `weights/layers.${layer}`);
    const kernel = Float32Array.from({ length: inputs * outputs }, () => std * stream.normal());
    tensors.set(`layers.${layer}.kernel`, { shape: [inputs, outputs], data: kernel });
    tensors.set(`layers.${layer}.bias`, { shape: [outputs], data: new Float32Array(outputs).fill(INITIAL_BIAS) });
  }
  return tensors;
}

/**
 * An arm's state before the first update: the given kernels and biases and, where it normalises, gamma 1, beta 0 and
 * moving statistics 0 for the input and every hidden layer.
 */
export function initialTensors(
  weights: TensorMap,
  sizes: readonly number[],
  normalization: Normalization | undefined,
): TensorMap {
  const tensors = new Map(weights);
  if (normalization === undefined) return tensors;
  sizes.slice(0, -1).forEach((units, norm) => {
    const vector = (value: number): Tensor => ({ shape: [units], data: new Float32Array(units).fill(value) });
    tensors.set(`norms.${norm}.gamma`, vector(1));
    tensors.set(`norms.${norm}.beta`, vector(0));
    tensors.set(`norms.${norm}.moving_mean`, vector(0));
    tensors.set(`norms.${norm}.moving_variance`, vector(0));
  });
  return tensors;
}
