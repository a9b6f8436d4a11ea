import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "../../build/engines/tensorflow-paths.js";

// Puts the Node binaries of nodes.json into the cache, `~/.cache/bn-compare/nodes/NAME@VERSION/node`: npm packages, too
// large for everyone's `npm ci`. Its versions of npm become the folders `npm@VERSION` beside them. What is there already
// stays.

const { x64, arm64, npm } = JSON.parse(readFileSync(new URL("nodes.json", import.meta.url), "utf8"));
const root = join(cacheRoot(), "nodes");
mkdirSync(root, { recursive: true });
for (const name of [...x64, arm64]) {
  // The headers and npm beside it are of no use here.
  install(name, "node", (modules, ready) => {
    mkdirSync(ready);
    copyFileSync(join(modules, name.split("@")[0], "bin", "node"), join(ready, "node"));
  });
}
for (const name of npm) install(name, "bin", (modules, ready) => renameSync(join(modules, "npm"), ready));

/** Installs a package and moves what `take` takes of it into the cache; `part` is in it when that is done. */
function install(name, part, take) {
  const folder = join(root, name);
  if (existsSync(join(folder, part))) return;
  console.error(`installing ${name}`);
  const work = mkdtempSync(join(root, ".partial-"));
  try {
    // --force: the arm64 binary is not for this machine.
    const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--force", "--loglevel=error"];
    execFileSync("npm", ["install", "--prefix", work, ...quiet, name], { stdio: ["ignore", 2, 2] });
    const ready = join(work, "ready");
    take(join(work, "node_modules"), ready);
    // A folder half removed by hand is not whole, and would be in the way.
    rmSync(folder, { recursive: true, force: true });
    renameSync(ready, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
