import { laneSum, tailMask } from "./simd";
import { tanhRow } from "./tanh";

/**
 * Dynamic tanh of one row: one unit, its samples along the lanes.
 *
 *   t = tanh(alpha z),   u = gamma t + beta
 *
 * Backward, with d = ∂C/∂u and k = d gamma (1 − t²) = ∂C/∂(alpha z):
 *
 *   ∂C/∂z = alpha k,   ∂C/∂alpha = Σ k z over units and samples,   ∂C/∂gamma = Σ d t,   ∂C/∂beta = Σ d
 *
 * Cached from the forward pass: z and t.
 */

/** t = tanh(alpha z). */
export function squash(z: usize, t: usize, samples: i32, alpha: f32): void {
  const a = f32x4.splat(alpha);
  const blocks = (<usize>(samples & ~15)) << 2;
  const end = (<usize>samples) << 2;
  let s: usize = 0;
  for (; s < blocks; s += 64) {
    v128.store(t + s, f32x4.mul(v128.load(z + s), a));
    v128.store(t + s, f32x4.mul(v128.load(z + s, 16), a), 16);
    v128.store(t + s, f32x4.mul(v128.load(z + s, 32), a), 32);
    v128.store(t + s, f32x4.mul(v128.load(z + s, 48), a), 48);
  }
  for (; s < end; s += 16) v128.store(t + s, f32x4.mul(v128.load(z + s), a));
  tanhRow(t, t, samples);
}

/** u = gamma t + beta. */
export function stretch(t: usize, out: usize, samples: i32, gamma: f32, beta: f32): void {
  const a = f32x4.splat(gamma);
  const b = f32x4.splat(beta);
  const end = (<usize>samples) << 2;
  for (let s: usize = 0; s < end; s += 16) v128.store(out + s, f32x4.add(f32x4.mul(v128.load(t + s), a), b));
}

/** relu of `stretch` in one pass. */
export function stretchRelu(t: usize, out: usize, samples: i32, gamma: f32, beta: f32): void {
  const a = f32x4.splat(gamma);
  const b = f32x4.splat(beta);
  const zero = f32x4.splat(0);
  const blocks = (<usize>(samples & ~15)) << 2;
  const end = (<usize>samples) << 2;
  let s: usize = 0;
  for (; s < blocks; s += 64) {
    v128.store(out + s, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(t + s), a), b), zero));
    v128.store(out + s, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(t + s, 16), a), b), zero), 16);
    v128.store(out + s, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(t + s, 32), a), b), zero), 32);
    v128.store(out + s, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(t + s, 48), a), b), zero), 48);
  }
  for (; s < end; s += 16)
    v128.store(out + s, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(t + s), a), b), zero));
}

/** ∂C/∂z in place of d; Σ d, Σ d t and Σ k z of the row as three float32 at `sums`. */
export function squashBackward(d: usize, z: usize, t: usize, samples: i32, alpha: f32, gamma: f32, sums: usize): void {
  throughRow(d, 0, z, t, samples, alpha, gamma, sums, false);
}

/** The same of ∂C/∂a in place of d, where a = relu(u), in one pass. */
export function squashReluBackward(
  d: usize, a: usize, z: usize, t: usize, samples: i32, alpha: f32, gamma: f32, sums: usize,
): void {
  throughRow(d, a, z, t, samples, alpha, gamma, sums, true);
}

/** ∂C/∂u of four samples. */
// @ts-ignore: decorator
@inline
function gradientAt(d: usize, activation: usize, isRelu: bool, zero: v128): v128 {
  return isRelu ? v128.and(v128.load(d), f32x4.gt(v128.load(activation), zero)) : v128.load(d);
}

// @ts-ignore: decorator
@inline
function throughRow(
  d: usize, activation: usize, z: usize, t: usize, samples: i32, alpha: f32, gamma: f32, sums: usize, isRelu: bool,
): void {
  const zero = f32x4.splat(0);
  const a = f32x4.splat(alpha);
  const g = f32x4.splat(gamma);
  const one = f32x4.splat(1);
  let beta = f32x4.splat(0);
  let scale = beta;
  let slope = beta;
  let beta1 = beta;
  let scale1 = beta;
  let slope1 = beta;
  const pairs = (<usize>(samples & ~7)) << 2;
  const whole = (<usize>(samples & ~3)) << 2;
  let s: usize = 0;
  for (; s < pairs; s += 32) {
    const d0 = gradientAt(d + s, activation + s, isRelu, zero);
    const t0 = v128.load(t + s);
    const k0 = f32x4.mul(f32x4.mul(d0, g), f32x4.sub(one, f32x4.mul(t0, t0)));
    beta = f32x4.add(beta, d0);
    scale = f32x4.add(scale, f32x4.mul(d0, t0));
    slope = f32x4.add(slope, f32x4.mul(k0, v128.load(z + s)));
    v128.store(d + s, f32x4.mul(k0, a));
    const d1 = gradientAt(d + s + 16, activation + s + 16, isRelu, zero);
    const t1 = v128.load(t + s, 16);
    const k1 = f32x4.mul(f32x4.mul(d1, g), f32x4.sub(one, f32x4.mul(t1, t1)));
    beta1 = f32x4.add(beta1, d1);
    scale1 = f32x4.add(scale1, f32x4.mul(d1, t1));
    slope1 = f32x4.add(slope1, f32x4.mul(k1, v128.load(z + s, 16)));
    v128.store(d + s, f32x4.mul(k1, a), 16);
  }
  for (; s < whole; s += 16) {
    const dv = gradientAt(d + s, activation + s, isRelu, zero);
    const tv = v128.load(t + s);
    const k = f32x4.mul(f32x4.mul(dv, g), f32x4.sub(one, f32x4.mul(tv, tv)));
    beta = f32x4.add(beta, dv);
    scale = f32x4.add(scale, f32x4.mul(dv, tv));
    slope = f32x4.add(slope, f32x4.mul(k, v128.load(z + s)));
    v128.store(d + s, f32x4.mul(k, a));
  }
  if (samples & 3) {
    const mask = tailMask(samples & 3);
    const dv = gradientAt(d + s, activation + s, isRelu, zero);
    const tv = v128.load(t + s);
    const k = f32x4.mul(f32x4.mul(dv, g), f32x4.sub(one, f32x4.mul(tv, tv)));
    beta = f32x4.add(beta, v128.and(dv, mask));
    scale = f32x4.add(scale, v128.and(f32x4.mul(dv, tv), mask));
    slope = f32x4.add(slope, v128.and(f32x4.mul(k, v128.load(z + s)), mask));
    v128.store(d + s, f32x4.mul(k, a));
  }
  store<f32>(sums, laneSum(f32x4.add(beta, beta1)));
  store<f32>(sums, laneSum(f32x4.add(scale, scale1)), 4);
  store<f32>(sums, laneSum(f32x4.add(slope, slope1)), 8);
}
