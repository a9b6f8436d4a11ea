import { describe, expect, test } from "vitest";
import { EXIT, ExpectedError } from "../../src/errors.js";
import { initialWeights } from "../../src/model/initialisers.js";
import { writeSafetensors } from "../../src/model/safetensors.js";
import { digestOf, type Tensor, valuesOf } from "../../src/model/tensors.js";
import { readWeights, sizesOf } from "../../src/model/weights.js";

const tensor = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => i / 4),
});

const GOOD: Readonly<Record<string, Tensor>> = {
  "layers.0.kernel": tensor(2, 3),
  "layers.0.bias": tensor(3),
  "layers.1.kernel": tensor(3, 4),
  "layers.1.bias": tensor(4),
  "layers.2.kernel": tensor(4, 1),
  "layers.2.bias": tensor(1),
};

const fileOf = (tensors: Readonly<Record<string, Tensor>>) => writeSafetensors(new Map(Object.entries(tensors)), {});

function faultsOf(changes: Readonly<Record<string, Tensor | undefined>>): string[] {
  const tensors = Object.entries({ ...GOOD, ...changes }).filter(([, value]) => value !== undefined);
  try {
    readWeights(fileOf(Object.fromEntries(tensors) as Record<string, Tensor>), "w");
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect((error as ExpectedError).exitCode).toBe(EXIT.usage);
    return (error as ExpectedError).message.split("\n");
  }
  throw new Error("nothing was refused");
}

describe("weights that fit", () => {
  test("are read in the layers' order, whatever the file's", () => {
    const { weights, ignored } = readWeights(fileOf(Object.fromEntries(Object.entries(GOOD).reverse())), "w");
    expect([...weights]).toEqual(Object.entries(GOOD));
    expect(ignored).toEqual([]);
    expect(sizesOf(weights)).toEqual([2, 3, 4, 1]);
  });

  test("may have company, which is named and not used", () => {
    const { weights, ignored } = readWeights(fileOf({ "norms.0.gamma": tensor(2), ...GOOD, step: tensor() }), "w");
    expect([...weights.keys()]).toEqual(Object.keys(GOOD));
    expect(ignored).toEqual(["norms.0.gamma", "step"]);
  });

  test("of the initialisers survive being saved", () => {
    const drawn = initialWeights([1, 5, 5, 1], { init: "he", initStd: 1 }, 3);
    const { weights } = readWeights(writeSafetensors(drawn, {}), "w");
    expect([...weights]).toEqual([...drawn]);
  });
});

describe("weights that do not fit are refused with the file's and the tensor's name", () => {
  test.each<[string, Record<string, Tensor | undefined>, string]>([
    ["a kernel missing", { "layers.1.kernel": undefined }, "w: layers.1.kernel is missing"],
    ["a bias missing", { "layers.1.bias": undefined }, "w: layers.1.bias is missing"],
    [
      "a kernel of three axes",
      { "layers.0.kernel": tensor(2, 3, 1) },
      "w: layers.0.kernel has shape [2, 3, 1]; it must be [in, out]",
    ],
    [
      "a kernel without inputs",
      { "layers.0.kernel": tensor(0, 3) },
      "w: layers.0.kernel has shape [0, 3]; it must be [in, out]",
    ],
    [
      "kernels that do not chain",
      { "layers.1.kernel": tensor(5, 4) },
      "w: layers.1.kernel has shape [5, 4] behind a layer of 3 units",
    ],
    ["a bias of another length", { "layers.1.bias": tensor(3) }, "w: layers.1.bias has shape [3]; it must be [4]"],
    ["a bias of two axes", { "layers.0.bias": tensor(1, 3) }, "w: layers.0.bias has shape [1, 3]; it must be [3]"],
    [
      "NaN",
      { "layers.2.bias": { shape: [1], data: Float32Array.of(Number.NaN) } },
      "w: layers.2.bias holds a value that is not a finite float32 number",
    ],
  ])("%s", (_, changes, fault) => {
    expect(faultsOf(changes)).toEqual([fault]);
  });

  test("more than one output", () => {
    expect(faultsOf({ "layers.2.kernel": tensor(4, 2), "layers.2.bias": tensor(2) })).toEqual([
      "w: layers.2.kernel has 2 outputs; there is one target, y",
    ]);
  });

  test("everything that does not fit is listed at once", () => {
    const changes = { "layers.0.bias": undefined, "layers.1.kernel": tensor(5, 4), "layers.2.bias": tensor(2) };
    expect(faultsOf(changes)).toEqual([
      "w: layers.0.bias is missing",
      "w: layers.1.kernel has shape [5, 4] behind a layer of 3 units",
      "w: layers.2.bias has shape [2]; it must be [1]",
    ]);
  });

  test("a single layer, which leaves nothing hidden", () => {
    const file = fileOf({ "layers.0.kernel": tensor(1, 1), "layers.0.bias": tensor(1) });
    expect(() => readWeights(file, "w")).toThrow("w: needs layers.0.kernel, layers.0.bias and at least one layer more");
  });

  test.each([
    ["no tensor", {}, "found no tensor at all"],
    ["other names", { kernel: tensor(1) }, "found kernel"],
    ["a long name", { ["k".repeat(10_000)]: tensor(1) }, `found ${"k".repeat(60)}…`],
    [
      "many other names",
      Object.fromEntries([..."abcdefghijkl"].map((name) => [name, tensor(1)])),
      "found a, b, c, d, e, f, g, h, i, j and 2 more",
    ],
  ])("%s", (_, tensors, found) => {
    expect(() => readWeights(fileOf(tensors), "w")).toThrow(found);
  });
});

describe("a state's tensors", () => {
  const state = new Map(Object.entries(GOOD));

  test("are found by name, and a missing one is a bug", () => {
    expect(valuesOf(state, "layers.0.bias")).toEqual(Float32Array.of(0, 0.25, 0.5));
    expect(() => valuesOf(state, "norms.0.gamma")).toThrow('the state has no tensor "norms.0.gamma"');
  });

  test("have a digest by kind that every value changes", () => {
    const changed = new Map(state).set("layers.1.bias", tensor(3));
    expect(digestOf(changed, ".kernel")).toBe(digestOf(state, ".kernel"));
    expect(digestOf(changed, ".bias")).not.toBe(digestOf(state, ".bias"));
  });
});

describe("files that would cost too much or say too much", () => {
  test.each(["layers.3000000.bias", "layers.9999999999999999999999.bias"])("%s is refused at once", (name) => {
    expect(faultsOf({ [name]: tensor(1) })).toHaveLength(1);
  });

  test("two hundred thousand tensors are no fault by themselves; a thousand bad layers are twenty lines and a number", () => {
    const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`t${i}`, tensor(0)]));
    expect(() => readWeights(fileOf(many), "w")).toThrow(/ t8, t9 and 199990 more$/);
    const bad = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`layers.${i}.kernel`, tensor(1)]));
    const faults = faultsOf(bad);
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toMatch(/^and 19\d\d more$/);
  });

  test("a kernel of the wrong rank is the only fault that is named", () => {
    expect(faultsOf({ "layers.0.kernel": tensor(1, 2, 3) })).toEqual([
      "w: layers.0.kernel has shape [1, 2, 3]; it must be [in, out]",
    ]);
  });
});
