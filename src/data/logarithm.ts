const LN2_HIGH = 0.6931467056274414;
const LN2_LOW = 4.7493250390316726e-7;
const TERMS = 11;

const bits = new DataView(new ArrayBuffer(8));

/**
 * Natural logarithm of a normal, finite x > 0 in additions, multiplications and divisions alone, so that every machine
 * gives the same bits; `Math.log` may differ between builds. Error below 2 ulp.
 *
 * x = 2ᵏ·m with m in [√½, √2); log m = 2·artanh(s), s = (m − 1)/(m + 1), |s| < 0.1716, by its power series.
 */
export function naturalLogarithm(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let n = TERMS; n >= 1; n--) series = square * (1 / (2 * n + 1) + series);
  return exponent * LN2_HIGH + (2 * s * series + exponent * LN2_LOW + 2 * s);
}
