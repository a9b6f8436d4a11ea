import { derivesFromPreActivation } from "./activations";
import { allocate } from "./memory";
import { slotCount } from "./optimizers";
import { CHUNK, CHUNK_ROW, rowBytes } from "./simd";

/**
 * A network's memory. Trained tensors lie one behind the other in the order of the forward pass (in the bn arm
 * `norms.0.gamma`, `norms.0.beta`, then per layer kernel [inputs][units], bias, gain, and of its norm alpha, gamma, beta;
 * those that the net has), gradients in the same order in a block of their own, and so each tensor of the optimizer's
 * state, so that an update is one loop; so do the moving statistics (mean, variance per norm).
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
  /** With WEIGHT: per unit the length of its weights, else 0. */
  gain: usize;
  gainGradient: usize;
  /** ‖V‖ per unit, float64. */
  lengths: usize;
  /** The kernel that is multiplied with: the trained one, or what WEIGHT makes of it. */
  used: usize;
  /** The kernel as the backward product reads it, [units][inputs]. */
  transposed: usize;
  /** a·W + b, [units][samples]; the prediction in the output layer. */
  z: usize;
  /** f(z) where the norm stands behind the activation. */
  h: usize;
  /** What the kernel is multiplied with, [inputs][samples]: f of the layer before; unused where that is x itself. */
  a: usize;
  /** Of images: channels of the input, and its pixels and the output's; 1 in a net of dense layers. */
  channels: i32;
  pixelsIn: i32;
  pixelsOut: i32;
  /** Whether the norm behind has added to the bias's gradient. */
  biasDone: bool;
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
  /** What a host has put in the moving averages' place. */
  populationMean: f64;
  populationVariance: f64;
  /** 1/√(variance + ε), or 1 with CENTER. */
  inverse: f64;
  /** With RENORM: r, which multiplies the standardized value, and d, which is added. */
  ratio: f64;
  offset: f64;
  /** Σ d and Σ d (z − center), d = ∂C/∂u */
  gradientSum: f64;
  centeredGradientSum: f64;
  /** The mean as the rows are centered with it, 0 with SCALE; gamma · inverse (· r); beta (+ gamma · d). */
  center: f32;
  scale: f32;
  shift: f32;
  /** The constants of `normalizeBackward`. */
  meanGradient: f32;
  slope: f32;
}

/** Numbers of the normalizers, as the host passes them. */
export const BATCH: i32 = 0;
export const RENORM: i32 = 1;
export const LAYER: i32 = 2;
export const GROUP: i32 = 3;
export const RMS: i32 = 4;
export const DYT: i32 = 5;
export const WEIGHT: i32 = 6;
/** Of images alone: GROUP with a channel in each group. */
export const INSTANCE: i32 = 7;

/** What a pass takes statistics from: the batch, the moving averages, or the population's in their place. */
export const TRAINING: i32 = 0;
export const INFERENCE: i32 = 1;
export const RECALIBRATED: i32 = 2;

/** What a batch normalization does to z, as the host passes it: see normalization.ts. */
export const STANDARDIZE: i32 = 0;
export const CENTER: i32 = 1;
export const SCALE: i32 = 2;

/**
 * A normalization of activations: norms.0 of the input, norms.I of hidden layer I − 1. In a net that trains no gamma or
 * beta it lies outside the parameters, all ones or zeros, and has no gradient (0).
 */
@unmanaged
export class Norm {
  units: i32;
  /** Entries of a sample in each row, and rows that share an entry of gamma and beta: 1 but with images. */
  columns: i32;
  shared: i32;
  /** Of images: groups of a sample's rows. */
  groups: i32;
  gamma: usize;
  beta: usize;
  gammaGradient: usize;
  betaGradient: usize;
  /** With DYT, else 0. */
  alpha: usize;
  alphaGradient: usize;
  /** With LAYER, GROUP and RMS, per chunk [groups][samples]: a sample's mean and 1/√(variance + ε). */
  means: usize;
  inverses: usize;
  /** With DYT: tanh(alpha z), chunked. */
  squashed: usize;
  /** With several batches an update: [batch][unit] of mean and variance, float64. */
  moves: usize;
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
  normalizer: i32;
  /** Groups of a sample's units, with GROUP. */
  groups: i32;
  renormMax: f64;
  renormShift: f64;
  /** The update from which on training uses the moving averages; none below 0. */
  frozenFrom: i32;
  /** Whether the pass at hand does; and whether RENORM leaves r and d out of it. */
  frozen: bool;
  population: bool;
  transform: i32;
  /** Samples that share their statistics in training mode; 0: all of the pass. */
  ghostBatchSize: i32;
  debias: bool;
  observing: bool;
  diverged: bool;
  epsilon: f64;
  decay: f64;
  rate: f32;
  optimizer: i32;
  /** Of momentum, m. */
  beta1: f64;
  beta2: f64;
  weightDecay: f64;
  decayNorms: bool;
  loss: i32;
  /** Samples classified right since a host set it to 0. */
  correct: i32;
  update: i32;
  /** Samples of the largest pass. */
  capacity: i32;
  layers: usize;
  norms: usize;
  parameters: usize;
  gradients: usize;
  parameterBytes: usize;
  /** The optimizer's state, `slotBytes` apart. */
  slots: usize;
  slotBytes: usize;
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
  /** Of images, see images.ts: values of a sample in each of its `channels`, and the steps; 1 and none else. */
  pixels: i32;
  channels: i32;
  steps: usize;
  stepCount: i32;
  /** The first step with parameters: those before it have no gradients. */
  firstTrained: i32;
  inputMatrix: usize;
  /** What a convolution's kernel is multiplied with, of one chunk, and the gradient with respect to it. */
  gathered: usize;
  gatheredGradient: usize;
  /** Where the entries of a gathered row, or the pixels of maxima, come from. */
  places: usize;
  trainingX: usize;
  trainingY: usize;
  trainingSamples: i32;
  batchSize: i32;
  /** Batches of one update, and samples of one batch in the pass at hand. */
  accumulate: i32;
  passBatch: i32;
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
  if (net.steps) return normAt(net, index).units > 0;
  return index == 0 ? net.inputNorm : net.hiddenNorms && index < net.depth;
}

/** Whether the net has norms whose statistics are those of a batch. */
// @ts-ignore: decorator
@inline
export function dependsOnBatch(net: Net): bool {
  return net.normalizer <= RENORM && (net.inputNorm || net.hiddenNorms);
}

/**
 * Samples that a pass takes through all layers at once: those that share their statistics in training mode, otherwise any
 * number. In RECALIBRATED mode all where they fit, so that the cost is added up as in training mode.
 */
export function groupSize(net: Net, samples: i32, mode: i32): i32 {
  if (mode == INFERENCE || !dependsOnBatch(net)) return min(samples, anyNumber(net));
  if (mode == RECALIBRATED) return net.ghostBatchSize ? min(samples, anyNumber(net)) : samples;
  return net.ghostBatchSize ? min(samples, net.ghostBatchSize) : samples;
}

/** A number of samples that takes little memory, where any will do. */
export function anyNumber(net: Net): i32 {
  return net.pixels == 1 ? CHUNK : max(1, (32 * CHUNK) / net.pixels);
}

/** Times that the moving averages have moved after so many updates: once a batch. */
export function movesAfter(net: Net, updates: i32): i32 {
  if (net.accumulate <= 1) return updates;
  const batches = (net.trainingSamples + net.batchSize - 1) / net.batchSize;
  const perPass = (batches + net.accumulate - 1) / net.accumulate;
  return (updates / perPass) * batches + min((updates % perPass) * net.accumulate, batches);
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
  net.frozenFrom = -1;
  net.accumulate = 1;
  net.pixels = 1;
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

/** Which normalizer the net has, if not BATCH; with WEIGHT there are no norms. */
export function setNormalizer(
  net: Net, normalizer: i32, groups: i32, renormMax: f64, renormShift: f64, frozenFrom: i32,
): void {
  net.normalizer = normalizer;
  net.groups = normalizer == GROUP ? groups : 1;
  net.renormMax = renormMax;
  net.renormShift = renormShift;
  net.frozenFrom = frozenFrom;
}

/** How the net is trained, if not by SGD on the squared error; `beta1` is the momentum of MOMENTUM. */
export function setObjective(
  net: Net, loss: i32, optimizer: i32, beta1: f64, beta2: f64, weightDecay: f64, decayNorms: bool,
): void {
  net.loss = loss;
  net.optimizer = optimizer;
  net.beta1 = beta1;
  net.beta2 = beta2;
  net.weightDecay = weightDecay;
  net.decayNorms = decayNorms;
}

/** The blocks of so many parameters, their gradients and optimizer's state, and moving statistics. */
export function allocateBlocks(net: Net, parameters: i32, moving: i32): void {
  net.parameterBytes = (<usize>parameters) << 2;
  net.movingBytes = (<usize>moving) << 2;
  net.parameters = allocate(net.parameterBytes);
  net.gradients = allocate(net.parameterBytes);
  net.slotBytes = (net.parameterBytes + 63) & ~63;
  if (slotCount(net.optimizer)) net.slots = allocate(net.slotBytes * <usize>slotCount(net.optimizer));
  net.moving = allocate(net.movingBytes);
}

/** A norm of so many rows, whose moving averages lie `at`. */
export function createNorm(net: Net, norm: Norm, rows: i32, columns: i32, at: usize): void {
  norm.units = rows;
  norm.columns = columns;
  norm.shared = 1;
  if (net.normalizer > RENORM) return;
  norm.movingMean = at;
  norm.movingVariance = at + ((<usize>rows) << 2);
  norm.features = allocate(<usize>rows * offsetof<Feature>());
  if (net.accumulate > 1) norm.moves = allocate((<usize>(net.accumulate * rows)) << 4);
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
        if (net.affine) parameters += net.normalizer == RMS ? units : 2 * units;
        if (net.normalizer == DYT) parameters++;
        if (net.normalizer <= RENORM) moving += 2 * units;
      }
      if (l > 0 && net.normalizer == WEIGHT) parameters += units;
    }
  }
  allocateBlocks(net, parameters, moving);
  net.zeros = allocate((<usize>widest) << 2);
  const ones = allocate((<usize>widest) << 2);
  for (let i = 0; i < widest; i++) store<f32>(ones + ((<usize>i) << 2), 1);

  // Inference takes a chunk at a time, however small the batches are.
  const group = max(groupSize(net, capacity, TRAINING), CHUNK);
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
      createNorm(net, norm, inputs, 1, movingAt);
      norm.gamma = ones;
      norm.beta = net.zeros;
      if (net.normalizer == DYT) {
        norm.alpha = net.parameters + at;
        norm.alphaGradient = net.gradients + at;
        at += 4;
      }
      if (net.affine) {
        norm.gamma = net.parameters + at;
        norm.gammaGradient = net.gradients + at;
        at += bytes;
        if (net.normalizer != RMS) {
          norm.beta = net.parameters + at;
          norm.betaGradient = net.gradients + at;
          at += bytes;
        }
      }
      if (net.normalizer <= RENORM) movingAt += 2 * bytes;
      else if (net.normalizer == DYT) norm.squashed = allocate(chunkedBytes(inputs, group));
      else {
        norm.means = allocate(chunkedBytes(net.groups, group));
        norm.inverses = allocate(chunkedBytes(net.groups, group));
      }
    }
    const layer = layerAt(net, l);
    const kernelBytes = (<usize>(inputs * units)) << 2;
    layer.inputs = inputs;
    layer.units = units;
    layer.channels = inputs;
    layer.pixelsIn = 1;
    layer.pixelsOut = 1;
    layer.kernel = net.parameters + at;
    layer.kernelGradient = net.gradients + at;
    layer.bias = layer.kernel + kernelBytes;
    layer.biasGradient = layer.kernelGradient + kernelBytes;
    at += kernelBytes + ((<usize>units) << 2);
    layer.used = layer.kernel;
    if (net.normalizer == WEIGHT && l + 1 < depth) {
      layer.gain = net.parameters + at;
      layer.gainGradient = net.gradients + at;
      layer.used = allocate(kernelBytes);
      layer.lengths = allocate((<usize>(units + 3)) << 3);
      at += (<usize>units) << 2;
    }
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

/** Batches of one update; before the net is built. */
export function setAccumulation(net: Net, accumulate: i32): void {
  net.accumulate = accumulate;
}

/** The training set: x [inputs][samples] and y [outputs][samples], in the order of the batches. */
export function setTraining(net: Net, x: usize, y: usize, samples: i32, batchSize: i32): void {
  net.trainingX = x;
  net.trainingY = y;
  net.trainingSamples = samples;
  net.batchSize = batchSize;
}
