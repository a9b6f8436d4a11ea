import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A folder for all tests of a file, to be given back by `removeFolder`. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), "bn-compare-package-"));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Packs the package as npm does into a folder and unpacks it there; returns where. What is packed is the dist of all tests. */
export function unpackedIn(place: string): string {
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", place];
  execFileSync("npm", pack, { cwd: ROOT, shell: process.platform === "win32" });
  const [tarball = ""] = readdirSync(place).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(place, tarball), "-C", place]);
  return join(place, "package");
}

/** A folder of a program that has installed the package: packed and unpacked, with its dependencies and no others of ours. */
export function installedIn(place: string): void {
  const own = unpackedIn(place);
  const modules = join(place, "node_modules");
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
  const link = (name: string, target: string) => {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(target, join(modules, name));
  };
  link("bn-compare", own);
  // The package itself finds them above its folder; there is no registry here to install them from.
  for (const name of ["@types/node", ...Object.keys({ ...dependencies, ...optionalDependencies })]) {
    link(name, join(ROOT, "node_modules", name));
  }
}
