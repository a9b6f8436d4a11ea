import { existsSync } from "node:fs";
import { join } from "node:path";
import { EXIT, ExpectedError, usageError } from "../../errors.js";
import { readInput } from "../../input-file.js";
import { t } from "../../text/language.js";
import { isGzip, unpacked } from "../gzip.js";
import { byteImages, type SampleSets, type Samples } from "./samples.js";

/** Types of values by their byte in the magic number. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [0x08, t`unsigned bytes`],
  [0x09, t`signed bytes`],
  [0x0b, t`16-bit integers`],
  [0x0c, t`32-bit integers`],
  [0x0d, t`float32 numbers`],
  [0x0e, t`float64 numbers`],
]);
const BYTES = 0x08;
const AXES = { images: 3, labels: 1 } as const;
const KINDS = { images: t`images`, labels: t`labels` } as const;

/**
 * The images and labels of a folder with the files of MNIST, or of a set in the same form: `train-images-idx3-ubyte` and
 * `train-labels-idx1-ubyte`, and where it has test images `t10k-…`, each plain or in gzip. Throws expected errors that name
 * the file. The format is that of LeCun, Cortes & Burges, "The MNIST database".
 */
export function readIdx(folder: string): SampleSets {
  const training = readPart(folder, "train");
  if (training === undefined) {
    throw new ExpectedError(
      EXIT.file,
      t`cannot read ${folder}: it has no train-images-idx3-ubyte, plain or with .gz; give the folder with MNIST's files, or with others of their names`,
    );
  }
  const test = readPart(folder, "t10k");
  if (test === undefined) return { training };
  const [{ image: form }, { image: other }] = [training, test];
  if (form?.height !== other?.height || form?.width !== other?.width) {
    throw usageError(
      t`${folder}: the test images have ${other?.height} × ${other?.width} pixels, the training images ${form?.height} × ${form?.width}`,
    );
  }
  return { training, test };
}

/** Undefined where neither its images nor its labels are there. */
function readPart(folder: string, part: "train" | "t10k"): Samples | undefined {
  const files = { images: findFile(folder, part, "images"), labels: findFile(folder, part, "labels") };
  if (files.images === undefined && files.labels === undefined) return undefined;
  if (files.images === undefined || files.labels === undefined) {
    const lost = files.images === undefined ? "images" : "labels";
    throw new ExpectedError(
      EXIT.file,
      t`cannot read ${folder}: ${part}-${lost}-idx${AXES[lost]}-ubyte is missing, plain or with .gz`,
    );
  }
  const images = readFile(files.images, "images");
  const labels = readFile(files.labels, "labels");
  const [samples = 0, height = 0, width = 0] = images.shape;
  if (labels.shape[0] !== samples) {
    throw usageError(t`${files.labels}: ${labels.shape[0]} labels, and ${files.images} has ${samples} images`);
  }
  const pixels = height * width;
  return byteImages({
    form: { height, width, channels: 1 },
    samples,
    label: (sample) => labels.values[sample] as number,
    byte: (sample, place) => images.values[sample * pixels + place] as number,
  });
}

/** Copies of the files also have a dot in front of `idx`. */
function findFile(folder: string, part: string, kind: keyof typeof AXES): string | undefined {
  const names = ["-", "."].flatMap((mark) =>
    ["", ".gz"].map((end) => `${part}-${kind}${mark}idx${AXES[kind]}-ubyte${end}`),
  );
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

/** An array of bytes: a magic number (0, 0, type, axes), the length of each axis as a big-endian uint32, the values. */
function readFile(
  path: string,
  kind: keyof typeof AXES,
): { readonly shape: readonly number[]; readonly values: Uint8Array } {
  const given = readInput(path, "tensors");
  const bytes = isGzip(given) ? unpacked(given, path, "tensors") : given;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const axes = AXES[kind];
  const start = 4 + 4 * axes;
  if (bytes.length < 4) throw usageError(t`${path}: this is not an IDX file: it is shorter than its header`);
  const magic = view.getUint32(0);
  const [type, found] = [(magic >> 8) & 0xff, magic & 0xff];
  const name = (number: number) => `0x${number.toString(16).padStart(8, "0")}`;
  const wanted = t`a file of ${KINDS[kind]} starts with ${name((BYTES << 8) | axes)}`;
  if (magic >>> 16 !== 0 || !TYPES.has(type) || found === 0)
    throw usageError(t`${path}: this is not an IDX file: its magic number is ${name(magic)}; ${wanted}`);
  if (type !== BYTES)
    throw usageError(t`${path}: its values are ${TYPES.get(type)}; ${KINDS[kind]} are unsigned bytes`);
  if (found !== axes)
    throw usageError(
      found === 1
        ? t`${path}: its magic number ${name(magic)} is of an array of 1 axis; ${wanted}`
        : t`${path}: its magic number ${name(magic)} is of an array of ${found} axes; ${wanted}`,
    );
  if (bytes.length < start) throw usageError(t`${path}: the file is cut off within its header`);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (shape.includes(0)) throw usageError(t`${path}: it holds no ${KINDS[kind]}: its size is ${shape.join(" × ")}`);
  const length = shape.reduce((product, size) => product * size, 1);
  const values = bytes.subarray(start);
  if (values.length !== length) {
    const fault = values.length < length ? t`the file is cut off` : t`there is more behind them`;
    throw usageError(
      t`${path}: ${values.length} bytes behind the header, where ${shape.join(" × ")} ${kind === "images" ? t`pixels` : KINDS.labels} are ${length}: ${fault}`,
    );
  }
  return { shape, values };
}
