import type { PictureName } from "../charts/picture-names.js";
import type { Chart } from "../charts/theme.js";
import type { Result } from "../experiment/result.js";
import { type Drawing, drawingOf, specOf } from "./drawing.js";
import { compiled, type Tables, withSpots } from "./interactive.js";
import { asMarkup, html, type Markup } from "./html.js";
import { onLinearScale } from "./linear-costs.js";
import type { InteractiveChart } from "./payload.js";
import { costSpots, dataSpots, gapSpots, gradientSpots, type Spot, verdictSpots } from "./spots.js";

/** Charts that can be pointed at. */
const SPOTS: Readonly<Partial<Record<PictureName, (result: Result, drawing: Drawing) => Spot[]>>> = {
  "data.svg": dataSpots,
  "costs.svg": costSpots,
  "verdicts.svg": verdictSpots,
  "gradients.svg": gradientSpots,
  "gap.svg": gapSpots,
};

/** The same chart for the page's script; undefined where there is nothing to point at. */
export function interactiveChart(
  picture: PictureName,
  { spec, title, description }: Chart,
  result: Result,
  tables: Tables,
): InteractiveChart | undefined {
  const drawing = drawingOf(spec);
  const spots = drawing === undefined ? [] : (SPOTS[picture]?.(result, drawing) ?? []);
  if (drawing === undefined || spots.length === 0) return undefined;
  const drawings =
    picture === "costs.svg"
      ? [
          { name: "log scale", drawing },
          { name: "linear scale", drawing: onLinearScale(result, drawing) },
        ]
      : [{ name: "", drawing }];
  return {
    label: `${title}. ${description}`,
    variants: drawings.flatMap(({ name, drawing }) => {
      const overlaid = withSpots(specOf(drawing), spots);
      return overlaid === undefined ? [] : [{ name, spec: compiled(overlaid, tables) }];
    }),
    spots: spots.map(({ lines, layer }) => ({ lines, ...(layer === undefined ? {} : { layer }) })),
  };
}

/** A drawn chart under what is to be known to read it. */
export function figureMarkup(id: string, svg: string, reading: readonly string[], name: string): Markup {
  return html`<figure class="chart" id="chart-${id}">
<figcaption>${reading.map((sentence) => html`<p>${sentence}</p>`)}</figcaption>
<div class="canvas" role="region" tabindex="0" aria-label="${name}">${asMarkup(svg.trim())}</div>
</figure>`;
}

/** Rules for the widths of a page's charts: as large as they were drawn, a little larger where there is room. */
export function chartWidths(pictures: Readonly<Record<string, string>>): string {
  return Object.entries(pictures)
    .map(([id, svg]) => {
      const width = Number(/ width="(\d+(?:\.\d+)?)"/.exec(svg)?.[1] ?? 0);
      return `#chart-${id} svg{min-width:${Math.round(width * 0.8)}px;max-width:${Math.round(width * 1.3)}px}`;
    })
    .join("");
}
