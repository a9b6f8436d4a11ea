import { Layer } from "./network";

/**
 * Weight normalization of a kernel: W = gain · V/‖V‖, per unit; V [inputs][units] is trained, W is multiplied with.
 * Backward, with G = ∂C/∂W and v = V/‖V‖:
 *
 *   ∂C/∂gain = Σ G v,   ∂C/∂V = gain/‖V‖ (G − v ∂C/∂gain)
 *
 * Cached from the forward pass: V and ‖V‖. Units run along the lanes, four at a time; sums run over the inputs in their
 * order, in float64. A last block of fewer units reads what follows the row and does not write it.
 */

// @ts-ignore: decorator
@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Two pairs of float64, rounded to float32, to the first `lanes` places at `to`. */
// @ts-ignore: decorator
@inline
function storeLanes(to: usize, first: v128, second: v128, lanes: i32): void {
  const v = v128.shuffle<f32>(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 1, 4, 5);
  if (lanes >= 4) {
    v128.store(to, v);
    return;
  }
  store<f32>(to, f32x4.extract_lane(v, 0));
  if (lanes > 1) store<f32>(to, f32x4.extract_lane(v, 1), 4);
  if (lanes > 2) store<f32>(to, f32x4.extract_lane(v, 2), 8);
}

/** ‖V‖, and W from V and gain. */
export function normalizeKernel(layer: Layer): void {
  const row = (<usize>layer.units) << 2;
  const bytes = <usize>layer.inputs * row;
  for (let j = 0; j < layer.units; j += 4) {
    const offset = (<usize>j) << 2;
    const lanes = layer.units - j;
    let first = f64x2.splat(0);
    let second = first;
    for (let i: usize = 0; i < bytes; i += row) {
      const v = v128.load(layer.kernel + offset + i);
      const a = low(v);
      const b = high(v);
      first = f64x2.add(first, f64x2.mul(a, a));
      second = f64x2.add(second, f64x2.mul(b, b));
    }
    first = f64x2.sqrt(first);
    second = f64x2.sqrt(second);
    v128.store(layer.lengths + (offset << 1), first);
    v128.store(layer.lengths + (offset << 1), second, 16);
    const gain = v128.load(layer.gain + offset);
    first = f64x2.div(low(gain), first);
    second = f64x2.div(high(gain), second);
    for (let i: usize = 0; i < bytes; i += row) {
      const v = v128.load(layer.kernel + offset + i);
      storeLanes(layer.used + offset + i, f64x2.mul(low(v), first), f64x2.mul(high(v), second), lanes);
    }
  }
}

/** ∂C/∂V in place of ∂C/∂W, and ∂C/∂gain. */
export function normalizeKernelBackward(layer: Layer): void {
  const row = (<usize>layer.units) << 2;
  const bytes = <usize>layer.inputs * row;
  for (let j = 0; j < layer.units; j += 4) {
    const offset = (<usize>j) << 2;
    const lanes = layer.units - j;
    const length1 = v128.load(layer.lengths + (offset << 1));
    const length2 = v128.load(layer.lengths + (offset << 1), 16);
    let first = f64x2.splat(0);
    let second = first;
    for (let i: usize = 0; i < bytes; i += row) {
      const v = v128.load(layer.kernel + offset + i);
      const g = v128.load(layer.kernelGradient + offset + i);
      first = f64x2.add(first, f64x2.mul(low(g), low(v)));
      second = f64x2.add(second, f64x2.mul(high(g), high(v)));
    }
    first = f64x2.div(first, length1);
    second = f64x2.div(second, length2);
    storeLanes(layer.gainGradient + offset, first, second, lanes);
    // gain/‖V‖, and what of V is taken away: gain/‖V‖ · ∂C/∂gain / ‖V‖.
    const gain = v128.load(layer.gain + offset);
    const scale1 = f64x2.div(low(gain), length1);
    const scale2 = f64x2.div(high(gain), length2);
    first = f64x2.div(f64x2.mul(scale1, first), length1);
    second = f64x2.div(f64x2.mul(scale2, second), length2);
    for (let i: usize = 0; i < bytes; i += row) {
      const v = v128.load(layer.kernel + offset + i);
      const at = layer.kernelGradient + offset + i;
      const g = v128.load(at);
      storeLanes(
        at,
        f64x2.sub(f64x2.mul(scale1, low(g)), f64x2.mul(first, low(v))),
        f64x2.sub(f64x2.mul(scale2, high(g)), f64x2.mul(second, high(v))),
        lanes,
      );
    }
  }
}
