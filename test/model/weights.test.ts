import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXIT, ExpectedError } from "../../src/errors.js";
import { initialWeights } from "../../src/model/initializers.js";
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

  test("of the initializers survive being saved", () => {
    const drawn = initialWeights([1, 5, 5, 1], { init: "he", initStd: 1 }, 3);
    const { weights } = readWeights(writeSafetensors(drawn, {}), "w");
    expect([...weights]).toEqual([...drawn]);
  });
});

describe("weights as people have them", () => {
  const caseFile = (name: string) => readFileSync(new URL(`../data/cases/${name}`, import.meta.url));

  test("a counter of another type that nothing uses is named and no obstacle", () => {
    const { weights, ignored } = readWeights(caseFile("extra-int64-tensor.safetensors"), "w");
    expect(sizesOf(weights)).toEqual([1, 8, 8, 1]);
    expect(ignored).toEqual(["bns.0.running_mean", "bns.0.num_batches_tracked"]);
  });

  test("PyTorch's names and [out, in] are read, and that is said", () => {
    const { weights, notices } = readWeights(caseFile("pytorch-names.safetensors"), "w");
    expect([...weights]).toEqual([...readWeights(caseFile("extra-int64-tensor.safetensors"), "w").weights]);
    expect(notices).toEqual([
      "w: a PyTorch state dict: layers.0.weight, layers.1.weight, layers.2.weight are read as layers in this order, [out, in] transposed",
    ]);
  });

  test("a kernel of another type is refused with the type, cut where it is long", () => {
    const header = JSON.stringify({
      "layers.0.kernel": { dtype: "I".repeat(10_000), shape: [1], data_offsets: [0, 8] },
    });
    const bytes = Buffer.concat([Buffer.alloc(8), Buffer.from(header), Buffer.alloc(8)]);
    bytes.writeBigUInt64LE(BigInt(header.length));
    expect(() => readWeights(bytes, "w")).toThrow(
      `w: layers.0.kernel is ${"I".repeat(60)}…; kernels and biases are F64, F32`,
    );
  });

  test("missing biases are zero", () => {
    const { weights, notices } = readWeights(
      fileOf({ "layers.0.kernel": tensor(1, 2), "layers.1.kernel": tensor(2, 1) }),
      "w",
    );
    expect(weights.get("layers.0.bias")).toEqual({ shape: [2], data: Float32Array.of(0, 0) });
    expect(notices).toEqual(["w: without layers.0.bias, layers.1.bias, which are zero"]);
  });

  test.each([
    ["of a Sequential with activations in between", ["0", "2", "10"]],
    ["in a module that is wrapped", ["module.model.net.0", "module.model.net.3", "module.model.net.12"]],
    ["in blocks", ["net.0.0", "net.1.0", "net.2.0"]],
    ["with numbers in their own names", ["fc1", "fc2", "fc3"]],
    ["with an output of its own name", ["hidden.0", "hidden.2", "out"]],
  ])("layers %s come by their numbers", (_, names) => {
    const shapes = [
      [3, 2],
      [4, 3],
      [1, 4],
    ] as const;
    const entries = names.map(
      (name, i) => [`${name}.weight`, tensor(...(shapes[i] as readonly [number, number]))] as const,
    );
    const { weights, ignored } = readWeights(
      fileOf({ "bn.1.weight": tensor(3), ...Object.fromEntries(entries.reverse()) }),
      "w",
    );
    expect(sizesOf(weights)).toEqual([2, 3, 4, 1]);
    // [[0, 1], [2, 3], [4, 5]] / 4 the other way round.
    expect([...(weights.get("layers.0.kernel")?.data ?? [])]).toEqual([0, 2, 4, 1, 3, 5].map((n) => n / 4));
    expect(ignored).toEqual(["bn.1.weight"]);
  });

  test.each<[string, Readonly<Record<string, Tensor>>, string]>([
    [
      "names without an order",
      { "a.weight": tensor(3, 1), "b.weight": tensor(3, 3), "c.weight": tensor(1, 3) },
      "the order of the layers is not clear",
    ],
    ["a convolution", { "0.weight": tensor(3, 1, 5, 5) }, "0.weight has shape [3, 1, 5, 5]: a convolution's"],
    [
      "weight normalization",
      { "0.weight_g": tensor(3, 1), "0.weight_v": tensor(3, 1) },
      "0.weight_g, 0.weight_v: a parametrized weight; fold it",
    ],
    ["widths that do not chain", { "0.weight": tensor(3, 1), "1.weight": tensor(1, 4) }, "behind a layer of 3 units"],
  ])("%s are refused by name", (_, tensors, expected) => {
    expect(() => readWeights(fileOf(tensors), "w")).toThrow(expected);
  });

  test("a checkpoint that is no safetensors file is told by what it is", () => {
    expect(() => readWeights(Buffer.from("PK\u0003\u0004 archive/data.pkl"), "w")).toThrow(
      "w: this is a PyTorch checkpoint, not a safetensors file; save its state dict with safetensors",
    );
  });
});

describe("weights that do not fit are refused with the file's and the tensor's name", () => {
  test.each<[string, Record<string, Tensor | undefined>, string]>([
    ["a kernel missing", { "layers.1.kernel": undefined }, "w: layers.1.kernel is missing"],
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

  test("everything that does not fit is listed at once", () => {
    const changes = { "layers.0.bias": tensor(9), "layers.1.kernel": tensor(5, 4), "layers.2.bias": tensor(2) };
    expect(faultsOf(changes)).toEqual([
      "w: layers.0.bias has shape [9]; it must be [3]",
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
    expect(faults.at(-1)).toBe("and 980 more");
  });

  test("a kernel of the wrong rank is the only fault that is named", () => {
    expect(faultsOf({ "layers.0.kernel": tensor(1, 2, 3) })).toEqual([
      "w: layers.0.kernel has shape [1, 2, 3]; it must be [in, out]",
    ]);
  });
});
