import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCifar10 } from "../../src/data/formats/cifar10.js";
import { readIdx } from "../../src/data/formats/idx.js";
import { readNpy } from "../../src/data/formats/npy.js";
import type { Samples } from "../../src/data/formats/samples.js";
import { ExpectedError } from "../../src/errors.js";
import { emptyFolder } from "../cli/command.js";
import "../property-seed.js";
import { array, byteOf, cifarFolder, cifarRecords, idx, idxFolder, MNIST, npy } from "./image-files.js";

const all = ({ samples, at }: Samples) => at(Array.from({ length: samples }, (_, i) => i));

/** What is wrong, without the folder, and the exit code. */
function faultOf(folder: string, read: () => unknown): { readonly exitCode: number; readonly says: string } {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { exitCode: error.exitCode, says: error.message.replaceAll(folder, "DIR") };
  }
  throw new Error("it was read");
}

const pixelsOf = (samples: number, pixels: number) =>
  Float32Array.from({ length: samples * pixels }, (_, i) => byteOf(Math.floor(i / pixels), i % pixels) / 255);

describe("MNIST's files", () => {
  test.each([
    ["plain", false],
    ["in gzip", true],
  ])("%s give images of values from 0 to 1 with their labels, and test images of their own", (_, packed) => {
    const { training, test: rest } = readIdx(idxFolder(emptyFolder(), {}, { packed }));
    const points = all(training);
    expect(points).toMatchObject({ samples: 10, inputs: 6, image: { height: 3, width: 2, channels: 1 } });
    expect([...points.y]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    expect(points.x).toEqual(pixelsOf(10, 6));
    expect(all(rest as Samples).x).toEqual(pixelsOf(4, 6));
  });

  test("may have a dot in their names, and no test images; some of the images can be taken", () => {
    const folder = idxFolder(emptyFolder(), {}, { test: 0 });
    for (const name of ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
      renameSync(join(folder, name), join(folder, name.replace("-idx", ".idx")));
    const { training, test: rest } = readIdx(folder);
    expect(rest).toBeUndefined();
    const some = training.at([7, 2]);
    expect([...some.y]).toEqual([1, 2]);
    expect([...some.x.subarray(0, 6)]).toEqual([...pixelsOf(10, 6).subarray(42, 48)]);
  });

  const images = MNIST.images(10);
  test.each<[string, Readonly<Record<string, Uint8Array | undefined>>, number, string]>([
    ["no images", { "train-images-idx3-ubyte": undefined }, 5, "cannot read DIR: train-images-idx3-ubyte is missing"],
    ["no labels", { "train-labels-idx1-ubyte": undefined }, 5, "cannot read DIR: train-labels-idx1-ubyte is missing"],
    [
      "no test labels",
      { "t10k-labels-idx1-ubyte": undefined },
      5,
      "t10k-labels-idx1-ubyte is missing, plain or with .gz",
    ],
    [
      "labels for images",
      { "train-images-idx3-ubyte": MNIST.labels(10) },
      2,
      "DIR/train-images-idx3-ubyte: its magic number 0x00000801 is of an array of 1 axis; a file of images starts with 0x00000803",
    ],
    [
      "another magic number",
      { "train-images-idx3-ubyte": Buffer.from("PNG is no IDX") },
      2,
      "DIR/train-images-idx3-ubyte: this is not an IDX file: its magic number is 0x504e4720",
    ],
    [
      "images of float32",
      { "train-images-idx3-ubyte": idx([10, 3, 2], new Uint8Array(240), 13) },
      2,
      "its values are float32 numbers; images are unsigned bytes",
    ],
    ["an empty file", { "train-labels-idx1-ubyte": new Uint8Array(0) }, 2, "it is shorter than its header"],
    ["a torn header", { "train-images-idx3-ubyte": images.subarray(0, 9) }, 2, "cut off within its header"],
    [
      "a torn file",
      { "train-images-idx3-ubyte": images.subarray(0, -1) },
      2,
      "DIR/train-images-idx3-ubyte: 59 bytes behind the header, where 10 × 3 × 2 pixels are 60: the file is cut off",
    ],
    [
      "more than it says",
      { "t10k-labels-idx1-ubyte": Buffer.concat([MNIST.labels(4), new Uint8Array(1)]) },
      2,
      "there is more behind them",
    ],
    ["no image", { "t10k-images-idx3-ubyte": idx([0, 3, 2], []) }, 2, "it holds no images: its size is 0 × 3 × 2"],
    [
      "a size beyond every file",
      { "train-images-idx3-ubyte": idx([0xffffffff, 0xffffffff, 0xffffffff], [0]) },
      2,
      "the file is cut off",
    ],
    [
      "other labels than images",
      { "train-labels-idx1-ubyte": MNIST.labels(9) },
      2,
      "DIR/train-labels-idx1-ubyte: 9 labels, and DIR/train-images-idx3-ubyte has 10 images",
    ],
    [
      "test images of another size",
      { "t10k-images-idx3-ubyte": MNIST.images(4, 2, 2) },
      2,
      "the test images have 2 × 2 pixels, the training images 3 × 2",
    ],
    [
      "damaged gzip",
      { "train-images-idx3-ubyte": Uint8Array.of(0x1f, 0x8b, 8, 0, 1) },
      2,
      "this is gzip that is damaged or cut off",
    ],
  ])("with %s are refused", (_, files, exitCode, says) => {
    const folder = idxFolder(emptyFolder(), files);
    const fault = faultOf(folder, () => readIdx(folder));
    expect(fault.says).toContain(says);
    expect(fault.exitCode).toBe(exitCode);
  });

  test("that are not there are named", () => {
    const folder = emptyFolder();
    expect(faultOf(folder, () => readIdx(folder)).says).toContain(
      "it has no train-images-idx3-ubyte, plain or with .gz",
    );
  });
});

describe("CIFAR-10's files", () => {
  test("give images whose colors are side by side", () => {
    const { training, test: rest } = readCifar10(cifarFolder(emptyFolder()));
    const points = all(training);
    expect(points).toMatchObject({ samples: 10, inputs: 3072, image: { height: 32, width: 32, channels: 3 } });
    expect([...points.y]).toEqual([1, 0, 2, 0, 3, 0, 4, 0, 5, 0]);
    // Every batch has the same two images.
    expect(training.at([0, 1]).x).toEqual(pixelsOf(2, 3072));
    expect(training.at([4, 5]).x).toEqual(pixelsOf(2, 3072));
    expect([...all(rest as Samples).y]).toEqual([9, 8, 7]);
  });

  test.each<[string, Readonly<Record<string, Uint8Array | undefined>>, number, string]>([
    [
      "missing batches",
      { "data_batch_2.bin": undefined, "test_batch.bin": undefined },
      5,
      "cannot read DIR: data_batch_2.bin, test_batch.bin are missing; give the folder of CIFAR-10's binary version",
    ],
    [
      "the Python version",
      { "data_batch_1.bin": undefined, data_batch_1: Uint8Array.of(0x80, 2) },
      5,
      "data_batch_1.bin is missing; these are the files of its Python version",
    ],
    [
      "torn batches",
      { "data_batch_3.bin": cifarRecords([1]).subarray(1), "test_batch.bin": new Uint8Array(0) },
      2,
      "DIR/data_batch_3.bin: 3072 bytes are not a number of whole records of 3073",
    ],
    [
      "a label beyond 9",
      { "data_batch_4.bin": cifarRecords([3, 10]) },
      2,
      "DIR/data_batch_4.bin: record 2 has the label 10",
    ],
  ])("with %s are refused", (_, files, exitCode, says) => {
    const folder = cifarFolder(emptyFolder(), files);
    const fault = faultOf(folder, () => readCifar10(folder));
    expect(fault.says).toContain(says);
    expect(fault.exitCode).toBe(exitCode);
    if (files["test_batch.bin"]?.length === 0) expect(fault.says).toContain("DIR/test_batch.bin: 0 bytes");
  });
});

describe("NumPy's arrays", () => {
  test.each([
    ["<f4", Float32Array.of(0.5, -2, 3, 4, 5, 6)],
    ["<f8", Float64Array.of(0.1, -2, 3, 4, 5, 6)],
    ["|u1", Uint8Array.of(0, 255, 3, 4, 5, 6)],
    ["|i1", Int8Array.of(-128, 127, 3, 4, 5, 6)],
    ["<i4", Int32Array.of(-70000, 2, 3, 4, 5, 6)],
    ["<i8", BigInt64Array.of(-5n, 2n ** 40n, 3n, 4n, 5n, 6n)],
  ] as const)("of %s are read in versions 1.0, 2.0 and 3.0", (descr, values) => {
    for (const version of [
      [1, 0],
      [2, 0],
      [3, 0],
    ] as const) {
      const { shape, data, type } = readNpy(array(descr, [3, 2], values, version), "x.npy");
      expect([type, shape, [...data]]).toEqual([descr.slice(1), [3, 2], Array.from(values, Number)]);
    }
  });

  test("of one axis and of none have that shape; the order of the header's entries and Python 2's numbers do not matter", () => {
    const values = Float32Array.of(1);
    expect(readNpy(array("<f4", [1], values), "x.npy").shape).toEqual([1]);
    expect(readNpy(array("<f4", [], values), "x.npy").shape).toEqual([]);
    const bytes = new Uint8Array(values.buffer);
    expect(readNpy(npy(`{"shape": (1L, 1L), "fortran_order": False, "descr": "<f4"}`, bytes), "x.npy").shape).toEqual([
      1, 1,
    ]);
  });

  const header = (descr: string, order = "False", shape = "(2,)") =>
    npy(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`, new Uint8Array(8));
  test.each<[string, Uint8Array, string]>([
    ["text", Buffer.from("1,2\n"), "x.npy: this is not a NumPy array (.npy): it does not start with \\x93NUMPY"],
    [
      "a version to come",
      npy("{}", new Uint8Array(0), [4, 0]),
      "version 4.0 of the NumPy format; 1.0, 2.0 and 3.0 are read",
    ],
    ["nothing but the magic string", header("'<f4'").subarray(0, 7), "it is shorter than its header"],
    ["a torn length", header("'<f4'").subarray(0, 9), "it is shorter than its header"],
    ["a torn header", header("'<f4'").subarray(0, 40), "its header is longer than the file"],
    [
      "a header without a shape",
      npy("{'descr': '<f4', 'fortran_order': False}", new Uint8Array(8)),
      "its header is not a dictionary of descr, fortran_order and shape",
    ],
    [
      "half an array",
      header("'<f4'").subarray(0, -1),
      "7 bytes behind the header, where the shape (2) of f4 is 8: the file is cut off",
    ],
    ["two arrays", Buffer.concat([header("'<f4'"), header("'<f4'")]), "there is more behind the array"],
    ["Fortran order", header("'<f4'", "True"), "numpy.ascontiguousarray"],
    ["big-endian numbers", header("'>f4'"), 'the array is big-endian (>f4); save it with array.astype("<f4")'],
    ["halves", header("'<f2'"), "the array is of <f2; save it as float32, float64, uint8, int8, int32 or int64"],
    ["booleans", header("'|b1'"), "the array is of |b1; save it as"],
    ["Python objects", header("'|O'"), "the array holds Python objects"],
    ["fields", header("[('a', '<f4'), ('b', '<f4')]"), "the array has fields of several types"],
    ["a name of every object", header("'<constructor'"), "the array is of <constructor"],
  ])("with %s are refused", (_, bytes, says) => {
    const fault = faultOf("/nowhere", () => readNpy(bytes, "x.npy"));
    expect(fault.says).toContain(says);
    expect(fault.exitCode).toBe(2);
  });
});

/** Some bytes changed, removed or repeated, most of them where headers are. */
const damage = fc.array(
  fc.record({ at: fc.nat(90), byte: fc.nat(255), how: fc.constantFrom("set", "cut", "repeat") }),
  { minLength: 1, maxLength: 3 },
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(bytes: Uint8Array, changes: Damage): Uint8Array {
  return changes.reduce((all, { at, byte, how }) => {
    const here = Math.min(at, all.length);
    if (how === "cut") return all.subarray(0, here);
    if (how === "repeat") return Buffer.concat([all.subarray(0, here), all.subarray(Math.max(0, here - 4))]);
    const changed = Uint8Array.from(all);
    if (here < changed.length) changed[here] = byte;
    return changed;
  }, bytes);
}

test("damaged files are read or refused, never anything else", () => {
  const folder = idxFolder(emptyFolder());
  const image = join(folder, "train-images-idx3-ubyte");
  const whole = readFileSync(image);
  const arrays = [
    array("<f4", [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)),
    array("|u1", [4], Uint8Array.of(1, 2, 3, 4), [2, 0]),
  ];
  const isExpected = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
    }
  };
  fc.assert(
    fc.property(damage, (changes) => {
      for (const bytes of arrays) isExpected(() => readNpy(damaged(bytes, changes), "x.npy"));
      writeFileSync(image, damaged(whole, changes));
      isExpected(() => all(readIdx(folder).training));
    }),
    { numRuns: 100 },
  );
});
