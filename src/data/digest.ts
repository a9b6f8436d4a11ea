import { createHash } from "node:crypto";
import { isNaNWord, QUIET_NAN, setFloat32 } from "./float32.js";

/** A SHA-256 in hexadecimal. */
export type Digest = string;

/** SHA-256 of the values as little-endian float32, row-major, one array after the other. */
export function float32Digest(...arrays: readonly ArrayLike<number>[]): Digest {
  const hash = createHash("sha256");
  for (const array of arrays) {
    const bytes = new DataView(new ArrayBuffer(array.length * 4));
    for (let i = 0; i < array.length; i++) setFloat32(bytes, i * 4, array[i] as number);
    hash.update(bytes);
  }
  return hash.digest("hex");
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Eight hex digits by which two arrays of float32 are told apart: FNV-1a over their 32-bit words. Taken after every
 * update of a run, where SHA-256 would take a third of the time. Every step is a bijection of what came before, so arrays
 * that differ in one value never share a digest.
 */
export function shortDigest(values: Float32Array | Float64Array): string {
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  const words = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  let hash = FNV_OFFSET;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    hash = Math.imul(hash ^ (isNaNWord(word) ? QUIET_NAN : word), FNV_PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** The same of a text of ASCII characters, each a word. */
export function shortDigestOfText(text: string): string {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** SHA-256 of the indices as little-endian 32-bit integers. */
export function indexDigest(indices: ArrayLike<number>): Digest {
  const bytes = new DataView(new ArrayBuffer(indices.length * 4));
  for (let i = 0; i < indices.length; i++) bytes.setInt32(i * 4, indices[i] as number, true);
  return createHash("sha256").update(bytes).digest("hex");
}

/** SHA-256 of a text or of a file's bytes. */
export function byteDigest(bytes: string | Uint8Array): Digest {
  return createHash("sha256").update(bytes).digest("hex");
}
