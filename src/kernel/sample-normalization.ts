import { rowSum } from "./rows";
import { laneSum, tailMask } from "./simd";

/**
 * Normalizations of a sample over its own units: layer, group and RMS normalization. Rows hold one unit, samples run
 * along the lanes, so a sample's sums run down the rows, unit after unit; two vectors of samples at a time.
 *
 * Over the U units of one group, per sample:
 *
 *   μ = Σ z / U,  σ² = Σ (z − μ)² / U,  i = 1/√(σ² + ε),  ẑ = (z − μ) i,  u = gamma ẑ + beta
 *
 * RMS normalization has μ = 0 and no beta. Backward, with d = ∂C/∂u and h = gamma d = ∂C/∂ẑ, as in normalization.ts with
 * units and samples exchanged, and gamma inside of the sums, since it differs within them:
 *
 *   ∂C/∂z = i ( h − Σ h / U − ẑ Σ h ẑ / U ),   the middle term 0 for RMS;   ∂C/∂beta = Σ_s d,   ∂C/∂gamma = Σ_s d ẑ
 *
 * Cached from the forward pass: z, and per sample μ and i. Nothing depends on another sample, so a chunk is finished at
 * once.
 */

/** μ and i of `units` rows from z on, `row` bytes apart, into rows at `means` and `inverses`. */
export function sampleMoments(
  z: usize, row: usize, units: i32, samples: i32, means: usize, inverses: usize, centered: bool, epsilon: f32,
): void {
  const size = f32x4.splat(<f32>units);
  const one = f32x4.splat(1);
  const eps = f32x4.splat(epsilon);
  const bytes = <usize>units * row;
  const end = (<usize>samples) << 2;
  for (let s: usize = 0; s < end; s += 32) {
    const from = z + s;
    const stop = from + bytes;
    let m0 = f32x4.splat(0);
    let m1 = m0;
    if (centered) {
      for (let at = from; at < stop; at += row) {
        m0 = f32x4.add(m0, v128.load(at));
        m1 = f32x4.add(m1, v128.load(at, 16));
      }
      m0 = f32x4.div(m0, size);
      m1 = f32x4.div(m1, size);
    }
    let q0 = f32x4.splat(0);
    let q1 = q0;
    for (let at = from; at < stop; at += row) {
      const c0 = f32x4.sub(v128.load(at), m0);
      const c1 = f32x4.sub(v128.load(at, 16), m1);
      q0 = f32x4.add(q0, f32x4.mul(c0, c0));
      q1 = f32x4.add(q1, f32x4.mul(c1, c1));
    }
    v128.store(means + s, m0);
    v128.store(means + s, m1, 16);
    v128.store(inverses + s, f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.div(q0, size), eps))));
    v128.store(inverses + s, f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.div(q1, size), eps))), 16);
  }
}

/** u = (z − μ) i · gamma + beta of one row; `out` may be `z`. */
export function normalizeSampleRow(
  z: usize, out: usize, samples: i32, means: usize, inverses: usize, gamma: f32, beta: f32,
): void {
  const a = f32x4.splat(gamma);
  const b = f32x4.splat(beta);
  const end = (<usize>samples) << 2;
  for (let s: usize = 0; s < end; s += 16) {
    const normalized = f32x4.mul(f32x4.sub(v128.load(z + s), v128.load(means + s)), v128.load(inverses + s));
    v128.store(out + s, f32x4.add(f32x4.mul(normalized, a), b));
  }
}

/** Σ d ẑ over one row: the gradient of gamma. */
export function sampleGammaGradient(d: usize, z: usize, samples: i32, means: usize, inverses: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  const pairs = (<usize>(samples & ~7)) << 2;
  const whole = (<usize>(samples & ~3)) << 2;
  let s: usize = 0;
  for (; s < pairs; s += 32) {
    const n0 = f32x4.mul(f32x4.sub(v128.load(z + s), v128.load(means + s)), v128.load(inverses + s));
    s0 = f32x4.add(s0, f32x4.mul(v128.load(d + s), n0));
    const n1 = f32x4.mul(f32x4.sub(v128.load(z + s, 16), v128.load(means + s, 16)), v128.load(inverses + s, 16));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(d + s, 16), n1));
  }
  for (; s < whole; s += 16) {
    const n0 = f32x4.mul(f32x4.sub(v128.load(z + s), v128.load(means + s)), v128.load(inverses + s));
    s0 = f32x4.add(s0, f32x4.mul(v128.load(d + s), n0));
  }
  if (samples & 3) {
    const n0 = f32x4.mul(f32x4.sub(v128.load(z + s), v128.load(means + s)), v128.load(inverses + s));
    s0 = f32x4.add(s0, v128.and(f32x4.mul(v128.load(d + s), n0), tailMask(samples & 3)));
  }
  return laneSum(f32x4.add(s0, s1));
}

/** ∂C/∂z of one group in place of d = ∂C/∂u; gammas at `gamma`, one a row. */
export function sampleBackward(
  d: usize, z: usize, row: usize, units: i32, samples: i32, means: usize, inverses: usize, gamma: usize, centered: bool,
): void {
  const size = f32x4.splat(<f32>units);
  const gammaEnd = gamma + ((<usize>units) << 2);
  const end = (<usize>samples) << 2;
  for (let s: usize = 0; s < end; s += 32) {
    const m0 = v128.load(means + s);
    const m1 = v128.load(means + s, 16);
    const i0 = v128.load(inverses + s);
    const i1 = v128.load(inverses + s, 16);
    let h0 = f32x4.splat(0);
    let h1 = h0;
    let p0 = h0;
    let p1 = h0;
    let dAt = d + s;
    let zAt = z + s;
    for (let g = gamma; g < gammaEnd; g += 4, dAt += row, zAt += row) {
      const scale = v128.load_splat<f32>(g);
      const a0 = f32x4.mul(v128.load(dAt), scale);
      const a1 = f32x4.mul(v128.load(dAt, 16), scale);
      h0 = f32x4.add(h0, a0);
      h1 = f32x4.add(h1, a1);
      p0 = f32x4.add(p0, f32x4.mul(a0, f32x4.mul(f32x4.sub(v128.load(zAt), m0), i0)));
      p1 = f32x4.add(p1, f32x4.mul(a1, f32x4.mul(f32x4.sub(v128.load(zAt, 16), m1), i1)));
    }
    h0 = centered ? f32x4.div(h0, size) : f32x4.splat(0);
    h1 = centered ? f32x4.div(h1, size) : f32x4.splat(0);
    p0 = f32x4.div(p0, size);
    p1 = f32x4.div(p1, size);
    dAt = d + s;
    zAt = z + s;
    for (let g = gamma; g < gammaEnd; g += 4, dAt += row, zAt += row) {
      const scale = v128.load_splat<f32>(g);
      const n0 = f32x4.mul(f32x4.sub(v128.load(zAt), m0), i0);
      const n1 = f32x4.mul(f32x4.sub(v128.load(zAt, 16), m1), i1);
      const a0 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dAt), scale), h0), f32x4.mul(n0, p0));
      const a1 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dAt, 16), scale), h1), f32x4.mul(n1, p1));
      v128.store(dAt, f32x4.mul(a0, i0));
      v128.store(dAt, f32x4.mul(a1, i1), 16);
    }
  }
}

/** Adds Σ d of one row to the float32 at `to`: the gradient of a beta. */
export function addRowSum(to: usize, d: usize, samples: i32): void {
  store<f32>(to, load<f32>(to) + rowSum(d, samples));
}
