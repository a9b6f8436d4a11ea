import { laneSum, tailMask } from "./simd";

/**
 * Sums over one row: one feature, its samples along the lanes. Four vectors are summed in turn (vector v goes to sum
 * v mod 4, the rest behind the last four to sum 0) and added as (0 + 2) + (1 + 3): one sum alone would wait for each
 * addition. Samples behind the last are masked.
 */

/** Σ z. */
export function rowSum(z: usize, samples: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const blocks = z + ((<usize>(samples & ~15)) << 2);
  const end = z + ((<usize>(samples & ~3)) << 2);
  for (; z < blocks; z += 64) {
    s0 = f32x4.add(s0, v128.load(z));
    s1 = f32x4.add(s1, v128.load(z, 16));
    s2 = f32x4.add(s2, v128.load(z, 32));
    s3 = f32x4.add(s3, v128.load(z, 48));
  }
  for (; z < end; z += 16) s0 = f32x4.add(s0, v128.load(z));
  if (samples & 3) s0 = f32x4.add(s0, v128.and(v128.load(z), tailMask(samples & 3)));
  return laneSum(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3)));
}

/**
 * Σ (z − m) and Σ (z − m)² about a mean m that was rounded to float32, stored as two float32 at `sums`. The first
 * corrects both moments for that rounding: μ = m + Σ(z − m)/n, σ² = Σ(z − m)²/n − (Σ(z − m)/n)².
 */
export function centeredSums(z: usize, samples: i32, mean: f32, sums: usize): void {
  const m = f32x4.splat(mean);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let q0 = s0;
  let q1 = s0;
  let q2 = s0;
  let q3 = s0;
  let s2 = s0;
  let s3 = s0;
  const blocks = z + ((<usize>(samples & ~15)) << 2);
  const end = z + ((<usize>(samples & ~3)) << 2);
  for (; z < blocks; z += 64) {
    const d0 = f32x4.sub(v128.load(z), m);
    s0 = f32x4.add(s0, d0);
    q0 = f32x4.add(q0, f32x4.mul(d0, d0));
    const d1 = f32x4.sub(v128.load(z, 16), m);
    s1 = f32x4.add(s1, d1);
    q1 = f32x4.add(q1, f32x4.mul(d1, d1));
    const d2 = f32x4.sub(v128.load(z, 32), m);
    s2 = f32x4.add(s2, d2);
    q2 = f32x4.add(q2, f32x4.mul(d2, d2));
    const d3 = f32x4.sub(v128.load(z, 48), m);
    s3 = f32x4.add(s3, d3);
    q3 = f32x4.add(q3, f32x4.mul(d3, d3));
  }
  for (; z < end; z += 16) {
    const d = f32x4.sub(v128.load(z), m);
    s0 = f32x4.add(s0, d);
    q0 = f32x4.add(q0, f32x4.mul(d, d));
  }
  if (samples & 3) {
    const d = v128.and(f32x4.sub(v128.load(z), m), tailMask(samples & 3));
    s0 = f32x4.add(s0, d);
    q0 = f32x4.add(q0, f32x4.mul(d, d));
  }
  store<f32>(sums, laneSum(f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3))));
  store<f32>(sums, laneSum(f32x4.add(f32x4.add(q0, q2), f32x4.add(q1, q3))), 4);
}

/** Σ d² in float64, sample after sample: a norm that is recorded must not overflow where the gradient does not. */
export function sumOfSquares(d: usize, samples: i32): f64 {
  let sum: f64 = 0;
  for (const end = d + ((<usize>samples) << 2); d < end; d += 4) {
    const value = <f64>load<f32>(d);
    sum += value * value;
  }
  return sum;
}
