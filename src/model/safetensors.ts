import { setFloat32 } from "../data/float32.js";
import { usageError } from "../errors.js";
import { excerpt } from "../text/excerpt.js";
import type { Tensor, TensorMap } from "./tensors.js";

/** A safetensors file: 8 bytes header length, a JSON header, then the values, little-endian. */
export interface SafetensorsFile {
  readonly tensors: TensorMap;
  readonly metadata: Readonly<Record<string, string>>;
}

const BYTES = { F32: 4, F64: 8 } as const;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Reads float32 and float64 tensors. Throws a usage error that names the file and the tensor at fault. */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (why: string) => usageError(`${file}: this is not a safetensors file: ${why}`);
  if (bytes.length < 8) throw broken("it is shorter than its header");
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8) throw broken("its header is longer than the file");
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    throw broken("its header is not JSON");
  }
  if (typeof header !== "object" || header === null) throw broken("its header is not an object");
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isTextMap(metadata)) throw broken("its __metadata__ is not a list of texts");
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(entries)) {
    if (!isEntry(value)) throw broken(`the entry of "${excerpt(name)}" lacks dtype, shape or data_offsets`);
    const size = BYTES[value.dtype as keyof typeof BYTES] as number | undefined;
    if (size === undefined)
      throw usageError(`${file}: tensor "${excerpt(name)}" is ${excerpt(value.dtype)}; only F32 and F64 are read`);
    const length = value.shape.reduce((product, n) => product * n, 1);
    const [from, to] = value.data_offsets;
    if (to - from !== length * size || from < 0 || 8 + headerLength + to > bytes.length) {
      throw broken(
        `the values of "${excerpt(name)}" do not fit its shape [${excerpt(value.shape.join(", "))}] or the file is truncated`,
      );
    }
    const at = (i: number) => 8 + headerLength + from + i * size;
    const data =
      size === 4
        ? Float32Array.from({ length }, (_, i) => view.getFloat32(at(i), true))
        : Float64Array.from({ length }, (_, i) => view.getFloat64(at(i), true));
    tensors.set(name, { shape: value.shape, data });
  }
  const places = Object.values(entries as Record<string, Entry>).map(({ data_offsets }) => data_offsets);
  places.sort(([a], [b]) => a - b);
  if (places.some(([from], i) => i > 0 && from < (places[i - 1] as Entry["data_offsets"])[1])) {
    throw broken("the values of two tensors overlap");
  }
  return { tensors, metadata };
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
