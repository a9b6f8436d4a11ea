import type { Picture } from "../charts/picture.js";
import { armStyles } from "../charts/theme.js";
import type { Sweep, SweepPoint } from "../record/sweep.js";
import { armAt } from "../tables/sweep.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import { countText, numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";
import { aboutSweep, bestSentences, fateWords, valuesWords, widthSentence } from "../text/sweep-words.js";
import { loadAssets } from "./assets.js";
import { documentOf } from "./document.js";
import { canvasMarkup, chartWidths } from "./figures.js";
import { armColors, CHART_FILTERS } from "./palette.js";
import { tableMarkup } from "./tables.js";

/** More cells than these a page does not list: cells.csv does. */
const MOST_CELLS = 4000;
/** Characters of a cell's name that tell it from the others of its store. */
const SHORT = 12;

export interface SweepPageOptions {
  readonly sweep: Sweep;
  readonly pictures: readonly Picture[];
  /** The points as the terminal has them. */
  readonly table: Rows;
  /** The report of a cell that was run in full, from the page's folder. */
  readonly reportOf: (cell: string) => string | undefined;
}

/** `sweep.html`: what a sweep found, its pictures, and every cell with its full report or the command that makes it. */
export function sweepPage({ sweep, pictures, table, reportOf }: SweepPageOptions): string {
  const figures = pictures.map((picture) => ({ id: `sweep-${picture.name}`, picture }));
  const lead = [...bestSentences(sweep), widthSentence(sweep)].filter((sentence) => sentence !== undefined);
  const sections = [
    ...figures.map(({ id, picture }) => ({ id, title: picture.title, content: figure(id, picture, lead.join(" ")) })),
    { id: "points", title: t`Every point`, content: tableMarkup(table, t`Points of the grid`) },
    { id: "cells", title: t`Every cell`, content: cellList(sweep, reportOf) },
  ];
  return documentOf({
    title: t`Sweep: ${sweep.name}`,
    opening: html`${lead.map((sentence) => html`<p class="lead">${sentence}</p>\n`)}<p>${aboutSweep(sweep)}</p>`,
    sections,
    footer: t`All numbers are in sweep.json, and as tables in cells.csv, points.csv, effects.csv and best.csv.`,
    style: [loadAssets().style.trim(), CHART_FILTERS, armColors(sweep.arms), chartWidths(figures)].join(""),
  });
}

/** Under what it shows, unless that is said already. */
function figure(id: string, picture: Picture, lead: string): Markup {
  const { description, notes } = picture;
  return html`<figure class="chart" id="chart-${id}">
${lead.startsWith(description) ? undefined : html`<figcaption><p class="here">${description}</p></figcaption>\n`}${canvasMarkup(picture, id, description)}
${notes.map((note) => html`<p class="notes">${note}</p>`)}
</figure>`;
}

function cellList(sweep: Sweep, reportOf: SweepPageOptions["reportOf"]): Markup {
  const count = sweep.points.length * sweep.arms.length * sweep.seeds.length;
  if (count > MOST_CELLS)
    return html`<p>These are ${countText(count)} cells; cells.csv lists them. <code>bn-compare run --cell NAME</code> runs one in full.</p>`;
  return html`<p>A cell is one arm and one seed at one point of the grid. <code>bn-compare run --cell NAME</code> runs it again, with every layer recorded, and writes its report here.</p>
${sweep.points.map((point) => pointCells(sweep, point, reportOf))}`;
}

function pointCells({ arms, seeds }: Sweep, point: SweepPoint, reportOf: SweepPageOptions["reportOf"]): Markup {
  const labels = armStyles(arms).map(({ label }) => label);
  const rows = seeds.map(
    (seed, place) =>
      html`<tr><th scope="row">${seed}</th>${arms.map((arm) => {
        const { cells, fates, costs } = armAt(point, arm);
        const [name = "", fate = "missing", cost] = [cells[place], fates[place], costs[place]];
        const report = reportOf(name);
        const short = html`<code>${name.slice(0, SHORT)}</code>`;
        return html`<td>${cost === null || cost === undefined ? "" : `${numberText(cost)}, `}${fateWords(fate)}<br>${report === undefined ? short : html`<a href="${report}">${short}</a>`}</td>`;
      })}</tr>\n`,
  );
  return html`<details><summary>${valuesWords(point.values)}</summary><div class="table" role="region" tabindex="0" aria-label="${valuesWords(point.values)}"><table>
<thead><tr><th scope="col">seed</th>${labels.map((label, place) => html`<th scope="col"><span class="arm arm-${place}">${label}</span></th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></details>\n`;
}
