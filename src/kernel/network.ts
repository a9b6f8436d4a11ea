import { derivesFromPreActivation } from "./activations";
import { allocate } from "./memory";
import { CHUNK, CHUNK_ROW, rowBytes } from "./simd";

/**
 * A network's memory. Trained tensors lie one behind the other in the order of the forward pass (in the bn arm
 * `norms.0.gamma`, `norms.0.beta`, then per layer kernel [inputs][units], bias, gamma, beta; those that the net has),
 * gradients in the same order in a block of their own, so that an update is one loop; so do the moving statistics (mean,
 * variance per norm).
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
  /** f(z) where the norm stands behind the activation. */
  h: usize;
  /** What the kernel is multiplied with, [inputs][samples]: f of the layer before; unused where that is x itself. */
  a: usize;
  /** Σ (∂C/∂pre-activation)² of the pass observed. */
  gradientSquares: f64;
  /** Contiguous copies for an observation, [units][samples] and [inputs][samples]. */
  seenPreActivation: usize;
  seenInput: usize;
}

/** One normalized feature: its statistics, and the constants of a pass made of them. */
@unmanaged
export class Feature {
  mean: f64;
  /**
   * The group's biased variance, or with SCALE its second moment about zero; while chunks are being added,
   * Σ (z − mean)².
   */
  variance: f64;
  /** Both over the groups of the pass in training mode, by their numbers of samples. */
  batchMean: f64;
  batchVariance: f64;
  /** 1/√(variance + ε), or 1 with CENTER. */
  inverse: f64;
  /** Σ d and Σ d (z − center), d = ∂C/∂u */
  gradientSum: f64;
  centeredGradientSum: f64;
  /** The mean as the rows are centered with it, 0 with SCALE; and gamma · inverse. */
  center: f32;
  scale: f32;
  /** The constants of `normalizeBackward`. */
  meanGradient: f32;
  slope: f32;
}

/** What a normalization does to z, as the host passes it: see normalization.ts. */
export const STANDARDIZE: i32 = 0;
export const CENTER: i32 = 1;
export const SCALE: i32 = 2;

/**
 * A batch normalization: norms.0 of the input, norms.I of hidden layer I − 1. In a net that trains no gamma and beta they
 * lie outside the parameters, all ones and zeros, and have no gradients.
 */
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
  /** Whether norms.0 exists, and those of the hidden layers; `after`: these behind the activation. */
  inputNorm: bool;
  hiddenNorms: bool;
  after: bool;
  /** Whether gamma and beta are trained. */
  affine: bool;
  transform: i32;
  /** Samples that share their statistics in training mode; 0: all of the pass. */
  ghostBatchSize: i32;
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

/** Whether norms.`index` exists. */
// @ts-ignore: decorator
@inline
export function hasNorm(net: Net, index: i32): bool {
  return index == 0 ? net.inputNorm : net.hiddenNorms;
}

/**
 * Samples that a pass takes through all layers at once: those that share their statistics in training mode with norms,
 * otherwise any number.
 */
export function groupSize(net: Net, samples: i32, inference: bool): i32 {
  if (inference || !(net.inputNorm || net.hiddenNorms)) return min(samples, CHUNK);
  return net.ghostBatchSize ? min(samples, net.ghostBatchSize) : samples;
}

/** Bytes of `features` rows in chunks of a group of `samples`. */
function chunkedBytes(features: i32, samples: i32): usize {
  const chunks = (samples + CHUNK - 1) / CHUNK;
  return <usize>chunks * <usize>features * rowBytes(min(samples, CHUNK));
}

/** A network of `depth` kernels, to be told how it normalizes and then built. */
export function createNet(depth: i32, activation: i32): Net {
  const net = changetype<Net>(allocate(offsetof<Net>()));
  net.depth = depth;
  net.activation = activation;
  return net;
}

/** Which norms the net has and what they do; a net without this call is a plain one. */
export function setNormalization(
  net: Net, input: bool, hidden: bool, after: bool, affine: bool, transform: i32, ghostBatchSize: i32,
): void {
  net.inputNorm = input;
  net.hiddenNorms = hidden;
  net.after = hidden && after;
  net.affine = affine;
  net.transform = transform;
  net.ghostBatchSize = ghostBatchSize;
}

/**
 * Allocates everything for `depth + 1` sizes (int32 at `sizes`) and passes of at most `capacity` samples. Every value is
 * zero; the host writes parameters and moving statistics into their blocks. `forwardOnly`: for a `statisticsPass` alone,
 * which keeps nothing of a layer behind the next.
 */
export function buildNet(net: Net, sizes: usize, capacity: i32, forwardOnly: bool): void {
  const depth = net.depth;
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
      if (hasNorm(net, l)) {
        if (net.affine) parameters += 2 * units;
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
  const ones = allocate((<usize>widest) << 2);
  for (let i = 0; i < widest; i++) store<f32>(ones + ((<usize>i) << 2), 1);

  // Inference takes a chunk at a time, however small the batches are.
  const group = max(groupSize(net, capacity, false), CHUNK);
  const widestBytes = chunkedBytes(widest, group);
  if (!forwardOnly) {
    net.gradientA = allocate(widestBytes);
    net.gradientB = allocate(widestBytes);
  }
  const evenZ = forwardOnly ? allocate(widestBytes) : 0;
  const oddZ = forwardOnly ? allocate(widestBytes) : 0;
  const anyA = forwardOnly ? allocate(widestBytes) : 0;
  // f′ may need the pre-activation; what nothing needs an activation may overwrite.
  const inPlace = forwardOnly || !derivesFromPreActivation(net.activation);
  let at: usize = 0;
  let movingAt = net.moving;
  for (let l = 0; l < depth; l++) {
    const inputs = load<i32>(sizes + ((<usize>l) << 2));
    const units = load<i32>(sizes + ((<usize>l) << 2), 4);
    if (hasNorm(net, l)) {
      const norm = normAt(net, l);
      const bytes = (<usize>inputs) << 2;
      norm.units = inputs;
      norm.gamma = ones;
      norm.beta = net.zeros;
      if (net.affine) {
        norm.gamma = net.parameters + at;
        norm.gammaGradient = net.gradients + at;
        norm.beta = norm.gamma + bytes;
        norm.betaGradient = norm.gammaGradient + bytes;
        at += 2 * bytes;
      }
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
    layer.z = forwardOnly ? (l & 1 ? oddZ : evenZ) : allocate(chunkedBytes(units, group));
    if (net.after && l + 1 < depth) layer.h = inPlace ? layer.z : allocate(chunkedBytes(units, group));
    // Without norms in the hidden layers the activation is the next layer's input.
    if (l > 0 && !net.hiddenNorms && inPlace) layer.a = layerAt(net, l - 1).z;
    else if (l > 0 || net.inputNorm) layer.a = forwardOnly ? anyA : allocate(chunkedBytes(inputs, group));
  }
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
