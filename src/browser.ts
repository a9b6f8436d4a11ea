import type { Engine } from "./engines/engine.js";
import { createFusedEngine } from "./engines/fused.js";

/** The engine of the command for pages: the same bytes in every browser as everywhere else. It needs nothing of Node. */
export type { ArmState, ArmTask, Costs, Engine, EngineArm, Observation } from "./engines/engine.js";
export { createFusedEngine } from "./engines/fused.js";
export { initialTensors } from "./model/initializers.js";
export type { NetworkSpec, Normalization } from "./model/network.js";
export type { Tensor, TensorMap } from "./model/tensors.js";

/**
 * Loads the engine `fused` with its kernel: from where this module stands, or from the address that the page serves the
 * package's `dist/kernel/kernel.wasm` at.
 */
export async function loadFusedEngine(
  kernel: string | URL = new URL("./kernel/kernel.wasm", import.meta.url),
): Promise<Engine> {
  return createFusedEngine(await WebAssembly.compileStreaming(fetch(kernel)));
}
