import { readFileSync } from "node:fs";
import type { Engine } from "./engine.js";
import { createFusedEngine } from "./fused.js";

/** Compiled once per thread; arms instantiate it. */
let compiled: WebAssembly.Module | undefined;

/** The kernel as `npm run build` leaves it; the path is the same from `src` and from `dist`. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL("../../dist/kernel/kernel.wasm", import.meta.url)));
}

export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(kernelBytes());
  return compiled;
}

export function loadFusedEngine(): Engine {
  return createFusedEngine(kernelModule());
}
