import { activate, activateBackward } from "./activations";
import { squash, squashBackward, stretch } from "./dyt";
import { product } from "./gemm";
import { allocate } from "./memory";
import {
  allocateBlocks, anyNumber, createNorm, dependsOnBatch, DYT, featureAt, groupSize, INSTANCE, Layer, layerAt, Net, Norm, normAt, RECALIBRATED,
  RENORM, RMS, TRAINING, WEIGHT,
} from "./network";
import { gradientSums, normalize, normalizeBackward } from "./normalization";
import { rowSum, sumOfSquares } from "./rows";
import { addRowSum, normalizeSampleRow, sampleBackward, sampleGammaGradient, sampleMoments } from "./sample-normalization";
import { CHUNK, CHUNK_ROW, rowBytes } from "./simd";
import { addGradientSums, addMoments, finishGradientSums, finishMoments, takeMovingMoments } from "./statistics";
import { weightGradient } from "./weight-gradient";

/**
 * A network of images is a list of steps, each with a matrix as its output: rows of channels (units behind the images),
 * whose entries are samples × pixels, chunked as everywhere. So batch normalization of images is that of longer rows, and a
 * convolution the product with gathered rows. A step's backward pass turns ∂C/∂output into ∂C/∂input and adds to the
 * gradients of its parameters.
 */

/** Kinds of steps, as the host passes them. */
const PRODUCT: i32 = 0;
const NORM: i32 = 1;
const ACTIVATION: i32 = 2;
const MAX: i32 = 3;
const MEAN: i32 = 4;

/** How a norm sees its input; the host's numbers of arrangements. */
const KEPT: i32 = 0;
const SAMPLES: i32 = 1;
const POSITIONS: i32 = 2;

/** Numbers of a step in the host's table. */
const FIELDS: i32 = 18;

/** A step: the first fields are those of the host's table, in its order. */
@unmanaged
export class Step {
  kind: i32;
  /** Of the layer, or of the norm. */
  index: i32;
  channels: i32;
  height: i32;
  width: i32;
  outChannels: i32;
  outHeight: i32;
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  stride: i32;
  top: i32;
  left: i32;
  arrangement: i32;
  /** Floats in front of kernel, bias and gain, or gamma, beta and alpha, in the parameters; −1: absent. */
  first: i32;
  second: i32;
  third: i32;
  /** Floats in front of the moving mean, in the moving statistics. */
  moving: i32;

  input: usize;
  output: usize;
  /** What a norm normalizes, and makes of it, in its own arrangement. */
  seen: usize;
  normed: usize;
  /** gamma and beta of every row, where several rows share them. */
  gammas: usize;
  betas: usize;
  /** Of MAX, the place in its window of every maximum, bytes. */
  places: usize;
}

// @ts-ignore: decorator
@inline
function stepAt(net: Net, index: i32): Step {
  return changetype<Step>(net.steps + <usize>index * offsetof<Step>());
}

// @ts-ignore: decorator
@inline
function pixelsIn(step: Step): i32 {
  return step.height * step.width;
}

// @ts-ignore: decorator
@inline
function pixelsOut(step: Step): i32 {
  return step.outHeight * step.outWidth;
}

/** Rows of a norm's own arrangement, and its entries of a sample. */
function rowsOf(step: Step): i32 {
  if (step.arrangement == KEPT) return step.channels;
  return step.arrangement <= POSITIONS ? step.channels * pixelsIn(step) : step.height;
}

function columnsOf(step: Step): i32 {
  return (step.channels * pixelsIn(step)) / rowsOf(step);
}

/** Bytes of a chunked matrix. */
function matrixBytes(rows: i32, entries: i32): usize {
  const chunks = (entries + CHUNK - 1) / CHUNK;
  return <usize>chunks * <usize>rows * rowBytes(min(entries, CHUNK));
}

/** The address of an entry of a chunked matrix. */
// @ts-ignore: decorator
@inline
function entryAt(matrix: usize, rows: i32, row: usize, channel: i32, entry: i32): usize {
  return matrix + (<usize>(entry / CHUNK) * <usize>rows + <usize>channel) * row + ((<usize>(entry % CHUNK)) << 2);
}

/**
 * Allocates everything of a network of `count` steps (a table of int32 at `table`) for passes of at most `capacity` samples
 * of `channels` × `pixels` values; `parameters` and `moving` count floats. Parameters and moving statistics lie where the
 * table says.
 */
export function buildImages(
  net: Net, table: usize, count: i32, channels: i32, pixels: i32, parameters: i32, moving: i32, capacity: i32,
  forwardOnly: bool,
): void {
  net.capacity = capacity;
  net.pixels = pixels;
  net.channels = channels;
  net.stepCount = count;
  net.layers = allocate(<usize>net.depth * offsetof<Layer>());
  net.norms = allocate(<usize>(net.depth + 1) * offsetof<Norm>());
  net.steps = allocate(<usize>count * offsetof<Step>());
  net.sums = allocate(16);
  net.scratch = allocate(CHUNK_ROW);
  allocateBlocks(net, parameters, moving);
  // What a pass takes at once.
  const group = max(groupSize(net, capacity, TRAINING), anyNumber(net));
  net.inputMatrix = allocate(matrixBytes(channels, group * pixels));
  let widest = matrixBytes(channels, group * pixels);
  let gathered: usize = 0;
  let units = channels;
  let input = net.inputMatrix;
  net.firstTrained = count;
  for (let i = 0; i < count; i++) {
    const step = stepAt(net, i);
    memory.copy(changetype<usize>(step), table + <usize>(i * FIELDS) * 4, FIELDS * 4);
    const bytes = matrixBytes(step.outChannels, group * pixelsOut(step));
    step.input = input;
    step.output = allocate(bytes);
    input = step.output;
    widest = max(widest, bytes);
    units = max(units, max(step.outChannels, step.channels * pixelsIn(step)));
    if (step.kind <= NORM) net.firstTrained = min(net.firstTrained, i);
    if (step.kind == PRODUCT) gathered = max(gathered, buildLayer(net, step));
    else if (step.kind == NORM) buildNorm(net, step, group);
    else if (step.kind == MAX) step.places = allocate(<usize>(step.outChannels * group * pixelsOut(step)));
  }
  // The loss is one of the last step's output.
  const last = layerAt(net, net.depth - 1);
  last.z = input;
  net.zeros = allocate((<usize>units) << 2);
  net.gathered = allocate(gathered);
  if (forwardOnly) return;
  net.gradientA = allocate(widest);
  net.gradientB = allocate(widest);
  net.gatheredGradient = allocate(gathered);
}

/** A layer's place in the blocks; returns the bytes of the rows that its kernel is multiplied with. */
function buildLayer(net: Net, step: Step): usize {
  const layer = layerAt(net, step.index);
  layer.inputs = step.kernelHeight * step.kernelWidth * step.channels;
  layer.units = step.outChannels;
  layer.pixelsIn = pixelsIn(step);
  layer.pixelsOut = pixelsOut(step);
  layer.channels = step.channels;
  const bytes = (<usize>(layer.inputs * layer.units)) << 2;
  layer.kernel = net.parameters + ((<usize>step.first) << 2);
  layer.kernelGradient = net.gradients + ((<usize>step.first) << 2);
  layer.bias = net.parameters + ((<usize>step.second) << 2);
  layer.biasGradient = net.gradients + ((<usize>step.second) << 2);
  layer.used = layer.kernel;
  if (step.third >= 0) {
    layer.gain = net.parameters + ((<usize>step.third) << 2);
    layer.gainGradient = net.gradients + ((<usize>step.third) << 2);
    layer.used = allocate(bytes);
    layer.lengths = allocate((<usize>(layer.units + 3)) << 3);
  }
  layer.transposed = allocate(bytes);
  return <usize>layer.inputs * CHUNK_ROW;
}

function buildNorm(net: Net, step: Step, group: i32): void {
  const norm = normAt(net, step.index);
  const rows = rowsOf(step);
  const columns = columnsOf(step);
  createNorm(net, norm, rows, columns, net.moving + ((<usize>max(step.moving, 0)) << 2));
  step.gammas = allocate((<usize>rows) << 2);
  step.betas = allocate((<usize>rows) << 2);
  norm.gamma = step.gammas;
  norm.beta = step.betas;
  if (step.first >= 0) norm.gammaGradient = net.gradients + ((<usize>step.first) << 2);
  if (step.second >= 0) norm.betaGradient = net.gradients + ((<usize>step.second) << 2);
  if (step.third >= 0) {
    norm.alpha = net.parameters + ((<usize>step.third) << 2);
    norm.alphaGradient = net.gradients + ((<usize>step.third) << 2);
  }
  if (step.arrangement == SAMPLES) norm.shared = pixelsIn(step);
  const entries = group * columns;
  if (step.arrangement != KEPT) {
    step.seen = allocate(matrixBytes(rows, entries));
    step.normed = allocate(matrixBytes(rows, entries));
  }
  if (net.normalizer == DYT) norm.squashed = allocate(matrixBytes(rows, entries));
  else if (net.normalizer > RENORM) {
    norm.groups = net.normalizer == INSTANCE ? step.channels : net.groups;
    norm.means = allocate(matrixBytes(norm.groups, entries));
    norm.inverses = allocate(matrixBytes(norm.groups, entries));
  }
}

/** The forward pass of one group of samples; x is rows [channels][samples × pixels], `xRow` bytes apart. */
export function forwardImages(
  net: Net, x: usize, xRow: usize, samples: i32, mode: i32, first: i32, total: i32,
): void {
  const entries = samples * net.pixels;
  const row = rowBytes(min(entries, CHUNK));
  for (let e = 0; e < entries; e += CHUNK) {
    const bytes = (<usize>min(entries - e, CHUNK)) << 2;
    for (let c = 0; c < net.channels; c++)
      memory.copy(entryAt(net.inputMatrix, net.channels, row, c, e), x + <usize>c * xRow + ((<usize>e) << 2), bytes);
  }
  for (let i = 0; i < net.stepCount; i++) {
    const step = stepAt(net, i);
    if (step.kind == PRODUCT) multiply(net, step, samples, first, total);
    else if (step.kind == NORM) normalizeStep(net, step, samples, mode, first, total);
    else if (step.kind == ACTIVATION) activateStep(net, step, samples, first, total);
    else if (step.kind == MAX) maxima(step, samples);
    else if (step.kind == MEAN) means(step, samples);
    else flatten(step, samples);
  }
  if (net.observing) {
    const layer = layerAt(net, net.depth - 1);
    copyEntries(layer.z, layer.units, samples, layer.seenPreActivation, first, total);
  }
}

/** The backward pass of one group, from ∂C/∂ŷ in `gradientA`. */
export function backwardImages(net: Net, samples: i32): void {
  let current = net.gradientA;
  let before = net.gradientB;
  if (net.observing) {
    const layer = layerAt(net, net.depth - 1);
    layer.gradientSquares += squaresOf(current, layer.units, samples);
  }
  for (let i = net.stepCount - 1; i >= net.firstTrained; i--) {
    const step = stepAt(net, i);
    const wanted = i > net.firstTrained;
    if (step.kind == NORM) normalizeStepBackward(net, step, current, samples, wanted);
    else if (step.kind == ACTIVATION) activateStepBackward(net, step, current, samples);
    else {
      if (step.kind == PRODUCT) multiplyBackward(net, step, current, before, samples, wanted);
      else if (step.kind == MAX) maximaBackward(step, current, before, samples);
      else if (step.kind == MEAN) meansBackward(step, current, before, samples);
      else flattenBackward(step, current, before, samples);
      const swap = current;
      current = before;
      before = swap;
    }
  }
}

/** Whether a layer's kernel looks at one pixel of its input for one of its output: then nothing is gathered. */
// @ts-ignore: decorator
@inline
function seesOnePixel(step: Step): bool {
  return step.kernelHeight == 1 && step.kernelWidth == 1 && step.stride == 1;
}

/** z = a·W + b. */
function multiply(net: Net, step: Step, samples: i32, first: i32, total: i32): void {
  const layer = layerAt(net, step.index);
  if (net.observing) copyEntries(step.input, step.channels, samples * layer.pixelsIn, layer.seenInput, first * layer.pixelsIn, total * layer.pixelsIn);
  const entries = samples * layer.pixelsOut;
  const row = rowBytes(min(entries, CHUNK));
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    let from = net.gathered;
    if (seesOnePixel(step)) from = entryAt(step.input, step.channels, row, 0, e);
    else gather(step, samples, e, n, net.gathered, row);
    product(from, row, layer.used, layer.bias, entryAt(step.output, layer.units, row, 0, e), row, layer.inputs, layer.units, n);
  }
}

function multiplyBackward(net: Net, step: Step, current: usize, before: usize, samples: i32, wanted: bool): void {
  const layer = layerAt(net, step.index);
  const entries = samples * layer.pixelsOut;
  const row = rowBytes(min(entries, CHUNK));
  const inRow = rowBytes(min(samples * layer.pixelsIn, CHUNK));
  const onePixel = seesOnePixel(step);
  if (wanted && !onePixel) memory.fill(before, 0, matrixBytes(step.channels, samples * layer.pixelsIn));
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    const d = entryAt(current, layer.units, row, 0, e);
    let a = net.gathered;
    if (onePixel) a = entryAt(step.input, step.channels, row, 0, e);
    else gather(step, samples, e, n, net.gathered, row);
    if (!layer.biasDone) addBiasGradient(layer, d, row, n);
    weightGradient(a, row, d, row, layer.kernelGradient, layer.inputs, layer.units, n);
    if (!wanted) continue;
    const to = onePixel ? entryAt(before, step.channels, row, 0, e) : net.gatheredGradient;
    product(d, row, layer.transposed, net.zeros, to, row, layer.units, layer.inputs, n);
    if (!onePixel) scatter(step, e, n, net.gatheredGradient, row, before, inRow);
  }
  layer.biasDone = false;
}

function addBiasGradient(layer: Layer, d: usize, row: usize, n: i32): void {
  let to = layer.biasGradient;
  for (let j = 0; j < layer.units; j++, d += row, to += 4) store<f32>(to, load<f32>(to) + rowSum(d, n));
}

/**
 * The rows that a kernel is multiplied with, of `n` entries of the output from entry `e` on: row (y · kernelWidth + x) ·
 * channels + c is channel c as the window's pixel (y, x) sees it, 0 beyond the image. Line by line of the output.
 */
function gather(step: Step, samples: i32, e: i32, n: i32, to: usize, row: usize): void {
  const inRow = rowBytes(min(samples * pixelsIn(step), CHUNK));
  for (let at = 0; at < n; ) {
    const entry = e + at;
    const x = entry % step.outWidth;
    const length = min(step.outWidth - x, n - at);
    const line = entry / step.outWidth;
    for (let ky = 0; ky < step.kernelHeight; ky++) {
      const y = (line % step.outHeight) * step.stride + ky - step.top;
      const isInside = y >= 0 && y < step.height;
      const lineStart = ((line / step.outHeight) * step.height + y) * step.width;
      for (let kx = 0; kx < step.kernelWidth; kx++) {
        const rows = to + <usize>((ky * step.kernelWidth + kx) * step.channels) * row + ((<usize>at) << 2);
        // Of the line's entries, those from `low` to `high` see a pixel.
        const low = isInside ? firstSeen(step, kx, x, length) : length;
        const high = isInside ? endSeen(step, kx, x, length) : length;
        clear(rows, row, step.channels, 0, low);
        clear(rows, row, step.channels, high, length);
        const start = lineStart + (x + low) * step.stride + kx - step.left;
        copyLine(step, start, inRow, rows + ((<usize>low) << 2), row, high - low);
      }
    }
    at += length;
  }
}

/** Of `length` entries of a line of the output from x on, the first that sees a pixel with the window's column kx. */
// @ts-ignore: decorator
@inline
function firstSeen(step: Step, kx: i32, x: i32, length: i32): i32 {
  return min(length, max(0, (step.left - kx + step.stride - 1) / step.stride - x));
}

/** One behind the last that does; the first where none does. */
// @ts-ignore: decorator
@inline
function endSeen(step: Step, kx: i32, x: i32, length: i32): i32 {
  const first = firstSeen(step, kx, x, length);
  const beyond = step.width - 1 - kx + step.left;
  return beyond < 0 ? first : max(first, min(length, beyond / step.stride - x + 1));
}

/** Entries a stride apart from entry `start` of the input on, to the end of its chunk. */
// @ts-ignore: decorator
@inline
function untilChunkEnds(step: Step, start: i32): i32 {
  return (CHUNK - (start % CHUNK) + step.stride - 1) / step.stride;
}

/** Zeros from place `from` to `to` of as many rows. */
function clear(rows: usize, row: usize, count: i32, from: i32, to: i32): void {
  if (from >= to) return;
  for (let c = 0; c < count; c++, rows += row)
    for (let i = from; i < to; i++) store<f32>(rows + ((<usize>i) << 2), 0);
}

/** `length` entries of every channel, a stride apart, from entry `start` of the step's input on. */
function copyLine(step: Step, start: i32, inRow: usize, to: usize, row: usize, length: i32): void {
  const stride = (<usize>step.stride) << 2;
  while (length > 0) {
    // As far as the chunk goes.
    const part = min(length, untilChunkEnds(step, start));
    let from = entryAt(step.input, step.channels, inRow, 0, start);
    let target = to;
    for (let c = 0; c < step.channels; c++, from += inRow, target += row) {
      let i = 0;
      if (step.stride == 1)
        for (; i + 4 <= part; i += 4) v128.store(target + ((<usize>i) << 2), v128.load(from + ((<usize>i) << 2)));
      for (; i < part; i++) store<f32>(target + ((<usize>i) << 2), load<f32>(from + <usize>i * stride));
    }
    start += part * step.stride;
    to += (<usize>part) << 2;
    length -= part;
  }
}

/** Adds the gradient with respect to the gathered rows to that of the pixels that they came from. */
function scatter(step: Step, e: i32, n: i32, rowsGradient: usize, row: usize, input: usize, inRow: usize): void {
  const stride = (<usize>step.stride) << 2;
  for (let at = 0; at < n; ) {
    const entry = e + at;
    const x = entry % step.outWidth;
    const length = min(step.outWidth - x, n - at);
    const line = entry / step.outWidth;
    for (let ky = 0; ky < step.kernelHeight; ky++) {
      const y = (line % step.outHeight) * step.stride + ky - step.top;
      if (y < 0 || y >= step.height) continue;
      const lineStart = ((line / step.outHeight) * step.height + y) * step.width;
      for (let kx = 0; kx < step.kernelWidth; kx++) {
        const low = firstSeen(step, kx, x, length);
        const high = endSeen(step, kx, x, length);
        let start = lineStart + (x + low) * step.stride + kx - step.left;
        let gradient = rowsGradient + <usize>((ky * step.kernelWidth + kx) * step.channels) * row + ((<usize>(at + low)) << 2);
        for (let left = high - low; left > 0; ) {
          const part = min(left, untilChunkEnds(step, start));
          let target = entryAt(input, step.channels, inRow, 0, start);
          let from = gradient;
          for (let c = 0; c < step.channels; c++, target += inRow, from += row) {
            let i = 0;
            if (step.stride == 1)
              for (; i + 4 <= part; i += 4) {
                const place = target + ((<usize>i) << 2);
                v128.store(place, f32x4.add(v128.load(place), v128.load(from + ((<usize>i) << 2))));
              }
            for (; i < part; i++) {
              const place = target + <usize>i * stride;
              store<f32>(place, load<f32>(place) + load<f32>(from + ((<usize>i) << 2)));
            }
          }
          start += part * step.stride;
          gradient += (<usize>part) << 2;
          left -= part;
        }
      }
    }
    at += length;
  }
}

/** a = f(u) of every row; u is what a layer's activation receives. */
function activateStep(net: Net, step: Step, samples: i32, first: i32, total: i32): void {
  const pixels = pixelsIn(step);
  const entries = samples * pixels;
  const row = rowBytes(min(entries, CHUNK));
  if (net.observing) copyEntries(step.input, step.channels, entries, layerAt(net, step.index).seenPreActivation, first * pixels, total * pixels);
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    let u = entryAt(step.input, step.channels, row, 0, e);
    let a = entryAt(step.output, step.channels, row, 0, e);
    for (let c = 0; c < step.channels; c++, u += row, a += row) activate(net.activation, u, a, n);
  }
}

function activateStepBackward(net: Net, step: Step, gradient: usize, samples: i32): void {
  const entries = samples * pixelsIn(step);
  const row = rowBytes(min(entries, CHUNK));
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    let d = entryAt(gradient, step.channels, row, 0, e);
    let u = entryAt(step.input, step.channels, row, 0, e);
    let a = entryAt(step.output, step.channels, row, 0, e);
    for (let c = 0; c < step.channels; c++, d += row, u += row, a += row) activateBackward(net.activation, d, a, u, n);
  }
  if (net.observing) layerAt(net, step.index).gradientSquares += squaresOf(gradient, step.channels, entries);
}

/** The norm of every row, in its own arrangement. */
function normalizeStep(net: Net, step: Step, samples: i32, mode: i32, first: i32, total: i32): void {
  const norm = normAt(net, step.index);
  const isKept = step.arrangement == KEPT;
  const z = isKept ? step.input : step.seen;
  const to = isKept ? step.output : step.normed;
  if (!isKept) rearrange(step, step.input, step.seen, samples, false);
  fillRows(net, norm, step);
  const entries = samples * norm.columns;
  const row = rowBytes(min(entries, CHUNK));
  const ofBatch = dependsOnBatch(net);
  if (ofBatch && mode != TRAINING) takeMovingMoments(net, norm, mode == RECALIBRATED);
  else if (ofBatch) {
    for (let e = 0; e < entries; e += CHUNK)
      addMoments(net, norm, entryAt(z, norm.units, row, 0, e), row, min(entries - e, CHUNK), e);
    finishMoments(net, norm, samples, first, total);
  }
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    let from = entryAt(z, norm.units, row, 0, e);
    let out = entryAt(to, norm.units, row, 0, e);
    if (net.normalizer > RENORM && net.normalizer != DYT) {
      ofSamples(net, norm, from, out, row, n, e);
      continue;
    }
    for (let f = 0; f < norm.units; f++, from += row, out += row) {
      const gamma = load<f32>(norm.gamma + ((<usize>f) << 2));
      if (net.normalizer == DYT) {
        const t = entryAt(norm.squashed, norm.units, row, f, e);
        squash(from, t, n, load<f32>(norm.alpha));
        stretch(t, out, n, gamma, load<f32>(norm.beta + ((<usize>f) << 2)));
      } else {
        const feature = featureAt(norm, f);
        normalize(from, out, n, feature.center, feature.scale, feature.shift);
      }
    }
  }
  if (!isKept) rearrange(step, step.output, step.normed, samples, true);
}

/** Layer, instance, group and RMS normalization of one chunk. */
function ofSamples(net: Net, norm: Norm, z: usize, out: usize, row: usize, n: i32, e: i32): void {
  const units = norm.units / norm.groups;
  for (let g = 0; g < norm.groups; g++) {
    const means = entryAt(norm.means, norm.groups, row, g, e);
    const inverses = entryAt(norm.inverses, norm.groups, row, g, e);
    sampleMoments(z + <usize>(g * units) * row, row, units, n, means, inverses, net.normalizer != RMS, <f32>net.epsilon);
    for (let f = g * units; f < (g + 1) * units; f++) {
      const offset = (<usize>f) << 2;
      normalizeSampleRow(z + <usize>f * row, out + <usize>f * row, n, means, inverses, load<f32>(norm.gamma + offset), load<f32>(norm.beta + offset));
    }
  }
}

/** ∂C/∂z in place of ∂C/∂u, where it is wanted; adds to the gradients of the norm's parameters. */
function normalizeStepBackward(net: Net, step: Step, gradient: usize, samples: i32, wanted: bool): void {
  const norm = normAt(net, step.index);
  const isKept = step.arrangement == KEPT;
  const z = isKept ? step.input : step.seen;
  const d = isKept ? gradient : step.normed;
  if (!isKept) rearrange(step, gradient, d, samples, false);
  const entries = samples * norm.columns;
  const row = rowBytes(min(entries, CHUNK));
  const ofBatch = dependsOnBatch(net);
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    const dChunk = entryAt(d, norm.units, row, 0, e);
    const zChunk = entryAt(z, norm.units, row, 0, e);
    if (ofBatch)
      for (let f = 0; f < norm.units; f++) {
        const feature = featureAt(norm, f);
        gradientSums(dChunk + <usize>f * row, zChunk + <usize>f * row, n, feature.center, net.sums);
        addGradientSums(net, feature);
      }
    else if (net.normalizer == DYT) squashedBackward(net, norm, dChunk, zChunk, row, n, e);
    else ofSamplesBackward(net, norm, dChunk, zChunk, row, n, e);
  }
  if (ofBatch) {
    finishGradientSums(net, norm, samples);
    if (wanted) ofBatchBackward(net, step, norm, d, z, row, entries);
  }
  if (!isKept) rearrange(step, gradient, d, samples, true);
}

/** With the sums over the batch; what is added in front of the norm has its gradient from here. */
function ofBatchBackward(net: Net, step: Step, norm: Norm, d: usize, z: usize, row: usize, entries: i32): void {
  const at = <i32>((changetype<usize>(step) - net.steps) / offsetof<Step>());
  const before = at > 0 ? stepAt(net, at - 1) : step;
  const isBehindLayer = before.kind == PRODUCT && step.arrangement == KEPT;
  const layer = isBehindLayer ? layerAt(net, before.index) : layerAt(net, 0);
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    let dRow = entryAt(d, norm.units, row, 0, e);
    let zRow = entryAt(z, norm.units, row, 0, e);
    for (let f = 0; f < norm.units; f++, dRow += row, zRow += row) {
      const c = featureAt(norm, f);
      const sum = normalizeBackward(dRow, zRow, n, c.center, c.scale, c.meanGradient, c.slope);
      if (!isBehindLayer) continue;
      const bias = layer.biasGradient + ((<usize>f) << 2);
      store<f32>(bias, load<f32>(bias) + sum);
    }
  }
  if (isBehindLayer) layer.biasDone = true;
}

function squashedBackward(net: Net, norm: Norm, d: usize, z: usize, row: usize, n: i32, e: i32): void {
  const alpha = load<f32>(norm.alpha);
  for (let f = 0; f < norm.units; f++, d += row, z += row) {
    const offset = (<usize>f) << 2;
    const t = entryAt(norm.squashed, norm.units, row, f, e);
    squashBackward(d, z, t, n, alpha, load<f32>(norm.gamma + offset), net.scratch);
    if (norm.betaGradient) addTo(norm.betaGradient + offset, load<f32>(net.scratch));
    if (norm.gammaGradient) addTo(norm.gammaGradient + offset, load<f32>(net.scratch, 4));
    addTo(norm.alphaGradient, load<f32>(net.scratch, 8));
  }
}

function ofSamplesBackward(net: Net, norm: Norm, d: usize, z: usize, row: usize, n: i32, e: i32): void {
  const units = norm.units / norm.groups;
  for (let g = 0; g < norm.groups; g++) {
    const means = entryAt(norm.means, norm.groups, row, g, e);
    const inverses = entryAt(norm.inverses, norm.groups, row, g, e);
    for (let f = g * units; f < (g + 1) * units; f++) {
      const offset = (<usize>(f / norm.shared)) << 2;
      const dRow = d + <usize>f * row;
      if (norm.betaGradient) addRowSum(norm.betaGradient + offset, dRow, n);
      if (norm.gammaGradient) addTo(norm.gammaGradient + offset, sampleGammaGradient(dRow, z + <usize>f * row, n, means, inverses));
    }
    const first = <usize>(g * units);
    sampleBackward(d + first * row, z + first * row, row, units, n, means, inverses, norm.gamma + (first << 2), net.normalizer != RMS);
  }
}

// @ts-ignore: decorator
@inline
function addTo(place: usize, value: f32): void {
  store<f32>(place, load<f32>(place) + value);
}

/** gamma and beta of every row of a norm, 1 and 0 where the net trains none. */
function fillRows(net: Net, norm: Norm, step: Step): void {
  for (let f = 0; f < norm.units; f++) {
    const shared = f / norm.shared;
    const gamma: f32 = step.first < 0 ? 1 : load<f32>(net.parameters + ((<usize>(step.first + shared)) << 2));
    const beta: f32 = step.second < 0 ? 0 : load<f32>(net.parameters + ((<usize>(step.second + shared)) << 2));
    store<f32>(step.gammas + ((<usize>f) << 2), gamma);
    store<f32>(step.betas + ((<usize>f) << 2), beta);
  }
}

/**
 * Between a matrix as it is kept, [channels][samples × pixels], and as a norm sees it: [channels × pixels][samples], the
 * pixels of a channel or the channels of a pixel side by side, or [lines][samples × width × channels]. `back`: from the
 * norm's to the kept one.
 */
function rearrange(step: Step, kept: usize, seen: usize, samples: i32, back: bool): void {
  const pixels = pixelsIn(step);
  const rows = rowsOf(step);
  const columns = columnsOf(step);
  const keptRow = rowBytes(min(samples * pixels, CHUNK));
  const seenRow = rowBytes(min(samples * columns, CHUNK));
  for (let c = 0; c < step.channels; c++) {
    for (let p = 0; p < pixels; p++) {
      let row = p / step.width;
      let column = (p % step.width) * step.channels + c;
      if (step.arrangement <= POSITIONS) {
        row = step.arrangement == SAMPLES ? c * pixels + p : p * step.channels + c;
        column = 0;
      }
      for (let s = 0; s < samples; s++) {
        const one = entryAt(kept, step.channels, keptRow, c, s * pixels + p);
        const other = entryAt(seen, rows, seenRow, row, s * columns + column);
        if (back) store<f32>(one, load<f32>(other));
        else store<f32>(other, load<f32>(one));
      }
    }
  }
}

/** The maximum of every 2 × 2 pixels: the first of equal ones, line by line. */
function maxima(step: Step, samples: i32): void {
  const entries = samples * pixelsOut(step);
  const row = rowBytes(min(entries, CHUNK));
  const inRow = rowBytes(min(samples * pixelsIn(step), CHUNK));
  for (let c = 0; c < step.channels; c++) {
    for (let e = 0; e < entries; e++) {
      const corner = cornerOf(step, e);
      let most = load<f32>(entryAt(step.input, step.channels, inRow, c, corner));
      let place = 0;
      for (let k = 1; k < 4; k++) {
        const next = load<f32>(entryAt(step.input, step.channels, inRow, c, corner + (k >> 1) * step.width + (k & 1)));
        if (!(next <= most) && most == most) {
          most = next;
          place = k;
        }
      }
      store<f32>(entryAt(step.output, step.channels, row, c, e), most);
      store<u8>(step.places + <usize>(c * entries + e), <u8>place);
    }
  }
}

function maximaBackward(step: Step, d: usize, before: usize, samples: i32): void {
  const entries = samples * pixelsOut(step);
  const row = rowBytes(min(entries, CHUNK));
  const inRow = rowBytes(min(samples * pixelsIn(step), CHUNK));
  memory.fill(before, 0, matrixBytes(step.channels, samples * pixelsIn(step)));
  for (let c = 0; c < step.channels; c++) {
    for (let e = 0; e < entries; e++) {
      const k = <i32>load<u8>(step.places + <usize>(c * entries + e));
      const from = cornerOf(step, e) + (k >> 1) * step.width + (k & 1);
      store<f32>(entryAt(before, step.channels, inRow, c, from), load<f32>(entryAt(d, step.channels, row, c, e)));
    }
  }
}

/** The first of the four pixels that make entry `e` of a maximum. */
// @ts-ignore: decorator
@inline
function cornerOf(step: Step, e: i32): i32 {
  const line = e / step.outWidth;
  const y = 2 * (line % step.outHeight);
  return ((line / step.outHeight) * step.height + y) * step.width + 2 * (e % step.outWidth);
}

/** The mean over the pixels of each channel, added up in their order. */
function means(step: Step, samples: i32): void {
  const pixels = pixelsIn(step);
  const row = rowBytes(min(samples, CHUNK));
  const inRow = rowBytes(min(samples * pixels, CHUNK));
  for (let c = 0; c < step.channels; c++) {
    for (let s = 0; s < samples; s++) {
      let sum: f32 = 0;
      for (let p = 0; p < pixels; p++) sum += load<f32>(entryAt(step.input, step.channels, inRow, c, s * pixels + p));
      store<f32>(entryAt(step.output, step.channels, row, c, s), sum / <f32>pixels);
    }
  }
}

function meansBackward(step: Step, d: usize, before: usize, samples: i32): void {
  const pixels = pixelsIn(step);
  const row = rowBytes(min(samples, CHUNK));
  const inRow = rowBytes(min(samples * pixels, CHUNK));
  for (let c = 0; c < step.channels; c++) {
    for (let s = 0; s < samples; s++) {
      const each = load<f32>(entryAt(d, step.channels, row, c, s)) / <f32>pixels;
      for (let p = 0; p < pixels; p++) store<f32>(entryAt(before, step.channels, inRow, c, s * pixels + p), each);
    }
  }
}

/** [channels][samples × pixels] to [pixels × channels][samples]. */
function flatten(step: Step, samples: i32): void {
  moveFlat(step, step.input, step.output, samples, false);
}

function flattenBackward(step: Step, d: usize, before: usize, samples: i32): void {
  moveFlat(step, before, d, samples, true);
}

function moveFlat(step: Step, image: usize, flat: usize, samples: i32, back: bool): void {
  const pixels = pixelsIn(step);
  const row = rowBytes(min(samples, CHUNK));
  const inRow = rowBytes(min(samples * pixels, CHUNK));
  for (let c = 0; c < step.channels; c++) {
    for (let p = 0; p < pixels; p++) {
      for (let s = 0; s < samples; s++) {
        const one = entryAt(image, step.channels, inRow, c, s * pixels + p);
        const other = entryAt(flat, step.outChannels, row, p * step.channels + c, s);
        if (back) store<f32>(one, load<f32>(other));
        else store<f32>(other, load<f32>(one));
      }
    }
  }
}

/** The entries of a chunked matrix into contiguous rows of `total`, from column `first` on. */
function copyEntries(matrix: usize, rows: i32, entries: i32, to: usize, first: i32, total: i32): void {
  const row = rowBytes(min(entries, CHUNK));
  for (let e = 0; e < entries; e += CHUNK) {
    const bytes = (<usize>min(entries - e, CHUNK)) << 2;
    for (let c = 0; c < rows; c++)
      memory.copy(to + ((<usize>c * <usize>total + <usize>(first + e)) << 2), entryAt(matrix, rows, row, c, e), bytes);
  }
}

function squaresOf(matrix: usize, rows: i32, entries: i32): f64 {
  const row = rowBytes(min(entries, CHUNK));
  let sum: f64 = 0;
  for (let e = 0; e < entries; e += CHUNK)
    for (let c = 0; c < rows; c++) sum += sumOfSquares(entryAt(matrix, rows, row, c, e), min(entries - e, CHUNK));
  return sum;
}
