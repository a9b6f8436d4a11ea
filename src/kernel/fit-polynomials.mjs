// Prints the coefficients of src/kernel/elementary.ts and tanh.ts, lowest power first: weighted minimax fits by Lawson's iteration (least squares whose
// weights grow where the error is large), in a Chebyshev basis, rounded to float32 at the end.
import { pathToFileURL } from "node:url";

function solve(matrix, right) {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(matrix[r][i]) > Math.abs(matrix[pivot][i])) pivot = r;
    [matrix[i], matrix[pivot]] = [matrix[pivot], matrix[i]];
    [right[i], right[pivot]] = [right[pivot], right[i]];
    for (let r = i + 1; r < n; r++) {
      const factor = matrix[r][i] / matrix[i][i];
      for (let c = i; c < n; c++) matrix[r][c] -= factor * matrix[i][c];
      right[r] -= factor * right[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) right[i] -= matrix[i][c] * right[c];
    right[i] /= matrix[i][i];
  }
  return right;
}

/** Minimizes max |weight(x) (p(x) − f(x))| over [low, high]. */
export function fitPolynomial(f, weight, low, high, degree) {
  const points = 2001;
  const rows = [];
  for (let i = 0; i < points; i++) {
    const t = Math.cos((Math.PI * (i + 0.5)) / points);
    const x = low + ((t + 1) / 2) * (high - low);
    const basis = [1, t];
    for (let k = 2; k <= degree; k++) basis.push(2 * t * basis[k - 1] - basis[k - 2]);
    rows.push({ basis: basis.slice(0, degree + 1), x, y: f(x), w: weight(x), share: 1 / points });
  }
  let c = [];
  for (let iteration = 0; iteration < 300; iteration++) {
    const m = Array.from({ length: degree + 1 }, () => new Array(degree + 1).fill(0));
    const r = new Array(degree + 1).fill(0);
    for (const row of rows) {
      const w2 = row.w * row.w * row.share;
      for (let a = 0; a <= degree; a++) {
        r[a] += w2 * row.basis[a] * row.y;
        for (let b = 0; b <= degree; b++) m[a][b] += w2 * row.basis[a] * row.basis[b];
      }
    }
    c = solve(m, r);
    let total = 0;
    for (const row of rows) {
      const error = Math.abs(row.w * (row.basis.reduce((sum, v, k) => sum + v * c[k], 0) - row.y));
      row.share *= error + 1e-30;
      total += row.share;
    }
    for (const row of rows) row.share /= total;
  }
  // Chebyshev to monomials in t, then t = (2x − low − high)/(high − low).
  const add = (p, q, s) =>
    Array.from({ length: Math.max(p.length, q.length) }, (_, i) => (p[i] ?? 0) + s * (q[i] ?? 0));
  const times = (p, q) => {
    const out = new Array(p.length + q.length - 1).fill(0);
    for (const [i, a] of p.entries()) for (const [j, b] of q.entries()) out[i + j] += a * b;
    return out;
  };
  const t = [-(low + high) / (high - low), 2 / (high - low)];
  let previous = [1];
  let current = t;
  let p = [c[0]];
  for (let k = 1; k <= degree; k++) {
    p = add(p, current, c[k]);
    [previous, current] = [
      current,
      add(
        times(current, t).map((v) => 2 * v),
        previous,
        -1,
      ),
    ];
  }
  const rounded = p.map(Math.fround);
  let worst = 0;
  for (const row of rows) {
    const value = rounded.reduceRight((sum, v) => sum * row.x + v, 0);
    worst = Math.max(worst, Math.abs(row.w * (value - row.y)));
  }
  return { coefficients: rounded, error: Math.log2(worst) };
}

const half = (Math.LN2 / 2) * 1.001;
/** (e^r − 1 − r)/r², by its series: the quotient would lose everything near 0. */
const tail = (r) => {
  let sum = 0;
  let term = 0.5;
  for (let k = 3; k < 30; k++) {
    sum += term;
    term *= r / k;
  }
  return sum;
};
/** (tanh x − x)/x³ with u = x². */
const tanhTail = (u) => {
  if (u > 0.02) return (Math.tanh(Math.sqrt(u)) - Math.sqrt(u)) / (u * Math.sqrt(u));
  return -1 / 3 + u * (2 / 15 + u * (-17 / 315 + u * (62 / 2835 + u * (-1382 / 155925 + (u * 21844) / 6081075))));
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const show = (name, result) =>
    console.log(
      name.padEnd(34),
      `2^${result.error.toFixed(2)}`,
      result.coefficients.map((v) => v.toPrecision(9)).join(", "),
    );
  show(
    "exp: P, degree 4",
    fitPolynomial(tail, (r) => (r * r) / Math.exp(r), -half, half, 4),
  );
  show(
    "expm1: P, degree 4",
    fitPolynomial(tail, (r) => Math.abs(r), -half, half, 4),
  );
  show(
    "tanh: 2^f, degree 6",
    fitPolynomial(
      (f) => 2 ** f,
      (f) => 2 ** -f,
      -0.5,
      0.5,
      6,
    ),
  );
  show(
    "tanh below 0.55: P, degree 3",
    fitPolynomial(tanhTail, (u) => u, 0, 0.55 ** 2, 3),
  );
}
