import { exp4, log1p4 } from "./elementary";
import { layerAt, Net } from "./network";
import { CHUNK, rowBytes } from "./simd";

/** Numbers of the losses, as the host passes them. */
export const MSE: i32 = 0;
export const CROSS_ENTROPY: i32 = 1;

/**
 * The cost's sum over this group of samples, in float64, sample after sample, and its gradient ∂C/∂ŷ, which goes to
 * `gradientA`; C is the mean over all `total` samples of the pass. Targets are rows [outputs][samples], `yRow` bytes
 * apart, or one row of labels.
 */
export function costGradient(net: Net, y: usize, yRow: usize, samples: i32, total: i32): f64 {
  return net.loss == CROSS_ENTROPY ? crossEntropy(net, y, samples, total) : squaredError(net, y, yRow, samples, total);
}

/** C = Σ (ŷ − y)² / n, summed over outputs, and ∂C/∂ŷ = 2 (ŷ − y)/n. */
function squaredError(net: Net, y: usize, yRow: usize, samples: i32, total: i32): f64 {
  const layer = layerAt(net, net.depth - 1);
  const row = rowBytes(min(samples, CHUNK));
  const factor = <f32>(2 / <f64>total);
  let sum: f64 = 0;
  for (let s = 0; s < samples; s += CHUNK) {
    const n = min(samples - s, CHUNK);
    let offset = <usize>(s / CHUNK) * <usize>layer.units * row;
    let targets = y + ((<usize>s) << 2);
    for (let j = 0; j < layer.units; j++, offset += row, targets += yRow) {
      for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
        const prediction = load<f32>(layer.z + offset + i);
        const target = load<f32>(targets + i);
        const error = <f64>prediction - <f64>target;
        sum += error * error;
        store<f32>(net.gradientA + offset + i, (prediction - target) * factor);
      }
    }
  }
  return sum;
}

/**
 * C = −Σ ln p_label / n with p_j = e^{o_j} / Σ_k e^{o_k}, and ∂C/∂o_j = (p_j − [j = label])/n. With the largest output M
 * of a sample, and the sum over all but the first output that is M,
 *
 *   −ln p_label = (M − o_label) + ln(1 + Σ e^{o_k − M})
 *
 * so that nothing overflows and a small cost keeps its digits. Counts the samples whose first largest output is that of
 * the label.
 */
function crossEntropy(net: Net, y: usize, samples: i32, total: i32): f64 {
  const layer = layerAt(net, net.depth - 1);
  const row = rowBytes(min(samples, CHUNK));
  const classes = layer.units;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const count = f32x4.splat(<f32>total);
  let sum: f64 = 0;
  for (let s = 0; s < samples; s += CHUNK) {
    const n = min(samples - s, CHUNK);
    const chunk = <usize>(s / CHUNK) * <usize>classes * row;
    for (let i = 0; i < n; i += 4) {
      const column = chunk + ((<usize>i) << 2);
      const labels = v128.load(y + ((<usize>(s + i)) << 2));
      let most = v128.load(layer.z + column);
      for (let j = 1; j < classes; j++) most = f32x4.pmax(most, v128.load(layer.z + column + <usize>j * row));
      let taken = zero;
      let first = zero;
      let others = zero;
      let own = zero;
      for (let j = 0; j < classes; j++) {
        const at = <usize>j * row + column;
        const logit = v128.load(layer.z + at);
        const e = exp4(f32x4.sub(logit, most));
        v128.store(net.gradientA + at, e);
        const isMost = v128.andnot(f32x4.eq(logit, most), taken);
        taken = v128.or(taken, isMost);
        const number = f32x4.splat(<f32>j);
        first = v128.bitselect(number, first, isMost);
        others = f32x4.add(others, v128.andnot(e, isMost));
        own = v128.bitselect(logit, own, f32x4.eq(labels, number));
      }
      const costs = f32x4.add(f32x4.sub(most, own), log1p4(others));
      const whole = f32x4.add(one, others);
      for (let j = 0; j < classes; j++) {
        const at = net.gradientA + <usize>j * row + column;
        const hit = v128.and(f32x4.eq(labels, f32x4.splat(<f32>j)), one);
        v128.store(at, f32x4.div(f32x4.sub(f32x4.div(v128.load(at), whole), hit), count));
      }
      const right = f32x4.eq(first, labels);
      v128.store(net.scratch, costs);
      v128.store(net.scratch, right, 16);
      for (let lane = 0; lane < min(n - i, 4); lane++) {
        sum += <f64>load<f32>(net.scratch + ((<usize>lane) << 2));
        if (load<i32>(net.scratch + ((<usize>lane) << 2), 16)) net.correct++;
      }
    }
  }
  return sum;
}
