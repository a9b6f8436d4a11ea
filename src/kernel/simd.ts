/**
 * Vectors of four float32 lanes, and the rules that make a result the same on every machine: only non-relaxed
 * instructions, and one fixed order for every sum.
 *
 * A row holds one feature; its lanes run along the samples. What lies behind a row's last sample is undefined: passes
 * that treat samples separately may compute on it, every sum masks it.
 */

/** Samples in a chunk at most: a chunk's rows of one layer (60 KB at width 30) stay in the second-level cache. */
export const CHUNK: i32 = 512;

/** Bytes from one row to the next in a large chunk: 512 samples and 16 floats more, see `rowBytes`. */
export const CHUNK_ROW: usize = 2112;

/**
 * Bytes from one row to the next for a chunk of `samples`: whole cache lines, so that tiles of 8 and 16 samples fit,
 * and never a multiple of 256 bytes, where the rows' starts would compete for the same few cache sets. Above half a
 * chunk the distance is one constant, which the weight gradient profits from.
 */
export function rowBytes(samples: i32): usize {
  if (samples > CHUNK / 2) return CHUNK_ROW;
  const stride = (samples + 15) & ~15;
  return (<usize>(stride & 63 ? stride : stride + 16)) << 2;
}

/** Number of vectors that hold `samples`, the last one perhaps in part. */
// @ts-ignore: decorator
@inline
export function vectors(samples: i32): i32 {
  return (samples + 3) >> 2;
}

/** All bits set in the first `rest` lanes (0 < rest < 4), none in the others. */
// @ts-ignore: decorator
@inline
export function tailMask(rest: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));
}

/** (l0 + l2) + (l1 + l3): the order of every sum over lanes. */
// @ts-ignore: decorator
@inline
export function laneSum(a: v128): f32 {
  const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 2, 3));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The lane sums of four vectors, in the order of `laneSum`: [Σa, Σb, Σc, Σd]. */
// @ts-ignore: decorator
@inline
export function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  // [a0+a2, a1+a3, b0+b2, b1+b3]
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}
