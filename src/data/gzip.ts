import { gunzipSync } from "node:zlib";
import { usageError } from "../errors.js";
import { type InputKind, mostBytes, tooLarge } from "../input-file.js";
import { t } from "../text/language.js";

/** Whether the bytes are a gzip stream (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What a gzip stream holds, bounded: a few kilobytes can unpack to gigabytes. Throws expected errors. */
export function unpacked(bytes: Uint8Array, file: string, kind: InputKind): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes(kind) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(file, kind, t`its unpacked content`);
    }
    throw usageError(t`${file}: this is gzip that is damaged or cut off`);
  }
}
