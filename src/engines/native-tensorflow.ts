import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import util from "node:util";
import { isMainThread } from "node:worker_threads";
import type { TF } from "../model/tensorflow.js";
import { t } from "../text/language.js";
import { tensorflowFolder } from "./tensorflow-paths.js";

/** Native TensorFlow registered with our own TensorFlow.js, or in one line why not. */
export type NativeTensorFlow =
  | { readonly ok: true; readonly tf: TF; readonly folder: string; readonly version: string }
  | { readonly ok: false; readonly reason: string };

const PACKAGE = "@tensorflow/tfjs-node";
const here = createRequire(import.meta.url);

/**
 * Registers the `tensorflow` backend from the first of the folders whose `node_modules` holds a whole tfjs-node: our own
 * installation, then the cache folder of `npm run setup:tensorflow`.
 *
 * tfjs-node may come with a tfjs-core of its own. That is fine where the versions are equal: every copy of tfjs-core keeps
 * its engine, kernels and gradients on `globalThis`, so the operations that we import run on it.
 */
export function loadNativeTensorFlow(folders?: readonly string[], verbose = false): NativeTensorFlow {
  if (!isMainThread) {
    // It would load, ignore the settings below, and crash the process when the thread ends.
    return { ok: false, reason: t`TensorFlow runs in a process's main thread only; this is a worker thread` };
  }
  const reasons: string[] = [];
  const places = folders ?? [import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), tensorflowFolder()];
  for (const place of places) {
    const require = createRequire(join(place, "package.json"));
    let folder: string;
    try {
      folder = dirname(require.resolve(`${PACKAGE}/package.json`));
    } catch {
      continue;
    }
    try {
      const tf = here("@tensorflow/tfjs-core") as TF;
      const problem = whyNotLoadable(folder, tf.version_core);
      if (problem !== undefined) {
        reasons.push(`${folder}: ${problem}`);
        continue;
      }
      prepareProcess(tf, verbose);
      require(PACKAGE);
      return { ok: true, tf, folder, version: nativeVersion(tf) };
    } catch (error) {
      reasons.push(`${folder}: ${String((error as Error).message).split("\n", 1)[0]}`);
    }
  }
  return {
    ok: false,
    reason: reasons.length > 0 ? reasons.join("; ") : t`the optional package ${PACKAGE} is not installed`,
  };
}

/** Looks before loading: an import that fails half-way leaves its kernels registered. */
function whyNotLoadable(folder: string, ours: string): string | undefined {
  const core = createRequire(join(folder, "package.json")).resolve("@tensorflow/tfjs-core/package.json");
  const { version } = JSON.parse(readFileSync(core, "utf8")) as { version: string };
  if (version !== ours) return t`it needs tfjs-core ${version}, and this program uses ${ours}`;
  if (existsSync(join(folder, "lib", "napi-v8", "tfjs_binding.node"))) return undefined;
  return t`its native part is missing (the download was blocked, or npm skipped its install script)`;
}

/** All of this must happen before the library loads, and in our process only. */
function prepareProcess(tf: TF, verbose: boolean): void {
  // tfjs-node calls util.isNullOrUndefined: gone in Node 23, deprecated with a printed notice in 22.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  if (verbose) return;
  // The notice about oneDNN ignores the log level; without oneDNN's kernels it does not appear, and sums keep one order.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
  // Else every kernel of the second tfjs-core is reported as registered twice.
  tf.enableProdMode();
}

function nativeVersion(tf: TF): string {
  const backend = tf.findBackend("tensorflow") as { binding?: { TF_Version?: string } } | null;
  return backend?.binding?.TF_Version ?? "unknown";
}
