import { randomStream } from "../data/streams.js";
import { type ImageNetwork, kernelShape, stagesOf } from "./layers/stages.js";
import {
  activationNormalizer,
  type NetworkShape,
  normalizerParameters,
  normalizesKernel,
  norms,
  optimizerTensors,
} from "./network.js";
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
 * Draws the deviates of kernels `[in, out]`, or `[height, width, in, out]`, and biases `[out]`. Each tensor draws from a stream of its own, so a deeper
 * network keeps the layers it had, and biases of another spread leave the kernels alone.
 */
export function drawDeviates(sizes: readonly number[], seed: number, images?: ImageNetwork): Deviates {
  const tensors = new Map<string, Tensor>();
  const draw = (name: string, stream: string, shape: readonly number[]) => {
    const { normal } = randomStream(seed, stream);
    const length = shape.reduce((product, size) => product * size, 1);
    tensors.set(name, { shape, data: Float64Array.from({ length }, normal) });
  };
  for (const [layer, stage] of stagesOf({ sizes, ...(images && { images }) }).entries()) {
    draw(`layers.${layer}.kernel`, `weights/layers.${layer}`, kernelShape(stage));
    draw(`layers.${layer}.bias`, `biases/layers.${layer}`, [stage.to.channels]);
  }
  return tensors;
}

/** The kernels and biases that an arm starts from, rounded to float32: the deviates scaled and moved. */
export function scaledWeights(deviates: Deviates, { init, initStd, bias, biasStd }: Initialization): TensorMap {
  const scaled = ([name, { shape, data }]: [string, Tensor]): [string, Tensor] => {
    const isBias = name.endsWith(".bias");
    const [inputs, outputs] = fansOf(shape);
    const std = isBias ? biasStd : initializers[init](inputs, outputs, initStd);
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

/** Inputs of a unit and units of an input, by a kernel's shape: of a convolution kh · kw times as many as channels. */
function fansOf(shape: readonly number[]): [inputs: number, outputs: number] {
  const [outputs = 0, inputs = 0, ...window] = shape.toReversed();
  const places = window.reduce((product, size) => product * size, 1);
  return [places * inputs, places * outputs];
}

/** The initial kernels and biases of a seed. */
export function initialWeights(
  sizes: readonly number[],
  init: Pick<Initialization, "init" | "initStd"> & Partial<Initialization>,
  seed: number,
  images?: ImageNetwork,
): TensorMap {
  return scaledWeights(drawDeviates(sizes, seed, images), { bias: INITIAL_BIAS, biasStd: 0, ...init });
}

/** Every bias starts here unless the configuration says otherwise. */
export const INITIAL_BIAS = 0.1;

/**
 * An arm's state before the first update: the given kernels and biases, the initial values of its normalizer's parameters
 * (for batch normalization gamma 1, beta 0 and moving statistics 0), and the optimizer's state, 0.
 */
export function initialTensors(weights: TensorMap, spec: NetworkShape): TensorMap {
  const tensors = new Map(weights);
  const filled = (units: number, value: number): Tensor => ({
    shape: [units],
    data: new Float32Array(units).fill(value),
  });
  const parameters = normalizerParameters(spec);
  const place = (prefix: string, units: number, kernel?: Tensor) => {
    for (const { name, per, start } of parameters) {
      const size = per === "unit" ? units : 1;
      if (typeof start === "number") tensors.set(`${prefix}.${name}`, filled(size, start));
      else if (kernel !== undefined) tensors.set(`${prefix}.${name}`, { shape: [size], data: start(kernel) });
    }
  };
  const activations = activationNormalizer(spec);
  for (const { index, units } of norms(spec)) {
    place(`norms.${index}`, units);
    if (activations?.movingVariance === undefined) continue;
    tensors.set(`norms.${index}.moving_mean`, filled(units, 0));
    tensors.set(`norms.${index}.moving_variance`, filled(units, activations.movingVariance));
  }
  for (const [layer, units] of spec.sizes.slice(1).entries())
    if (normalizesKernel(spec, layer)) place(`layers.${layer}`, units, tensors.get(`layers.${layer}.kernel`));
  for (const { name, shape } of optimizerTensors(spec))
    tensors.set(name, { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) });
  return tensors;
}
