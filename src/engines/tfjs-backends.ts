import { createRequire } from "node:module";
import { unavailableError } from "../errors.js";
import { BACKENDS, type BackendName } from "./names.js";
import type { TF } from "./tfjs-network.js";

/** TensorFlow.js with its backend set, and what it is made of. */
export interface TensorFlowBackend {
  readonly tf: TF;
  readonly backend: BackendName;
  readonly libraries: Readonly<Record<string, string>>;
  /** The better backends that did not load, and why. */
  readonly missing: readonly { readonly backend: BackendName; readonly reason: string }[];
}

/** The package that provides a backend; `cpu` is part of TensorFlow.js itself. */
const PACKAGES: Readonly<Record<BackendName, string>> = {
  tensorflow: "@tensorflow/tfjs-node",
  wasm: "@tensorflow/tfjs-backend-wasm",
  cpu: "@tensorflow/tfjs",
};

const require = createRequire(import.meta.url);

/**
 * Loads the backend that was asked for, or the first of `BACKENDS` that loads. Throws an unavailable error that says
 * for each one tried why it did not.
 */
export async function loadTensorFlow(wanted?: BackendName): Promise<TensorFlowBackend> {
  const missing: { backend: BackendName; reason: string }[] = [];
  for (const backend of wanted === undefined ? BACKENDS : [wanted]) {
    try {
      const tf = loadPackage(backend);
      tf.enableProdMode();
      if (!(await tf.setBackend(backend))) throw new Error(`the backend did not start`);
      await tf.ready();
      return { tf, backend, libraries: versions(backend), missing };
    } catch (error) {
      missing.push({ backend, reason: reasonFor(backend, error) });
    }
  }
  const reasons = missing.map(({ backend, reason }) => `  ${backend}: ${reason}`);
  throw unavailableError(
    [
      wanted === undefined ? "the engine tfjs cannot start:" : `the backend ${wanted} of the engine tfjs cannot start:`,
      ...reasons,
      "The engine reference needs no package: --engine reference",
    ].join("\n"),
  );
}

function loadPackage(backend: BackendName): TF {
  if (backend === "tensorflow") {
    restoreRemovedUtilFunction();
    process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
    return require(PACKAGES.tensorflow) as TF;
  }
  const tf = require("@tensorflow/tfjs") as TF;
  if (backend === "wasm") require(PACKAGES.wasm);
  return tf;
}

/** @tensorflow/tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 removed. */
function restoreRemovedUtilFunction(): void {
  const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

function versions(backend: BackendName): Record<string, string> {
  const names = new Set(["@tensorflow/tfjs-core", PACKAGES[backend]]);
  return Object.fromEntries([...names].sort().map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  return (require(`${name}/package.json`) as { version: string }).version;
}

function reasonFor(backend: BackendName, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "MODULE_NOT_FOUND") return `the optional package ${PACKAGES[backend]} is not installed or not complete`;
  return `${PACKAGES[backend]} did not load: ${String(message).split("\n")[0]}`;
}
