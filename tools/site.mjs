// Writes a folder that any web server serves: the playground, and README and docs as pages, the gallery with live reports.
// What these link to, and so on, comes along. `node tools/site.mjs [FOLDER] [--runs PATTERN]`: with a pattern, of the gallery's
// commands only those are run that match. Fails, with every link that leads nowhere.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { playgroundPage } from "../build/report/assets.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "" } },
});
const out = resolve(positionals[0] ?? join(root, "site"));

const PLAYGROUND = "playground.html";
const STYLE = `
:root { color-scheme: light dark; font: 17px/1.55 system-ui, sans-serif; }
body { max-width: 54rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; padding-bottom: 0.5rem; border-bottom: 1px solid #8888; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
img { max-width: 100%; height: auto; background: #fff; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8888; font-size: 0.85rem; }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { padding: 0.25rem 0.6rem; border: 1px solid #8888; text-align: left; vertical-align: top; }
`;

/** Documents to write, by their path in the repository; grows while they are read. */
const documents = new Set([
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
]);
/** Files that are copied as they are. */
const files = new Set();
/** Paths of the site that something else writes. */
const made = new Set([PLAYGROUND]);
/** Anchors of a page, by its path in the site. */
const anchors = new Map();
/** Links that are to be looked at when all is there: from a page, to a path with an anchor. */
const links = [];
const faults = [];

/** `docs/cli.md` → `docs/cli.html`, `docs/README.md` → `docs/index.html`. */
const pageOf = (document) => document.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html");

rmSync(out, { recursive: true, force: true });
for (const document of documents) write(pageOf(document), pageHtml(document));
for (const file of files) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  copyFileSync(join(root, file), join(out, file));
}
writeFileSync(join(out, PLAYGROUND), playgroundPage());
for (const { page, path, anchor } of links) {
  if (!existsSync(join(out, path))) faults.push(`${page}: links to ${path}, which is not in the site`);
  else if (anchor !== "" && anchors.has(path) && !anchors.get(path).has(anchor))
    faults.push(`${page}: links to ${path}#${anchor}, where there is no such heading`);
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(join(out, "index.html"));

function write(path, text) {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

function pageHtml(document) {
  const page = pageOf(document);
  const text = readFileSync(join(root, document), "utf8");
  const html = micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const seen = new Map();
  const body = html
    .replace(
      /<(h[1-6])>([\s\S]*?)<\/\1>/g,
      (_, level, inner) => `<${level} id="${slugOf(inner, seen)}">${inner}</${level}>`,
    )
    .replace(
      /(<(?:a|img|source)\b[^>]*? (?:href|src|srcset)=")([^"]+)"/g,
      (_, start, link) => `${start}${linkFrom(document, link)}"`,
    );
  anchors.set(page, new Set([...seen.values()].flat()));
  const title = /^# (.+)$/m.exec(text)?.[1]?.replaceAll("`", "") ?? document;
  const to = (path) => posix.relative(posix.dirname(page), path);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<nav><a href="${to("index.html")}">bn-compare</a><a href="${to(PLAYGROUND)}">Playground</a><a href="${to("docs/gallery.html")}">Gallery</a><a href="${to("docs/index.html")}">Documentation</a></nav>
<main>
${document === "docs/gallery.md" ? withRuns(body, to) : body}
</main>
</body>
</html>
`;
}

/** The anchor of a heading as GitHub makes it; one that is there already is numbered. */
function slugOf(html, seen) {
  const text = html.replace(/<[^>]+>/g, "").replace(/&\w+;/g, "");
  const slug = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
  const before = seen.get(slug) ?? [];
  const own = before.length === 0 ? slug : `${slug}-${before.length}`;
  seen.set(slug, [...before, own]);
  return own;
}

/** A link of a document, for its page; what it leads to comes along. */
function linkFrom(document, link) {
  if (/^[a-z]+:/i.test(link)) return link;
  const [path = "", anchor = ""] = link.split("#");
  const target = path === "" ? document : posix.join(posix.dirname(document), decodeURI(path));
  const source =
    existsSync(join(root, target)) && statSync(join(root, target)).isDirectory()
      ? posix.join(target, "README.md")
      : target;
  const page = pageOf(document);
  if (source.startsWith("..") || !existsSync(join(root, source))) {
    faults.push(`${document}: ${link} leads to nothing in the repository`);
    return link;
  }
  if (source.endsWith(".md")) documents.add(source);
  else files.add(source);
  const place = pageOf(source);
  links.push({ page, path: place, anchor });
  const shown = place === page ? "" : posix.relative(posix.dirname(page), place);
  return `${shown}${anchor === "" ? "" : `#${anchor}`}`;
}

/** Behind each command of the gallery its report, live, and the playground set to it. */
function withRuns(body, to) {
  return body.replace(/<pre><code[^>]*>npx bn-compare run ([^\n<]*)\n<\/code><\/pre>/g, (block, line) => {
    const words = line.split(" ");
    const reports = new RegExp(values.runs).test(line) ? [`<a href="${to(reportOf(words))}">Its report, live</a>`] : [];
    const fragment = fragmentOf(words);
    const turns = fragment === undefined ? [] : [`<a href="${to(PLAYGROUND)}#${fragment}">Turn its settings</a>`];
    return `${block}\n<p>${[...reports, ...turns].join(" · ")}</p>`;
  });
}

/** Runs a command; the path of its report. */
function reportOf(words) {
  const folder = `runs/${words
    .join("-")
    .replace(/[^\w.]+/g, "-")
    .replace(/^-/, "")}`;
  const report = `${folder}/report.html`;
  if (!made.has(report)) {
    made.add(report);
    mkdirSync(join(out, "runs"), { recursive: true });
    execFileSync(
      process.execPath,
      [join(root, "dist/main.js"), "run", ...words, "--quiet", "--out", join(out, folder)],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
  }
  links.push({ page: "docs/gallery.html", path: report, anchor: "" });
  return report;
}

/** Flags as the playground's address has them; undefined where there is more than flags. */
function fragmentOf(words) {
  const entries = [];
  for (let at = 0; at < words.length; at++) {
    if (!words[at].startsWith("--")) return undefined;
    const hasValue = words[at + 1]?.startsWith("--") === false;
    entries.push([words[at].slice(2), hasValue ? words[++at] : ""]);
  }
  return new URLSearchParams(entries).toString().replaceAll("&", "&amp;");
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
