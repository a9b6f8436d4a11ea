import { createRequire } from "node:module";
import { unavailableError } from "../errors.js";
import type { TF } from "../model/tensorflow.js";
import { t } from "../text/language.js";
import { BACKENDS, type BackendName } from "./names.js";
import { loadNativeTensorFlow } from "./native-tensorflow.js";

/** TensorFlow.js with its backend set, and what it is made of. */
export interface TensorFlowBackend {
  readonly tf: TF;
  readonly backend: BackendName;
  readonly libraries: Readonly<Record<string, string>>;
  /** The better backends that did not load, and why. */
  readonly missing: readonly { readonly backend: BackendName; readonly reason: string }[];
}

const require = createRequire(import.meta.url);

/**
 * Loads the backend that was asked for, or the first of `BACKENDS` that loads. Throws an unavailable error that says for
 * each one tried why it did not. `verbose` lets native TensorFlow write its start-up notices to stderr.
 */
export async function loadTensorFlow(wanted?: BackendName, verbose = false): Promise<TensorFlowBackend> {
  const missing: { backend: BackendName; reason: string }[] = [];
  for (const backend of wanted === undefined ? BACKENDS : [wanted]) {
    try {
      const { tf, libraries } = loadBackend(backend, verbose);
      tf.enableProdMode();
      if (!(await tf.setBackend(backend))) throw new Error(t`it did not start`);
      await tf.ready();
      return { tf, backend, libraries, missing };
    } catch (error) {
      missing.push({ backend, reason: reasonFor(error) });
    }
  }
  const reasons = missing.map(({ backend, reason }) => `  ${backend}: ${reason}`);
  const what = wanted === undefined ? t`the engine tfjs` : t`the backend ${wanted} of the engine tfjs`;
  const advice = [t`The engine reference needs none of this: --engine reference`];
  if (wanted === "tensorflow") advice.unshift(t`bn-compare doctor --fix tensorflow installs it on Linux`);
  throw unavailableError([t`${what} cannot start:`, ...reasons, ...advice]);
}

function loadBackend(backend: BackendName, verbose: boolean): Pick<TensorFlowBackend, "tf" | "libraries"> {
  const tf = require("@tensorflow/tfjs-core") as TF;
  // tfjs-core has no gradients in Node; tfjs-layers registers them.
  require("@tensorflow/tfjs-layers");
  const core = { "@tensorflow/tfjs-core": tf.version_core };
  if (backend === "tensorflow") {
    const native = loadNativeTensorFlow(undefined, verbose);
    if (!native.ok) throw new Error(native.reason);
    return { tf, libraries: { ...core, "@tensorflow/tfjs-node": tf.version_core, tensorflow: native.version } };
  }
  const name = `@tensorflow/tfjs-backend-${backend}`;
  require(name);
  return { tf, libraries: { ...core, [name]: (require(`${name}/package.json`) as { version: string }).version } };
}

function reasonFor(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (code === "MODULE_NOT_FOUND" && missing !== undefined) return t`the optional package ${missing} is not installed`;
  return message.split("\n", 1)[0] as string;
}
