// Bundles the sources for dist: the command, its thread and its workers, the library and the browser's engine, with what
// they share in lazy chunks, and the packages that every run needs: a few files are read where 800 were. Beside them are
// the licenses of those packages, and the declarations of the library.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { noticesOf } from "../src/report/browser/notices.mjs";
import { unusedInVega } from "../src/report/browser/unused.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Chunks and workers are in a folder of dist, since the sources name the package's files (`../../dist/…`, `./…-worker.js`)
 * from a folder of theirs; what is at the top names none but its neighbors.
 */
const ENTRIES = {
  main: "main.ts",
  "command-process": "command-process.ts",
  "command-thread": "command-thread.ts",
  command: "command.ts",
  index: "index.ts",
  "lib/arm-worker": "experiment/arm-worker.ts",
  "lib/cross-check-worker": "experiment/cross-check-worker.ts",
  "lib/seed-worker": "published/seed-worker.ts",
  "lib/engine-probe": "setup/engine-probe.ts",
  "lib/prove-tensorflow": "setup/prove-tensorflow.ts",
};
const NAME_NEIGHBORS = ["command-process.js", "browser.js"];

/** What few runs load, what has files of its own, and what is not written in modules. */
const EXTERNAL = [
  "commander",
  "vega-lite",
  "cli-progress",
  "open",
  "@resvg/*",
  "@tensorflow/*",
  "bullmq",
  "ioredis",
  "pg",
];

const common = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  format: "esm",
  target: "node20",
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  metafile: true,
  charset: "utf8",
  logLevel: "warning",
};

rmSync(join(dist, "lib"), { recursive: true, force: true });
rmSync(join(dist, "types"), { recursive: true, force: true });

const node = await build({
  ...common,
  entryPoints: sources(ENTRIES),
  platform: "node",
  external: EXTERNAL,
  // The same code of yaml in modules.
  alias: { ...unusedInVega, yaml: join(root, "node_modules/yaml/browser/index.js") },
  splitting: true,
  chunkNames: "lib/[name]-[hash]",
  plugins: [{ name: "version", setup: ({ onLoad }) => onLoad({ filter: /src\/version\.ts$/ }, versionModule) }],
});
const browser = await build({
  ...common,
  entryPoints: sources({ browser: "browser.ts" }),
  platform: "browser",
  plugins: [{ name: "nothing-of-node", setup: ({ onResolve }) => onResolve({ filter: /^node:/ }, unusedModule) }],
});
if (readFileSync(join(dist, "browser.js"), "utf8").includes("node:")) throw new Error("dist/browser.js needs Node");

for (const file of [node, browser].flatMap(({ metafile }) => Object.keys(metafile.outputs))) {
  const name = relative(dist, resolve(root, file));
  const isTop = !name.includes("/") && !NAME_NEIGHBORS.includes(name);
  if (isTop && readFileSync(join(dist, name), "utf8").includes("import.meta.url")) {
    throw new Error(`dist/${name} names a file of the package, which is elsewhere for the sources: load it lazily`);
  }
}

const inputs = [node, browser].flatMap(({ metafile }) =>
  Object.values(metafile.outputs).map((output) => output.inputs),
);
writeFileSync(
  join(dist, "LICENSES.txt"),
  noticesOf(inputs.flatMap(Object.entries).map(([file, size]) => [join(root, file), size])).slice(4, -4),
);

copyDeclarations(["index.d.ts", "browser.d.ts"]);

function sources(entries) {
  return Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, "src", path)]));
}

/** The sources read package.json beside them. */
function versionModule() {
  return { contents: `export const VERSION = ${JSON.stringify(version)};`, loader: "ts" };
}

/** Drawing random numbers needs Node's hashes, and is left out where nothing draws. */
function unusedModule({ path }) {
  return { path, external: true, sideEffects: false };
}

/** The declarations that the given ones need, from the compiler's output. */
function copyDeclarations(names) {
  const wanted = names.map((name) => join(root, "build", name));
  const copied = new Set();
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    if (copied.has(file)) continue;
    copied.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g)) {
      wanted.push(resolve(dirname(file), `${path}.d.ts`));
    }
    const target = join(dist, "types", relative(join(root, "build"), file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
