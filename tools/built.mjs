import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// `npx bn-compare` in a clone runs `prepare`, npm 10 at every call and npm 11 at the first, and a build takes longer than
// most commands. `node tools/built.mjs` ends with 0 if nothing is to do for npx: dist was built from the files that are
// here. `--mark` says so of dist; `npm run build` ends with it. Every other use of `prepare` (npm ci, npm pack) builds.
const root = fileURLToPath(new URL("..", import.meta.url));
const mark = join(root, "dist", ".built");
/** What dist is made from, and with. */
const SOURCES = [
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "tools/bundle.mjs",
  "tools/compile-charts.mjs",
];

if (process.argv.includes("--mark")) writeFileSync(mark, digest());
else process.exitCode = process.env.npm_command === "exec" && isCurrent() ? 0 : 1;

function isCurrent() {
  return existsSync(mark) && existsSync(join(root, "dist", "main.js")) && readFileSync(mark, "utf8") === digest();
}

/** SHA-256 of the sources' names and contents: times change with every checkout. */
function digest() {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap(filesOf)) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesOf(path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
