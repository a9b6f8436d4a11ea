import * as vega from "vega";
import { escapeText, removeControls } from "../text/xml.js";
import { compileSpec, withRows } from "./compile.js";
import type { DataSets } from "./data-sets.js";
import type { Spec } from "./spec.js";
import { measureTextItem } from "./text-metrics.js";

export interface RenderOptions {
  readonly title: string;
  readonly description: string;
  /** Starts every id in the SVG, so that several can stand in one page. */
  readonly idPrefix: string;
  /** Told what Vega and Vega-Lite warn of; a sound spec gives no warning. */
  readonly onWarning?: (message: string) => void;
}

/** What vega exports but its types do not tell. */
interface UntypedVega {
  readonly textMetrics: { width: (item: object, text: unknown) => number };
  readonly resetSVGDefIds: () => void;
}

const untyped = vega as unknown as UntypedVega;
untyped.textMetrics.width = measureTextItem;

/** Compiles a spec and draws it with its rows as an SVG: the same bytes for the same input. */
export async function renderSpec(spec: Spec, sets: DataSets, options: RenderOptions): Promise<string> {
  const logger = quietLogger(options.onWarning);
  const compiled = withRows(await compileSpec(spec, logger, options.onWarning !== undefined), sets);
  const view = new vega.View(vega.parse(compiled as unknown as vega.Spec), { renderer: "none", logger });
  try {
    untyped.resetSVGDefIds();
    return finish(await view.toSVG(), options);
  } finally {
    view.finalize();
  }
}

/** Vega's own logger writes to the console. Errors are thrown. */
function quietLogger(onWarning: ((message: string) => void) | undefined) {
  const logger = {
    level: () => 2,
    error(...messages: readonly unknown[]) {
      throw new Error(messages.map(String).join(" "));
    },
    warn(...messages: readonly unknown[]) {
      onWarning?.(messages.map(String).join(" "));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  // Both packages' types ask for overloads (level() reads, level(n) returns the logger) that nothing calls.
  return logger as never;
}

function finish(svg: string, options: RenderOptions): string {
  const ids = `${options.idPrefix}-title ${options.idPrefix}-description`;
  const head = `<title id="${options.idPrefix}-title">${escapeText(options.title)}</title><desc id="${options.idPrefix}-description">${escapeText(options.description)}</desc>`;
  const rename = renaming(options.idPrefix);
  // Vega escapes `<` and `>` everywhere, so these are the tags.
  const body = removeControls(svg).replace(/<[^/][^>]*>/g, (tag) =>
    isEmptyPath(tag) ? "" : rename(rounded(plain(tag))),
  );
  return `${body
    .replace(/<svg [^>]*>/, (tag) => `${tag.slice(0, -1)} role="img" aria-labelledby="${ids}">${head}`)
    .replace(' class="marks"', "")}\n`;
}

/** Every group of Vega's comes with paths for a background and a foreground, mostly without anything to paint. */
function isEmptyPath(tag: string): boolean {
  return /^<path class="(?:background|foreground)"/.test(tag) && !/ (?:fill|stroke)="/.test(tag);
}

/** A picture is one thing to a screen reader, with one title; Vega would announce each mark as a container. */
function plain(tag: string): string {
  return tag.replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, "");
}

const GEOMETRY = /( (?:d|transform|x|y|x1|y1|x2|y2|width|height|cx|cy|r|viewBox)=")([^"]*)"/g;

/** To 0.01 px: finer digits differ between mathematical libraries and cannot be seen. */
function rounded(tag: string): string {
  return tag.replace(GEOMETRY, (_, name: string, value: string) => {
    const short = value.replace(/-?\d*\.\d{3,}(?:e[-+]?\d+)?|-?\d+e[-+]?\d+|-0(?![\d.])/g, (number) =>
      String(Math.round(Number(number) * 100) / 100 || 0),
    );
    return `${name}${short}"`;
  });
}

/** Vega counts its ids over the life of the process; here they are counted per picture, in order of appearance. */
function renaming(prefix: string): (tag: string) => string {
  const names = new Map<string, string>();
  const renamed = (id: string): string => {
    const name = names.get(id) ?? `${prefix}-${names.size + 1}`;
    names.set(id, name);
    return name;
  };
  return (tag) =>
    tag
      .replace(/ id="([^"]*)"/, (_, id: string) => ` id="${renamed(id)}"`)
      .replace(/url\(#([^)]*)\)/g, (_, id: string) => `url(#${renamed(id)})`);
}
