import { activateBackward, derivesFromPreActivation, RELU } from "./activations";
import { normalizeRow } from "./forward";
import { product, transpose } from "./gemm";
import { featureAt, hasNorm, Layer, layerAt, Net, normAt } from "./network";
import { gradientSums, normalizeBackward, reluGradientSums } from "./normalization";
import { rowSum, sumOfSquares } from "./rows";
import { CHUNK, rowBytes } from "./simd";
import { addGradientSums, finishGradientSums } from "./statistics";
import { weightGradient } from "./weight-gradient";

/**
 * The cost C = Σ (ŷ − y)² / n over all n samples of the pass; its gradient ∂C/∂ŷ = 2 (ŷ − y)/n goes to `d`.
 * Returns this group's Σ (ŷ − y)², in float64, sample after sample.
 */
export function costGradient(net: Net, y: usize, samples: i32, total: i32): f64 {
  const layer = layerAt(net, net.depth - 1);
  const row = rowBytes(min(samples, CHUNK));
  const factor = <f32>(2 / <f64>total);
  let sum: f64 = 0;
  for (let s = 0; s < samples; s += CHUNK) {
    const offset = <usize>(s / CHUNK) * row;
    const n = min(samples - s, CHUNK);
    for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
      const prediction = load<f32>(layer.z + offset + i);
      const target = load<f32>(y + ((<usize>s) << 2) + i);
      const error = <f64>prediction - <f64>target;
      sum += error * error;
      store<f32>(net.gradientA + offset + i, (prediction - target) * factor);
    }
  }
  return sum;
}

/** All gradients to zero and every kernel transposed: once before the groups of a pass. */
export function beginBackward(net: Net): void {
  memory.fill(net.gradients, 0, net.parameterBytes);
  for (let l = 0; l < net.depth; l++) {
    const layer = layerAt(net, l);
    layer.gradientSquares = 0;
    if (l > 0 || net.inputNorm) transpose(layer.kernel, layer.transposed, layer.inputs, layer.units);
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
  const row = rowBytes(min(samples, CHUNK));
  let current = net.gradientA;
  let before = net.gradientB;
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
      if (net.observing && l + 1 == net.depth) layer.gradientSquares += sumOfSquares(d, n);
      if (normFollows && !net.after) throughNorm(net, l, d, z, row, n);
      else {
        if (normFollows) throughNormAndActivation(net, l, d, layer.h + chunk * layer.units, z, row, n);
        addBiasGradient(layer, d, row, n);
      }
      weightGradient(a, plainInput ? xRow : row, d, row, layer.kernelGradient, layer.inputs, layer.units, n);
      if (plainInput) continue;
      const da = before + chunk * layer.inputs;
      product(d, row, layer.transposed, net.zeros, da, row, layer.units, layer.inputs, n);
      if (l == 0) sumGradients(net, 0, da, row, x + ((<usize>s) << 2), xRow, n);
      else if (net.after) sumGradients(net, l, da, row, layerAt(net, l - 1).h + chunk * layer.inputs, row, n);
      else throughActivation(net, l, da, a, layerAt(net, l - 1).z + chunk * layer.inputs, row, n);
    }
    if (hasNorm(net, l)) finishGradientSums(net, normAt(net, l), samples);
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
  net: Net, l: i32, d: usize, h: usize, z: usize, row: usize, samples: i32,
): void {
  const norm = normAt(net, l + 1);
  const layer = layerAt(net, l);
  for (let f = 0; f < norm.units; f++, d += row, h += row, z += row) {
    const c = featureAt(norm, f);
    normalizeBackward(d, h, samples, c.center, c.scale, c.meanGradient, c.slope);
    activateBackward(net.activation, d, h, z, samples);
    if (net.observing) layer.gradientSquares += sumOfSquares(d, samples);
  }
}

/**
 * ∂C/∂(pre-activation) from ∂C/∂a, in place: the input a of layer l is f of the layer before. In the bn arm also the
 * sums that the normalization needs; activations that need the pre-activation get it by normalizing z again.
 */
function throughActivation(net: Net, l: i32, d: usize, a: usize, z: usize, row: usize, samples: i32): void {
  const before = layerAt(net, l - 1);
  const again = net.hiddenNorms && derivesFromPreActivation(net.activation);
  const reluAtOnce = net.hiddenNorms && net.activation == RELU;
  for (let f = 0; f < before.units; f++, d += row, a += row, z += row) {
    if (reluAtOnce) reluGradientSums(d, a, z, samples, featureAt(normAt(net, l), f).center, net.sums);
    else {
      if (again) normalizeRow(net, l, f, z, net.scratch, samples);
      activateBackward(net.activation, d, a, again ? net.scratch : z, samples);
      if (net.hiddenNorms) gradientSums(d, z, samples, featureAt(normAt(net, l), f).center, net.sums);
    }
    if (net.hiddenNorms) addGradientSums(net, featureAt(normAt(net, l), f));
    if (net.observing) before.gradientSquares += sumOfSquares(d, samples);
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

function addBiasGradient(layer: Layer, d: usize, row: usize, samples: i32): void {
  let to = layer.biasGradient;
  for (let j = 0; j < layer.units; j++, d += row, to += 4) store<f32>(to, load<f32>(to) + rowSum(d, samples));
}
