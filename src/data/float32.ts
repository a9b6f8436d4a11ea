/** The one NaN that is written: which bits a NaN carries is left open by WebAssembly and JavaScript. */
export const QUIET_NAN = 0x7fc00000;

/** Writes a little-endian float32 whose bytes are the same on every machine, also those of NaN. */
export function setFloat32(view: DataView, offset: number, value: number): void {
  if (Number.isNaN(value)) view.setUint32(offset, QUIET_NAN, true);
  else view.setFloat32(offset, value, true);
}

/** Whether these 32 bits are a NaN as float32. */
export function isNaNWord(word: number): boolean {
  return (word & 0x7fffffff) > 0x7f800000;
}
