import { backward, beginBackward, finishKernels } from "./backward";
import { forward, prepareKernels } from "./forward";
import { costGradient } from "./losses";
import { allocate } from "./memory";
import {
  dependsOnBatch, featureAt, groupSize, hasNorm, INFERENCE, layerAt, Net, normAt, TRAINING,
} from "./network";
import { descend, slotCount } from "./optimizers";
import { rowBytes } from "./simd";
import { movingCorrection, updateMoving } from "./statistics";

const FLOAT32_MAX: f64 = 3.4028234663852886e38;

/**
 * Training mode on `samples` points (x rows `xRow` bytes apart), in batches of `batch` that have statistics of their own:
 * gradients into their block; returns the cost.
 */
export function gradientPass(net: Net, x: usize, xRow: usize, y: usize, samples: i32, batch: i32): f64 {
  freezeAsDue(net);
  net.passBatch = batch;
  prepareKernels(net);
  beginBackward(net);
  const step = dependsOnBatch(net) ? batch : samples;
  let sum: f64 = 0;
  for (let start = 0; start < samples; start += step) {
    const end = min(start + step, samples);
    const group = groupSize(net, end - start, TRAINING);
    for (let s = start; s < end; s += group) {
      const n = min(end - s, group);
      const at = x + sampleBytes(net, s);
      forward(net, at, xRow, n, TRAINING, s, samples);
      sum += costGradient(net, y + ((<usize>s) << 2), xRow, n, samples);
      backward(net, at, xRow, n);
    }
  }
  finishKernels(net);
  return sum / <f64>samples;
}

/** Bytes of so many samples in a row of x. */
// @ts-ignore: decorator
@inline
function sampleBytes(net: Net, samples: i32): usize {
  return <usize>samples * ((<usize>net.pixels) << 2);
}

/** Whether training mode uses the moving averages at the net's update. */
function freezeAsDue(net: Net): void {
  net.frozen = net.frozenFrom >= 0 && net.update >= net.frozenFrom;
}

/** The cost without gradients, in one of the modes; y as in `gradientPass`. */
export function cost(net: Net, x: usize, xRow: usize, y: usize, samples: i32, mode: i32): f64 {
  freezeAsDue(net);
  net.passBatch = samples;
  net.correct = 0;
  prepareKernels(net);
  const group = groupSize(net, samples, mode);
  let sum: f64 = 0;
  for (let s = 0; s < samples; s += group) {
    const n = min(samples - s, group);
    forward(net, x + sampleBytes(net, s), xRow, n, mode, s, samples);
    sum += costGradient(net, y + ((<usize>s) << 2), xRow, n, samples);
  }
  return sum / <f64>samples;
}

/** Samples that the last `cost` classified right. */
export function correctOf(net: Net): i32 {
  return net.correct;
}

/**
 * The forward pass in training mode alone, all samples as one batch: for the statistics that it leaves. `population`: as
 * inference would use them, without the corrections of training.
 */
export function statisticsPass(net: Net, x: usize, xRow: usize, samples: i32, population: bool): void {
  freezeAsDue(net);
  if (population) net.frozen = false;
  net.population = population;
  net.passBatch = samples;
  prepareKernels(net);
  forward(net, x, xRow, samples, TRAINING, 0, samples);
}

/** What RECALIBRATED mode uses in the moving averages' place, of feature f of norm `index`. */
export function setPopulation(net: Net, index: i32, f: i32, mean: f64, variance: f64): void {
  const feature = featureAt(normAt(net, index), f);
  feature.populationMean = mean;
  feature.populationVariance = variance;
}

/** Outputs in inference mode, rows [outputs][samples] at `out`, `outRow` bytes apart; at most a chunk of samples. */
export function predict(net: Net, x: usize, xRow: usize, samples: i32, out: usize, outRow: usize): void {
  const layer = layerAt(net, net.depth - 1);
  prepareKernels(net);
  forward(net, x, xRow, samples, INFERENCE, 0, samples);
  const row = rowBytes(samples);
  for (let j = 0; j < layer.units; j++)
    memory.copy(out + <usize>j * outRow, layer.z + <usize>j * row, (<usize>samples) << 2);
}

/** `gradientPass` that also keeps pre-activations, layer inputs and Σ (∂C/∂pre-activation)² of every layer. */
export function observePass(net: Net, x: usize, xRow: usize, y: usize, samples: i32, batch: i32): f64 {
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    if (layer.seenInput) continue;
    layer.seenPreActivation = allocate((<usize>(layer.units * layer.pixelsOut) * <usize>net.capacity) << 2);
    layer.seenInput = allocate((<usize>(layer.channels * layer.pixelsIn) * <usize>net.capacity) << 2);
  }
  net.observing = true;
  const result = gradientPass(net, x, xRow, y, samples, batch);
  net.observing = false;
  return result;
}

/**
 * Updates until `target`, or until a state's cost on its next batch exceeds float32's largest number or anything in the
 * state is NaN: no update is made from that one. Returns the update reached; `hasDiverged` tells which it was.
 */
export function advance(net: Net, target: i32): i32 {
  net.diverged = false;
  const size = min(net.batchSize * net.accumulate, net.trainingSamples);
  const perPass = (net.trainingSamples + size - 1) / size;
  const xRow = sampleBytes(net, net.trainingSamples);
  const slotBytes = net.slotBytes * <usize>slotCount(net.optimizer);
  while (net.update < target) {
    const first = (net.update % perPass) * size;
    const n = min(net.trainingSamples - first, size);
    const x = net.trainingX + sampleBytes(net, first);
    const c = gradientPass(net, x, xRow, net.trainingY + ((<usize>first) << 2), n, net.batchSize);
    if (
      !(c <= FLOAT32_MAX) || hasNaN(net.parameters, net.parameterBytes) || hasNaN(net.moving, net.movingBytes) ||
      hasNaN(net.slots, slotBytes)
    ) {
      net.diverged = true;
      break;
    }
    descend(net);
    if (dependsOnBatch(net) && !net.frozen) {
      const batches = (n + net.batchSize - 1) / net.batchSize;
      for (let i = 0; i <= net.depth; i++) if (hasNorm(net, i)) updateMoving(net, normAt(net, i), batches);
    }
    net.update++;
  }
  return net.update;
}

/** Whether a block holds a NaN: the only value that differs from itself. */
function hasNaN(block: usize, bytes: usize): bool {
  let found = i32x4.splat(0);
  for (const end = block + bytes; block < end; block += 16) {
    const v = v128.load(block);
    found = v128.or(found, f32x4.ne(v, v));
  }
  return v128.any_true(found);
}

export function hasDiverged(net: Net): bool {
  return net.diverged;
}

export function updateOf(net: Net): i32 {
  return net.update;
}

/** Blocks of the trained tensors, their gradients and the moving statistics, in the order given in network.ts. */
export function parametersOf(net: Net): usize {
  return net.parameters;
}

export function gradientsOf(net: Net): usize {
  return net.gradients;
}

export function movingOf(net: Net): usize {
  return net.moving;
}

/** The optimizer's state: a block like the parameters' for each of its tensors, `slotBytesOf` apart. */
export function slotsOf(net: Net): usize {
  return net.slots;
}

export function slotBytesOf(net: Net): usize {
  return net.slotBytes;
}

/** What the last `observePass` kept of layer l. */
export function seenPreActivation(net: Net, l: i32): usize {
  return layerAt(net, l).seenPreActivation;
}

export function seenInput(net: Net, l: i32): usize {
  return layerAt(net, l).seenInput;
}

export function gradientSquares(net: Net, l: i32): f64 {
  return layerAt(net, l).gradientSquares;
}

/** Statistics of feature f of norm `index` in the last pass in training mode. */
export function batchMean(net: Net, index: i32, f: i32): f64 {
  return featureAt(normAt(net, index), f).batchMean;
}

export function batchVariance(net: Net, index: i32, f: i32): f64 {
  return featureAt(normAt(net, index), f).batchVariance;
}

/** What batch `batch` of the last update put into the moving averages; where an update has several. */
export function movedMean(net: Net, index: i32, batch: i32, f: i32): f64 {
  const norm = normAt(net, index);
  return load<f64>(norm.moves + ((<usize>(batch * norm.units + f)) << 4));
}

export function movedVariance(net: Net, index: i32, batch: i32, f: i32): f64 {
  const norm = normAt(net, index);
  return load<f64>(norm.moves + ((<usize>(batch * norm.units + f)) << 4), 8);
}

/** What the moving averages are divided by where inference mode uses them. */
export function movingDivisor(net: Net): f64 {
  return movingCorrection(net);
}
