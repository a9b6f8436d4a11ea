import { activateBackward, derivesFromPreActivation, RELU } from "./activations";
import { squashBackward, squashReluBackward } from "./dyt";
import { chunkOf, normalizeRow, squashedRow } from "./forward";
import { product, transpose } from "./gemm";
import { backwardImages } from "./images";
import { dependsOnBatch, DYT, featureAt, hasNorm, Layer, layerAt, Net, normAt, RENORM, RMS, WEIGHT } from "./network";
import { gradientSums, normalizeBackward, reluGradientSums } from "./normalization";
import { rowSum, sumOfSquares } from "./rows";
import { addRowSum, sampleBackward, sampleGammaGradient } from "./sample-normalization";
import { CHUNK, rowBytes } from "./simd";
import { addGradientSums, finishGradientSums } from "./statistics";
import { normalizeKernelBackward } from "./weight";
import { weightGradient } from "./weight-gradient";

/** All gradients to zero and every kernel transposed: once before the groups of a pass. */
export function beginBackward(net: Net): void {
  memory.fill(net.gradients, 0, net.parameterBytes);
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    layer.gradientSquares = 0;
    if (l > 0 || net.inputNorm || net.steps) transpose(layer.used, layer.transposed, layer.inputs, layer.units);
  }
}

/**
 * The backward pass of one group, from ∂C/∂ŷ in `gradientA`. Per layer, with d = ∂C/∂z:
 *
 *   ∂C/∂b = Σ_s d,   ∂C/∂W = a dᵀ,   ∂C/∂a = W d,   then d of the layer before:
 *   plain   d = f′(z) ∂C/∂a
 *   bn      ∂C/∂u = f′(u) ∂C/∂a, and through the normalization as derived in normalization.ts, in place, once its sums over the
 *           whole batch are known
 *   after   ∂C/∂h from ∂C/∂a through the normalization in the same way, then d = f′(z) ∂C/∂h
 *
 * Gradients are added to: chunks and groups accumulate in their order.
 */
export function backward(net: Net, x: usize, xRow: usize, samples: i32): void {
  if (net.steps) {
    backwardImages(net, samples);
    return;
  }
  const row = rowBytes(min(samples, CHUNK));
  let current = net.gradientA;
  let before = net.gradientB;
  const ofBatch = dependsOnBatch(net);
  for (let l = net.depth - 1; l >= 0; l--) {
    const layer = layerAt(net, l);
    const normFollows = net.hiddenNorms && l + 1 < net.depth;
    const plainInput = l == 0 && !net.inputNorm;
    for (let s = 0; s < samples; s += CHUNK) {
      const chunk = <usize>(s / CHUNK) * row;
      const n = min(samples - s, CHUNK);
      const d = current + chunk * layer.units;
      const z = layer.z + chunk * layer.units;
      const a = plainInput ? x + ((<usize>s) << 2) : layer.a + chunk * layer.inputs;
      if (net.observing && l + 1 == net.depth)
        for (let j = 0; j < layer.units; j++) layer.gradientSquares += sumOfSquares(d + <usize>j * row, n);
      if (normFollows && !net.after && ofBatch) throughNorm(net, l, d, z, row, n);
      else if (!(normFollows && !net.after && net.normalizer == DYT)) {
        if (normFollows && !net.after) throughOwnNorm(net, l, d, z, row, n, s);
        else if (normFollows) throughNormAndActivation(net, l, d, layer.h + chunk * layer.units, z, row, n, s);
        addBiasGradient(layer, 0, d, row, layer.units, n);
      }
      weightGradient(a, plainInput ? xRow : row, d, row, layer.kernelGradient, layer.inputs, layer.units, n);
      if (plainInput) continue;
      const da = before + chunk * layer.inputs;
      product(d, row, layer.transposed, net.zeros, da, row, layer.units, layer.inputs, n);
      if (l == 0) sumGradients(net, 0, da, row, x + ((<usize>s) << 2), xRow, n);
      else if (!net.after) throughActivation(net, l, da, a, layerAt(net, l - 1).z + chunk * layer.inputs, row, n, s);
      else if (ofBatch) sumGradients(net, l, da, row, layerAt(net, l - 1).h + chunk * layer.inputs, row, n);
    }
    if (ofBatch && hasNorm(net, l)) finishGradientSums(net, normAt(net, l), samples);
    const swap = current;
    current = before;
    before = swap;
  }
}

/** ∂C/∂z from ∂C/∂u, in place, for the chunk's features of layer l; and the gradient of its bias. */
function throughNorm(net: Net, l: i32, d: usize, z: usize, row: usize, samples: i32): void {
  const norm = normAt(net, l + 1);
  let bias = layerAt(net, l).biasGradient;
  for (let f = 0; f < norm.units; f++, d += row, z += row, bias += 4) {
    const c = featureAt(norm, f);
    const sum = normalizeBackward(d, z, samples, c.center, c.scale, c.meanGradient, c.slope);
    store<f32>(bias, load<f32>(bias) + sum);
  }
}

/** ∂C/∂z from ∂C/∂BN(h), in place, for the chunk's features of layer l, whose norm stands behind its activation. */
function throughNormAndActivation(
  net: Net, l: i32, d: usize, h: usize, z: usize, row: usize, samples: i32, s: i32,
): void {
  const norm = normAt(net, l + 1);
  const layer = layerAt(net, l);
  const ofBatch = net.normalizer <= RENORM;
  if (!ofBatch) throughOwnNorm(net, l, d, h, row, samples, s);
  for (let f = 0; f < norm.units; f++, d += row, h += row, z += row) {
    if (ofBatch) {
      const c = featureAt(norm, f);
      normalizeBackward(d, h, samples, c.center, c.scale, c.meanGradient, c.slope);
    }
    activateBackward(net.activation, d, h, z, samples);
    if (net.observing) layer.gradientSquares += sumOfSquares(d, samples);
  }
}

/**
 * ∂C/∂z from ∂C/∂u, in place, for one chunk of layer l whose norm does not depend on the batch; adds to the gradients of
 * the norm's parameters.
 */
function throughOwnNorm(net: Net, l: i32, d: usize, z: usize, row: usize, samples: i32, s: i32): void {
  const norm = normAt(net, l + 1);
  if (net.normalizer == DYT) {
    for (let f = 0; f < norm.units; f++, d += row, z += row) throughDyt(net, l + 1, f, d, 0, z, row, samples, s);
    return;
  }
  const units = norm.units / net.groups;
  const offset = chunkOf(s, net.groups, row);
  for (let g = 0; g < net.groups; g++) {
    const means = norm.means + offset + <usize>g * row;
    const inverses = norm.inverses + offset + <usize>g * row;
    const first = <usize>(g * units) << 2;
    const dGroup = d + <usize>(g * units) * row;
    const zGroup = z + <usize>(g * units) * row;
    if (net.affine) {
      for (let f = 0; f < units; f++) {
        const at = first + ((<usize>f) << 2);
        const dRow = dGroup + <usize>f * row;
        if (norm.betaGradient) addRowSum(norm.betaGradient + at, dRow, samples);
        const sum = sampleGammaGradient(dRow, zGroup + <usize>f * row, samples, means, inverses);
        store<f32>(norm.gammaGradient + at, load<f32>(norm.gammaGradient + at) + sum);
      }
    }
    sampleBackward(
      dGroup, zGroup, row, units, samples, means, inverses, norm.gamma + first, net.normalizer != RMS,
    );
  }
}

/** `throughOwnNorm` of one row under DYT; with a = relu(u) from ∂C/∂a. */
function throughDyt(
  net: Net, index: i32, f: i32, d: usize, a: usize, z: usize, row: usize, samples: i32, s: i32,
): void {
  const norm = normAt(net, index);
  const offset = (<usize>f) << 2;
  const gamma = load<f32>(norm.gamma + offset);
  const alpha = load<f32>(norm.alpha);
  const t = squashedRow(norm, f, row, s);
  if (a) squashReluBackward(d, a, z, t, samples, alpha, gamma, net.scratch);
  else squashBackward(d, z, t, samples, alpha, gamma, net.scratch);
  if (net.affine) {
    store<f32>(norm.betaGradient + offset, load<f32>(norm.betaGradient + offset) + load<f32>(net.scratch));
    store<f32>(norm.gammaGradient + offset, load<f32>(norm.gammaGradient + offset) + load<f32>(net.scratch, 4));
  }
  store<f32>(norm.alphaGradient, load<f32>(norm.alphaGradient) + load<f32>(net.scratch, 8));
}

/** What is trained of normalized kernels, once after the groups of a pass. */
export function finishKernels(net: Net): void {
  if (net.normalizer != WEIGHT) return;
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    if (layer.gain) normalizeKernelBackward(layer);
  }
}

/**
 * ∂C/∂(pre-activation) from ∂C/∂a, in place: the input a of layer l is f of the layer before. In the bn arm also the
 * sums that the normalization needs, and under DYT the way through it and the bias's gradient; activations that need the
 * pre-activation get it by normalizing z again.
 */
function throughActivation(
  net: Net, l: i32, d: usize, a: usize, z: usize, row: usize, samples: i32, s: i32,
): void {
  const before = layerAt(net, l - 1);
  const again = net.hiddenNorms && derivesFromPreActivation(net.activation);
  const kind = net.activation;
  const isDyt = net.hiddenNorms && net.normalizer == DYT;
  const dytRelu = isDyt && kind == RELU && !net.observing;
  // Small batches have short rows: these loops ask nothing for each of them that they need not.
  if (!net.hiddenNorms && !net.observing) {
    for (const end = d + <usize>before.units * row; d < end; d += row, a += row, z += row)
      activateBackward(kind, d, a, z, samples);
    return;
  }
  if (net.hiddenNorms && net.normalizer <= RENORM) {
    const norm = normAt(net, l);
    for (let f = 0; f < before.units; f++, d += row, a += row, z += row) {
      const feature = featureAt(norm, f);
      if (kind == RELU) reluGradientSums(d, a, z, samples, feature.center, net.sums);
      else {
        if (again) normalizeRow(net, l, f, z, net.scratch, row, samples, s);
        activateBackward(kind, d, a, again ? net.scratch : z, samples);
        gradientSums(d, z, samples, feature.center, net.sums);
      }
      addGradientSums(net, feature);
      if (net.observing) before.gradientSquares += sumOfSquares(d, samples);
    }
    return;
  }
  for (let f = 0; f < before.units; f++, d += row, a += row, z += row) {
    if (!dytRelu) {
      if (again) normalizeRow(net, l, f, z, net.scratch, row, samples, s);
      activateBackward(kind, d, a, again ? net.scratch : z, samples);
    }
    if (net.observing) before.gradientSquares += sumOfSquares(d, samples);
    // While the row is in the cache.
    if (isDyt) {
      throughDyt(net, l, f, d, dytRelu ? a : 0, z, row, samples, s);
      addBiasGradient(before, f, d, row, 1, samples);
    }
  }
}

/** The sums that norm `index` needs of ∂C/∂u = d, where it has normalized z: x in front of the first layer, or h. */
function sumGradients(
  net: Net, index: i32, d: usize, row: usize, z: usize, zRow: usize, samples: i32,
): void {
  const norm = normAt(net, index);
  for (let f = 0; f < norm.units; f++, d += row, z += zRow) {
    const feature = featureAt(norm, f);
    gradientSums(d, z, samples, feature.center, net.sums);
    addGradientSums(net, feature);
  }
}

/** Of so many units from the first on, whose rows begin at d. */
function addBiasGradient(layer: Layer, first: i32, d: usize, row: usize, units: i32, samples: i32): void {
  let to = layer.biasGradient + ((<usize>first) << 2);
  for (let j = 0; j < units; j++, d += row, to += 4) store<f32>(to, load<f32>(to) + rowSum(d, samples));
}
