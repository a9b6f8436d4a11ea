import { laneSum, tailMask } from "./simd";

/**
 * The normalization of one row: one feature, its samples along the lanes, so that its mean, scale and shift are one
 * number each. Elementwise passes write whole vectors; sums run as in rows.ts.
 *
 * Batch normalization, per feature, over n samples:
 *
 *   μ = Σ z / n,  σ² = Σ (z − μ)² / n,  i = 1/√(σ² + ε),  x̂ = (z − μ) i,  u = gamma x̂ + beta
 *
 * Backward, with d = ∂C/∂u. beta and gamma enter each sample: ∂C/∂beta = Σ d, ∂C/∂gamma = Σ d x̂. For z, with
 * g = ∂C/∂x̂ = gamma d, the batch's own statistics depend on every sample:
 *
 *   ∂μ/∂z_s = 1/n,   ∂σ²/∂z_s = 2 (z_s − μ)/n   (the mean's part vanishes, Σ (z − μ) = 0)
 *   ∂C/∂σ² = Σ g (z − μ) · (−i³/2),   ∂C/∂μ = −i Σ g
 *   ∂C/∂z_s = i g_s + ∂C/∂σ² · 2 (z_s − μ)/n + ∂C/∂μ / n
 *           = gamma i ( d_s − Σ d / n − (z_s − μ) i² Σ d (z − μ) / n )
 *
 * Cached from the forward pass: z, μ and i.
 *
 * A norm that only centers has i = 1 and no ∂C/∂σ²; the last term is gone:
 *
 *   u = gamma (z − μ) + beta,   ∂C/∂z_s = gamma ( d_s − Σ d / n )
 *
 * One that only scales divides by the second moment about zero, m = Σ z² / n, and has no ∂C/∂μ:
 *
 *   i = 1/√(m + ε),  x̂ = z i,   ∂m/∂z_s = 2 z_s/n,   ∂C/∂m = Σ g z · (−i³/2)
 *   ∂C/∂z_s = i g_s + ∂C/∂m · 2 z_s/n = gamma i ( d_s − z_s i² Σ d z / n )
 *
 * So the same passes serve all three, with other numbers: a slope of 0, or a center and mean gradient of 0. And they
 * serve a norm behind the activation, u = BN(f(z)), with f(z) in the place of z; f′ then follows.
 */

/** u = (z − mean) · scale + shift, with scale = gamma · i and shift = beta. `out` may be `z`. */
export function normalize(z: usize, out: usize, samples: i32, mean: f32, scale: f32, shift: f32): void {
  const m = f32x4.splat(mean);
  const a = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const end = z + ((<usize>samples) << 2);
  for (; z < end; z += 16, out += 16)
    v128.store(out, f32x4.add(f32x4.mul(f32x4.sub(v128.load(z), m), a), b));
}

/** relu of `normalize` in one pass: the tutorial's case, one row read and written less. */
export function normalizeRelu(z: usize, out: usize, samples: i32, mean: f32, scale: f32, shift: f32): void {
  const m = f32x4.splat(mean);
  const a = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const zero = f32x4.splat(0);
  const end = z + ((<usize>samples) << 2);
  for (; z < end; z += 16, out += 16)
    v128.store(out, f32x4.pmax(f32x4.add(f32x4.mul(f32x4.sub(v128.load(z), m), a), b), zero));
}

/** Σ d and Σ d (z − mean), stored as two float32 at `sums`. */
export function gradientSums(d: usize, z: usize, samples: i32, mean: f32, sums: usize): void {
  const m = f32x4.splat(mean);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let p0 = s0;
  let p1 = s0;
  let p2 = s0;
  let p3 = s0;
  const blocks = d + ((<usize>(samples & ~15)) << 2);
  const end = d + ((<usize>(samples & ~3)) << 2);
  for (; d < blocks; d += 64, z += 64) {
    const d0 = v128.load(d);
    s0 = f32x4.add(s0, d0);
    p0 = f32x4.add(p0, f32x4.mul(d0, f32x4.sub(v128.load(z), m)));
    const d1 = v128.load(d, 16);
    s1 = f32x4.add(s1, d1);
    p1 = f32x4.add(p1, f32x4.mul(d1, f32x4.sub(v128.load(z, 16), m)));
    const d2 = v128.load(d, 32);
    s2 = f32x4.add(s2, d2);
    p2 = f32x4.add(p2, f32x4.mul(d2, f32x4.sub(v128.load(z, 32), m)));
    const d3 = v128.load(d, 48);
    s3 = f32x4.add(s3, d3);
    p3 = f32x4.add(p3, f32x4.mul(d3, f32x4.sub(v128.load(z, 48), m)));
  }
  for (; d < end; d += 16, z += 16) {
    const dv = v128.load(d);
    s0 = f32x4.add(s0, dv);
    p0 = f32x4.add(p0, f32x4.mul(dv, f32x4.sub(v128.load(z), m)));
  }
  if (samples & 3) {
    const mask = tailMask(samples & 3);
    const dv = v128.and(v128.load(d), mask);
    s0 = f32x4.add(s0, dv);
    p0 = f32x4.add(p0, f32x4.mul(dv, v128.and(f32x4.sub(v128.load(z), m), mask)));
  }
  store<f32>(sums, laneSum(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3))));
  store<f32>(sums, laneSum(f32x4.add(f32x4.add(p0, p2), f32x4.add(p1, p3))), 4);
}

/**
 * Relu's backward pass, d ← d [a > 0], and `gradientSums` of the result in one pass.
 */
export function reluGradientSums(d: usize, a: usize, z: usize, samples: i32, mean: f32, sums: usize): void {
  const m = f32x4.splat(mean);
  const zero = f32x4.splat(0);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let p0 = s0;
  let p1 = s0;
  let p2 = s0;
  let p3 = s0;
  const blocks = d + ((<usize>(samples & ~15)) << 2);
  const end = d + ((<usize>(samples & ~3)) << 2);
  for (; d < blocks; d += 64, a += 64, z += 64) {
    const d0 = v128.and(v128.load(d), f32x4.gt(v128.load(a), zero));
    v128.store(d, d0);
    s0 = f32x4.add(s0, d0);
    p0 = f32x4.add(p0, f32x4.mul(d0, f32x4.sub(v128.load(z), m)));
    const d1 = v128.and(v128.load(d, 16), f32x4.gt(v128.load(a, 16), zero));
    v128.store(d, d1, 16);
    s1 = f32x4.add(s1, d1);
    p1 = f32x4.add(p1, f32x4.mul(d1, f32x4.sub(v128.load(z, 16), m)));
    const d2 = v128.and(v128.load(d, 32), f32x4.gt(v128.load(a, 32), zero));
    v128.store(d, d2, 32);
    s2 = f32x4.add(s2, d2);
    p2 = f32x4.add(p2, f32x4.mul(d2, f32x4.sub(v128.load(z, 32), m)));
    const d3 = v128.and(v128.load(d, 48), f32x4.gt(v128.load(a, 48), zero));
    v128.store(d, d3, 48);
    s3 = f32x4.add(s3, d3);
    p3 = f32x4.add(p3, f32x4.mul(d3, f32x4.sub(v128.load(z, 48), m)));
  }
  for (; d < end; d += 16, a += 16, z += 16) {
    const dv = v128.and(v128.load(d), f32x4.gt(v128.load(a), zero));
    v128.store(d, dv);
    s0 = f32x4.add(s0, dv);
    p0 = f32x4.add(p0, f32x4.mul(dv, f32x4.sub(v128.load(z), m)));
  }
  if (samples & 3) {
    const mask = tailMask(samples & 3);
    const all = v128.and(v128.load(d), f32x4.gt(v128.load(a), zero));
    v128.store(d, all);
    const dv = v128.and(all, mask);
    s0 = f32x4.add(s0, dv);
    p0 = f32x4.add(p0, f32x4.mul(dv, v128.and(f32x4.sub(v128.load(z), m), mask)));
  }
  store<f32>(sums, laneSum(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3))));
  store<f32>(sums, laneSum(f32x4.add(f32x4.add(p0, p2), f32x4.add(p1, p3))), 4);
}

/**
 * ∂C/∂z = (d − meanGradient) · scale − (z − mean) · slope in place of d = ∂C/∂u, with meanGradient = Σ d / n,
 * scale = gamma · i and slope = gamma · i³ · Σ d (z − μ) / n. Returns Σ ∂C/∂z, the bias's gradient: in theory the chunk's
 * share of zero.
 */
export function normalizeBackward(
  d: usize, z: usize, samples: i32, mean: f32, scale: f32, meanGradient: f32, slope: f32,
): f32 {
  const m = f32x4.splat(mean);
  const a = f32x4.splat(scale);
  const g = f32x4.splat(meanGradient);
  const b = f32x4.splat(slope);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const blocks = d + ((<usize>(samples & ~15)) << 2);
  const end = d + ((<usize>(samples & ~3)) << 2);
  for (; d < blocks; d += 64, z += 64) {
    const d0 = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(d), g), a), f32x4.mul(f32x4.sub(v128.load(z), m), b));
    v128.store(d, d0);
    s0 = f32x4.add(s0, d0);
    const d1 = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(d, 16), g), a), f32x4.mul(f32x4.sub(v128.load(z, 16), m), b));
    v128.store(d, d1, 16);
    s1 = f32x4.add(s1, d1);
    const d2 = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(d, 32), g), a), f32x4.mul(f32x4.sub(v128.load(z, 32), m), b));
    v128.store(d, d2, 32);
    s2 = f32x4.add(s2, d2);
    const d3 = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(d, 48), g), a), f32x4.mul(f32x4.sub(v128.load(z, 48), m), b));
    v128.store(d, d3, 48);
    s3 = f32x4.add(s3, d3);
  }
  for (; d < end; d += 16, z += 16) {
    const dv = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(d), g), a), f32x4.mul(f32x4.sub(v128.load(z), m), b));
    v128.store(d, dv);
    s0 = f32x4.add(s0, dv);
  }
  if (samples & 3) {
    const dv = f32x4.sub(f32x4.mul(f32x4.sub(v128.load(d), g), a), f32x4.mul(f32x4.sub(v128.load(z), m), b));
    v128.store(d, dv);
    s0 = f32x4.add(s0, v128.and(dv, tailMask(samples & 3)));
  }
  return laneSum(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3)));
}
