import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDataset } from "../../src/data/dataset.js";
import { float32Digest } from "../../src/data/digest.js";
import type { Points } from "../../src/data/points.js";
import { columnScales } from "../../src/data/standardize.js";

const BOTH = { inputs: true, targets: true };

function points(rows: readonly (readonly number[])[]): Points {
  const inputs = (rows[0]?.length ?? 1) - 1;
  return {
    samples: rows.length,
    inputs,
    x: Float32Array.from(rows.flatMap((row) => row.slice(0, -1))),
    y: Float32Array.from(rows.map((row) => row.at(-1) ?? 0)),
  };
}

const training = points([
  [1, 7, 100],
  [2, 7, 300],
  [3, 7, 200],
  [6, 7, 600],
]);

describe("standardized points", () => {
  const given = { kind: "given", training, test: points([[9, 8, 500]]) } as const;
  const dataset = buildDataset(given, 1, false, BOTH);

  test("are measured by the training set's mean and biased deviation, each column by its own", () => {
    expect(dataset.standardization).toEqual({
      inputs: [
        { mean: 3, deviation: Math.sqrt(3.5) },
        { mean: 7, deviation: 0 },
      ],
      targets: { mean: 300, deviation: Math.sqrt(35_000) },
    });
  });

  test("are (value − mean) / deviation, rounded once; a column without spread is centered", () => {
    const inputs = [-2, 0, -1, 0, 0, 0, 3, 0].map((apart) => Math.fround(apart / Math.sqrt(3.5)));
    expect([...dataset.training.x]).toEqual(inputs);
    expect([...dataset.training.y]).toEqual(
      [-200, 0, -100, 300].map((apart) => Math.fround(apart / Math.sqrt(35_000))),
    );
  });

  test("are, of test points, by the training set's numbers", () => {
    expect([...dataset.evaluation.x]).toEqual([Math.fround(6 / Math.sqrt(3.5)), 1]);
    expect([...dataset.evaluation.y]).toEqual([Math.fround(200 / Math.sqrt(35_000))]);
  });

  test("keep the points in their own units beside them", () => {
    expect(dataset.original).toEqual({ training, evaluation: given.test });
  });

  test("are recorded by two digests: the points as they are, and what the networks are handed", () => {
    const plain = buildDataset(given, 1, false);
    expect(dataset.digests.data).toBe(plain.digests.data);
    expect(dataset.digests.evaluation).toBe(float32Digest(dataset.evaluation.x, dataset.evaluation.y));
    expect(dataset.digests.evaluation).not.toBe(plain.digests.evaluation);
  });
});

test("points that nobody standardizes are the very same objects", () => {
  const dataset = buildDataset({ kind: "given", training }, 1, false);
  expect(dataset.training).toBe(training);
  expect(dataset.original.training).toBe(training);
  expect(dataset).not.toHaveProperty("standardization");
});

test("the scales do not depend on the order in which batches are taken", () => {
  const source = { kind: "parabola", samples: 500, testSamples: 100, noise: 8 } as const;
  const [shuffled, ordered] = [true, false].map((shuffle) => buildDataset(source, 1, shuffle, BOTH));
  expect(shuffled?.standardization).toEqual(ordered?.standardization);
  expect([...(shuffled?.training.x ?? [])].sort()).toEqual([...(ordered?.training.x ?? [])].sort());
});

test.each(["parabola", "gaussian"] as const)("a generated %s is standardized as given points are", (kind) => {
  const source = { kind, inputs: kind === "gaussian" ? 3 : 1, samples: 400, testSamples: 100, noise: 8 };
  const { training, evaluation, original, standardization, inputs } = buildDataset(source, 1, true, BOTH);
  const again = buildDataset({ kind: "given", training: original.training, test: original.evaluation }, 1, false, BOTH);
  expect(standardization?.inputs).toHaveLength(inputs);
  // The same points in another order: the sums differ by rounding alone.
  for (const [one, other] of [
    [training, again.training],
    [evaluation, again.evaluation],
  ] as const) {
    for (const [i, value] of one.x.entries()) expect(value).toBeCloseTo(other.x[i] as number, 5);
    for (const [i, value] of one.y.entries()) expect(value).toBeCloseTo(other.y[i] as number, 5);
  }
  for (const { mean, deviation } of [...columnScales(training.x, inputs), ...columnScales(training.y, 1)]) {
    expect(Math.abs(mean)).toBeLessThan(1e-6);
    expect(deviation).toBeCloseTo(1, 6);
  }
});

test("a column of one value has a deviation of exactly 0, whichever value and however many", () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 5000 }), (number, rows) => {
      const [scale] = columnScales(new Float32Array(rows).fill(number), 1);
      expect(scale).toEqual({ mean: number === 0 ? 0 : number, deviation: 0 });
    }),
  );
});
