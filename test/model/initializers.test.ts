import { describe, expect, test } from "vitest";
import {
  drawDeviates,
  type Initialization,
  type InitializerName,
  initialTensors,
  initialWeights,
  scaledWeights,
} from "../../src/model/initializers.js";
import { layerCount, type Normalization, norms, parameterNames } from "../../src/model/network.js";
import { type TensorMap, valuesOf } from "../../src/model/tensors.js";

const normalization = { epsilon: 0.001, decay: 0.5, debias: false };

function standardDeviation(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
}

describe("initial kernels", () => {
  const sizes = [100, 300, 50, 1];

  test.each<[InitializerName, number, number, number]>([
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

describe("initial biases", () => {
  const sizes = [3, 200, 100, 1];
  const standard: Initialization = { init: "normal", initStd: 1, bias: 0.1, biasStd: 0 };
  const deviates = drawDeviates(sizes, 1);
  const ending = (weights: TensorMap, end: string) => [...weights].filter(([name]) => name.endsWith(end));

  test("of another mean and spread leave every kernel as it was", () => {
    const spread = scaledWeights(deviates, { ...standard, bias: -2, biasStd: 3 });
    expect(ending(spread, ".kernel")).toEqual(ending(scaledWeights(deviates, standard), ".kernel"));
  });

  test("of another init leave every bias as it was", () => {
    const spread = { ...standard, biasStd: 0.5 };
    const he = scaledWeights(deviates, { ...spread, init: "he" });
    expect(ending(he, ".bias")).toEqual(ending(scaledWeights(deviates, spread), ".bias"));
  });

  test("are their mean where they have no spread, and else have both", () => {
    const bias = (change: Partial<Initialization>) =>
      valuesOf(scaledWeights(deviates, { ...standard, ...change }), "layers.0.bias");
    expect(bias({ bias: -0.25 })).toEqual(new Float32Array(200).fill(-0.25));
    const spread = bias({ bias: -2, biasStd: 3 });
    // Four standard errors of a mean and of a standard deviation over 200 values.
    expect(Math.abs(standardDeviation(spread) / 3 - 1)).toBeLessThan(4 / Math.sqrt(400));
    expect(Math.abs(Array.from(spread).reduce((sum, value) => sum + value, 0) / 200 + 2)).toBeLessThan(
      (4 * 3) / Math.sqrt(200),
    );
  });

  test("are their deviates scaled and moved, rounded to float32 once", () => {
    const made = valuesOf(scaledWeights(deviates, { ...standard, bias: 0.3, biasStd: 0.7 }), "layers.1.bias");
    const drawn = valuesOf(deviates, "layers.1.bias");
    expect([...made]).toEqual([...drawn].map((deviate) => Math.fround(0.3 + 0.7 * deviate)));
  });
});

describe("the deviates of a seed", () => {
  test.each<InitializerName>(["normal", "he", "glorot", "lecun"])(
    "are what init %s scales, by one factor a layer",
    (init) => {
      const sizes = [4, 5, 6, 1];
      const deviates = drawDeviates(sizes, 3);
      const weights = scaledWeights(deviates, { init, initStd: 0.7, bias: 0, biasStd: 0 });
      const [inputs, outputs] = [5, 6];
      const std = {
        normal: 0.7,
        he: Math.sqrt(2 / inputs),
        glorot: Math.sqrt(2 / (inputs + outputs)),
        lecun: Math.sqrt(1 / inputs),
      }[init];
      const expected = [...valuesOf(deviates, "layers.1.kernel")].map((deviate) => Math.fround(std * deviate));
      expect([...valuesOf(weights, "layers.1.kernel")]).toEqual(expected);
    },
  );

  test("are float64 of the tensors' own shapes, kernels and biases", () => {
    const deviates = drawDeviates([2, 3, 1], 1);
    expect([...deviates].map(([name, { shape }]) => [name, shape])).toEqual([
      ["layers.0.kernel", [2, 3]],
      ["layers.0.bias", [3]],
      ["layers.1.kernel", [3, 1]],
      ["layers.1.bias", [1]],
    ]);
    for (const [, { shape, data }] of deviates) {
      expect(data).toBeInstanceOf(Float64Array);
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
    }
  });

  test("stay for the layers that a deeper network keeps", () => {
    const [shallow, deep] = [
      [2, 3, 3, 1],
      [2, 3, 3, 3, 1],
    ].map((sizes) => drawDeviates(sizes, 1)) as TensorMap[];
    for (const name of ["layers.0.kernel", "layers.0.bias", "layers.1.kernel", "layers.1.bias"]) {
      expect(deep?.get(name)).toEqual(shallow?.get(name));
    }
  });

  test("of a kernel and of the bias beside it have nothing in common", () => {
    const deviates = drawDeviates([1, 20, 1], 1);
    expect(valuesOf(deviates, "layers.0.kernel")).not.toEqual(valuesOf(deviates, "layers.0.bias"));
  });
});

describe("an arm's first state", () => {
  const sizes = [2, 3, 4, 1];
  const weights = initialWeights(sizes, { init: "he", initStd: 1 }, 1);

  test("has bit-identical kernels and biases in both arms", () => {
    const [plain, bn] = [{ sizes }, { sizes, normalization }].map((spec) => initialTensors(weights, spec));
    expect([...(plain as TensorMap)]).toEqual([...weights]);
    for (const [name, tensor] of weights) expect(bn?.get(name)).toEqual(tensor);
  });

  test("has gamma 1, beta 0 and moving statistics 0 for the input and every hidden layer of the bn arm", () => {
    const bn = initialTensors(weights, { sizes, normalization });
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

const placesOf = (spec: Parameters<typeof norms>[0]) => norms(spec).map(({ index, units }) => ({ index, units }));

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
    expect(norms({ sizes })).toEqual([]);
  });

  test("of the bn arm have gamma and beta where the normalization stands: before the first and behind each hidden layer", () => {
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
    expect(placesOf({ sizes, normalization })).toEqual([
      { index: 0, units: 1 },
      { index: 1, units: 30 },
      { index: 2, units: 30 },
    ]);
    expect(layerCount({ sizes })).toBe(3);
  });
});

describe("what normalizes, by its place", () => {
  const sizes = [2, 3, 4, 1];
  const tensorsOf = (choice: Partial<Normalization>) => {
    const full = { ...normalization, ...choice };
    const weights = initialWeights(sizes, { init: "he", initStd: 1 }, 1);
    const names = [...initialTensors(weights, { sizes, normalization: full }).keys()].filter((name) =>
      name.startsWith("norms."),
    );
    const trained = parameterNames({ sizes, normalization: full }).filter((name) => name.startsWith("norms."));
    return { places: placesOf({ sizes, normalization: full }), names, trained };
  };
  const named = (kinds: readonly string[], ...indices: number[]) =>
    indices.flatMap((index) => kinds.map((kind) => `norms.${index}.${kind}`));
  const TRAINED = ["gamma", "beta"];
  const MOVING = ["moving_mean", "moving_variance"];

  test.each([
    ["all", [0, 1, 2]],
    ["hidden", [1, 2]],
    ["input", [0]],
  ] as const)("%s: a norm of its own size in each, with its tensors and no others", (where, indices) => {
    const places = indices.map((index) => ({ index, units: sizes[index] as number }));
    expect(tensorsOf({ where })).toEqual({
      places,
      names: named([...TRAINED, ...MOVING], ...indices),
      trained: named(TRAINED, ...indices),
    });
    expect(tensorsOf({ where, affine: false })).toEqual({ places, names: named(MOVING, ...indices), trained: [] });
  });

  test.each<Partial<Normalization>>([
    { where: "all" },
    { affine: true },
    { transform: "scale" },
    { position: "after" },
    { ghostBatchSize: 2 },
  ])("%j changes no name of the standard normalization", (choice) => {
    expect(tensorsOf(choice)).toEqual(tensorsOf({}));
  });

  test("gamma and beta of the input come first, those of a hidden layer behind its bias", () => {
    expect(parameterNames({ sizes: [1, 2, 1], normalization: { ...normalization, where: "hidden" } })).toEqual([
      "layers.0.kernel",
      "layers.0.bias",
      "norms.1.gamma",
      "norms.1.beta",
      "layers.1.kernel",
      "layers.1.bias",
    ]);
  });

  test("nothing is left without hidden layers but the input", () => {
    expect(placesOf({ sizes: [3, 1], normalization })).toEqual([{ index: 0, units: 3 }]);
    expect(placesOf({ sizes: [3, 1], normalization: { ...normalization, where: "hidden" } })).toEqual([]);
  });
});
