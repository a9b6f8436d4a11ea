import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** tfjs-node must be of the same version as the tfjs-core that the engine imports: the two share one global engine. */
export const TFJS_VERSION = "4.22.0";

/** The wheel whose C library we use. Any change here needs a new row in WHEELS and a run of the golden states. */
export const TENSORFLOW_VERSION = "2.21.0";

/** `~/.cache/bn-compare`; XDG says that a relative XDG_CACHE_HOME is to be ignored. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env["XDG_CACHE_HOME"];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "bn-compare");
}

/** The folder whose `node_modules` holds a complete, proven native TensorFlow, or nothing at all. */
export function tensorflowFolder(env: NodeJS.ProcessEnv = process.env): string {
  const name = `tensorflow-${TFJS_VERSION}-${TENSORFLOW_VERSION}-${process.platform}-${process.arch}`;
  return join(cacheRoot(env), name);
}
