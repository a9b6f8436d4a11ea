/**
 * exp, expm1, log and log1p of four float32 values, at most 2 units in the last place from the true value
 * (test/kernel/elementary.test.ts measures it), exact at ±0, ±Infinity and NaN, gradual at denormals. Engines' own
 * `Math.exp` and its like differ between machines; these are sums and products only. The polynomials are weighted
 * minimax fits (tools/fit-polynomials.mjs).
 */

/** Adding 1.5 · 2²³ rounds a float32 of moderate size to an integer, which then sits in the low bits. */
const ROUND: f32 = 12582912;
const LOG2_E: f32 = 1.44269504;
/** ln 2 in two parts; the first has 15 significant bits, so that n · LN2_HIGH is exact for |n| < 512. */
const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.42860682e-6;

/** 2ⁿ for integers n, held as float32, −126 ≤ n ≤ 127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}

/**
 * e^x = 2ⁿ e^r with n = round(x / ln 2), r = x − n ln 2, and e^r = 1 + (r + r² P(r)).
 *
 * Below −104 and above 89 the result is 0 and Infinity in float32 anyway. 2ⁿ is applied in two halves: either factor is
 * a normal number, and only the last product rounds into the denormals. `pmax(x, c)` and `pmin(x, c)` return x when it
 * is NaN.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.sub(f32x4.add(f32x4.mul(bounded, f32x4.splat(LOG2_E)), f32x4.splat(ROUND)), f32x4.splat(ROUND));
  const r = f32x4.sub(
    f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN2_HIGH))),
    f32x4.mul(n, f32x4.splat(LN2_LOW)),
  );
  let p = f32x4.add(f32x4.mul(f32x4.splat(0.00138144672), r), f32x4.splat(0.00836878084));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0416683927));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.166665196));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.49999994));
  const e = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  const half = f32x4.floor(f32x4.mul(n, f32x4.splat(0.5)));
  return f32x4.mul(f32x4.mul(e, powerOfTwo(half)), powerOfTwo(f32x4.sub(n, half)));
}

/**
 * e^x − 1 = 2ⁿ (e^r − 1) + (2ⁿ − 1), e^r − 1 = r + (r_low + r² P(r)), where r_low is what rounding r lost: near
 * x = ln ½ the two terms cancel in part and every rounding of the first counts. Below −18 the result is −1. The last
 * step keeps −0, whose sign the sum would lose.
 */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-18)), f32x4.splat(89));
  const n = f32x4.sub(f32x4.add(f32x4.mul(bounded, f32x4.splat(LOG2_E)), f32x4.splat(ROUND)), f32x4.splat(ROUND));
  const high = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  const correction = f32x4.mul(n, f32x4.splat(LN2_LOW));
  const r = f32x4.sub(high, correction);
  const low = f32x4.sub(f32x4.sub(high, r), correction);
  let p = f32x4.add(f32x4.mul(f32x4.splat(0.00139465544), r), f32x4.splat(0.00836664438));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0416662805));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.16666542));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  const e = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), low), r);
  const half = f32x4.floor(f32x4.mul(n, f32x4.splat(0.5)));
  const scale = powerOfTwo(half);
  const rest = powerOfTwo(f32x4.sub(n, half));
  // At n = 128 the power itself would overflow: both terms take its second half only at the end.
  const one = powerOfTwo(f32x4.sub(half, n));
  const sum = f32x4.mul(f32x4.add(f32x4.mul(e, scale), f32x4.sub(scale, one)), rest);
  return v128.bitselect(x, sum, f32x4.eq(x, f32x4.splat(0)));
}

/**
 * ln w of two positive normal float64 numbers: w = 2ⁿ m with √½ ≤ m < √2, f = (m − 1)/(m + 1),
 * ln m = 2 artanh f = 2 (f + f³/3 + f⁵/5 + …); |f| ≤ 0.172 makes six terms exact to 5e-11.
 */
// @ts-ignore: decorator
@inline
function log2lanes(w: v128): v128 {
  const SQRT_HALF: i64 = 0x3fe6a09e667f3bcd;
  const BIAS: i64 = 0x0010000000000000;
  // Exponent of w relative to [√½, √2), from the difference of the bit patterns; biased by 2048 to stay positive.
  const offset = i64x2.add(i64x2.sub(w, i64x2.splat(SQRT_HALF)), i64x2.splat(2048 * BIAS));
  const biased = i64x2.shr_u(offset, 52);
  const m = i64x2.sub(w, i64x2.shl(i64x2.sub(biased, i64x2.splat(2048)), 52));
  // 2⁵² + k has k in its low bits: turns the small integer into a float64.
  const n = f64x2.sub(v128.or(biased, i64x2.splat(0x4330000000000000)), f64x2.splat(4503599627370496 + 2048));
  const f = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)));
  const u = f64x2.mul(f, f);
  let p = f64x2.add(f64x2.mul(u, f64x2.splat(1.0 / 11)), f64x2.splat(1.0 / 9));
  p = f64x2.add(f64x2.mul(p, u), f64x2.splat(1.0 / 7));
  p = f64x2.add(f64x2.mul(p, u), f64x2.splat(1.0 / 5));
  p = f64x2.add(f64x2.mul(p, u), f64x2.splat(1.0 / 3));
  p = f64x2.mul(f64x2.mul(p, u), f);
  return f64x2.add(
    f64x2.mul(n, f64x2.splat(0.6931471805599453)),
    f64x2.mul(f64x2.splat(2), f64x2.add(p, f)),
  );
}

/** ln x in float64, where float32's denormals are normal numbers; rounded once. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const low = f32x4.demote_f64x2_zero(log2lanes(f64x2.promote_low_f32x4(x)));
  const high = f32x4.demote_f64x2_zero(log2lanes(f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3))));
  const regular = v128.shuffle<f32>(low, high, 0, 1, 4, 5);
  return logLimits(x, x, regular);
}

/**
 * ln (1 + x) = ln w · x / (w − 1) with w = 1 + x rounded to float64: the quotient corrects the rounding of w, which is
 * all there is of a tiny x. Where w = 1, x itself.
 */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const low = f32x4.demote_f64x2_zero(log1p2lanes(f64x2.promote_low_f32x4(x)));
  const high = f32x4.demote_f64x2_zero(log1p2lanes(f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3))));
  const regular = v128.shuffle<f32>(low, high, 0, 1, 4, 5);
  return logLimits(x, f32x4.add(x, f32x4.splat(1)), regular);
}

// @ts-ignore: decorator
@inline
function log1p2lanes(x: v128): v128 {
  const w = f64x2.add(x, f64x2.splat(1));
  const rest = f64x2.sub(w, f64x2.splat(1));
  const corrected = f64x2.div(f64x2.mul(log2lanes(w), x), rest);
  return v128.bitselect(x, corrected, f64x2.eq(rest, f64x2.splat(0)));
}

/** −Infinity where the logarithm's argument is 0, NaN below, x itself where it is Infinity or NaN. */
// @ts-ignore: decorator
@inline
function logLimits(x: v128, argument: v128, regular: v128): v128 {
  const zero = f32x4.splat(0);
  let result = v128.bitselect(f32x4.splat(-Infinity), regular, f32x4.eq(argument, zero));
  result = v128.bitselect(f32x4.splat(NaN), result, f32x4.lt(argument, zero));
  return v128.bitselect(result, x, f32x4.lt(x, f32x4.splat(Infinity)));
}

/** The functions over rows: what the tests sample. `samples` values, read and written in whole vectors. */
export function expRow(x: usize, out: usize, samples: i32): void {
  for (let i: usize = 0; i < (<usize>samples) << 2; i += 16) v128.store(out + i, exp4(v128.load(x + i)));
}

export function expm1Row(x: usize, out: usize, samples: i32): void {
  for (let i: usize = 0; i < (<usize>samples) << 2; i += 16) v128.store(out + i, expm14(v128.load(x + i)));
}

export function logRow(x: usize, out: usize, samples: i32): void {
  for (let i: usize = 0; i < (<usize>samples) << 2; i += 16) v128.store(out + i, log4(v128.load(x + i)));
}

export function log1pRow(x: usize, out: usize, samples: i32): void {
  for (let i: usize = 0; i < (<usize>samples) << 2; i += 16) v128.store(out + i, log1p4(v128.load(x + i)));
}
