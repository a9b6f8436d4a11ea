import { usageError } from "../../errors.js";
import { excerpt } from "../../text/excerpt.js";
import { t } from "../../text/language.js";

/** An array of a `.npy` file, row-major. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Uint8Array;
  /** Without the byte order: `f4`, `u1`. */
  readonly type: string;
}

type Read = (view: DataView, length: number) => NumpyArray["data"];

/** The types that are read, with the bytes of a value. Whole numbers beyond 2⁵³ are rounded. */
const TYPES: Readonly<Record<string, readonly [bytes: number, read: Read]>> = {
  f4: [4, (view, length) => Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i, true))],
  f8: [8, (view, length) => Float64Array.from({ length }, (_, i) => view.getFloat64(8 * i, true))],
  u1: [1, (view, length) => new Uint8Array(view.buffer, view.byteOffset, length)],
  i1: [1, (view, length) => Float64Array.from({ length }, (_, i) => view.getInt8(i))],
  i4: [4, (view, length) => Float64Array.from({ length }, (_, i) => view.getInt32(4 * i, true))],
  i8: [8, (view, length) => Float64Array.from({ length }, (_, i) => Number(view.getBigInt64(8 * i, true)))],
};
const MAGIC = "\u0093NUMPY";
const SAVE = t`save it as float32, float64, uint8, int8, int32 or int64`;

/**
 * Reads an array that `numpy.save` wrote, in versions 1.0 to 3.0 of the format (numpy.lib.format): a magic string, the
 * version, the length of the header, the header (a Python dictionary with descr, fortran_order and shape), the values.
 * Throws a usage error that names the file and what would be right.
 */
export function readNpy(bytes: Uint8Array, file: string): NumpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  const broken = (why: string) => usageError(t`${file}: this is not a NumPy array (.npy): ${why}`);
  if (latin(0, 6) !== MAGIC) throw broken(t`it does not start with \\x93NUMPY`);
  if (bytes.length < 12) throw broken(t`it is shorter than its header`);
  const [major = 0, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0)
    throw usageError(
      t`${file}: version ${major}.${minor} of the NumPy format; 1.0, 2.0 and 3.0 are read: save it again with numpy.save`,
    );
  const start = major === 1 ? 10 : 12;
  const from = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < from) throw broken(t`its header is longer than the file`);
  const header = latin(start, from);
  const field = (name: string, value: string) =>
    new RegExp(`[{,]\\s*(['"])${name}\\1\\s*:\\s*${value}\\s*[,}]`).exec(header)?.[2];
  const order = field("fortran_order", "(True|False)");
  const sizes = field("shape", "\\(([\\dL\\s,]*)\\)");
  if (order === undefined || sizes === undefined || !/^\s*\{.*\}\s*$/s.test(header))
    throw broken(t`its header is not a dictionary of descr, fortran_order and shape: ${excerpt(header.trim())}`);
  const type = typeOf(field("descr", "['\"]([<>|=]?\\w+)['\"]"), file);
  if (order === "True")
    throw usageError(
      t`${file}: the array is in Fortran order; save it with numpy.save(file, numpy.ascontiguousarray(array))`,
    );
  const shape = sizes
    .split(",")
    .map((size) => size.replace("L", "").trim())
    .filter((size) => size !== "")
    .map(Number);
  const length = shape.reduce((product, size) => product * size, 1);
  const [width, read] = TYPES[type] as (typeof TYPES)[string];
  const found = bytes.length - from;
  if (found !== length * width) {
    const fault = found < length * width ? t`the file is cut off` : t`there is more behind the array`;
    throw usageError(
      t`${file}: ${found} bytes behind the header, where the shape (${excerpt(shape.join(", "))}) of ${type} is ${length * width}: ${fault}`,
    );
  }
  return { shape, type, data: read(new DataView(bytes.buffer, bytes.byteOffset + from, found), length) };
}

/** Of little-endian numbers, without the byte order. */
function typeOf(descr: string | undefined, file: string): string {
  if (descr === undefined)
    throw usageError(t`${file}: the array has fields of several types; ${SAVE}, one array a file`);
  const type = descr.replace(/^[<>|=]/, "");
  if (type.startsWith("O")) throw usageError(t`${file}: the array holds Python objects; ${SAVE}`);
  if (!Object.hasOwn(TYPES, type)) throw usageError(t`${file}: the array is of ${excerpt(descr)}; ${SAVE}`);
  if (descr.startsWith(">") && !type.endsWith("1"))
    throw usageError(t`${file}: the array is big-endian (${descr}); save it with array.astype("<${type}")`);
  return type;
}
