import type { Picture } from "../charts/picture.js";
import { asMarkup, html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import type { PageFigure } from "./drawing.js";
import { isExplained } from "./how-to-read.js";
import { sentenceMarkup } from "./labeled-arms.js";
import type { NamedRun } from "./named-runs.js";
import { readingOf, whoseNets } from "./reading.js";
import { slimSvg } from "./slim-svg.js";

/** What a chart of several runs is read by. */
const SHARED_HOW: Readonly<Record<string, string>> = {
  costs: t`Each panel is one arm, each line one run: lower is better, on log scales, where equal distances are equal factors.`,
  data: t`Each panel is one arm over the points that all runs share, each line what one run's net predicts after training.`,
  effect: t`Each row is one arm of one run against its control: right of the no-effect line the arm ends lower.`,
  verdicts: t`Each panel is one arm of one run: a row is a layer, a column a recorded update, a mark its verdict.`,
  signal: t`Each panel is one update, each line one arm of one run: how large the values are from layer to layer.`,
  gradients: t`Each panel is one update, each line one arm of one run: how much gradient reaches each layer.`,
  gap: t`Each column is one arm of one run: its cost in both modes, and how far its moving averages are from the training set.`,
};

interface FigureWords {
  readonly name: string;
  readonly isFirst: boolean;
  /** Whether what it shows is said in front of it. */
  readonly isSaid?: boolean;
}

/** A chart under what it shows, and above how it is read, once for charts of a kind, and how it was drawn. */
export function figureMarkup(
  { id, chart, run, picture }: PageFigure,
  runs: readonly NamedRun[],
  { name, isFirst, isSaid = false }: FigureWords,
): Markup {
  const own = run === undefined ? undefined : runs[run]?.result;
  const [how, here] =
    own === undefined
      ? [html`${SHARED_HOW[chart.name] ?? chart.subject}`, html`${picture.description}`]
      : (isExplained(chart.name) ? readingOf(chart.name, own) : [chart.subject, picture.description]).map((sentence) =>
          sentenceMarkup(sentence, own),
        );
  const whose = own === undefined ? sharedScope(chart.scope, runs) : whoseNets(chart.name, own);
  const notes = picture.notes.filter((note) => note !== "");
  const said = [...(isFirst ? [html`<p>${how}</p>`] : []), ...notes.map((note) => html`<p class="notes">${note}</p>`)];
  const mark = whose === undefined ? undefined : html`<b class="mark">${whose}</b>`;
  const shows = isSaid ? undefined : html`<p class="here">${here}</p>`;
  const caption =
    mark === undefined && shows === undefined ? undefined : html`<figcaption>${mark}${shows}</figcaption>`;
  return html`<figure class="chart" id="chart-${id}">
${caption}
${canvasMarkup(picture, id, name)}
${said.length === 0 ? undefined : html`<details class="how"><summary>How to read</summary>${said}</details>`}
</figure>`;
}

/** A drawn chart in a frame that scrolls where it is too wide, which the page's script takes for what it draws in its place. */
export function canvasMarkup({ bare }: Picture, id: string, label: string, kind = ""): Markup {
  return html`<div class="${`canvas ${kind}`.trim()}" role="region" tabindex="0" aria-label="${label}">${asMarkup(slimSvg(bare.trim(), id))}</div>`;
}

function sharedScope(scope: "first seed" | "every seed", runs: readonly NamedRun[]): string | undefined {
  if (runs.every(({ result }) => result.seeds.length < 2)) return undefined;
  return scope === "every seed" ? t`All seeds` : t`First seeds alone`;
}

/**
 * Rules for the widths of a page's charts: as large as they were drawn, a little larger where there is room. What is drawn
 * for a phone has the phone's.
 */
export function chartWidths(figures: readonly Pick<PageFigure, "id" | "picture">[]): string {
  const widths = figures.map(({ id, picture }) => ({
    at: `#chart-${id} .canvas:not(.narrow, .filled) svg`,
    width: widthOf(picture),
  }));
  const rules = widths.map(
    ({ at, width }) => `${at}{min-width:${Math.round(width * 0.62)}px;max-width:${Math.round(width * 1.3)}px}`,
  );
  // On a phone what has no drawing of its own stays legible, and is moved sideways; without script it is there whole, and as
  // large as that where it has the focus: after a tap.
  const phone = widths.map(({ at, width }) => `${at}{min-width:${Math.round(width * 0.85)}px}`);
  const whole = `@media screen and (max-width:40rem) and (scripting:none){.chart .canvas:not(:focus) svg{min-width:0!important}.chart .canvas:not(:focus)::after{content:${JSON.stringify(t`tap to enlarge`)};color:var(--quiet);font-size:.9rem}}`;
  return `@media screen{${rules.join("")}}@media screen and (max-width:40rem){${phone.join("")}}${whole}`;
}

/** As it was drawn, px. */
function widthOf({ bare }: Picture): number {
  return Number(/ width="(\d+(?:\.\d+)?)"/.exec(bare)?.[1] ?? 0);
}
