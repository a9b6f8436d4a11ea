import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naturalLogarithm } from "../../src/data/logarithm.js";
import { randomStream } from "../../src/data/streams.js";

/** Fixed-point integers with this many bits behind the point. */
const BITS = 200n;
const ONE = 1n << BITS;

/** ln of a fixed-point number near 1, by 2·artanh((m − 1)/(m + 1)), exact to some 2⁻¹⁹⁰. */
function exactLogNearOne(m: bigint): bigint {
  const s = ((m - ONE) << BITS) / (m + ONE);
  const square = (s * s) >> BITS;
  let [sum, power] = [0n, s];
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BITS;
  }
  return 2n * sum;
}

const LN2 = -exactLogNearOne(ONE / 2n);

const parts = new DataView(new ArrayBuffer(8));

/** Distance of `claimed` from ln x, in units of the last place of ln x. */
function errorInUlp(x: number, claimed: number): number {
  parts.setFloat64(0, x);
  const raw = parts.getBigUint64(0);
  const exponent = ((raw >> 52n) & 0x7ffn) - 1023n;
  const mantissa = ((raw & 0xfffffffffffffn) | 0x10000000000000n) << (BITS - 52n);
  const exact = exponent * LN2 + exactLogNearOne(mantissa);
  return Number(fixed(claimed) - exact) / Number(fixed(ulpOf(claimed)));
}

function ulpOf(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
}

/** A double as a fixed-point number; what lies below 2⁻²⁰⁰ is cut off. */
function fixed(value: number): bigint {
  parts.setFloat64(0, value);
  const raw = parts.getBigUint64(0);
  const exponent = ((raw >> 52n) & 0x7ffn) - 1023n;
  const mantissa = (raw & 0xfffffffffffffn) | 0x10000000000000n;
  const shift = exponent - 52n + BITS;
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return raw >> 63n === 0n ? size : -size;
}

function largestError(samples: Iterable<number>): number {
  let largest = 0;
  for (const x of samples) {
    if (x === 1) continue;
    largest = Math.max(largest, Math.abs(errorInUlp(x, naturalLogarithm(x))));
  }
  return largest;
}

function* evenly(from: number, to: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield from + ((to - from) * i) / count;
}

function* around(x: number, neighbors: number): Generator<number> {
  parts.setFloat64(0, x);
  const raw = parts.getBigUint64(0);
  for (let i = -neighbors; i <= neighbors; i++) {
    parts.setBigUint64(0, raw + BigInt(i));
    yield parts.getFloat64(0);
  }
}

test("the check itself knows ln 2 and ln 10", () => {
  expect(Number(LN2) / Number(ONE)).toBe(Math.LN2);
  expect(Math.abs(errorInUlp(10, Math.LN10))).toBeLessThanOrEqual(0.5);
  expect(errorInUlp(10, Math.LN10 + 3 * ulpOf(Math.LN10))).toBeGreaterThan(2.4);
});

describe("the natural logarithm is within 2 ulp", () => {
  test.each([
    ["over (0, 1), where normal deviates need it", evenly(2 ** -20, 1, 20_000)],
    ["from ½ to 4, densely", evenly(0.5, 4, 20_000)],
    ["beside 1", around(1, 1000)],
    ["a little away from 1", [...evenly(1 - 2 ** -8, 1 + 2 ** -8, 5_000)]],
    ["where the mantissa is folded", around(Math.SQRT2, 1000)],
    ["where the mantissa is folded, an octave lower", around(Math.SQRT1_2, 1000)],
    ["at the smallest and largest normal numbers", [2 ** -1022, 2 ** -1021, Number.MAX_VALUE, 2 ** 1023]],
  ])("%s", (_, samples) => {
    expect(largestError(samples)).toBeLessThan(2);
  });

  test("at all powers of two", () => {
    expect(largestError(Array.from({ length: 2046 }, (_, i) => 2 ** (i - 1022)))).toBeLessThan(2);
  });

  test("at the sums of squares the polar method really takes", () => {
    const stream = randomStream(1, "logarithm");
    const squares = Array.from(
      { length: 10_000 },
      () => (2 * stream.uniform() - 1) ** 2 + (2 * stream.uniform() - 1) ** 2,
    );
    expect(largestError(squares.filter((s) => s > 0 && s < 1))).toBeLessThan(2);
  });

  test("at any normal positive number", () => {
    const positive = fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true });
    fc.assert(
      fc.property(positive, (x) => largestError([x]) < 2),
      { numRuns: 2000 },
    );
  });
});

test("the logarithm of 1 is 0", () => {
  expect(naturalLogarithm(1)).toBe(0);
});
