import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenEdges } from "../../src/metrics/bins.js";
import { distributionOf } from "../../src/metrics/distribution.js";
import type { Distribution } from "../../src/record/layers.js";
import { statistic, statistics } from "../../src/record/statistic.js";

const EDGES = [0, 1, 2, 3, 4];

const counted = ({ counts, underflow, overflow, nonFinite }: Distribution) =>
  counts.reduce((sum, count) => sum + count, 0) + underflow + overflow + nonFinite;

const anyDoubles = fc.array(fc.oneof(fc.double(), fc.float(), fc.double({ min: -10, max: 10, noNaN: true })));

/** The largest double below that one. */
function justBelow(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  if (value === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}

/** Ranges such as data and activations have. */
const ranges = fc
  .tuple(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), fc.float({ noNaN: true, min: -1e6, max: 1e6 }))
  .map(([a, b]) => evenEdges(Math.min(a, b), Math.max(a, b)));

describe("a histogram", () => {
  test("counts every value once, whatever the values: counts, underflow, overflow and non-finite add up", () => {
    fc.assert(
      fc.property(anyDoubles, ranges, (values, edges) => {
        const distribution = distributionOf(values, edges);
        expect(counted(distribution)).toBe(values.length);
        expect(distribution.counts).toHaveLength(edges.length - 1);
        expect(distribution.nonFinite).toBe(values.filter((value) => !Number.isFinite(value)).length);
      }),
      { numRuns: 500 },
    );
  });

  test("counts the edges themselves: each in the bin it opens, the last in the last bin", () => {
    fc.assert(
      fc.property(ranges, (edges) => {
        const { counts, underflow, overflow } = distributionOf(edges, edges);
        expect(counts).toEqual([...new Array(63).fill(1), 2]);
        expect([underflow, overflow]).toEqual([0, 0]);
      }),
    );
  });

  test("counts what lies just below an edge in the bin below it, though the division may round up", () => {
    fc.assert(
      fc.property(ranges, (edges) => {
        const { counts, underflow } = distributionOf(edges.map(justBelow), edges);
        expect(counts).toEqual(new Array(64).fill(1));
        expect(underflow).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  test("has a value in the bin whose edges enclose it", () => {
    fc.assert(
      fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), (edges, share) => {
        const [low, high] = [edges[0] as number, edges[64] as number];
        const value = Math.min(high, low + share * (high - low));
        const bin = distributionOf([value], edges).counts.indexOf(1);
        expect(value).toBeGreaterThanOrEqual(edges[bin] as number);
        if (bin < 63) expect(value).toBeLessThan(edges[bin + 1] as number);
      }),
      { numRuns: 1000 },
    );
  });

  test("is closed on the left, and the last bin on both sides", () => {
    expect(distributionOf([0, 0.999, 1, 2, 3.5, 4], EDGES)).toMatchObject({
      counts: [2, 1, 1, 2],
      underflow: 0,
      overflow: 0,
    });
  });

  test("counts beside the bins what lies outside, infinite or undefined apart", () => {
    const values = [-0.001, -1e300, 4.001, 1e300, 1e308, Number.NaN, Infinity, -Infinity, 1.5];
    expect(distributionOf(values, EDGES)).toMatchObject({
      counts: [0, 1, 0, 0],
      underflow: 2,
      overflow: 3,
      nonFinite: 3,
    });
  });

  test("of no values counts nothing and has no moments", () => {
    expect(distributionOf([], EDGES)).toEqual({
      edges: EDGES,
      counts: [0, 0, 0, 0],
      underflow: 0,
      overflow: 0,
      nonFinite: 0,
      mean: "NaN",
      variance: "NaN",
      min: "Infinity",
      max: "-Infinity",
    });
  });

  test("keeps the edges it was given as a copy", () => {
    const edges = [...EDGES];
    const distribution = distributionOf([1], edges);
    edges[0] = -1;
    expect(distribution.edges).toEqual(EDGES);
  });
});

describe("the moments", () => {
  test("are the mean, the biased variance and the ends of all values, those outside the bins too", () => {
    expect(distributionOf([1, 2, 9], EDGES)).toMatchObject({ mean: 4, variance: (9 + 4 + 25) / 3, min: 1, max: 9 });
  });

  test.each<[string, number[], Partial<Distribution>]>([
    ["NaN", [1, Number.NaN, 3], { mean: "NaN", variance: "NaN", min: "NaN", max: "NaN" }],
    ["Infinity", [1, Infinity], { mean: "Infinity", variance: "NaN", min: 1, max: "Infinity" }],
    ["-Infinity", [1, -Infinity], { mean: "-Infinity", variance: "NaN", min: "-Infinity", max: 1 }],
    ["an overflow of the squares", [1e200, -1e200], { mean: 0, variance: "Infinity", min: -1e200, max: 1e200 }],
    ["an overflow of the sum", [1e308, 1e308], { mean: "Infinity", variance: "Infinity", min: 1e308, max: 1e308 }],
  ])("name what JSON cannot write: %s", (_, values, moments) => {
    expect(distributionOf(values, EDGES)).toMatchObject(moments);
  });

  test("are the same bits for the same values, whatever array holds them", () => {
    fc.assert(
      fc.property(fc.float64Array(), (values) => {
        expect(distributionOf(Array.from(values), EDGES)).toEqual(distributionOf(values, EDGES));
      }),
    );
  });
});

describe("a statistic", () => {
  test("is a finite number itself, or the name of another, and so always survives JSON", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const named = statistic(value);
        expect(Number(named)).toBe(value);
        expect(typeof named).toBe(Number.isFinite(value) ? "number" : "string");
        expect(Number(JSON.parse(JSON.stringify(named)))).toBe(value + 0);
      }),
    );
  });

  test("of several is each one's own", () => {
    expect(statistics(Float32Array.of(1.5, Number.NaN, -Infinity))).toEqual([1.5, "NaN", "-Infinity"]);
  });
});
