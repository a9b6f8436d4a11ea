// Bundles the page's script and style sheet for dist/report. Parts of Vega that no chart of ours uses are left out: they
// are a sixth of every page.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { zlibSync } from "fflate";
import { noticesOf } from "./notices.mjs";
import { unusedInVega } from "./unused.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = process.argv[2] ?? at("../../../dist/report");

const COMMON = {
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  // The licenses are written below, whole.
  legalComments: "none",
  metafile: true,
  charset: "utf8",
  logLevel: "warning",
};

const { metafile } = await build({
  ...COMMON,
  entryPoints: [
    { in: at("main.ts"), out: "runtime" },
    { in: at("page.css"), out: "page" },
  ],
  outdir,
  alias: unusedInVega,
});

// What trains in a page: a worker's script and the kernel, packed by the same code that unpacks them there.
const worker = await build({
  ...COMMON,
  entryPoints: [at("../../lab/worker.ts")],
  alias: { "node:crypto": at("../../lab/node-crypto.ts"), "node:timers/promises": at("../../lab/node-timers.ts") },
  write: false,
});
const notices = noticesOf(Object.entries(Object.values(worker.metafile.outputs)[0].inputs));
const packed = (bytes) => Buffer.from(zlibSync(bytes, { level: 9 })).toString("base64");
writeFileSync(join(outdir, "lab-worker.txt"), packed(Buffer.from(`${worker.outputFiles[0].text}${notices}`)));
writeFileSync(join(outdir, "lab-kernel.txt"), packed(readFileSync(at("../../../dist/kernel/kernel.wasm"))));

// A page may be passed on alone, so it has the licenses of what is in it.
const script = Object.entries(metafile.outputs).find(([file]) => file.endsWith("runtime.js"));
appendFileSync(join(outdir, "runtime.js"), noticesOf(Object.entries(script[1].inputs)));
