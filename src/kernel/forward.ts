import { activate, RELU } from "./activations";
import { product } from "./gemm";
import { squash, stretch, stretchRelu } from "./dyt";
import { forwardImages } from "./images";
import {
  dependsOnBatch, DYT, featureAt, Layer, layerAt, Net, Norm, normAt, RECALIBRATED, RENORM, RMS, TRAINING, WEIGHT,
} from "./network";
import { normalize, normalizeRelu } from "./normalization";
import { normalizeSampleRow, sampleMoments } from "./sample-normalization";
import { CHUNK, rowBytes } from "./simd";
import { addMoments, finishMoments, takeMovingMoments } from "./statistics";
import { normalizeKernel } from "./weight";

/**
 * The forward pass of one group of samples:
 *
 *   plain   a₀ = x,       z_l = a_l W_l + b_l,  a_{l+1} = f(z_l)
 *   bn      a₀ = BN₀(x),  z_l = a_l W_l + b_l,  a_{l+1} = f(BN_{l+1}(z_l));  the output layer is not normalized
 *   after   a₀ = BN₀(x),  z_l = a_l W_l + b_l,  h_l = f(z_l),  a_{l+1} = BN_{l+1}(h_l)
 *
 * Where the input or the hidden layers are not normalized, that part is as in plain. Other normalizers stand in BN's place
 * (sample-normalization.ts, dyt.ts), or make another kernel of W (weight.ts).
 *
 * Layer by layer, and in each layer chunk by chunk: a chunk is normalized and activated right before its product, while
 * its rows are in the cache, and its moments are taken right after.
 *
 * Cached for the backward pass: every a and, where it needs them, z, h and the statistics.
 */
export function forward(
  net: Net, x: usize, xRow: usize, samples: i32, mode: i32, first: i32, total: i32,
): void {
  if (net.steps) {
    forwardImages(net, x, xRow, samples, mode, first, total);
    return;
  }
  const row = rowBytes(min(samples, CHUNK));
  const inference = mode != TRAINING;
  const population = mode == RECALIBRATED;
  const ofBatch = dependsOnBatch(net);
  const ofSample = !ofBatch && net.normalizer != DYT;
  if (net.inputNorm) {
    const norm = normAt(net, 0);
    if (inference) takeMovingMoments(net, norm, population);
    else {
      for (let s = 0; s < samples; s += CHUNK)
        addMoments(net, norm, x + ((<usize>s) << 2), xRow, min(samples - s, CHUNK), s);
      finishMoments(net, norm, samples, first, total);
    }
  }
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    const normFollows = net.hiddenNorms && l + 1 < net.depth;
    const aStep = <usize>layer.inputs * row;
    const zStep = <usize>layer.units * row;
    let a = layer.a;
    let z = layer.z;
    for (let s = 0; s < samples; s += CHUNK, a += aStep, z += zStep) {
      const n = min(samples - s, CHUNK);
      let from = a;
      let fromRow = row;
      if (l > 0) {
        const before = layerAt(net, l - 1);
        if (net.after) normalizeChunk(net, l, before.h + (a - layer.a), row, a, row, n, s);
        else activateChunk(net, l, before.z + (a - layer.a), a, row, n, s, first + s, total);
      } else if (net.inputNorm) normalizeChunk(net, 0, x + ((<usize>s) << 2), xRow, a, row, n, s);
      else {
        from = x + ((<usize>s) << 2);
        fromRow = xRow;
      }
      if (net.observing) copyRows(from, fromRow, layer.seenInput, layer.inputs, n, first + s, total);
      product(from, fromRow, layer.used, layer.bias, z, row, layer.inputs, layer.units, n);
      let normed = z;
      if (net.after && normFollows) {
        normed = layer.h + (z - layer.z);
        activateBeforeNorm(net, layer, z, normed, row, n, first + s, total);
      }
      if (normFollows && ofSample) prepareChunk(net, normAt(net, l + 1), normed, row, n, s);
      else if (normFollows && ofBatch && !inference) addMoments(net, normAt(net, l + 1), normed, row, n, s);
      if (l + 1 == net.depth && net.observing)
        copyRows(z, row, layer.seenPreActivation, layer.units, n, first + s, total);
    }
    if (normFollows && ofBatch) {
      if (inference) takeMovingMoments(net, normAt(net, l + 1), population);
      else finishMoments(net, normAt(net, l + 1), samples, first, total);
    }
  }
}

/** Every kernel as it is multiplied with, once before the groups of a pass. */
export function prepareKernels(net: Net): void {
  if (net.normalizer != WEIGHT) return;
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    if (layer.gain) normalizeKernel(layer);
  }
}

/** What a norm of the samples keeps of one chunk, from sample s of the group on. */
function prepareChunk(net: Net, norm: Norm, z: usize, row: usize, samples: i32, s: i32): void {
  const units = norm.units / net.groups;
  const offset = chunkOf(s, net.groups, row);
  for (let g = 0; g < net.groups; g++) {
    const at = offset + <usize>g * row;
    sampleMoments(
      z + <usize>(g * units) * row, row, units, samples, norm.means + at, norm.inverses + at, net.normalizer != RMS,
      <f32>net.epsilon,
    );
  }
}

/** Bytes in front of the chunk that begins at sample s of the group, of a matrix of so many rows. */
// @ts-ignore: decorator
@inline
export function chunkOf(s: i32, rows: i32, row: usize): usize {
  return <usize>(s / CHUNK) * <usize>rows * row;
}

/** The input of layer l: a = f(z), or f(BN(z)), of the layer before. Both [units][samples], `row` bytes apart. */
function activateChunk(
  net: Net, l: i32, z: usize, a: usize, row: usize, samples: i32, s: i32, first: i32, total: i32,
): void {
  const units = layerAt(net, l).inputs;
  const kind = net.activation;
  const isDyt = net.hiddenNorms && net.normalizer == DYT;
  let to = a;
  // Small batches have short rows: these loops ask nothing for each of them that they need not.
  if (!net.hiddenNorms && !net.observing) {
    for (const end = z + <usize>units * row; z < end; z += row, to += row) activate(kind, z, to, samples);
    return;
  }
  if (net.hiddenNorms && net.normalizer <= RENORM && !net.observing) {
    const norm = normAt(net, l);
    for (let f = 0; f < units; f++, z += row, to += row) {
      const c = featureAt(norm, f);
      if (kind == RELU) normalizeRelu(z, to, samples, c.center, c.scale, c.shift);
      else {
        normalize(z, to, samples, c.center, c.scale, c.shift);
        activate(kind, to, to, samples);
      }
    }
    return;
  }
  for (let f = 0; f < units; f++, z += row, to += row) {
    let u = z;
    if (isDyt) squashRow(net, l, f, z, row, samples, s);
    if (isDyt && kind == RELU && !net.observing) {
      const norm = normAt(net, l);
      const offset = (<usize>f) << 2;
      stretchRelu(
        squashedRow(norm, f, row, s), to, samples, load<f32>(norm.gamma + offset), load<f32>(norm.beta + offset),
      );
      continue;
    }
    if (net.hiddenNorms) {
      normalizeRow(net, l, f, z, to, row, samples, s);
      u = to;
    }
    if (net.observing) copyRow(u, layerAt(net, l - 1).seenPreActivation, f, samples, first, total);
    activate(kind, u, to, samples);
  }
}

/** h = f(z) of one chunk of a layer whose norm stands behind the activation. */
function activateBeforeNorm(
  net: Net, layer: Layer, z: usize, h: usize, row: usize, samples: i32, first: i32, total: i32,
): void {
  if (net.observing) copyRows(z, row, layer.seenPreActivation, layer.units, samples, first, total);
  for (let f = 0; f < layer.units; f++, z += row, h += row) activate(net.activation, z, h, samples);
}

/** The input of layer l: the norm of one chunk of x, or of h. */
function normalizeChunk(
  net: Net, l: i32, from: usize, fromRow: usize, a: usize, row: usize, samples: i32, s: i32,
): void {
  const units = layerAt(net, l).inputs;
  for (let f = 0; f < units; f++, from += fromRow, a += row) {
    if (net.normalizer == DYT) squashRow(net, l, f, from, row, samples, s);
    normalizeRow(net, l, f, from, a, row, samples, s);
  }
}

/** What DYT keeps of one row: right before it is used, while it is in the cache. */
function squashRow(net: Net, index: i32, f: i32, z: usize, row: usize, samples: i32, s: i32): void {
  const norm = normAt(net, index);
  squash(z, squashedRow(norm, f, row, s), samples, load<f32>(norm.alpha));
}

// @ts-ignore: decorator
@inline
export function squashedRow(norm: Norm, f: i32, row: usize, s: i32): usize {
  return norm.squashed + chunkOf(s, norm.units, row) + <usize>f * row;
}

/**
 * The norm of one row, of feature f in the chunk from sample s on: the same instructions wherever u is needed again. `row`
 * is the distance of the rows that the chunk's norm keeps.
 */
export function normalizeRow(
  net: Net, index: i32, f: i32, z: usize, u: usize, row: usize, samples: i32, s: i32,
): void {
  const norm = normAt(net, index);
  if (net.normalizer <= RENORM) {
    const feature = featureAt(norm, f);
    normalize(z, u, samples, feature.center, feature.scale, feature.shift);
    return;
  }
  const gamma = load<f32>(norm.gamma + ((<usize>f) << 2));
  const beta = load<f32>(norm.beta + ((<usize>f) << 2));
  if (net.normalizer == DYT) {
    stretch(squashedRow(norm, f, row, s), u, samples, gamma, beta);
    return;
  }
  const at = chunkOf(s, net.groups, row) + <usize>(f / (norm.units / net.groups)) * row;
  normalizeSampleRow(z, u, samples, norm.means + at, norm.inverses + at, gamma, beta);
}

/** Rows of a chunk into a contiguous [rows][total], from column `first` on. */
function copyRows(from: usize, row: usize, to: usize, rows: i32, samples: i32, first: i32, total: i32): void {
  for (let f = 0; f < rows; f++, from += row) copyRow(from, to, f, samples, first, total);
}

function copyRow(from: usize, to: usize, f: i32, samples: i32, first: i32, total: i32): void {
  memory.copy(to + ((<usize>f * <usize>total + <usize>first) << 2), from, (<usize>samples) << 2);
}
