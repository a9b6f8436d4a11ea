import { createHash } from "node:crypto";
import { setFloat32 } from "./float32.js";

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
