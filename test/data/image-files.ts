import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** An IDX file: a magic number (0, 0, type, axes), the length of each axis as a big-endian uint32, the values. */
export function idx(shape: readonly number[], values: ArrayLike<number>, type = 8): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, (type << 8) | shape.length);
  for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length);
  return Buffer.concat([new Uint8Array(header.buffer), Uint8Array.from(values)]);
}

/** Byte `place` of image `sample`: all images differ. */
export const byteOf = (sample: number, place: number) => (37 * sample + 11 * place) % 256;

export const MNIST = {
  images: (samples: number, height = 3, width = 2) => {
    const pixels = height * width;
    const bytes = Array.from({ length: samples * pixels }, (_, i) => byteOf(Math.floor(i / pixels), i % pixels));
    return idx([samples, height, width], bytes);
  },
  labels: (samples: number, classes = 3) =>
    idx(
      [samples],
      Array.from({ length: samples }, (_, i) => i % classes),
    ),
};

/** A folder with the files of MNIST's kind, or with others in their place; `undefined` leaves one out. */
export function idxFolder(
  folder: string,
  files: Readonly<Record<string, Uint8Array | undefined>> = {},
  { test = 4, packed = false } = {},
): string {
  const end = packed ? ".gz" : "";
  const all = {
    [`train-images-idx3-ubyte${end}`]: MNIST.images(10),
    [`train-labels-idx1-ubyte${end}`]: MNIST.labels(10),
    ...(test === 0
      ? {}
      : {
          [`t10k-images-idx3-ubyte${end}`]: MNIST.images(test),
          [`t10k-labels-idx1-ubyte${end}`]: MNIST.labels(test),
        }),
    ...files,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(all)) {
    if (bytes !== undefined) writeFileSync(join(folder, name), packed ? gzipSync(bytes) : bytes);
  }
  return folder;
}

const PLANE = 32 * 32;

/** Records of CIFAR-10's binary version; pixel p of plane c of record r is `byteOf(r, 3 p + c)`. */
export function cifarRecords(labels: readonly number[]): Uint8Array {
  return Buffer.concat(
    labels.map((label, record) =>
      Uint8Array.from({ length: 1 + 3 * PLANE }, (_, i) => {
        const [plane, pixel] = [Math.floor((i - 1) / PLANE), (i - 1) % PLANE];
        return i === 0 ? label : byteOf(record, 3 * pixel + plane);
      }),
    ),
  );
}

export function cifarFolder(folder: string, files: Readonly<Record<string, Uint8Array | undefined>> = {}): string {
  mkdirSync(folder, { recursive: true });
  const batches = [1, 2, 3, 4, 5].map((number) => [`data_batch_${number}.bin`, cifarRecords([number, 0])] as const);
  for (const [name, bytes] of Object.entries({
    ...Object.fromEntries(batches),
    "test_batch.bin": cifarRecords([9, 8, 7]),
    ...files,
  })) {
    if (bytes !== undefined) writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

/** What `numpy.save` writes of an array of that header. */
export function npy(header: string, values: Uint8Array, version: readonly [number, number] = [1, 0]): Uint8Array {
  const sizeBytes = version[0] === 1 ? 2 : 4;
  const before = 8 + sizeBytes;
  const text = Buffer.from(
    `${header.padEnd(64 * Math.ceil((before + header.length + 1) / 64) - before - 1)}\n`,
    "latin1",
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  return Buffer.concat([
    Buffer.from("\u0093NUMPY", "latin1"),
    Uint8Array.from(version),
    size.subarray(0, sizeBytes),
    text,
    values,
  ]);
}

type Typed = Float32Array | Float64Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

export function array(
  descr: string,
  shape: readonly number[],
  values: Typed,
  version?: readonly [number, number],
): Uint8Array {
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return npy(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${sizes}, }`, bytes, version);
}
