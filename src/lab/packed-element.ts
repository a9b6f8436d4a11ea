import { strToU8, unzlibSync } from "fflate";

/** The bytes that an element of the page holds in base64. */
export function bytesOf(id: string): Uint8Array {
  return strToU8(atob(document.getElementById(id)?.textContent ?? ""), true);
}

/** The same of what was deflated. */
export function inflatedOf(id: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(unzlibSync(bytesOf(id)));
}
