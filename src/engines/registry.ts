import { t } from "../text/language.js";
import type { Engine } from "./engine.js";
import type { BackendName, EngineName } from "./names.js";

/** An engine ready to work, and what its user should know about how it was chosen. */
export interface LoadedEngine {
  readonly engine: Engine;
  readonly notices: readonly string[];
}

/** Loads the engine's module, and the best backend where none is asked for. Throws an unavailable error. */
export async function loadEngine(name: EngineName, backend?: BackendName, verbose = false): Promise<LoadedEngine> {
  if (name === "fused") {
    const { loadFusedEngine } = await import("./fused-node.js");
    return { engine: loadFusedEngine(), notices: [] };
  }
  if (name === "reference") {
    const { referenceEngine } = await import("./reference.js");
    return { engine: referenceEngine(), notices: [] };
  }
  const [{ loadTensorFlow }, { tfjsEngine }] = await Promise.all([import("./tfjs-backends.js"), import("./tfjs.js")]);
  const loaded = await loadTensorFlow(backend, verbose);
  const why = loaded.missing.map(({ backend, reason }) => t`${backend} was passed over: ${reason}`);
  return { engine: tfjsEngine(loaded), notices: [t`engine tfjs on backend ${loaded.backend}`, ...why] };
}
