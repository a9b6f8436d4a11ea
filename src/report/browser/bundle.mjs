// Bundles the page's script and style sheet for dist/report. Parts of Vega that no chart of ours uses are left out: they
// are a sixth of every page.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const UNUSED = ["crossfilter", "force", "geo", "hierarchy", "label", "regression", "voronoi", "wordcloud"];
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [
    { in: at("main.ts"), out: "runtime" },
    { in: at("page.css"), out: "page" },
  ],
  outdir: process.argv[2] ?? at("../../../dist/report"),
  alias: Object.fromEntries(UNUSED.map((name) => [`vega-${name}`, at("nothing.ts")])),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "eof",
  charset: "utf8",
  logLevel: "warning",
});
