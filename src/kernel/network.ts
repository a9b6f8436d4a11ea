import { derivesFromPreActivation } from "./activations";
import { allocate } from "./memory";
import { CHUNK, CHUNK_ROW, rowBytes } from "./simd";

/**
 * A network's memory. Trained tensors lie one behind the other in the order of the forward pass (in the bn arm
 * `norms.0.gamma`, `norms.0.beta`, then per layer kernel [inputs][units], bias, gamma, beta), gradients in the same
 * order in a block of their own, so that an update is one loop; so do the moving statistics (mean, variance per norm).
 *
 * Matrices over samples are chunked: chunk c holds the samples from 512 c on as rows [features][row], `rowBytes` apart.
 */

/** A kernel and its bias, and what a pass caches of the layer. */
@unmanaged
export class Layer {
  inputs: i32;
  units: i32;
  kernel: usize;
  bias: usize;
  kernelGradient: usize;
  biasGradient: usize;
  /** The kernel as the backward product reads it, [units][inputs]. */
  transposed: usize;
  /** a·W + b, [units][samples]; the prediction in the output layer. */
  z: usize;
  /** What the kernel is multiplied with, [inputs][samples]: f of the layer before; unused where that is x itself. */
  a: usize;
  /** Σ (∂C/∂pre-activation)² of the pass observed. */
  gradientSquares: f64;
  /** Contiguous copies for an observation, [units][samples] and [inputs][samples]. */
  seenPreActivation: usize;
  seenInput: usize;
}

/** One normalised feature: its statistics, and the constants of a pass made of them. */
@unmanaged
export class Feature {
  mean: f64;
  /** The batch's biased variance; while chunks are being added, Σ (z − mean)². */
  variance: f64;
  /** 1/√(variance + ε) */
  inverse: f64;
  /** Σ d and Σ d (z − mean), d = ∂C/∂u */
  gradientSum: f64;
  centredGradientSum: f64;
  /** The mean as the rows are centred with it, and gamma · inverse. */
  centre: f32;
  scale: f32;
  /** The constants of `normalizeBackward`. */
  meanGradient: f32;
  slope: f32;
}

/** A batch normalisation: norms.0 of the input, norms.I of hidden layer I − 1. */
@unmanaged
export class Norm {
  units: i32;
  gamma: usize;
  beta: usize;
  gammaGradient: usize;
  betaGradient: usize;
  movingMean: usize;
  movingVariance: usize;
  features: usize;
}

@unmanaged
export class Net {
  depth: i32;
  activation: i32;
  normalized: bool;
  debias: bool;
  observing: bool;
  diverged: bool;
  epsilon: f64;
  decay: f64;
  rate: f32;
  update: i32;
  /** Samples of the largest pass. */
  capacity: i32;
  layers: usize;
  norms: usize;
  parameters: usize;
  gradients: usize;
  parameterBytes: usize;
  moving: usize;
  movingBytes: usize;
  /** As many zeros as the widest layer has units: the bias of a product without one. */
  zeros: usize;
  /** ∂C/∂z of the layer at hand and of the one before, chunked. */
  gradientA: usize;
  gradientB: usize;
  /** Two float32 sums of a row, and room for one row. */
  sums: usize;
  scratch: usize;
  trainingX: usize;
  trainingY: usize;
  trainingSamples: i32;
  batchSize: i32;
}

// @ts-ignore: decorator
@inline
export function layerAt(net: Net, index: i32): Layer {
  return changetype<Layer>(net.layers + <usize>index * offsetof<Layer>());
}

// @ts-ignore: decorator
@inline
export function normAt(net: Net, index: i32): Norm {
  return changetype<Norm>(net.norms + <usize>index * offsetof<Norm>());
}

// @ts-ignore: decorator
@inline
export function featureAt(norm: Norm, index: i32): Feature {
  return changetype<Feature>(norm.features + <usize>index * offsetof<Feature>());
}

/** Samples that a pass takes through all layers at once: a bn arm's training mode needs the whole batch's statistics. */
export function groupSize(net: Net, samples: i32, inference: bool): i32 {
  return net.normalized && !inference ? samples : min(samples, CHUNK);
}

/** Bytes of `features` rows in chunks of a group of `samples`. */
function chunkedBytes(features: i32, samples: i32): usize {
  const chunks = (samples + CHUNK - 1) / CHUNK;
  return <usize>chunks * <usize>features * rowBytes(min(samples, CHUNK));
}

/**
 * A network of `depth` kernels with `depth + 1` sizes (int32 at `sizes`), for passes of at most `capacity` samples.
 * Every value is zero; the host writes parameters and moving statistics into their blocks.
 */
export function createNet(sizes: usize, depth: i32, activation: i32, normalized: bool, capacity: i32): Net {
  const net = changetype<Net>(allocate(offsetof<Net>()));
  net.depth = depth;
  net.activation = activation;
  net.normalized = normalized;
  net.capacity = capacity;
  net.layers = allocate(<usize>depth * offsetof<Layer>());
  net.norms = allocate(<usize>depth * offsetof<Norm>());
  net.sums = allocate(16);
  net.scratch = allocate(CHUNK_ROW);

  let widest = 0;
  let parameters = 0;
  let moving = 0;
  for (let l = 0; l <= depth; l++) {
    const units = load<i32>(sizes + ((<usize>l) << 2));
    widest = max(widest, units);
    if (l < depth) {
      parameters += (units + 1) * load<i32>(sizes + ((<usize>l) << 2), 4);
      if (normalized) {
        parameters += 2 * units;
        moving += 2 * units;
      }
    }
  }
  net.parameterBytes = (<usize>parameters) << 2;
  net.movingBytes = (<usize>moving) << 2;
  net.parameters = allocate(net.parameterBytes);
  net.gradients = allocate(net.parameterBytes);
  net.moving = allocate(net.movingBytes);
  net.zeros = allocate((<usize>widest) << 2);

  const group = groupSize(net, capacity, false);
  net.gradientA = allocate(chunkedBytes(widest, group));
  net.gradientB = allocate(chunkedBytes(widest, group));
  let at: usize = 0;
  let movingAt = net.moving;
  for (let l = 0; l < depth; l++) {
    const inputs = load<i32>(sizes + ((<usize>l) << 2));
    const units = load<i32>(sizes + ((<usize>l) << 2), 4);
    if (normalized) {
      const norm = normAt(net, l);
      const bytes = (<usize>inputs) << 2;
      norm.units = inputs;
      norm.gamma = net.parameters + at;
      norm.gammaGradient = net.gradients + at;
      norm.beta = norm.gamma + bytes;
      norm.betaGradient = norm.gammaGradient + bytes;
      at += 2 * bytes;
      norm.movingMean = movingAt;
      norm.movingVariance = movingAt + bytes;
      movingAt += 2 * bytes;
      norm.features = allocate(<usize>inputs * offsetof<Feature>());
    }
    const layer = layerAt(net, l);
    const kernelBytes = (<usize>(inputs * units)) << 2;
    layer.inputs = inputs;
    layer.units = units;
    layer.kernel = net.parameters + at;
    layer.kernelGradient = net.gradients + at;
    layer.bias = layer.kernel + kernelBytes;
    layer.biasGradient = layer.kernelGradient + kernelBytes;
    at += kernelBytes + ((<usize>units) << 2);
    layer.transposed = allocate(kernelBytes);
    layer.z = allocate(chunkedBytes(units, group));
    // In the plain arm an activation may overwrite the pre-activation, unless f′ needs it.
    const inPlace = !normalized && !derivesFromPreActivation(activation);
    if (l > 0 && inPlace) layer.a = layerAt(net, l - 1).z;
    else if (l > 0 || normalized) layer.a = allocate(chunkedBytes(inputs, group));
  }
  return net;
}

/** Hyperparameters, and the update that the state in memory belongs to. */
export function configure(net: Net, rate: f32, epsilon: f64, decay: f64, debias: bool, update: i32): void {
  net.rate = rate;
  net.epsilon = epsilon;
  net.decay = decay;
  net.debias = debias;
  net.update = update;
}

/** The training set: x [inputs][samples] and y [samples], in the order of the batches. */
export function setTraining(net: Net, x: usize, y: usize, samples: i32, batchSize: i32): void {
  net.trainingX = x;
  net.trainingY = y;
  net.trainingSamples = samples;
  net.batchSize = batchSize;
}
