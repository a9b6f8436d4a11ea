import { byteDigest } from "../data/digest.js";
import { VERSION } from "../version.js";
import type { EngineInfo } from "./engine.js";
import { kernelBytes } from "./fused-node.js";

/**
 * What of the program determines an engine's numbers: of the fused engine its module's hash, which stays the same over
 * releases that leave the arithmetic alone; of the others the release and their libraries.
 */
export function programOf({ name, libraries }: Pick<EngineInfo, "name" | "libraries">): Record<string, string> {
  if (name === "fused") return { kernel: byteDigest(kernelBytes()) };
  return { "bn-compare": VERSION, ...libraries };
}
