// Bundles the sources for dist: the command, its thread and its workers, the library and the browser's engine, with what
// they share in lazy chunks, and the packages that every run needs: a few files are read where 800 were. Beside them are
// the licenses of those packages, and the declarations of the library.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  "command-process": "command-process.ts",
  "command-thread": "command-thread.ts",
  command: "command.ts",
  index: "index.ts",
  "lib/cross-check-worker": "experiment/cross-check-worker.ts",
  "lib/seed-worker": "published/seed-worker.ts",
  "lib/engine-probe": "setup/engine-probe.ts",
  "lib/prove-tensorflow": "setup/prove-tensorflow.ts",
};
/** One file with all that it needs, since every run starts several: a file less takes a millisecond less. */
const WORKER = { "lib/arm-worker": "experiment/arm-worker.ts" };
/**
 * One file each, too: what starts the command, and what says how it is used. That runs none of the commands, so it leaves out
 * what it would load later.
 */
const START = { main: "main.ts", "lib/help": "help.ts" };
const NAME_NEIGHBORS = ["command-process.js", "browser.js"];

/** What few runs load, and what has files of its own. */
const EXTERNAL = ["vega-lite", "cli-progress", "open", "@resvg/*", "@tensorflow/*", "bullmq", "ioredis", "pg"];

const common = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  format: "esm",
  target: "node20",
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  legalComments: "none",
  metafile: true,
  charset: "utf8",
  logLevel: "warning",
};

// The first that writes there: what an older build left would be packed.
rmSync(dist, { recursive: true, force: true });

const forNode = {
  ...common,
  platform: "node",
  external: EXTERNAL,
  // The same code of yaml in modules.
  alias: { ...unusedInVega, yaml: join(root, "node_modules/yaml/browser/index.js") },
  plugins: [
    { name: "version", setup: ({ onLoad }) => onLoad({ filter: /src\/version\.ts$/ }, versionModule) },
    { name: "process", setup: processAsIs },
    { name: "commander", setup: commanderInModules },
    { name: "locales", setup: ({ onLoad }) => onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, englishModule) },
  ],
};
const shared = { splitting: true, chunkNames: "lib/[name]-[hash]" };
const node = await build({ ...forNode, ...shared, entryPoints: sources(ENTRIES) });
const worker = await build({ ...forNode, entryPoints: sources(WORKER) });
const start = await build({
  ...forNode,
  entryPoints: sources(START),
  plugins: [...forNode.plugins, { name: "later", setup: laterElsewhere }],
});
const browser = await build({
  ...common,
  entryPoints: sources({ browser: "browser.ts" }),
  platform: "browser",
  plugins: [{ name: "nothing-of-node", setup: ({ onResolve }) => onResolve({ filter: /^node:/ }, unusedModule) }],
});
if (readFileSync(join(dist, "browser.js"), "utf8").includes("node:")) throw new Error("dist/browser.js needs Node");

for (const file of [node, worker, start, browser].flatMap(({ metafile }) => Object.keys(metafile.outputs))) {
  const name = relative(dist, resolve(root, file));
  const isTop = !name.includes("/") && !NAME_NEIGHBORS.includes(name);
  if (isTop && readFileSync(join(dist, name), "utf8").includes("import.meta.url")) {
    throw new Error(`dist/${name} names a file of the package, which is elsewhere for the sources: load it lazily`);
  }
}

const inputs = [node, worker, start, browser].flatMap(({ metafile }) =>
  Object.values(metafile.outputs).map((output) => output.inputs),
);
writeFileSync(
  join(dist, "LICENSES.txt"),
  noticesOf(inputs.flatMap(Object.entries).map(([file, size]) => [join(root, file), size])).slice(4, -4),
);

copyDeclarations(["index.d.ts", "browser.d.ts"]);

cpSync(join(root, "src/text/languages"), join(dist, "languages"), {
  recursive: true,
  filter: (path) => !path.endsWith(".md"),
});

// Images with their license.
cpSync(join(root, "src/data/digits"), join(dist, "data"), { recursive: true });

function sources(entries) {
  return Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, "src", path)]));
}

/** Leaves out what is loaded later, which is where the bundle has it. */
function laterElsewhere({ onResolve }) {
  onResolve({ filter: /./ }, ({ path, kind }) =>
    kind === "dynamic-import" ? { path: path.replace("./help.js", "./lib/help.js"), external: true } : undefined,
  );
}

/** The sources read package.json beside them. */
function versionModule() {
  return { contents: `export const VERSION = ${JSON.stringify(version)};`, loader: "ts" };
}

/**
 * Commander is not written in modules, and asks for Node's own parts where a module cannot. Starting commands that are
 * programs of their own, of which we have none, is left out: it loads Node's whole network.
 */
function commanderInModules({ onLoad, onResolve }) {
  onLoad({ filter: /commander\/lib\/\w+\.js$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replace(/require\('(node:\w+)'\)/g, "require('$1').default"),
  }));
  onResolve({ filter: /^node:/ }, ({ path, kind }) =>
    kind === "require-call" ? { path, namespace: "node" } : undefined,
  );
  onLoad({ filter: /./, namespace: "node" }, ({ path }) => ({
    contents: path === "node:child_process" ? "export default {};" : `export { default } from "${path}";`,
  }));
}

/** The process as an imported module opens every stream that it has, of which help needs one. */
function processAsIs({ onLoad, onResolve }) {
  onResolve({ filter: /^node:process$/ }, ({ path }) => ({ path, namespace: "process" }));
  onLoad({ filter: /./, namespace: "process" }, () => ({ contents: "export default globalThis.process;" }));
}

/** What a schema says of a value is read by us alone. */
function englishModule() {
  return {
    contents: `export { default as en } from "./en.js";`,
    resolveDir: join(root, "node_modules/zod/v4/locales"),
  };
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
