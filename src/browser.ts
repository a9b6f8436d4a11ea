import type { Engine } from "./engines/engine.js";
import { createFusedEngine } from "./engines/fused.js";

/** The command's engine for web pages: the same bytes in every browser as everywhere else. It does not need Node. */
export type { ArmState, ArmTask, Costs, Engine, EngineArm, Observation } from "./engines/engine.js";
export { createFusedEngine } from "./engines/fused.js";
export { initialTensors } from "./model/initializers.js";
export type { NetworkSpec, Normalization } from "./model/network.js";
export type { Tensor, TensorMap } from "./model/tensors.js";

/**
 * Loads the `fused` engine with its kernel: from beside this module, or from the URL at which the page serves the
 * package's `dist/kernel/kernel.wasm`.
 */
export async function loadFusedEngine(
  kernel: string | URL = new URL("./kernel/kernel.wasm", import.meta.url),
): Promise<Engine> {
  return createFusedEngine(await WebAssembly.compileStreaming(fetch(kernel)));
}
