import { naturalLogarithm } from "../data/logarithm.js";

/*
 * The standard normal distribution in additions, multiplications, divisions and square roots alone, so that every machine
 * gives the same bits; `Math.exp` and `Math.log` may differ between builds.
 */

/** Beyond it Φ is 0 or 1 to the last bit of 1. */
const FARTHEST = 8.3;

const DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

/** Φ(x), to 1e-14 of 1: ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (Marsaglia 2004), whose terms all have one sign. */
export function normalCumulative(x: number): number {
  if (x > FARTHEST) return 1;
  if (x < -FARTHEST) return 0;
  const square = x * x;
  let [term, sum, previous] = [x, x, Number.NaN];
  for (let odd = 3; sum !== previous; odd += 2) {
    term *= square / odd;
    previous = sum;
    sum += term;
  }
  return 0.5 + DENSITY_AT_0 * exponential(-square / 2) * sum;
}

/** Halvings of the exponent before its series, undone by as many squarings. */
const HALVINGS = 6;
const TERMS = 18;

/** eˣ for |x| < 40, to 1e-14 of itself. */
function exponential(x: number): number {
  const small = x / 64;
  let power = 1;
  for (let n = TERMS; n >= 1; n--) power = 1 + (small / n) * power;
  for (let i = 0; i < HALVINGS; i++) power *= power;
  return power;
}

/** Φ⁻¹(p) for 0 < p < 1, to 1e-15 of itself: algorithm AS 241, PPND16 (Wichura 1988). */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`The normal quantile needs a share strictly between 0 and 1, not ${p}`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTER, 0.180625 - q * q);
  const r = Math.sqrt(-naturalLogarithm(q < 0 ? p : 1 - p));
  const size = r <= 5 ? ratio(SHOULDER, r - 1.6) : ratio(TAIL, r - 5);
  return q < 0 ? -size : size;
}

/** Coefficients of a numerator and a denominator, from the constant on; Wichura's, rounded to float64. */
type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

const CENTER: Rational = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
];

const SHOULDER: Rational = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
];

const TAIL: Rational = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];

function ratio([numerator, denominator]: Rational, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
