// Bundles the playground into one page, dist/report/playground.html; the kernel, which reports have as well, is put in when
// the page is written.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { zlibSync } from "fflate";
import { noticesOf } from "../report/browser/notices.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Nothing of Node, nor a reader of YAML, is left in a bundle: what names them is not used there. */
const withoutNode = {
  name: "without-node",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(?:node:|yaml$)/ }, ({ path }) => ({ path, external: true, sideEffects: false })),
};

async function bundled(entry, options) {
  const { outputFiles, metafile } = await build({
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    platform: "browser",
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
    entryPoints: [at(entry)],
    write: false,
    metafile: true,
    ...options,
  });
  const [{ text }] = outputFiles;
  if (/"(?:node:|yaml")/.test(text)) throw new Error(`${entry} needs Node`);
  return `${text}${noticesOf(Object.entries(Object.values(metafile.outputs)[0].inputs))}`;
}

const worker = await bundled("worker.ts", {
  alias: { "node:crypto": at("../lab/node-crypto.ts"), "node:timers/promises": at("../lab/node-timers.ts") },
});
const page = await bundled("browser/main.ts", { plugins: [withoutNode] });
// A script ends at the first "</script", wherever in it that is.
const script = page.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
const style = readFileSync(at("browser/page.css"), "utf8");

const packed = (bytes) => Buffer.from(zlibSync(bytes, { level: 9 })).toString("base64");
const hashOf = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const parts = {
  policy: [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    "worker-src blob:",
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  style,
  script,
  worker: packed(Buffer.from(worker)),
};
const html = readFileSync(at("browser/page.html"), "utf8").replace(
  /\{\{(\w+)\}\}|\s*\/\*\{(\w+)\}\*\/\s*/g,
  (mark, text, code) => parts[text ?? code] ?? mark,
);
writeFileSync(at("../../dist/report/playground.html"), html);
