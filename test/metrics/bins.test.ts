import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Points } from "../../src/data/points.js";
import { BIN_COUNT, binsFor, evenEdges } from "../../src/metrics/bins.js";
import type { ActivationName } from "../../src/model/activations.js";
import type { NetworkSpec, Normalization } from "../../src/model/network.js";

const points = (inputs: number, x: number[], y: number[]): Points => ({
  samples: y.length,
  inputs,
  x: Float32Array.from(x),
  y: Float32Array.from(y),
});

const spec = (activation: ActivationName, normalized = false): NetworkSpec => ({
  sizes: [1, 3, 3, 1],
  activation,
  learningRate: 0.001,
  ...(normalized ? { normalization: { epsilon: 0.001, decay: 0.5, debias: false } } : {}),
});

const ends = (edges: readonly number[]) => [edges[0], edges.at(-1)];
const DATA = points(1, [-7, 1, 10], [-6, 4, 102]);

describe("even edges", () => {
  test("are 65 that ascend from one end exactly to the other", () => {
    const end = fc.float({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => value + 0);
    fc.assert(
      fc.property(end, end, (a, b) => {
        fc.pre(a !== b);
        const edges = evenEdges(Math.min(a, b), Math.max(a, b));
        expect(edges).toHaveLength(BIN_COUNT + 1);
        expect(ends(edges)).toEqual([Math.min(a, b), Math.max(a, b)]);
        for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1] as number);
      }),
    );
  });

  test("of a range without width are those of a range of width one around it", () => {
    expect(ends(evenEdges(3, 3))).toEqual([2.5, 3.5]);
  });
});

describe("an arm's bins", () => {
  test.each<[ActivationName, number, number]>([
    ["relu", 0, 8],
    ["tanh", -1, 1],
    ["sigmoid", 0, 1],
    ["identity", -8, 8],
    ["selu", -1.0507009873554805 * 1.6732632423543772, 8],
  ])("hold the inputs of hidden layers with %s on [%d, %d], its range cut to [−8, 8]", (activation, low, high) => {
    const { layerInput } = binsFor(spec(activation), DATA);
    expect(ends(layerInput(1))).toEqual([low, high]);
    expect(layerInput(2)).toEqual(layerInput(1));
  });

  test("hold hidden pre-activations on [−8, 8] and the prediction on the targets' range", () => {
    for (const normalized of [false, true]) {
      const { preActivation } = binsFor(spec("relu", normalized), DATA);
      expect([0, 1].map((layer) => ends(preActivation(layer)))).toEqual([
        [-8, 8],
        [-8, 8],
      ]);
      expect(ends(preActivation(2))).toEqual([-6, 102]);
    }
  });

  test("hold the plain arm's network input on its own range, of all columns together", () => {
    expect(ends(binsFor(spec("relu"), DATA).layerInput(0))).toEqual([-7, 10]);
    const two = points(2, [1, -50, 2, 60], [0, 1]);
    expect(ends(binsFor({ ...spec("relu"), sizes: [2, 3, 3, 1] }, two).layerInput(0))).toEqual([-50, 60]);
  });

  test("hold the bn arm's network input on twice its normalized range, so that gamma has room", () => {
    // Column 1 has mean 2 and variance 2, column 2 mean 0 and variance 200.
    const two = points(2, [1, 10, 1, -10, 4, 10, 2, -10, 2, 20, 2, -20], [0, 1, 2, 3, 4, 5]);
    const [low, high] = ends(binsFor({ ...spec("relu", true), sizes: [2, 3, 3, 1] }, two).layerInput(0));
    expect(high).toBeCloseTo(2 * (2 / Math.sqrt(1 + 0.001)), 10);
    expect(low).toBe(-(high as number));
  });
});

describe("the bins of an arm that normalizes otherwise", () => {
  const normalized = (choice: Partial<Normalization>) => ({
    ...spec("tanh"),
    normalization: { epsilon: 0.001, decay: 0.5, debias: false, ...choice },
  });
  const layerInput = (choice: Partial<Normalization>, layer: number, data = DATA) =>
    ends(binsFor(normalized(choice), data).layerInput(layer));

  test("hold an input that is not normalized on its own range", () => {
    expect(layerInput({ where: "hidden" }, 0)).toEqual([-7, 10]);
    expect(layerInput({ where: "input" }, 0)).toEqual(layerInput({}, 0));
  });

  test("hold the input on twice the range that its transform leaves", () => {
    // Mean 2, variance 14, second moment 18.
    const data = points(1, [-2, 0, 8, 2], [0, 1, 2, 3]);
    const high = (choice: Partial<Normalization>) => layerInput(choice, 0, data)[1] as number;
    expect(high({ transform: "center" })).toBe(2 * 6);
    expect(high({ transform: "scale" })).toBeCloseTo((2 * 8) / Math.sqrt(18.001), 10);
    expect(high({ transform: "standardize" })).toBeCloseTo((2 * 6) / Math.sqrt(14.001), 10);
  });

  test("hold what BN behind the activation hands on with [−8, 8], not with the activation's range", () => {
    expect(layerInput({ position: "after" }, 1)).toEqual([-8, 8]);
    expect(layerInput({ position: "after", where: "hidden" }, 2)).toEqual([-8, 8]);
    expect(layerInput({ position: "after", where: "input" }, 1)).toEqual([-1, 1]);
    expect(layerInput({ position: "before" }, 1)).toEqual([-1, 1]);
  });
});

describe("inputs and targets without a width", () => {
  test.each([0, 1e17, -3e38])("edges around a constant target %f still rise", (y) => {
    const { preActivation } = binsFor(spec("tanh"), points(1, [-7, 10], [y, y]));
    const edges = preActivation(2);
    for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1] as number);
  });

  test("a column without variance and ε = 0 has finite edges", () => {
    const normalized = { ...spec("tanh"), normalization: { epsilon: 0, decay: 0.5, debias: false } };
    expect(ends(binsFor(normalized, points(1, [3, 3], [1, 2])).layerInput(0))).toEqual([-0.5, 0.5]);
  });
});
