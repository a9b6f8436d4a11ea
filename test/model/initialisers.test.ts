import { describe, expect, test } from "vitest";
import { type InitialiserName, initialTensors, initialWeights } from "../../src/model/initialisers.js";
import { layerCount, normSizes, parameterNames } from "../../src/model/network.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";

const normalization = { epsilon: 0.001, decay: 0.5, debias: false };

function standardDeviation(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
}

describe("initial kernels", () => {
  const sizes = [100, 300, 50, 1];

  test.each<[InitialiserName, number, number, number]>([
    ["normal", 0.7, 0.7, 0.7],
    ["he", 0.7, Math.sqrt(2 / 100), Math.sqrt(2 / 300)],
    ["glorot", 0.7, Math.sqrt(2 / 400), Math.sqrt(2 / 350)],
    ["lecun", 0.7, Math.sqrt(1 / 100), Math.sqrt(1 / 300)],
  ])("of init %s have its standard deviation", (init, initStd, first, second) => {
    const weights = initialWeights(sizes, { init, initStd }, 1);
    for (const [layer, expected] of [first, second].entries()) {
      const kernel = valuesOf(weights, `layers.${layer}.kernel`);
      // Four standard errors of a sample's standard deviation.
      const allowed = 4 / Math.sqrt(2 * kernel.length);
      expect(Math.abs(standardDeviation(kernel) / expected - 1)).toBeLessThan(allowed);
      const mean = Array.from(kernel).reduce((sum, value) => sum + value, 0) / kernel.length;
      expect(Math.abs(mean)).toBeLessThan((4 * expected) / Math.sqrt(kernel.length));
    }
  });

  test("are float32, [in, out], beside biases of 0.1", () => {
    const weights = initialWeights([2, 3, 1], { init: "normal", initStd: 1 }, 1);
    expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual([
      ["layers.0.kernel", [2, 3]],
      ["layers.0.bias", [3]],
      ["layers.1.kernel", [3, 1]],
      ["layers.1.bias", [1]],
    ]);
    expect(valuesOf(weights, "layers.0.bias")).toEqual(new Float32Array(3).fill(0.1));
    expect(valuesOf(weights, "layers.0.kernel")).toBeInstanceOf(Float32Array);
  });

  test("hang on the seed, and differ from layer to layer", () => {
    const init = { init: "normal", initStd: 1 } as const;
    const [a, again, b] = [1, 1, 2].map((seed) => initialWeights([4, 4, 4, 1], init, seed)) as TensorMap[];
    expect(a).toEqual(again);
    expect(valuesOf(a as TensorMap, "layers.0.kernel")).not.toEqual(valuesOf(b as TensorMap, "layers.0.kernel"));
    expect(valuesOf(a as TensorMap, "layers.0.kernel")).not.toEqual(valuesOf(a as TensorMap, "layers.1.kernel"));
  });

  test("of two inits are the same deviates on two scales", () => {
    const of = (initStd: number) =>
      valuesOf(initialWeights([3, 3, 1], { init: "normal", initStd }, 1), "layers.0.kernel");
    expect(of(2)).toEqual(of(1).map((value) => 2 * value));
    expect(of(0).every((value) => value === 0)).toBe(true);
  });
});

describe("an arm's first state", () => {
  const sizes = [2, 3, 4, 1];
  const weights = initialWeights(sizes, { init: "he", initStd: 1 }, 1);

  test("has bit-identical kernels and biases in both arms", () => {
    const [plain, bn] = [undefined, normalization].map((norm) => initialTensors(weights, sizes, norm));
    expect([...(plain as TensorMap)]).toEqual([...weights]);
    for (const [name, tensor] of weights) expect(bn?.get(name)).toEqual(tensor);
  });

  test("has gamma 1, beta 0 and moving statistics 0 for the input and every hidden layer of the bn arm", () => {
    const bn = initialTensors(weights, sizes, normalization);
    const values = (name: string) => [...valuesOf(bn, name)];
    for (const [norm, units] of [2, 3, 4].entries()) {
      expect(values(`norms.${norm}.gamma`)).toEqual(new Array(units).fill(1));
      for (const kind of ["beta", "moving_mean", "moving_variance"]) {
        expect(values(`norms.${norm}.${kind}`)).toEqual(new Array(units).fill(0));
      }
    }
    expect(bn.size).toBe(weights.size + 3 * 4);
  });
});

describe("a network's names", () => {
  const sizes = [1, 30, 30, 1];

  test("of the plain arm are kernels and biases in the order of the forward pass", () => {
    expect(parameterNames({ sizes })).toEqual([
      "layers.0.kernel",
      "layers.0.bias",
      "layers.1.kernel",
      "layers.1.bias",
      "layers.2.kernel",
      "layers.2.bias",
    ]);
    expect(normSizes({ sizes })).toEqual([]);
  });

  test("of the bn arm have gamma and beta where the normalisation stands: before the first and behind each hidden layer", () => {
    expect(parameterNames({ sizes, normalization })).toEqual([
      "norms.0.gamma",
      "norms.0.beta",
      "layers.0.kernel",
      "layers.0.bias",
      "norms.1.gamma",
      "norms.1.beta",
      "layers.1.kernel",
      "layers.1.bias",
      "norms.2.gamma",
      "norms.2.beta",
      "layers.2.kernel",
      "layers.2.bias",
    ]);
    expect(normSizes({ sizes, normalization })).toEqual([1, 30, 30]);
    expect(layerCount({ sizes })).toBe(3);
  });
});
