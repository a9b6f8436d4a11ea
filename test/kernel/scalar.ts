/**
 * The kernels once more, one float at a time: every operation of the vector code in the same order, rounded to float32
 * after each. The vector code must give the same bits.
 */
const f = Math.fround;
const add = (a: number, b: number) => f(f(a) + f(b));
const sub = (a: number, b: number) => f(f(a) - f(b));
const mul = (a: number, b: number) => f(f(a) * f(b));
const horner = (x: number, ...coefficients: number[]) =>
  coefficients.slice(1).reduce((p, c) => add(mul(p, x), c), f(coefficients[0] as number));
const at = (values: ArrayLike<number>, i: number) => values[i] as number;

const laneSum = (l: ArrayLike<number>) => add(add(at(l, 0), at(l, 2)), add(at(l, 1), at(l, 3)));

/** Σ term(s) in four lanes of one vector. */
export function sumInLanes(samples: number, term: (s: number) => number): number {
  const lanes = new Float32Array(4);
  for (let s = 0; s < Math.ceil(samples / 4) * 4; s++) lanes[s % 4] = add(at(lanes, s % 4), s < samples ? term(s) : 0);
  return laneSum(lanes);
}

/** Σ term(s) in four vectors in turn, the rest in the first, as rows.ts sums. */
export function sumInVectors(samples: number, term: (s: number) => number): number {
  const sums = new Float32Array(16);
  const blocks = samples - (samples % 16);
  for (let s = 0; s < Math.ceil(samples / 4) * 4; s++) {
    const to = s < blocks ? s % 16 : s % 4;
    sums[to] = add(at(sums, to), s < samples ? term(s) : 0);
  }
  const lane = (i: number) => add(add(at(sums, i), at(sums, 8 + i)), add(at(sums, 4 + i), at(sums, 12 + i)));
  return laneSum([0, 1, 2, 3].map(lane));
}

/** out [units][samples] from x [inner][samples] and w [inner][units]. */
export function product(
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  inner: number,
  units: number,
  samples: number,
): Float32Array {
  const out = new Float32Array(units * samples);
  for (let j = 0; j < units; j++)
    for (let s = 0; s < samples; s++) {
      let sum = at(bias, j);
      for (let k = 0; k < inner; k++) sum = add(sum, mul(at(x, k * samples + s), at(w, k * units + j)));
      out[j * samples + s] = sum;
    }
  return out;
}

/** before + a dᵀ, [inputs][units]. */
export function weightGradient(
  a: Float32Array,
  d: Float32Array,
  before: Float32Array,
  inputs: number,
  units: number,
  samples: number,
): Float32Array {
  const out = new Float32Array(inputs * units);
  for (let i = 0; i < inputs; i++)
    for (let j = 0; j < units; j++) {
      const sum = sumInLanes(samples, (s) => mul(at(a, i * samples + s), at(d, j * samples + s)));
      out[i * units + j] = add(at(before, i * units + j), sum);
    }
  return out;
}

export const normalize = (z: number, mean: number, scale: number, shift: number) =>
  add(mul(sub(z, mean), scale), shift);

export const normalizeBackward = (
  d: number,
  z: number,
  mean: number,
  scale: number,
  meanGradient: number,
  slope: number,
) => sub(mul(sub(d, meanGradient), scale), mul(sub(z, mean), slope));

export const centeredSquare = (z: number, mean: number) => mul(sub(z, mean), sub(z, mean));
export const centeredProduct = (d: number, z: number, mean: number) => mul(d, sub(z, mean));

const ROUND = 12582912;
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.42860682e-6;
const power = (n: number) => 2 ** n;
// NaN and −0 pass, as through pmin and pmax; Math.min and Math.max would change them.
// see above
const bounded = (x: number, low: number, high: number) => (x < low ? low : high < x ? high : x);
const nearest = (x: number) => sub(add(x, ROUND), ROUND);

export function exp(x: number): number {
  const b = bounded(x, -104, 89);
  const n = nearest(mul(b, Math.LOG2E));
  const r = sub(sub(b, mul(n, LN2_HIGH)), mul(n, LN2_LOW));
  const p = horner(r, 0.00138144672, 0.00836878084, 0.0416683927, 0.166665196, 0.49999994);
  const e = add(add(mul(mul(r, r), p), r), 1);
  const half = Math.floor(n / 2);
  return mul(mul(e, power(half)), power(n - half));
}

export function expm1(x: number): number {
  if (x === 0) return x;
  const b = bounded(x, -18, 89);
  const n = nearest(mul(b, Math.LOG2E));
  const high = sub(b, mul(n, LN2_HIGH));
  const correction = mul(n, LN2_LOW);
  const r = sub(high, correction);
  const low = sub(sub(high, r), correction);
  const p = horner(r, 0.00139465544, 0.00836664438, 0.0416662805, 0.16666542, 0.5);
  const e = add(add(mul(mul(r, r), p), low), r);
  const half = Math.floor(n / 2);
  return mul(add(mul(e, power(half)), sub(power(half), power(half - n))), power(n - half));
}

/** ln w of a positive float64. */
function logOf(w: number): number {
  let n = 0;
  let m = w;
  // Exact: only powers of two.
  while (m >= Math.SQRT2) {
    m /= 2;
    n++;
  }
  while (m < Math.SQRT1_2) {
    m *= 2;
    n--;
  }
  const q = (m - 1) / (m + 1);
  const u = q * q;
  let p = u * (1 / 11) + 1 / 9;
  p = p * u + 1 / 7;
  p = p * u + 1 / 5;
  p = p * u + 1 / 3;
  p = p * u * q;
  return n * Math.LN2 + 2 * (p + q);
}

export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return -Infinity;
  return x === Infinity ? x : f(logOf(x));
}

export function log1p(x: number): number {
  if (Number.isNaN(x) || x < -1) return Number.NaN;
  if (x === -1) return -Infinity;
  if (x === Infinity) return x;
  const w = x + 1;
  return w === 1 ? x : f((logOf(w) * x) / (w - 1));
}

export function tanh(x: number): number {
  const size = Math.abs(x);
  const u = mul(x, x);
  if (!(size >= f(0.55))) {
    const p = horner(u, 0.0164587628, -0.0526841469, 0.133209422, -0.333329588);
    const small = add(mul(mul(p, u), size), size);
    return Object.is(x, -0) || x < 0 ? -small : small;
  }
  const t = Math.min(mul(size, 2.88539008), 30);
  const n = nearest(t);
  const r = sub(t, n);
  const r2 = mul(r, r);
  const high = add(mul(0.000153458124, r2), add(mul(0.00133999309, r), 0.00961848907));
  const middle = add(mul(high, r2), add(mul(0.0555032864, r), 0.240226462));
  const e = mul(add(mul(middle, r2), add(mul(Math.LN2, r), 1)), power(n));
  const large = sub(1, f(2 / add(e, 1)));
  return x < 0 ? -large : large;
}

// NaN and −0 pass, as through pmax
export const positivePart = (z: number) => (z < 0 ? 0 : z);
const sigmoid = (z: number) => {
  const e = exp(-Math.abs(z));
  return f((z < 0 ? e : 1) / add(1, e));
};
const geluInner = (z: number) => mul(add(z, mul(mul(mul(z, z), z), 0.044715)), 1.5957691216057308);
const SELU_SCALE = 1.0507009873554805;
const SELU_FLOOR = 1.7580993408473766;

/** f(z), and f′ from a and z; the kernels' numbers are the order of the entries. */
export const activations: readonly [(z: number) => number, (a: number, z: number) => number][] = [
  [positivePart, (a) => (a > 0 ? 1 : 0)],
  [(z) => (z < 0 ? mul(z, 0.2) : z), (a) => (a > 0 ? 1 : f(0.2))],
  [(z) => (z < 0 ? expm1(z) : z), (a) => (a < 0 ? add(a, 1) : 1)],
  [
    (z) => (z < 0 ? mul(expm1(z), SELU_FLOOR) : mul(z, SELU_SCALE)),
    (a) => (a > 0 ? f(SELU_SCALE) : add(a, SELU_FLOOR)),
  ],
  [
    (z) => mul(z, sigmoid(geluInner(z))),
    (_, z) => {
      const s = sigmoid(geluInner(z));
      const b = bounded(z, -200, 200);
      const inner = mul(add(mul(mul(b, b), f(3 * f(0.044715))), 1), 1.5957691216057308);
      return add(s, mul(mul(mul(b, s), sub(1, s)), inner));
    },
  ],
  [
    (z) => mul(z, sigmoid(z)),
    (_, z) => {
      const s = sigmoid(z);
      return add(s, mul(mul(bounded(z, -200, 200), s), sub(1, s)));
    },
  ],
  [(z) => add(positivePart(z), log1p(exp(-Math.abs(z)))), (a) => -expm1(-a)],
  [tanh, (a) => sub(1, mul(a, a))],
  [sigmoid, (a) => mul(a, sub(1, a))],
  [(z) => z, () => 1],
];
