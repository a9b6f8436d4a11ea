import type { Picture } from "../charts/picture.js";
import { asMarkup, html, type Markup } from "../text/html.js";
import { slimSvg } from "./slim-svg.js";

/** A drawn chart whose ids begin with the prefix as well, so that it may stand beside another of its kind. */
export function withPrefix(picture: Picture, name: string, prefix: string): Picture {
  // What stands in texts has no "<", so these are the tags.
  const bare = picture.bare.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(new RegExp(` id="(?=${name}-)`), ` id="${prefix}`)
      .replace(new RegExp(`url\\(#(?=${name}-)`, "g"), `url(#${prefix}`)
      .replace(/ aria-labelledby="([^"]*)"/, (_, ids: string) => {
        const all = ids.split(" ").map((id) => `${prefix}${id}`);
        return ` aria-labelledby="${all.join(" ")}"`;
      }),
  );
  return { ...picture, bare };
}

/** What is told above a chart; how it is read once for charts of a kind. */
export interface ChartReading {
  readonly how?: Markup;
  readonly here: Markup;
  /** Whose nets are drawn, where there are more. */
  readonly whose?: string;
}

/** A drawn chart between what is to be known to read it and, in small, how it was drawn. */
export function figureMarkup(id: string, picture: Picture, reading: ChartReading, name: string): Markup {
  const { how, here, whose } = reading;
  const notes = picture.notes.filter((note) => note !== "");
  return html`<figure class="chart" id="chart-${id}">
<figcaption>${how === undefined ? undefined : html`<p><b class="mark">How to read it</b> ${how}</p>`}<p><b class="mark">What it shows${whose === undefined ? "" : `, ${whose}`}</b> ${here}</p></figcaption>
<div class="canvas" role="region" tabindex="0" aria-label="${name}">${asMarkup(slimSvg(picture.bare.trim(), id))}</div>
${notes.length === 0 ? undefined : html`<p class="notes">${notes.map((note) => html`<span>${note}</span> `)}</p>`}
</figure>`;
}

/**
 * Rules for the widths of a page's charts: as large as they were drawn, a little larger where there is room. What is drawn
 * for a phone has the phone's.
 */
export function chartWidths(drawn: Readonly<Record<string, Picture>>): string {
  const rules = Object.entries(drawn).map(([id, { bare }]) => {
    const width = widthOf(bare);
    return `#chart-${id}:not(.narrow) svg{min-width:${Math.round(width * 0.62)}px;max-width:${Math.round(width * 1.3)}px}`;
  });
  // On a phone what has no drawing of its own stays legible, and is moved sideways.
  const phone = Object.entries(drawn).map(
    ([id, { bare }]) => `#chart-${id}:not(.narrow) svg{min-width:${Math.round(widthOf(bare) * 0.85)}px}`,
  );
  return `@media screen{${rules.join("")}}@media screen and (max-width:40rem){${phone.join("")}}`;
}

/** As it was drawn, px. */
function widthOf(svg: string): number {
  return Number(/ width="(\d+(?:\.\d+)?)"/.exec(svg)?.[1] ?? 0);
}
