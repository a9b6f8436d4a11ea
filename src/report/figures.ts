import type { TopLevelSpec } from "vega-lite";
import { type Drawing, drawingOf, specOf } from "../charts/compile.js";
import type { PictureName } from "../charts/picture-names.js";
import type { Picture } from "../charts/pictures.js";
import type { Chart } from "../charts/theme.js";
import type { Result } from "../experiment/result.js";
import { asMarkup, html, type Markup } from "../text/html.js";
import { NARROW_PADDING } from "./drawing.js";
import { compiled, type Tables, withSpots } from "./interactive.js";
import { onLinearScale } from "./linear-costs.js";
import type { InteractiveChart, VegaSpec } from "./payload.js";
import { slimSvg } from "./slim-svg.js";
import { costSpots, dataSpots, effectSpots, gapSpots, gradientSpots, type Spot, verdictSpots } from "./spots.js";

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

/** A chart as the page's script draws it, before it is compiled: each way of drawing it, with the same spots. */
interface Pointable {
  readonly ways: readonly { readonly name: string; readonly spec: TopLevelSpec }[];
  readonly spots: readonly Spot[];
}

/** The same chart for the page's script; undefined where there is nothing to point at. */
export function interactiveChart(
  picture: PictureName,
  chart: Chart,
  result: Result,
  tables: Tables,
): InteractiveChart | undefined {
  const pointable = pointableOf(picture, chart, result);
  return pointable === undefined ? undefined : compiledChart(chart, pointable, tables);
}

/** Its specs for a phone, in the same order; undefined where not all `spots` of the wide chart are found. */
export function narrowSpecs(
  picture: PictureName,
  chart: Chart,
  result: Result,
  spots: number,
  tables: Tables,
): VegaSpec[] | undefined {
  const narrow = pointableOf(picture, chart, result);
  return narrow === undefined || narrow.spots.length !== spots ? undefined : forPhone(narrow, tables);
}

function pointableOf(picture: PictureName, { spec }: Chart, result: Result): Pointable | undefined {
  const drawing = drawingOf(spec);
  const spots = drawing === undefined ? [] : (SPOTS[picture]?.(result, drawing) ?? []);
  if (drawing === undefined || spots.length === 0) return undefined;
  if (picture !== "costs.svg") return { ways: [{ name: "", spec }], spots };
  const linear = specOf(onLinearScale(result, drawing));
  return {
    ways: [
      { name: "log scale", spec },
      { name: "linear scale", spec: linear },
    ],
    spots,
  };
}

/** A chart that can be pointed at, in one way of drawing it. */
export function spottedChart(chart: Chart, spots: readonly Spot[], tables: Tables): InteractiveChart | undefined {
  return compiledChart(chart, { ways: [{ name: "", spec: chart.spec }], spots }, tables);
}

/** Its spec for a phone. */
export function spottedNarrow({ spec }: Chart, spots: readonly Spot[], tables: Tables): VegaSpec[] | undefined {
  return forPhone({ ways: [{ name: "", spec }], spots }, tables);
}

function compiledChart(
  { title, description }: Chart,
  { ways, spots }: Pointable,
  tables: Tables,
): InteractiveChart | undefined {
  const variants = ways.flatMap(({ name, spec }) => {
    const overlaid = withSpots(spec, spots);
    return overlaid === undefined ? [] : [{ name, spec: compiled(overlaid, tables) }];
  });
  if (variants.length < ways.length || spots.length === 0) return undefined;
  return {
    label: `${title}. ${description}`,
    variants,
    spots: spots.map(({ lines, layer }) => ({ lines, ...(layer === undefined ? {} : { layer }) })),
  };
}

function forPhone({ ways, spots }: Pointable, tables: Tables): VegaSpec[] | undefined {
  const specs = ways.map(({ spec }) => withSpots(spec, spots));
  if (specs.includes(undefined)) return undefined;
  return specs.flatMap((spec) => (spec === undefined ? [] : [compiled({ ...spec, padding: NARROW_PADDING }, tables)]));
}

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
  const notes = picture.chart.notes.filter((note) => note !== "");
  return html`<figure class="chart" id="chart-${id}">
<figcaption>${how === undefined ? undefined : html`<p><b class="mark">How to read it</b> ${how}</p>`}<p><b class="mark">What it shows${whose === undefined ? "" : `, ${whose}`}</b> ${here}</p></figcaption>
<div class="canvas" role="region" tabindex="0" aria-label="${name}">${asMarkup(slimSvg(picture.bare.trim(), `chart-${id}`))}</div>
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
