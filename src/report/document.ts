import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { EXIT, ExpectedError } from "../errors.js";
import { readStart } from "../input-file.js";
import { asMarkup, html, type Markup } from "../text/html.js";
import { spokenLanguage, t } from "../text/language.js";
import type { Assets } from "./assets.js";
import type { LabData } from "./lab.js";
import { type Payload, packed } from "./payload.js";

/** Stands in every page, so that it is known as ours. */
const GENERATOR = '<meta name="generator" content="bn-compare">';

/** Whether a page was written by this tool: its head says so. Throws where the file cannot be read. */
export function isOwnPage(file: string): boolean {
  return readStart(file, 2000).includes(GENERATOR);
}

/** A page of ours may be replaced, anything else not. */
export function refuseForeign(out: string): void {
  if (!existsSync(out) || isOwnPage(out)) return;
  throw new ExpectedError(
    EXIT.file,
    t`will not replace ${out}: bn-compare did not write it; give another file with --out`,
  );
}

/** A part of a page, with a heading and a link that leads to it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

interface DocumentParts {
  readonly title: string;
  /** Under the title, above the sections. */
  readonly opening: Markup;
  readonly sections: readonly Section[];
  readonly footer: string;
  readonly style: string;
  /** Absent where nothing on the page moves. */
  readonly interactive?: { readonly script: string; readonly payload: Payload };
  /** What trains the run again, in workers of its own; absent where nothing can. */
  readonly lab?: Assets["lab"] & LabData;
}

/**
 * A whole page in one file. Its policy lets no request out and no script or style run but the two in it, each known by its
 * hash; a page that can train may also compile WebAssembly and start workers that its script made.
 */
export function documentOf({ title, opening, sections, footer, style, interactive, lab }: DocumentParts): string {
  // A script ends at the first "</script", wherever in it that is.
  const script = interactive?.script
    .replace(/<\/(script)/gi, "<\\/$1")
    .replace(/<!--/g, "<\\!--")
    .trim();
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}${lab === undefined ? "" : " 'wasm-unsafe-eval'"}`]),
    ...(lab === undefined ? [] : ["worker-src blob:"]),
    `style-src ${hashOf(style)}`,
    // A chart becomes pixels by way of an image, and the page's icon is none, so that no server is asked for one.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const language = spokenLanguage();
  const behind =
    interactive === undefined
      ? []
      : [
          html`<script type="text/plain" id="payload">${packed(interactive.payload)}</script>\n`,
          ...Object.entries(lab ?? {}).map(
            ([name, text]) => html`<script type="text/plain" id="lab-${name}">${text}</script>\n`,
          ),
          ...(language.catalog === undefined
            ? []
            : [html`<script type="text/plain" id="language">${scriptData(language)}</script>\n`]),
          html`<script>${asMarkup(script ?? "")}</script>\n`,
        ];
  return html`<!doctype html>
<html lang="${language.code}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
${asMarkup(GENERATOR)}
<title>${title}</title>
<style>${asMarkup(style)}</style>
</head>
<body>
<header class="top">
<p class="kind">bn-compare</p>
<h1>${title}</h1>
${opening}
</header>
<nav aria-label="${t`Sections`}"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main>
${sections.map(sectionMarkup)}</main>
<footer><p>${footer}</p></footer>
${behind}</body>
</html>
`.text;
}

function sectionMarkup({ id, title, content }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="heading-${id}"><h2 id="heading-${id}">${title}</h2>\n${content}</section>\n`;
}

/** JSON in which nothing ends the script that it is in. */
function scriptData(value: object): Markup {
  return asMarkup(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
