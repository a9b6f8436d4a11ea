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

/** Pixels that a maximum is of. */
const WINDOW: i32 = 4;

/** Entries of a convolution gathered at once in the forward pass: their rows stay in the second-level cache. */
const TILE: i32 = 64;

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
  /** Of a PRODUCT of stride 1 with a window, what `fillMasks` leaves. */
  masks: usize;
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
    if (step.kind == PRODUCT && step.stride == 1 && !seesOnePixel(step)) fillMasks(step);
  }
  // The loss is one of the last step's output.
  const last = layerAt(net, net.depth - 1);
  last.z = input;
  net.zeros = allocate((<usize>units) << 2);
  net.gathered = allocate(gathered);
  net.places = allocate(<usize>WINDOW * CHUNK_ROW);
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
    else if (step.kind == MAX) maxima(step, samples, net.places);
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
      else if (step.kind == MAX) maximaBackward(step, current, before, samples, net.places);
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
  const onePixel = seesOnePixel(step);
  const most = onePixel ? CHUNK : TILE;
  for (let e = 0; e < entries; e += most) {
    const n = min(entries - e, most);
    const from = onePixel ? entryAt(step.input, step.channels, row, 0, e) : net.gathered;
    const fromRow = onePixel ? row : rowBytes(TILE);
    if (!onePixel) gather(step, samples, e, n, from, fromRow, net.places);
    product(from, fromRow, layer.used, layer.bias, entryAt(step.output, layer.units, row, 0, e), row, layer.inputs, layer.units, n);
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
    else gather(step, samples, e, n, net.gathered, row, net.places);
    if (!layer.biasDone) addBiasGradient(layer, d, row, n);
    weightGradient(a, row, d, row, layer.kernelGradient, layer.inputs, layer.units, n);
    if (!wanted) continue;
    const to = onePixel ? entryAt(before, step.channels, row, 0, e) : net.gatheredGradient;
    product(d, row, layer.transposed, net.zeros, to, row, layer.units, layer.inputs, n);
    if (!onePixel) scatter(step, samples, e, n, net.gatheredGradient, row, before, inRow, net.places);
  }
  layer.biasDone = false;
}

function addBiasGradient(layer: Layer, d: usize, row: usize, n: i32): void {
  let to = layer.biasGradient;
  for (let j = 0; j < layer.units; j++, d += row, to += 4) store<f32>(to, load<f32>(to) + rowSum(d, n));
}

/**
 * The rows that a kernel is multiplied with, of `n` entries of the output from entry `e` on: row (y · kernelWidth + x) ·
 * channels + c is channel c as the window's pixel (y, x) sees it, 0 beyond the image.
 */
function gather(step: Step, samples: i32, e: i32, n: i32, to: usize, row: usize, places: usize): void {
  const inRow = rowBytes(min(samples * pixelsIn(step), CHUNK));
  for (let ky = 0; ky < step.kernelHeight; ky++) {
    for (let kx = 0; kx < step.kernelWidth; kx++) {
      let rows = to + <usize>((ky * step.kernelWidth + kx) * step.channels) * row;
      if (step.stride > 1) {
        see(step, inRow, e, n, ky, kx, places);
        for (let c = 0, from = step.input; c < step.channels; c++, rows += row, from += inRow) {
          for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
            const place = load<i32>(places + i);
            store<f32>(rows + i, place < 0 ? 0 : load<f32>(from + <usize>place));
          }
        }
        continue;
      }
      const masks = masksAt(step, e, ky, kx);
      const shift = shiftOf(step, ky, kx);
      let at = firstInside(e + shift, n);
      const end = endInside(step, samples, e + shift, n);
      clear(rows, row, step.channels, 0, at);
      clear(rows, row, step.channels, max(at, end), n);
      while (at < end) {
        const part = min(end - at, CHUNK - ((e + shift + at) % CHUNK));
        let from = entryAt(step.input, step.channels, inRow, 0, e + shift + at);
        let target = rows + ((<usize>at) << 2);
        const mask = masks + ((<usize>at) << 2);
        for (let c = 0; c < step.channels; c++, from += inRow, target += row) {
          let i: usize = 0;
          for (; i + 16 <= (<usize>part) << 2; i += 16)
            v128.store(target + i, v128.and(v128.load(from + i), v128.load(mask + i)));
          for (; i < (<usize>part) << 2; i += 4)
            store<f32>(target + i, load<i32>(mask + i) == 0 ? 0 : load<f32>(from + i));
        }
        at += part;
      }
    }
  }
}

/**
 * For each of `n` entries of the output from entry `e` on, what the window's pixel (ky, kx) sees: how many bytes behind the
 * input's first that entry of channel 0 lies, negative beyond the image.
 */
function see(step: Step, inRow: usize, e: i32, n: i32, ky: i32, kx: i32, places: usize): void {
  let x = e % step.outWidth;
  let line = e / step.outWidth;
  for (let i = 0; i < n; line++, x = 0) {
    const y = (line % step.outHeight) * step.stride + ky - step.top;
    const start = ((line / step.outHeight) * step.height + y) * step.width;
    const isInside = y >= 0 && y < step.height;
    for (; x < step.outWidth && i < n; x++, i++) {
      const column = x * step.stride + kx - step.left;
      const isSeen = isInside && column >= 0 && column < step.width;
      store<i32>(places + ((<usize>i) << 2), isSeen ? <i32>entryAt(0, step.channels, inRow, 0, start + column) : -1);
    }
  }
}

/**
 * Of every pixel of the window, for the entries of an image and a chunk more, which repeat: ones where the window's pixel is
 * in the image, zeros beyond.
 */
function fillMasks(step: Step): void {
  const entries = pixelsOut(step) + CHUNK;
  step.masks = allocate(<usize>(step.kernelHeight * step.kernelWidth) * ((<usize>entries) << 2));
  let mask = step.masks;
  for (let ky = 0; ky < step.kernelHeight; ky++) {
    for (let kx = 0; kx < step.kernelWidth; kx++) {
      for (let e = 0; e < entries; e++, mask += 4) {
        const y = ((e / step.outWidth) % step.outHeight) + ky - step.top;
        const x = (e % step.outWidth) + kx - step.left;
        store<i32>(mask, y >= 0 && y < step.height && x >= 0 && x < step.width ? -1 : 0);
      }
    }
  }
}

/** The masks of the window's pixel (ky, kx), from entry `e` on. */
// @ts-ignore: decorator
@inline
function masksAt(step: Step, e: i32, ky: i32, kx: i32): usize {
  const pixels = pixelsOut(step);
  return step.masks + ((<usize>((ky * step.kernelWidth + kx) * (pixels + CHUNK) + (e % pixels))) << 2);
}

/** How far apart in their rows an entry of the output and what the window's pixel (ky, kx) sees of it are; of stride 1. */
// @ts-ignore: decorator
@inline
function shiftOf(step: Step, ky: i32, kx: i32): i32 {
  return (ky - step.top) * step.width + kx - step.left;
}

/** Of `n` entries from entry `start` of the input on, which may be negative, the first that there is, and one behind the last. */
// @ts-ignore: decorator
@inline
function firstInside(start: i32, n: i32): i32 {
  return min(n, max(0, -start));
}

// @ts-ignore: decorator
@inline
function endInside(step: Step, samples: i32, start: i32, n: i32): i32 {
  return min(n, samples * pixelsIn(step) - start);
}

/** Zeros from place `from` to `to` of as many rows. */
function clear(rows: usize, row: usize, count: i32, from: i32, to: i32): void {
  if (from >= to) return;
  for (let c = 0; c < count; c++, rows += row) memory.fill(rows + ((<usize>from) << 2), 0, (<usize>(to - from)) << 2);
}

/**
 * Adds the gradient with respect to the gathered rows to that of the pixels that they came from; of a pixel, in the order
 * of the output's entries.
 */
function scatter(
  step: Step, samples: i32, e: i32, n: i32, rowsGradient: usize, row: usize, input: usize, inRow: usize, places: usize,
): void {
  for (let ky = step.kernelHeight - 1; ky >= 0; ky--) {
    for (let kx = 0; kx < step.kernelWidth; kx++) {
      let rows = rowsGradient + <usize>((ky * step.kernelWidth + kx) * step.channels) * row;
      if (step.stride > 1) {
        see(step, inRow, e, n, ky, kx, places);
        for (let c = 0, to = input; c < step.channels; c++, rows += row, to += inRow) {
          for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
            const place = load<i32>(places + i);
            if (place >= 0) store<f32>(to + <usize>place, load<f32>(to + <usize>place) + load<f32>(rows + i));
          }
        }
        continue;
      }
      const masks = masksAt(step, e, ky, kx);
      const shift = shiftOf(step, ky, kx);
      let at = firstInside(e + shift, n);
      const end = endInside(step, samples, e + shift, n);
      while (at < end) {
        const part = min(end - at, CHUNK - ((e + shift + at) % CHUNK));
        let to = entryAt(input, step.channels, inRow, 0, e + shift + at);
        let from = rows + ((<usize>at) << 2);
        const mask = masks + ((<usize>at) << 2);
        for (let c = 0; c < step.channels; c++, from += row, to += inRow) {
          let i: usize = 0;
          for (; i + 16 <= (<usize>part) << 2; i += 16) {
            const gradient = v128.and(v128.load(from + i), v128.load(mask + i));
            v128.store(to + i, f32x4.add(v128.load(to + i), gradient));
          }
          for (; i < (<usize>part) << 2; i += 4) {
            if (load<i32>(mask + i) != 0) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
          }
        }
        at += part;
      }
    }
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
function maxima(step: Step, samples: i32, windows: usize): void {
  const entries = samples * pixelsOut(step);
  const row = rowBytes(min(entries, CHUNK));
  const inRow = rowBytes(min(samples * pixelsIn(step), CHUNK));
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    findWindows(step, inRow, e, n, windows);
    let from = step.input;
    let to = entryAt(step.output, step.channels, row, 0, e);
    for (let c = 0; c < step.channels; c++, from += inRow, to += row) {
      const places = step.places + <usize>(c * entries + e);
      let i = 0;
      while (i < n) {
        const window = windows + <usize>(i * WINDOW * 4);
        if (i + 4 <= n && areSideBySide(window)) {
          const upper = from + <usize>load<i32>(window);
          const lower = from + <usize>load<i32>(window, 8);
          fourMaxima(upper, lower, to + ((<usize>i) << 2), places + <usize>i);
          i += 4;
          continue;
        }
        let most = load<f32>(from + <usize>load<i32>(window));
        let place = 0;
        for (let k = 1; k < WINDOW; k++) {
          const next = load<f32>(from + <usize>load<i32>(window + ((<usize>k) << 2)));
          const isMore = <i32>!(next <= most) & <i32>(most == most);
          most = select<f32>(next, most, isMore);
          place = select<i32>(k, place, isMore);
        }
        store<f32>(to + ((<usize>i) << 2), most);
        store<u8>(places + <usize>i, <u8>place);
        i += 1;
      }
    }
  }
}

/** Whether the windows of four maxima are next to each other: two lines of eight pixels without a gap. */
// @ts-ignore: decorator
@inline
function areSideBySide(window: usize): bool {
  return load<i32>(window, 52) - load<i32>(window) == 28 && load<i32>(window, 60) - load<i32>(window, 8) == 28;
}

/** Four maxima of two lines of eight pixels. */
// @ts-ignore: decorator
@inline
function fourMaxima(upper: usize, lower: usize, to: usize, places: usize): void {
  let most = evenOnes(upper);
  let place = i32x4.splat(0);
  for (let k = 1; k < WINDOW; k++) {
    const line = k == 1 ? upper : lower;
    const next = (k & 1) == 1 ? oddOnes(line) : evenOnes(line);
    const isMore = v128.andnot(f32x4.eq(most, most), f32x4.le(next, most));
    most = v128.bitselect(next, most, isMore);
    place = v128.bitselect(i32x4.splat(k), place, isMore);
  }
  v128.store(to, most);
  const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(place, place), i16x8.splat(0));
  store<i32>(places, i32x4.extract_lane(bytes, 0));
}

// @ts-ignore: decorator
@inline
function evenOnes(line: usize): v128 {
  return v128.shuffle<f32>(v128.load(line), v128.load(line, 16), 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function oddOnes(line: usize): v128 {
  return v128.shuffle<f32>(v128.load(line), v128.load(line, 16), 1, 3, 5, 7);
}

function maximaBackward(step: Step, d: usize, before: usize, samples: i32, windows: usize): void {
  const entries = samples * pixelsOut(step);
  const row = rowBytes(min(entries, CHUNK));
  const inRow = rowBytes(min(samples * pixelsIn(step), CHUNK));
  memory.fill(before, 0, matrixBytes(step.channels, samples * pixelsIn(step)));
  for (let e = 0; e < entries; e += CHUNK) {
    const n = min(entries - e, CHUNK);
    findWindows(step, inRow, e, n, windows);
    let from = entryAt(d, step.channels, row, 0, e);
    let to = before;
    for (let c = 0; c < step.channels; c++, from += row, to += inRow) {
      const places = step.places + <usize>(c * entries + e);
      for (let i = 0; i < n; i++) {
        const place = <i32>load<u8>(places + <usize>i);
        const at = load<i32>(windows + ((<usize>(i * WINDOW + place)) << 2));
        store<f32>(to + <usize>at, load<f32>(from + ((<usize>i) << 2)));
      }
    }
  }
}

/** How many bytes behind the input's first entry the pixels of each of `n` maxima from entry `e` on lie, of channel 0. */
function findWindows(step: Step, inRow: usize, e: i32, n: i32, windows: usize): void {
  for (let i = 0; i < n; i++) {
    const corner = cornerOf(step, e + i);
    for (let k = 0; k < WINDOW; k++, windows += 4)
      store<i32>(windows, <i32>entryAt(0, step.channels, inRow, 0, corner + (k >> 1) * step.width + (k & 1)));
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
