/**
 * The matrix product of both directions, on feature-major rows:
 *
 *   out[j][s] = bias[j] + Σ_k x[k][s] · w[k][j]        x [inner][samples], w [inner][units], out [units][samples]
 *
 * Forward, x is a layer's input and w its kernel: z = a·W + b. Backward, x is ∂C/∂z and w the transposed kernel, the
 * bias zero: since z_j = Σ_i a_i W_ij + b_j,
 *
 *   ∂C/∂a_i = Σ_j ∂C/∂z_j · W_ij = Σ_j ∂C/∂z_j · (Wᵀ)_ji.
 *
 * Nothing is cached. Every sum starts at the bias and takes k in ascending order, whatever the tile, so an output does
 * not depend on which tile computed it. Rows are written up to the next multiple of 16 samples.
 *
 * A tile of 4 units × 2 vectors keeps 8 sums, 6 operands and one product in the 16 registers of x86; a larger one
 * spills.
 */
export function product(
  x: usize, xRow: usize, w: usize, bias: usize, out: usize, outRow: usize, inner: i32, units: i32, samples: i32,
): void {
  const quads = units & ~3;
  if (quads) product4x2(x, xRow, w, bias, out, outRow, inner, units, samples);
  let j = quads;
  if (units & 2) {
    product2x4(x, xRow, w + ((<usize>j) << 2), bias + ((<usize>j) << 2), out + <usize>j * outRow, outRow, inner, units, samples);
    j += 2;
  }
  if (units & 1)
    product1x4(x, xRow, w + ((<usize>j) << 2), bias + ((<usize>j) << 2), out + <usize>j * outRow, inner, units, samples);
}

/** The units 0 … ⌊units/4⌋·4 − 1. Samples are the outer loop: 8 columns of x stay in the first-level cache. */
export function product4x2(
  x: usize, xRow: usize, w: usize, bias: usize, out: usize, outRow: usize, inner: i32, units: i32, samples: i32,
): void {
  const wRow = (<usize>units) << 2;
  const wEnd = <usize>inner * wRow;
  const quadsEnd = (<usize>(units & ~3)) << 2;
  const end = x + ((<usize>samples) << 2);
  for (; x < end; x += 32, out += 32) {
    let to = out;
    for (let j: usize = 0; j < quadsEnd; j += 16) {
      let a0 = v128.load_splat<f32>(bias + j);
      let a1 = a0;
      let b0 = v128.load_splat<f32>(bias + j, 4);
      let b1 = b0;
      let c0 = v128.load_splat<f32>(bias + j, 8);
      let c1 = c0;
      let d0 = v128.load_splat<f32>(bias + j, 12);
      let d1 = d0;
      let from = x;
      const stop = w + j + wEnd;
      for (let at = w + j; at < stop; at += wRow) {
        const x0 = v128.load(from);
        const x1 = v128.load(from, 16);
        const wa = v128.load_splat<f32>(at);
        a0 = f32x4.add(a0, f32x4.mul(x0, wa));
        a1 = f32x4.add(a1, f32x4.mul(x1, wa));
        const wb = v128.load_splat<f32>(at, 4);
        b0 = f32x4.add(b0, f32x4.mul(x0, wb));
        b1 = f32x4.add(b1, f32x4.mul(x1, wb));
        const wc = v128.load_splat<f32>(at, 8);
        c0 = f32x4.add(c0, f32x4.mul(x0, wc));
        c1 = f32x4.add(c1, f32x4.mul(x1, wc));
        const wd = v128.load_splat<f32>(at, 12);
        d0 = f32x4.add(d0, f32x4.mul(x0, wd));
        d1 = f32x4.add(d1, f32x4.mul(x1, wd));
        from += xRow;
      }
      v128.store(to, a0);
      v128.store(to, a1, 16);
      to += outRow;
      v128.store(to, b0);
      v128.store(to, b1, 16);
      to += outRow;
      v128.store(to, c0);
      v128.store(to, c1, 16);
      to += outRow;
      v128.store(to, d0);
      v128.store(to, d1, 16);
      to += outRow;
    }
  }
}

/** Two units: w, bias and out point at the first of them. */
export function product2x4(
  x: usize, xRow: usize, w: usize, bias: usize, out: usize, outRow: usize, inner: i32, units: i32, samples: i32,
): void {
  const wRow = (<usize>units) << 2;
  const wEnd = w + <usize>inner * wRow;
  const end = x + ((<usize>samples) << 2);
  for (; x < end; x += 64, out += 64) {
    let a0 = v128.load_splat<f32>(bias);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = v128.load_splat<f32>(bias, 4);
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    let from = x;
    for (let at = w; at < wEnd; at += wRow) {
      const wa = v128.load_splat<f32>(at);
      const wb = v128.load_splat<f32>(at, 4);
      const x0 = v128.load(from);
      a0 = f32x4.add(a0, f32x4.mul(x0, wa));
      b0 = f32x4.add(b0, f32x4.mul(x0, wb));
      const x1 = v128.load(from, 16);
      a1 = f32x4.add(a1, f32x4.mul(x1, wa));
      b1 = f32x4.add(b1, f32x4.mul(x1, wb));
      const x2 = v128.load(from, 32);
      a2 = f32x4.add(a2, f32x4.mul(x2, wa));
      b2 = f32x4.add(b2, f32x4.mul(x2, wb));
      const x3 = v128.load(from, 48);
      a3 = f32x4.add(a3, f32x4.mul(x3, wa));
      b3 = f32x4.add(b3, f32x4.mul(x3, wb));
      from += xRow;
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
    v128.store(out + outRow, b0);
    v128.store(out + outRow, b1, 16);
    v128.store(out + outRow, b2, 32);
    v128.store(out + outRow, b3, 48);
  }
}

/** One unit: w, bias and out point at it. */
export function product1x4(
  x: usize, xRow: usize, w: usize, bias: usize, out: usize, inner: i32, units: i32, samples: i32,
): void {
  const wRow = (<usize>units) << 2;
  const wEnd = w + <usize>inner * wRow;
  const end = x + ((<usize>samples) << 2);
  for (; x < end; x += 64, out += 64) {
    let a0 = v128.load_splat<f32>(bias);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let from = x;
    for (let at = w; at < wEnd; at += wRow) {
      const wa = v128.load_splat<f32>(at);
      a0 = f32x4.add(a0, f32x4.mul(v128.load(from), wa));
      a1 = f32x4.add(a1, f32x4.mul(v128.load(from, 16), wa));
      a2 = f32x4.add(a2, f32x4.mul(v128.load(from, 32), wa));
      a3 = f32x4.add(a3, f32x4.mul(v128.load(from, 48), wa));
      from += xRow;
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
  }
}

/** out [columns][rows] = transposed w [rows][columns], contiguous: the kernel as the backward product reads it. */
export function transpose(w: usize, out: usize, rows: i32, columns: i32): void {
  const wRow = (<usize>columns) << 2;
  const outRow = (<usize>rows) << 2;
  const rowQuads = rows & ~3;
  const columnQuads = columns & ~3;
  for (let i = 0; i < rowQuads; i += 4) {
    for (let j = 0; j < columnQuads; j += 4) {
      const from = w + <usize>i * wRow + ((<usize>j) << 2);
      const a = v128.load(from);
      const b = v128.load(from + wRow);
      const c = v128.load(from + 2 * wRow);
      const d = v128.load(from + 3 * wRow);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      const to = out + <usize>j * outRow + ((<usize>i) << 2);
      v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      v128.store(to + outRow, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      v128.store(to + 2 * outRow, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
      v128.store(to + 3 * outRow, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
    }
  }
  transposeRest(w, out, rows, columns, 0, columnQuads);
  transposeRest(w, out, rows, columns, rowQuads, 0);
}

/** The entries from (row, column) on, one by one. */
function transposeRest(w: usize, out: usize, rows: i32, columns: i32, row: i32, column: i32): void {
  for (let i = row; i < rows; i++)
    for (let j = column; j < columns; j++)
      store<f32>(out + ((<usize>(j * rows + i)) << 2), load<f32>(w + ((<usize>(i * columns + j)) << 2)));
}
