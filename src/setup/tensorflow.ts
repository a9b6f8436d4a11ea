import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TENSORFLOW_VERSION, TFJS_VERSION, tensorflowFolder } from "../engines/tensorflow-paths.js";
import { isRunning } from "../files/owner.js";
import { t } from "../text/language.js";
import { output } from "./child.js";
import { preflight, type Tools } from "./preflight.js";
import { downloadWheel, unpackLibrary } from "./wheel.js";

const NODE_API_HEADERS_VERSION = "1.9.0";

export interface SetupOptions {
  /** One line a step. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What the training step in a process of its own found. */
export interface Proof {
  readonly folder: string;
  readonly version: string;
  readonly stepMs: number;
}

/**
 * Installs native TensorFlow into the cache folder unless a working one is there: @tensorflow/tfjs-node without its
 * install script, the C library from the Python package index, and the addon built from the package's own sources.
 * All work happens in a folder beside the target, which is renamed at the end.
 */
export async function setUpTensorFlow({ say, signal }: SetupOptions): Promise<Proof> {
  const target = tensorflowFolder();
  if (existsSync(target)) {
    try {
      return await prove(target, signal);
    } catch (error) {
      signal?.throwIfAborted();
      say(t`The installation in ${target} does not work (${(error as Error).message}); building it again.`);
      await rm(target, { recursive: true, force: true });
    }
  }
  const { tools, wheel } = await preflight(dirname(target));
  await mkdir(dirname(target), { recursive: true });
  await removeLeftovers(target);
  const work = `${target}.${process.pid}.partial`;
  const downloads = `${target}.download`;
  try {
    await mkdir(work);
    say(
      t`1/4 Downloading ${wheel.project} ${TENSORFLOW_VERSION} from the Python package index (${wheel.megabytes} MB) …`,
    );
    const file = await downloadWheel(tools, wheel, downloads, say, signal);
    say(t`2/4 Installing @tensorflow/tfjs-node ${TFJS_VERSION} from npm, without its install script …`);
    await installPackages(tools, work, signal);
    say(t`3/4 Unpacking the C library and building the addon …`);
    const addon = join(work, "node_modules", "@tensorflow", "tfjs-node");
    await unpackLibrary(tools, file, join(addon, "deps"), signal);
    await buildAddon(tools, work, addon, signal);
    await slim(tools, work, addon, signal);
    say(t`4/4 Training one step as a test …`);
    await prove(work, signal);
    await moveIntoPlace(work, target);
    await rm(downloads, { recursive: true, force: true });
    return await prove(target, signal);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function installPackages(tools: Tools, work: string, signal: AbortSignal | undefined): Promise<void> {
  const dependencies = { "@tensorflow/tfjs-node": TFJS_VERSION, "node-api-headers": NODE_API_HEADERS_VERSION };
  await writeFile(join(work, "package.json"), JSON.stringify({ private: true, dependencies }, null, 2));
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  // Settings inherited from an outer npm must not send the packages elsewhere.
  const here = ["--prefix", work, "--global=false", "--workspaces=false"];
  await output(tools.npm, ["install", "--ignore-scripts", ...quiet, ...here], { cwd: work, signal });
}

/**
 * What the package's binding.gyp says, as one command: the addon is two files of Node-API, so Node's own headers, node-gyp
 * and make are not needed, and the result runs on every later Node.
 */
async function buildAddon(tools: Tools, work: string, addon: string, signal: AbortSignal | undefined): Promise<void> {
  const lib = join(addon, "lib", "napi-v8");
  await mkdir(lib, { recursive: true });
  const args = [
    ["-O2", "-std=gnu++17", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
    ["-I", join(work, "node_modules", "node-api-headers", "include"), "-I", "deps/include"],
    ["binding/tfjs_backend.cc", "binding/tfjs_binding.cc", "-o", join(lib, "tfjs_binding.node")],
    ["-Ldeps/lib", "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,$ORIGIN/../../deps/lib"],
  ].flat();
  await output(tools.compiler, args, { cwd: addon, signal });
}

/** Leaves out what Node never loads: symbol tables, headers, source maps and the bundles for browsers. */
async function slim(tools: Tools, work: string, addon: string, signal: AbortSignal | undefined): Promise<void> {
  await rm(join(addon, "deps", "include"), { recursive: true, force: true });
  const packages = join(work, "node_modules", "@tensorflow");
  for (const entry of await readdir(packages, { recursive: true })) {
    if (/\.map$|\.min\.js$|\.(es2017|fesm)\.js$/.test(entry)) await rm(join(packages, entry));
  }
  if (tools.strip === undefined) return;
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
    await output(tools.strip, ["--strip-unneeded", join(addon, "deps", "lib", name)], { signal });
  }
}

/** Trains one step in a process of its own: a crash of the library (a processor without AVX, say) ends only that. */
async function prove(folder: string, signal: AbortSignal | undefined): Promise<Proof> {
  const script = fileURLToPath(new URL("./prove-tensorflow.js", import.meta.url));
  const lines = (await output(process.execPath, [script, folder], { signal })).trim().split("\n");
  const { version, stepMs } = JSON.parse(lines.at(-1) ?? "") as { version: string; stepMs: number };
  return { folder, version, stepMs };
}

async function moveIntoPlace(work: string, target: string): Promise<void> {
  try {
    await rename(work, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another run was faster; its folder is as good as ours.
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

/** Removes work folders of runs that were killed. */
async function removeLeftovers(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    const pid = name.startsWith(basename(target)) ? /\.(\d+)\.partial$/.exec(name)?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(dirname(target), name), { recursive: true, force: true });
    }
  }
}
