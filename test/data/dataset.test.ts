import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDataset, fitGrid, rangeOf } from "../../src/data/dataset.js";
import { byteDigest, float32Digest, indexDigest } from "../../src/data/digest.js";
import { type Points, samplesAt } from "../../src/data/points.js";

const parabola = { kind: "parabola", samples: 50, testSamples: 0, noise: 8 } as const;

function pointsOf(inputs: number, samples: number): Points {
  const x = Float32Array.from({ length: samples * inputs }, (_, i) => i);
  return { samples, inputs, x, y: Float32Array.from({ length: samples }, (_, i) => 100 + i) };
}

const TUTORIAL_DIGESTS = {
  data: "c9d1a64b5bff4e11d3a0d4577613286791d7d93fdf182c27ba564864337fd7fa",
  evaluation: "b97e9775fbb6327177f351cd86df56ae814e3c24817c473c9ed3f459e903d797",
  batchOrder: "7d587488a82d112c9a33f29a255d3ee6997c71f7ec3b7d818e2e19708d3a6360",
};

const rowsOf = ({ samples, inputs, x, y }: Points) =>
  Array.from({ length: samples }, (_, i) => [...x.subarray(i * inputs, (i + 1) * inputs), y[i]].join());

describe("generated data", () => {
  test("is measured on the training points unless there are test points", () => {
    const own = buildDataset(parabola, 1, false);
    expect(own.evaluation).toEqual(own.training);
    expect(own.hasTestPoints).toBe(false);
    const tested = buildDataset({ ...parabola, testSamples: 20 }, 1, false);
    expect(tested.evaluation.samples).toBe(20);
    expect(tested.hasTestPoints).toBe(true);
    expect(tested.training).toEqual(own.training);
  });

  test("tells its noise: the variance, and what it came to on the points costs are measured on", () => {
    for (const testSamples of [0, 20]) {
      const { evaluation, noise } = buildDataset({ ...parabola, testSamples }, 1, true);
      expect(noise?.variance).toBe(64);
      const { samples, x, y } = evaluation;
      const realized = y.reduce((sum, value, i) => sum + (value - (x[i] as number) ** 2 + 5) ** 2, 0) / samples;
      expect(noise?.realized).toBeCloseTo(realized, 3);
    }
  });

  test("hangs on the seed", () => {
    expect(buildDataset(parabola, 1, false).digests.data).not.toBe(buildDataset(parabola, 2, false).digests.data);
  });
});

describe("given data", () => {
  const training = pointsOf(3, 10);

  test("is taken as it is, and its noise is not known", () => {
    const dataset = buildDataset({ kind: "given", training }, 1, false);
    expect(dataset.training).toEqual(training);
    expect(dataset.evaluation).toEqual(training);
    expect(dataset.inputs).toBe(3);
    expect(dataset).not.toHaveProperty("noise");
  });

  test("is measured on given test points", () => {
    const test = pointsOf(3, 4);
    const dataset = buildDataset({ kind: "given", training, test }, 1, false);
    expect(dataset.evaluation).toEqual(test);
    expect(dataset.hasTestPoints).toBe(true);
  });
});

describe("shuffling", () => {
  test("keeps every sample's inputs and target together, and loses none", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 40 }),
        (seed, inputs, samples) => {
          const training = pointsOf(inputs, samples);
          const shuffled = buildDataset({ kind: "given", training }, seed, true).training;
          expect(rowsOf(shuffled).sort()).toEqual(rowsOf(training).sort());
        },
      ),
    );
  });

  test("moves the samples, the same way for the same seed", () => {
    const [once, again, other] = [1, 1, 2].map((seed) => buildDataset(parabola, seed, true));
    const unshuffled = buildDataset(parabola, 1, false);
    expect(once?.training).toEqual(again?.training);
    expect(once?.digests).toEqual(again?.digests);
    expect(once?.digests.batchOrder).not.toBe(other?.digests.batchOrder);
    expect(once?.digests.batchOrder).not.toBe(unshuffled.digests.batchOrder);
    expect(once?.training.x).not.toEqual(unshuffled.training.x);
  });

  test("leaves the data's digest and given test points as they are", () => {
    const [shuffled, unshuffled] = [true, false].map((shuffle) => buildDataset(parabola, 1, shuffle));
    expect(shuffled?.digests.data).toBe(unshuffled?.digests.data);
    const tested = { ...parabola, testSamples: 20 };
    const [moved, unmoved] = [true, false].map((shuffle) => buildDataset(tested, 1, shuffle));
    expect(moved?.evaluation).toEqual(unmoved?.evaluation);
    expect(moved?.digests.evaluation).toBe(unmoved?.digests.evaluation);
  });

  test("has costs measured on the training points in the batches' order where there are no test points", () => {
    const { training, evaluation, digests } = buildDataset(parabola, 1, true);
    expect(evaluation).toEqual(training);
    expect(digests.evaluation).toBe(float32Digest(training.x, training.y));
    expect(digests.evaluation).not.toBe(digests.data);
  });

  test("takes sample order[i] as the i-th", () => {
    expect(rowsOf(samplesAt(pointsOf(2, 3), Int32Array.of(2, 0, 1)))).toEqual(["4,5,102", "0,1,100", "2,3,101"]);
  });
});

describe("digests", () => {
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

  test("are SHA-256 of little-endian float32, one array after the other", () => {
    const bytes = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    expect(float32Digest([1, -2])).toBe(sha256(bytes));
    expect(float32Digest([1], Float64Array.of(-2))).toBe(sha256(bytes));
  });

  test("hash every NaN alike, whatever bits it carries", () => {
    const other = new Float32Array(Uint32Array.of(0xffc00001).buffer);
    expect(other[0]).toBeNaN();
    expect(float32Digest(other)).toBe(sha256(Uint8Array.of(0, 0, 0xc0, 0x7f)));
    expect(float32Digest([Number.NaN])).toBe(float32Digest(other));
  });

  test("of an order are SHA-256 of little-endian 32-bit integers", () => {
    expect(indexDigest([1, 258])).toBe(sha256(Uint8Array.of(1, 0, 0, 0, 2, 1, 0, 0)));
  });

  test("of an empty text is the known one", () => {
    expect(byteDigest("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test("of a dataset are those of its inputs followed by its targets", () => {
    const training = pointsOf(2, 3);
    const { digests } = buildDataset({ kind: "given", training, test: pointsOf(2, 1) }, 1, false);
    expect(digests).toEqual({
      data: float32Digest([0, 1, 2, 3, 4, 5], [100, 101, 102]),
      evaluation: float32Digest([0, 1], [100]),
      batchOrder: indexDigest([0, 1, 2]),
    });
  });

  test("of the tutorial's data and order with seed 1 are these, on every machine and in every version", () => {
    const { digests } = buildDataset({ kind: "parabola", samples: 2500, testSamples: 200, noise: 8 }, 1, true);
    expect(digests).toEqual(TUTORIAL_DIGESTS);
  });
});

test("the fit's grid runs evenly from the smallest to the largest input", () => {
  const points: Points = { samples: 3, inputs: 1, x: Float32Array.of(4, -2, 0), y: new Float32Array(3) };
  expect([...fitGrid(points, 4)]).toEqual([-2, 0, 2, 4]);
});

test("the range is that of the smallest and the largest value", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
      const { min, max } = rangeOf(values);
      expect([min + 0, max + 0]).toEqual([Math.min(...values) + 0, Math.max(...values) + 0]);
    }),
  );
});
