import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** What the package uses of `node:crypto`, for a bundle that runs in a browser. */
export function createHash(_name: "sha256") {
  const hash = sha256.create();
  const self = {
    update(data: string | ArrayBufferView) {
      hash.update(
        typeof data === "string"
          ? new TextEncoder().encode(data)
          : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      );
      return self;
    },
    digest(encoding?: "hex") {
      const bytes = hash.digest();
      if (encoding === "hex") return bytesToHex(bytes);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return { readInt32LE: (offset: number) => view.getInt32(offset, true) };
    },
  };
  return self;
}
