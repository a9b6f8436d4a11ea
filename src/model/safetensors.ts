import { setFloat32 } from "../data/float32.js";
import { usageError } from "../errors.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { fromBfloat, fromHalf } from "./small-floats.js";
import type { Tensor, TensorMap } from "./tensors.js";

/** A safetensors file: 8 bytes header length, a JSON header, then the values, little-endian. */
export interface SafetensorsFile {
  /** Those of floating-point numbers. */
  readonly tensors: TensorMap;
  /** Those of I64, I32 and U8, such as labels; whole numbers beyond 2⁵³ are rounded. */
  readonly integers: TensorMap;
  /** The types of all that are not of floating-point numbers, by name, such as the I64 of a counter. */
  readonly unread: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of a value, of the types in the format's own list; of another type only the place in the file is checked. */
const BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    F64: 8,
    F32: 4,
    F16: 2,
    BF16: 2,
    I64: 8,
    U64: 8,
    I32: 4,
    U32: 4,
    I16: 2,
    U16: 2,
    I8: 1,
    U8: 1,
    BOOL: 1,
    F8_E4M3: 1,
    F8_E5M2: 1,
  }),
);

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads tensors of float64, float32, float16, bfloat16, int64, int32 and uint8; those of other types are only named. Throws a usage error that
 * names the file and the tensor at fault.
 */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (why: string) => usageError(t`${file}: this is not a safetensors file: ${why}`);
  if (bytes.length < 8) throw broken(t`it is shorter than its header`);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8) throw broken(t`its header is longer than the file`);
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    throw broken(t`its header is not JSON`);
  }
  if (typeof header !== "object" || header === null) throw broken(t`its header is not an object`);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isTextMap(metadata)) throw broken(t`its __metadata__ is not a map of strings`);
  const tensors = new Map<string, Tensor>();
  const integers = new Map<string, Tensor>();
  const unread = new Map<string, string>();
  for (const [name, value] of Object.entries(entries)) {
    if (!isEntry(value)) throw broken(t`the entry of "${excerpt(name)}" lacks dtype, shape or data_offsets`);
    const size = BYTES.get(value.dtype);
    const length = value.shape.reduce((product, n) => product * n, 1);
    const [from, to] = value.data_offsets;
    if ((size !== undefined && to - from !== length * size) || from > to || 8 + headerLength + to > bytes.length) {
      throw broken(
        t`the values of "${excerpt(name)}" do not fit its shape [${excerpt(value.shape.join(", "))}] or the file is truncated`,
      );
    }
    const start = 8 + headerLength + from;
    const values = new DataView(bytes.buffer, bytes.byteOffset + start, to - from);
    const data = valuesOf(value.dtype, length, values);
    if (data !== undefined) tensors.set(name, { shape: value.shape, data });
    else {
      unread.set(name, value.dtype);
      const whole = integersOf(value.dtype, length, values);
      if (whole !== undefined) integers.set(name, { shape: value.shape, data: whole });
    }
  }
  const places = Object.values(entries as Record<string, Entry>).map(({ data_offsets }) => data_offsets);
  places.sort(([a], [b]) => a - b);
  if (places.some(([from], i) => i > 0 && from < (places[i - 1] as Entry["data_offsets"])[1])) {
    throw broken(t`the values of two tensors overlap`);
  }
  return { tensors, integers, unread, metadata };
}

function valuesOf(dtype: string, length: number, view: DataView): Float32Array | Float64Array | undefined {
  switch (dtype) {
    case "F64":
      return Float64Array.from({ length }, (_, i) => view.getFloat64(i * 8, true));
    case "F32":
      return Float32Array.from({ length }, (_, i) => view.getFloat32(i * 4, true));
    case "F16":
      return Float32Array.from({ length }, (_, i) => fromHalf(view.getUint16(i * 2, true)));
    case "BF16":
      return Float32Array.from({ length }, (_, i) => fromBfloat(view.getUint16(i * 2, true)));
    default:
      return undefined;
  }
}

function integersOf(dtype: string, length: number, view: DataView): Float64Array | undefined {
  switch (dtype) {
    case "I64":
      return Float64Array.from({ length }, (_, i) => Number(view.getBigInt64(i * 8, true)));
    case "I32":
      return Float64Array.from({ length }, (_, i) => view.getInt32(i * 4, true));
    case "U8":
      return Float64Array.from({ length }, (_, i) => view.getUint8(i));
    default:
      return undefined;
  }
}

function isTextMap(value: unknown): value is Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === "string");
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { dtype, shape, data_offsets } = value as Partial<Entry>;
  const sizes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return typeof dtype === "string" && sizes(shape) && sizes(data_offsets) && data_offsets.length === 2;
}

/** Writes the tensors as float32 in the map's order. Same tensors and metadata, same bytes. */
export function writeSafetensors(tensors: TensorMap, metadata: Readonly<Record<string, string>>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.length * 4] };
    offset += data.length * 4;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  let at = 8 + padded;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      setFloat32(view, at, value);
      at += 4;
    }
  }
  return bytes;
}
