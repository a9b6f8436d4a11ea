import { randomStream } from "../data/streams.js";
import { type Normalization, norms } from "./network.js";
import type { Tensor, TensorMap } from "./tensors.js";

/** Standard deviation of a kernel's entries, by the number of its inputs and outputs. */
export const initializers = {
  /** N(0, initStd²), whatever the width: the tutorial's choice. */
  normal: (_inputs: number, _outputs: number, initStd: number) => initStd,
  /** He et al. 2015, equation 10. */
  he: (inputs: number) => Math.sqrt(2 / inputs),
  /** Glorot & Bengio 2010, equation 12. */
  glorot: (inputs: number, outputs: number) => Math.sqrt(2 / (inputs + outputs)),
  /** LeCun et al. 1998, section 4.6. */
  lecun: (inputs: number) => Math.sqrt(1 / inputs),
} as const satisfies Record<string, (inputs: number, outputs: number, initStd: number) => number>;

export type InitializerName = keyof typeof initializers;

/** How kernels and biases are made of standard normal deviates. */
export interface Initialization {
  readonly init: InitializerName;
  /** Standard deviation of the kernels with init normal. */
  readonly initStd: number;
  /** Mean of the biases. */
  readonly bias: number;
  /** Standard deviation of the biases; 0: all are `bias`. */
  readonly biasStd: number;
}

/** The standard normal deviates behind a network's kernels and biases, by tensor, before they are scaled. Float64. */
export type Deviates = TensorMap;

/**
 * Draws the deviates of kernels `[in, out]` and biases `[out]`. Each tensor draws from a stream of its own, so a deeper
 * network keeps the layers it had, and biases of another spread leave the kernels alone.
 */
export function drawDeviates(sizes: readonly number[], seed: number): Deviates {
  const tensors = new Map<string, Tensor>();
  const draw = (name: string, stream: string, shape: readonly number[]) => {
    const { normal } = randomStream(seed, stream);
    const length = shape.reduce((product, size) => product * size, 1);
    tensors.set(name, { shape, data: Float64Array.from({ length }, normal) });
  };
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [inputs, outputs] = [sizes[layer] as number, sizes[layer + 1] as number];
    draw(`layers.${layer}.kernel`, `weights/layers.${layer}`, [inputs, outputs]);
    draw(`layers.${layer}.bias`, `biases/layers.${layer}`, [outputs]);
  }
  return tensors;
}

/** The kernels and biases that an arm starts from, rounded to float32: the deviates scaled and moved. */
export function scaledWeights(deviates: Deviates, { init, initStd, bias, biasStd }: Initialization): TensorMap {
  const scaled = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
    const isBias = name.endsWith(".bias");
    const std = isBias ? biasStd : initializers[init](shape[0] as number, shape[1] as number, initStd);
    // A loop: Float32Array.from with a function takes twenty times as long, and wide nets have millions of weights.
    const values = new Float32Array(data.length);
    for (let i = 0; i < values.length; i++) {
      const deviate = data[i] as number;
      values[i] = isBias ? bias + std * deviate : std * deviate;
    }
    return [name, { shape, data: values }];
  };
  return new Map([...deviates].map(scaled));
}

/** The initial kernels and biases of a seed. */
export function initialWeights(
  sizes: readonly number[],
  init: Pick<Initialization, "init" | "initStd"> & Partial<Initialization>,
  seed: number,
): TensorMap {
  return scaledWeights(drawDeviates(sizes, seed), { bias: INITIAL_BIAS, biasStd: 0, ...init });
}

/** Every bias starts here unless the configuration says otherwise. */
export const INITIAL_BIAS = 0.1;

/**
 * An arm's state before the first update: the given kernels and biases and, where it normalizes, gamma 1, beta 0 (unless
 * it has none) and moving statistics 0.
 */
export function initialTensors(
  weights: TensorMap,
  sizes: readonly number[],
  normalization: Normalization | undefined,
): TensorMap {
  const tensors = new Map(weights);
  for (const { index, units } of norms({ sizes, ...(normalization === undefined ? {} : { normalization }) })) {
    const vector = (value: number): Tensor => ({ shape: [units], data: new Float32Array(units).fill(value) });
    if (normalization?.affine ?? true) {
      tensors.set(`norms.${index}.gamma`, vector(1));
      tensors.set(`norms.${index}.beta`, vector(0));
    }
    tensors.set(`norms.${index}.moving_mean`, vector(0));
    tensors.set(`norms.${index}.moving_variance`, vector(0));
  }
  return tensors;
}
