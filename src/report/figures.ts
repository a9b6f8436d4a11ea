import type { PictureName } from "../charts/picture-names.js";
import type { Chart } from "../charts/theme.js";
import type { Result } from "../experiment/result.js";
import { type Drawing, drawingOf, specOf } from "./drawing.js";
import { asMarkup, html, type Markup } from "./html.js";
import { compiled, type Tables, withSpots } from "./interactive.js";
import { onLinearScale } from "./linear-costs.js";
import type { InteractiveChart } from "./payload.js";
import { slimSvg } from "./slim-svg.js";
import { costSpots, dataSpots, effectSpots, gapSpots, gradientSpots, type Spot, verdictSpots } from "./spots.js";

/** Pictures as they were drawn, by name. */
export type Pictures = Readonly<Partial<Record<PictureName, string>>>;

/** `histograms.svg` → `histograms`. */
export function idOf(picture: string): string {
  return picture.replace(".svg", "");
}

/** Charts that can be pointed at. */
const SPOTS: Readonly<Partial<Record<PictureName, (result: Result, drawing: Drawing) => Spot[]>>> = {
  "data.svg": dataSpots,
  "costs.svg": costSpots,
  "verdicts.svg": verdictSpots,
  "gradients.svg": gradientSpots,
  "gap.svg": gapSpots,
  "effect.svg": effectSpots,
};

/** The same chart for the page's script; undefined where there is nothing to point at. */
export function interactiveChart(
  picture: PictureName,
  chart: Chart,
  result: Result,
  tables: Tables,
): InteractiveChart | undefined {
  const drawing = drawingOf(chart.spec);
  const spots = drawing === undefined ? [] : (SPOTS[picture]?.(result, drawing) ?? []);
  if (drawing === undefined || spots.length === 0) return undefined;
  const log = spottedChart(chart, spots, tables);
  if (picture !== "costs.svg" || log === undefined) return log;
  const linear = spottedChart({ ...chart, spec: specOf(onLinearScale(result, drawing)) }, spots, tables);
  const variants = [
    ...log.variants.map((variant) => ({ ...variant, name: "log scale" })),
    ...(linear?.variants ?? []).map((variant) => ({ ...variant, name: "linear scale" })),
  ];
  return { ...log, variants };
}

/** A chart with spots, in one way of drawing it. */
export function spottedChart(
  { spec, title, description }: Chart,
  spots: readonly Spot[],
  tables: Tables,
): InteractiveChart | undefined {
  const overlaid = withSpots(spec, spots);
  if (overlaid === undefined || spots.length === 0) return undefined;
  return {
    label: `${title}. ${description}`,
    variants: [{ name: "", spec: compiled(overlaid, tables) }],
    spots: spots.map(({ lines, layer }) => ({ lines, ...(layer === undefined ? {} : { layer }) })),
  };
}

/** A drawn chart whose ids begin with the prefix as well, so that it may stand beside another of its kind. */
export function withPrefix(svg: string, name: string, prefix: string): string {
  // What stands in texts has no "<", so these are the tags.
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(new RegExp(` id="(?=${name}-)`), ` id="${prefix}`)
      .replace(new RegExp(`url\\(#(?=${name}-)`, "g"), `url(#${prefix}`)
      .replace(/ aria-labelledby="([^"]*)"/, (_, ids: string) => {
        const all = ids.split(" ").map((id) => `${prefix}${id}`);
        return ` aria-labelledby="${all.join(" ")}"`;
      }),
  );
}

/** A drawn chart under what is to be known to read it. */
export function figureMarkup(id: string, svg: string, reading: readonly Markup[], name: string): Markup {
  return html`<figure class="chart" id="chart-${id}">
<figcaption>${reading.map((sentence) => html`<p>${sentence}</p>`)}</figcaption>
<div class="canvas" role="region" tabindex="0" aria-label="${name}">${asMarkup(slimSvg(svg.trim(), `chart-${id}`))}</div>
</figure>`;
}

/** Rules for the widths of a page's charts: as large as they were drawn, a little larger where there is room. */
export function chartWidths(drawn: Readonly<Record<string, string>>): string {
  const rules = Object.entries(drawn).map(([id, svg]) => {
    const width = widthOf(svg);
    return `#chart-${id} svg{min-width:${Math.round(width * 0.8)}px;max-width:${Math.round(width * 1.3)}px}`;
  });
  return `@media screen{${rules.join("")}}`;
}

/** As it was drawn, px. */
export function widthOf(svg: string): number {
  return Number(/ width="(\d+(?:\.\d+)?)"/.exec(svg)?.[1] ?? 0);
}
