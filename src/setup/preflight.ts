import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { TFJS_VERSION } from "../engines/tensorflow-paths.js";
import { unavailableError } from "../errors.js";
import { t } from "../text/language.js";
import { firstWorking } from "./child.js";
import { isBelow } from "./versions.js";
import { type Wheel, wheels } from "./wheels.js";

/** The programs that the setup uses, by path. */
export interface Tools {
  readonly compiler: string;
  readonly python: string;
  readonly npm: string;
  /** Absent where it is not installed; the libraries then stay larger. */
  readonly strip: string | undefined;
}

/** Wheel, libraries, npm packages and the copy that `strip` makes, all at once; in bytes. */
const DISK_NEEDED = 2.2e9;

/** Looks for everything the setup needs. Throws an unavailable error that names all that is missing, not only the first. */
export async function preflight(cache: string): Promise<{ tools: Tools; wheel: Wheel }> {
  const wheel = wheels[process.arch];
  if (process.platform !== "linux" || wheel === undefined) {
    throw unavailableError(
      t`native TensorFlow can be set up on Linux (x64, arm64) only; this is ${process.platform} ${process.arch}. Try "npm install @tensorflow/tfjs-node@${TFJS_VERSION}" in your project, or use --backend wasm`,
    );
  }
  const missing: string[] = [];
  const glibc = glibcVersion();
  if (glibc === undefined || isBelow(glibc, "2.27")) {
    missing.push(t`glibc 2.27 or newer (here: ${glibc ?? t`none, as on Alpine`}); use a Debian- or Fedora-based image`);
  }
  const found = async (names: readonly string[], args: readonly string[], what: string) => {
    const path = await firstWorking(names, args);
    if (path === undefined) missing.push(what);
    return path ?? "";
  };
  const tools = {
    compiler: await found(
      process.env["CXX"] ? [process.env["CXX"]] : ["c++", "g++", "clang++"],
      ["--version"],
      t`a C++ compiler (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)`,
    ),
    python: await found(
      ["python3", "python"],
      ["-m", "pip", "--version"],
      t`Python 3 with pip (Debian, Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip)`,
    ),
    npm: await found(["npm"], ["--version"], t`npm (it comes with Node.js)`),
    strip: await firstWorking(["strip"], ["--version"]),
  };
  const space = await freeSpace(cache);
  if (space < DISK_NEEDED) {
    missing.push(t`2.2 GB of free space in ${cache} (here: ${(space / 1e9).toFixed(1)} GB); XDG_CACHE_HOME moves it`);
  }
  if (missing.length > 0) {
    throw unavailableError([t`setting up native TensorFlow needs:`, ...missing.map((line) => `  - ${line}`)]);
  }
  return { tools, wheel };
}

function glibcVersion(): string | undefined {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime;
}

async function freeSpace(folder: string): Promise<number> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if (path === dirname(path)) throw error;
    }
  }
}
