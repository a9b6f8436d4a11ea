/** The one NaN that is written: which bits a NaN carries is left open by WebAssembly and JavaScript. */
const QUIET_NAN = 0x7fc00000;

/** Writes a little-endian float32 whose bytes are the same on every machine, also those of NaN. */
export function setFloat32(view: DataView, offset: number, value: number): void {
  if (Number.isNaN(value)) view.setUint32(offset, QUIET_NAN, true);
  else view.setFloat32(offset, value, true);
}
