import { describe, expect, test } from "vitest";
import { AWKWARD_SIZES, bitsOf, randomFloats, Workbench } from "./kernel.js";
import * as scalar from "./scalar.js";

const bench = new Workbench(32);
const { kernels } = bench;
const f = Math.fround;

/** Rows as the net lays them out for this many samples, and as it does for a large chunk. */
const distances = (samples: number) => [
  ...new Set([kernels.rowBytes(Math.min(samples, 512)), 2112, 4 * (samples + 31)]),
];
const fits = (samples: number) => (rowBytes: number) => rowBytes >= 4 * ((samples + 15) & ~15);

function rowsOf(view: Float32Array, rows: number, samples: number, rowBytes: number): number[] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from(view.subarray((r * rowBytes) / 4, (r * rowBytes) / 4 + samples)),
  ).flat();
}

/** [inner or inputs, units]: every tile, alone and with every rest. */
const SHAPES: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 30],
  [30, 1],
  [2, 3],
  [3, 2],
  [4, 4],
  [5, 7],
  [30, 30],
  [6, 5],
];

function checkProduct(inner: number, units: number, samples: number, rowBytes: number): void {
  bench.reset();
  const x = randomFloats(inner * samples, 1);
  const w = randomFloats(inner * units, 2);
  const bias = randomFloats(units, 3);
  const placed = bench.placeRows(x, inner, samples, rowBytes);
  const out = bench.place((units * rowBytes) / 4 + 16);
  const [wAt, biasAt] = [bench.place(w.length, w).address, bench.place(units, bias).address];
  kernels.product(placed.address, rowBytes, wAt, biasAt, out.address, rowBytes, inner, units, samples);
  const expected = scalar.product(x, w, bias, inner, units, samples);
  expect(bitsOf(rowsOf(out.view, units, samples, rowBytes))).toEqual(bitsOf(expected));
}

function checkWeightGradient(inputs: number, units: number, samples: number, rowBytes: number): void {
  bench.reset();
  const a = randomFloats(inputs * samples, 4);
  const d = randomFloats(units * samples, 5);
  const before = randomFloats(inputs * units, 6);
  const aAt = bench.placeRows(a, inputs, samples, rowBytes).address;
  const dAt = bench.placeRows(d, units, samples, rowBytes).address;
  const out = bench.place(before.length, before);
  kernels.weightGradient(aAt, rowBytes, dAt, rowBytes, out.address, inputs, units, samples);
  expect(bitsOf(out.view)).toEqual(bitsOf(scalar.weightGradient(a, d, before, inputs, units, samples)));
}

describe.each(AWKWARD_SIZES)("%i samples", (samples) => {
  const rows = distances(samples).filter(fits(samples));
  const shapes = samples > 100 ? SHAPES.slice(0, 7) : SHAPES;

  test("the product", () => {
    for (const rowBytes of rows) for (const [inner, units] of shapes) checkProduct(inner, units, samples, rowBytes);
  });

  test("the weight gradient, with NaN behind the last sample", () => {
    for (const rowBytes of rows)
      for (const [inputs, units] of shapes) checkWeightGradient(inputs, units, samples, rowBytes);
  });

  test("the reductions and the normalization, with NaN behind the last sample", () => {
    bench.reset();
    const z = randomFloats(samples, 7, 5);
    const d = randomFloats(samples, 8);
    const length = samples + 19;
    const zAt = bench.place(length, z).address;
    const dPlaced = bench.place(length, d);
    const out = bench.place(length);
    const sums = bench.place(4);
    const at = (values: Float32Array) => (s: number) => values[s] as number;
    const [mean, scale, shift, g, slope] = [0.3, 1.7, -0.2, 0.01, 0.05].map(f) as [
      number,
      number,
      number,
      number,
      number,
    ];

    expect(kernels.rowSum(zAt, samples)).toBe(scalar.sumInVectors(samples, at(z)));
    kernels.centeredSums(zAt, samples, mean, sums.address);
    expect(sums.view[0]).toBe(scalar.sumInVectors(samples, (s) => f(at(z)(s) - mean)));
    expect(sums.view[1]).toBe(scalar.sumInVectors(samples, (s) => scalar.centeredSquare(at(z)(s), mean)));
    kernels.gradientSums(dPlaced.address, zAt, samples, mean, sums.address);
    expect(sums.view[0]).toBe(scalar.sumInVectors(samples, at(d)));
    expect(sums.view[1]).toBe(scalar.sumInVectors(samples, (s) => scalar.centeredProduct(at(d)(s), at(z)(s), mean)));
    kernels.normalize(zAt, out.address, samples, mean, scale, shift);
    const normalized = Float32Array.from(z, (value) => scalar.normalize(value, mean, scale, shift));
    expect(bitsOf(out.view.subarray(0, samples))).toEqual(bitsOf(normalized));
    expect(kernels.sumOfSquares(dPlaced.address, samples)).toBe(d.reduce((sum, value) => sum + value * value, 0));

    kernels.normalizeRelu(zAt, out.address, samples, mean, scale, shift);
    const activated = normalized.map(scalar.positivePart);
    expect(bitsOf(out.view.subarray(0, samples))).toEqual(bitsOf(activated));
    const masked = bench.place(length, d);
    kernels.reluGradientSums(masked.address, out.address, zAt, samples, mean, sums.address);
    const passed = d.map((value, s) => ((activated[s] as number) > 0 ? value : 0));
    expect(bitsOf(masked.view.subarray(0, samples))).toEqual(bitsOf(passed));
    expect(sums.view[0]).toBe(scalar.sumInVectors(samples, at(passed)));
    expect(sums.view[1]).toBe(
      scalar.sumInVectors(samples, (s) => scalar.centeredProduct(at(passed)(s), at(z)(s), mean)),
    );

    const sum = kernels.normalizeBackward(dPlaced.address, zAt, samples, mean, scale, g, slope);
    const backward = d.map((value, s) => scalar.normalizeBackward(value, at(z)(s), mean, scale, g, slope));
    expect(bitsOf(dPlaced.view.subarray(0, samples))).toEqual(bitsOf(backward));
    expect(sum).toBe(scalar.sumInVectors(samples, at(backward)));
  });

  test("every activation and its derivative, also in place", () => {
    const z = randomFloats(samples, 9, 12);
    // Where an activation bends, saturates, overflows or hands through.
    const special = [0, -0, 1e-40, -1e-40, 300, -300, Infinity, Number.NaN, 0.55, -0.55];
    special.slice(0, samples).forEach((value, s) => {
      if (samples > 20 || s % 3 === 0) z[s] = value;
    });
    const d = randomFloats(samples, 10);
    scalar.activations.forEach(([value, slope], kind) => {
      bench.reset();
      const zAt = bench.place(samples + 19, z).address;
      const a = bench.place(samples + 19);
      const inPlace = bench.place(samples + 19, z);
      const dPlaced = bench.place(samples + 19, d);
      kernels.activate(kind, zAt, a.address, samples);
      kernels.activate(kind, inPlace.address, inPlace.address, samples);
      const expected = Float32Array.from(z, value);
      expect(bitsOf(a.view.subarray(0, samples)), `activation ${kind}`).toEqual(bitsOf(expected));
      expect(bitsOf(inPlace.view.subarray(0, samples))).toEqual(bitsOf(expected));
      kernels.activateBackward(kind, dPlaced.address, a.address, zAt, samples);
      const relu = kind === 0;
      const backward = d.map((value, s) => {
        const factor = slope(expected[s] as number, z[s] as number);
        // The kernel masks with ReLU's derivative: no product, no −0.
        return relu ? (factor === 1 ? value : 0) : f(value * factor);
      });
      expect(bitsOf(dPlaced.view.subarray(0, samples)), `derivative ${kind}`).toEqual(bitsOf(backward));
    });
  });
});

describe.each(AWKWARD_SIZES.slice(0, 40))("width %i", (width) => {
  test("the products and the transposed kernel", () => {
    const rowBytes = kernels.rowBytes(19);
    for (const [inner, units] of [
      [width, 6],
      [6, width],
      [width, width],
    ] as const) {
      checkProduct(inner, units, 19, rowBytes);
      checkWeightGradient(inner, units, 19, rowBytes);
      bench.reset();
      const w = randomFloats(inner * units, 11);
      const out = bench.place(inner * units);
      kernels.transpose(bench.place(w.length, w).address, out.address, inner, units);
      const expected = Array.from(
        { length: inner * units },
        (_, i) => w[(i % inner) * units + Math.floor(i / inner)] as number,
      );
      expect(bitsOf(out.view)).toEqual(bitsOf(expected));
    }
  });
});

test("rows start on a cache line, hold whole tiles and never lie a multiple of 256 bytes apart", () => {
  for (let samples = 1; samples <= 512; samples++) {
    const distance = kernels.rowBytes(samples);
    expect(distance % 64).toBe(0);
    expect(distance % 256).not.toBe(0);
    expect(distance).toBeGreaterThanOrEqual(4 * ((samples + 15) & ~15));
  }
  expect(kernels.rowBytes(512)).toBe(528 * 4);
});
