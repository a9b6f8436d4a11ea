import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TENSORFLOW_VERSION } from "../engines/tensorflow-paths.js";
import { unavailableError } from "../errors.js";
import { t } from "../text/language.js";
import { output, visible } from "./child.js";
import type { Tools } from "./preflight.js";
import { isBelow } from "./versions.js";
import type { Wheel } from "./wheels.js";

const ATTEMPTS = 3;

/** pip knows the user's mirror, proxy and certificates; it checks the hash of a new file and of one found in place. */
export async function downloadWheel(
  tools: Tools,
  wheel: Wheel,
  folder: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${wheel.project}==${TENSORFLOW_VERSION} --hash=sha256:${wheel.sha256}\n`);
  const pip = await output(tools.python, ["-m", "pip", "--version"], { signal });
  const resumes = !isBelow(/^pip (\S+)/.exec(pip)?.[1] ?? "0", "25.1");
  const args = [
    ["-m", "pip", "download", "--no-deps", "--require-hashes", "--no-cache-dir", "--no-input"],
    ["--disable-pip-version-check", "--only-binary", ":all:", "--platform", wheel.platform],
    ["--python-version", "312", "--implementation", "cp", "--abi", "cp312"],
    ["--dest", folder, "--requirement", requirements],
    resumes ? ["--resume-retries", "20"] : [],
  ].flat();
  for (let attempt = 1; ; attempt++) {
    try {
      // TMPDIR: pip's default is often a small tmpfs.
      await visible(tools.python, args, { env: { TMPDIR: folder }, signal });
      break;
    } catch (error) {
      if (signal?.aborted || attempt === ATTEMPTS) throw error;
      say(t`The download broke off; trying again (${attempt + 1} of ${ATTEMPTS}) …`);
    }
  }
  const file = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (file === undefined) throw unavailableError(t`pip reported success, but no wheel is in ${folder}`);
  return join(folder, file);
}

/** The zip reader comes with the Python that pip needs anyway; it checks each member's CRC. */
const UNZIP = `
import os, shutil, sys, zipfile
wheel, deps = sys.argv[1:]
libraries = {"tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"}
headers = tuple("tensorflow/include/" + d for d in ("tensorflow/c/", "tensorflow/core/platform/", "tsl/platform/", "xla/tsl/c/"))
with zipfile.ZipFile(wheel) as z:
    for i in z.infolist():
        if i.filename in libraries: to = os.path.join(deps, "lib", os.path.basename(i.filename))
        elif i.filename.startswith(headers) and i.filename.endswith(".h"): to = os.path.join(deps, i.filename[len("tensorflow/"):])
        else: continue
        libraries.discard(i.filename)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with z.open(i) as source, open(to, "wb") as out: shutil.copyfileobj(source, out, 1 << 20)
if libraries: sys.exit("the wheel lacks " + ", ".join(sorted(libraries)))
`;

/** Puts the C library and its headers where tfjs-node's own build looks: `deps/lib` and `deps/include`. */
export async function unpackLibrary(tools: Tools, wheel: string, deps: string, signal: AbortSignal | undefined) {
  await output(tools.python, ["-c", UNZIP, wheel, deps], { signal });
  // The names that the addon is linked with.
  await symlink("libtensorflow_cc.so.2", join(deps, "lib", "libtensorflow.so"));
  await symlink("libtensorflow_framework.so.2", join(deps, "lib", "libtensorflow_framework.so"));
}
