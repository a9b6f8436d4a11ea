import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDataset } from "../../src/data/dataset.js";
import { type RandomStream, randomStream } from "../../src/data/streams.js";
import { initialWeights } from "../../src/model/initializers.js";

const FIRST_UNIFORMS = [0.3399503034107477, 0.7972219262321831, 0.08686367545163509];
const FIRST_NORMALS = [-0.5943086167161516, 1.1036668959772382, -0.7920746204048156];
const FIRST_PERMUTATION = [4, 0, 2, 7, 5, 6, 3, 1];

const drawn = (count: number, draw: () => number) => Array.from({ length: count }, draw);
const normals = (stream: RandomStream, count: number) => drawn(count, () => stream.normal());

describe("a stream", () => {
  test("of the same seed and name gives the same numbers", () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (seed, name) => {
        const [a, b] = [randomStream(seed, name), randomStream(seed, name)];
        expect(normals(a, 5)).toEqual(normals(b, 5));
        expect(a.uniform()).toBe(b.uniform());
        expect(a.permutation(9)).toEqual(b.permutation(9));
      }),
    );
  });

  test("starts with these numbers for seed 1, on every machine and in every version", () => {
    const stream = randomStream(1, "data noise");
    expect(drawn(3, stream.uniform)).toEqual(FIRST_UNIFORMS);
    expect(normals(randomStream(1, "data noise"), 3)).toEqual(FIRST_NORMALS);
    expect([...randomStream(1, "shuffle").permutation(8)]).toEqual(FIRST_PERMUTATION);
  });

  test.each([
    ["another name", randomStream(1, "test noise")],
    ["another seed", randomStream(2, "data noise")],
    ["a seed and name that read alike when joined", randomStream(11, "data noise")],
  ])("with %s is unrelated", (_, other) => {
    const count = 20_000;
    const [a, b] = [normals(randomStream(1, "data noise"), count), normals(other, count)];
    const correlation = a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / count;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(count));
    expect(new Set([...a, ...b]).size).toBe(2 * count);
  });

  test("gives uniform numbers in [0, 1) that are multiples of 2⁻⁵³ and fill all ten tenths alike", () => {
    const count = 100_000;
    const tenths = new Array<number>(10).fill(0);
    const stream = randomStream(3, "uniform");
    for (const value of drawn(count, stream.uniform)) {
      if (!(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53))) throw new Error(`${value}`);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] as number) + 1;
    }
    // 4.5 standard deviations of a binomial count.
    for (const found of tenths) expect(Math.abs(found - count / 10)).toBeLessThan(4.5 * Math.sqrt(count * 0.09));
  });
});

describe("normal deviates", () => {
  const COUNT = 400_000;
  const values = Float64Array.from(normals(randomStream(4, "normal"), COUNT));
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / COUNT;
  const share = (holds: (value: number) => boolean) => values.filter(holds).length / COUNT;

  test("have the moments 0, 1, 0, 3 of N(0, 1)", () => {
    // Variances of the sample moments: 1, 2, 15 and 96, over the count.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / COUNT));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / COUNT));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / COUNT));
  });

  test.each([
    [1, 0.317311],
    [2, 0.0455],
    [3, 0.0026998],
    [4, 6.334e-5],
  ])("lie beyond %i standard deviations as often as N(0, 1) says, on both sides", (limit, expected) => {
    const allowed = (probability: number) => 4.5 * Math.sqrt(probability / COUNT);
    expect(Math.abs(share((value) => Math.abs(value) > limit) - expected)).toBeLessThan(allowed(expected));
    expect(Math.abs(share((value) => value > limit) - expected / 2)).toBeLessThan(allowed(expected / 2));
  });

  test("are independent of the ones drawn before them", () => {
    for (const lag of [1, 2, 3]) {
      const products = values.subarray(lag).reduce((sum, value, i) => sum + value * (values[i] as number), 0);
      expect(Math.abs(products / (COUNT - lag)), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(COUNT));
    }
  });
});

describe("permutations", () => {
  test("hold every index once", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 200 }), (seed, n) => {
        const order = [...randomStream(seed, "shuffle").permutation(n)];
        expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test("come in all six orders of three alike", () => {
    const stream = randomStream(5, "shuffle");
    const count = 12_000;
    const found = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const order = stream.permutation(3).join("");
      found.set(order, (found.get(order) ?? 0) + 1);
    }
    expect(found.size).toBe(6);
    for (const times of found.values()) {
      expect(Math.abs(times - count / 6)).toBeLessThan(4.5 * Math.sqrt((count * 5) / 36));
    }
  });
});

describe("what is drawn from one stream moves no other", () => {
  const parabola = { kind: "parabola", samples: 40, testSamples: 20, noise: 8 } as const;

  test("the noise is the same whatever the network's width", () => {
    const alone = buildDataset(parabola, 9, true);
    initialWeights([1, 50, 50, 1], { init: "normal", initStd: 1 }, 9);
    expect(buildDataset(parabola, 9, true).digests).toEqual(alone.digests);
  });

  test("test points and shuffling leave the training noise as it is", () => {
    const { digests } = buildDataset(parabola, 9, true);
    expect(buildDataset({ ...parabola, testSamples: 0 }, 9, false).digests.data).toBe(digests.data);
    expect(buildDataset({ ...parabola, samples: 10 }, 9, false).digests.evaluation).toBe(digests.evaluation);
  });

  test("a deeper network keeps the kernels it had", () => {
    const init = { init: "normal", initStd: 1 } as const;
    const shallow = initialWeights([1, 6, 6, 1], init, 9);
    const deep = initialWeights([1, 6, 6, 6, 1], init, 9);
    for (const name of ["layers.0.kernel", "layers.1.kernel"]) expect(deep.get(name)).toEqual(shallow.get(name));
  });
});
