import { backward, beginBackward, costGradient } from "./backward";
import { forward } from "./forward";
import { allocate } from "./memory";
import { featureAt, groupSize, hasNorm, layerAt, Net, normAt } from "./network";
import { movingCorrection, updateMoving } from "./statistics";

const FLOAT32_MAX: f64 = 3.4028234663852886e38;

/** Training mode on `samples` points (x rows `xRow` bytes apart): gradients into their block; returns the cost. */
export function gradientPass(net: Net, x: usize, xRow: usize, y: usize, samples: i32): f64 {
  beginBackward(net);
  const group = groupSize(net, samples, false);
  let sum: f64 = 0;
  for (let s = 0; s < samples; s += group) {
    const n = min(samples - s, group);
    const at = x + ((<usize>s) << 2);
    forward(net, at, xRow, n, false, s, samples);
    sum += costGradient(net, y + ((<usize>s) << 2), n, samples);
    backward(net, at, xRow, n);
  }
  return sum / <f64>samples;
}

/** The cost without gradients, in training or inference mode. */
export function cost(net: Net, x: usize, xRow: usize, y: usize, samples: i32, inference: bool): f64 {
  const group = groupSize(net, samples, inference);
  let sum: f64 = 0;
  for (let s = 0; s < samples; s += group) {
    const n = min(samples - s, group);
    forward(net, x + ((<usize>s) << 2), xRow, n, inference, s, samples);
    sum += costGradient(net, y + ((<usize>s) << 2), n, samples);
  }
  return sum / <f64>samples;
}

/** The forward pass in training mode alone, all samples as one batch: for the statistics that it leaves. */
export function statisticsPass(net: Net, x: usize, xRow: usize, samples: i32): void {
  forward(net, x, xRow, samples, false, 0, samples);
}

/** Outputs in inference mode, [samples] at `out`. */
export function predict(net: Net, x: usize, xRow: usize, samples: i32, out: usize): void {
  const group = groupSize(net, samples, true);
  for (let s = 0; s < samples; s += group) {
    const n = min(samples - s, group);
    forward(net, x + ((<usize>s) << 2), xRow, n, true, s, samples);
    memory.copy(out + ((<usize>s) << 2), layerAt(net, net.depth - 1).z, (<usize>n) << 2);
  }
}

/** `gradientPass` that also keeps pre-activations, layer inputs and Σ (∂C/∂pre-activation)² of every layer. */
export function observePass(net: Net, x: usize, xRow: usize, y: usize, samples: i32): f64 {
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    if (layer.seenInput) continue;
    layer.seenPreActivation = allocate((<usize>layer.units * <usize>net.capacity) << 2);
    layer.seenInput = allocate((<usize>layer.inputs * <usize>net.capacity) << 2);
  }
  net.observing = true;
  const result = gradientPass(net, x, xRow, y, samples);
  net.observing = false;
  return result;
}

/**
 * Updates until `target`, or until a state's cost on its next batch exceeds float32's largest number or anything in the
 * state is NaN: no update is made from that one. Returns the update reached; `hasDiverged` tells which it was.
 */
export function advance(net: Net, target: i32): i32 {
  net.diverged = false;
  const batches = (net.trainingSamples + net.batchSize - 1) / net.batchSize;
  const xRow = (<usize>net.trainingSamples) << 2;
  while (net.update < target) {
    const first = (net.update % batches) * net.batchSize;
    const n = min(net.trainingSamples - first, net.batchSize);
    const offset = (<usize>first) << 2;
    const c = gradientPass(net, net.trainingX + offset, xRow, net.trainingY + offset, n);
    if (!(c <= FLOAT32_MAX) || hasNaN(net.parameters, net.parameterBytes) || hasNaN(net.moving, net.movingBytes)) {
      net.diverged = true;
      break;
    }
    descend(net);
    for (let i = 0; i < net.depth; i++) if (hasNorm(net, i)) updateMoving(net, normAt(net, i));
    net.update++;
  }
  return net.update;
}

/** W ← W − rate · ∂C/∂W for every trained tensor; they lie in one block, as their gradients do. */
function descend(net: Net): void {
  const rate = f32x4.splat(net.rate);
  let p = net.parameters;
  let g = net.gradients;
  for (const end = p + net.parameterBytes; p < end; p += 16, g += 16)
    v128.store(p, f32x4.sub(v128.load(p), f32x4.mul(rate, v128.load(g))));
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

/** What the moving averages are divided by where inference mode uses them. */
export function movingDivisor(net: Net): f64 {
  return movingCorrection(net);
}
