/**
 * The machine's limit for non-relaxed wasm SIMD: twelve independent chains of multiply and add, enough to cover the
 * latency of both, with every operand in a register. Returns a value that depends on all of them.
 */
export function peak(rounds: i32, factor: f32, term: f32): f32 {
  const m = f32x4.splat(factor);
  const t = f32x4.splat(term);
  let a = f32x4.splat(1);
  let b = f32x4.splat(2);
  let c = f32x4.splat(3);
  let d = f32x4.splat(4);
  let e = f32x4.splat(5);
  let f = f32x4.splat(6);
  let g = f32x4.splat(7);
  let h = f32x4.splat(8);
  let i = f32x4.splat(9);
  let j = f32x4.splat(10);
  let k = f32x4.splat(11);
  let l = f32x4.splat(12);
  for (let r = 0; r < rounds; r++) {
    a = f32x4.add(f32x4.mul(a, m), t);
    b = f32x4.add(f32x4.mul(b, m), t);
    c = f32x4.add(f32x4.mul(c, m), t);
    d = f32x4.add(f32x4.mul(d, m), t);
    e = f32x4.add(f32x4.mul(e, m), t);
    f = f32x4.add(f32x4.mul(f, m), t);
    g = f32x4.add(f32x4.mul(g, m), t);
    h = f32x4.add(f32x4.mul(h, m), t);
    i = f32x4.add(f32x4.mul(i, m), t);
    j = f32x4.add(f32x4.mul(j, m), t);
    k = f32x4.add(f32x4.mul(k, m), t);
    l = f32x4.add(f32x4.mul(l, m), t);
  }
  const sum = f32x4.add(
    f32x4.add(f32x4.add(a, b), f32x4.add(c, d)),
    f32x4.add(f32x4.add(f32x4.add(e, f), f32x4.add(g, h)), f32x4.add(f32x4.add(i, j), f32x4.add(k, l))),
  );
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
}

/** Floating-point operations of one round. */
export const PEAK_FLOP: i32 = 96;
