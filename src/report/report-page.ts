import type { Chart } from "../charts/chart.js";
import { type DataSource, dataSource } from "../charts/data-sets.js";
import { CHARTS, drawableOf, type Pictures } from "../charts/index.js";
import { activations, histograms } from "../charts/layers/index.js";
import { nameText, runText } from "../charts/wording.js";
import { sentenceOf } from "../experiment/findings.js";
import { warningText } from "../experiment/warning-text.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { armCards } from "./arm-cards.js";
import { loadAssets } from "./assets.js";
import { pageOf } from "./document.js";
import { chartWidths } from "./figures.js";
import { headlineOf } from "./headline.js";
import { type PageChart, payloadOf } from "./interactive.js";
import { armColors, CHART_FILTERS } from "./palette.js";
import type { Payload } from "./payload.js";
import { playerOf } from "./player.js";
import { runSections, type Section } from "./run-sections.js";
import { setupOf, titleOf } from "./setup-words.js";
import type { RunTables } from "./tables.js";

/** Characters of a page; what would make it longer is thinned. */
export const PAGE_LIMIT = 1_450_000;

/** `report.html`: a run's story with its charts, in one file. */
export function reportPage(result: Result, pictures: Pictures, tables: RunTables): string {
  const title = `Batch normalization compared: ${titleOf(result)}`;
  const sections = runSections(result, pictures, tables);
  const body = html`<header class="top">
<p class="kind">bn-compare</p>
<h1>${title}</h1>
<p class="lead">${headlineOf(result)}</p>
<p>${setupOf(result)}</p>
${armCards(result)}
${warningList(result)}
<p class="facts"><b>In numbers.</b> ${sentenceOf(result)}</p>
<p class="facts">${runText(result, "every seed")}</p>
</header>
${sectionList(sections)}
${footer(result)}`;
  const { script, style: common } = loadAssets();
  const style = `${common.trim()}${CHART_FILTERS}${armColors(Object.keys(result.arms))}${chartWidths(Object.fromEntries(pictures))}`;
  const room = PAGE_LIMIT - body.text.length - style.length - script.length;
  const payload = interactiveOf(result, pictures, room);
  return pageOf({ title, body, style, ...(payload === undefined ? {} : { interactive: { script, payload } }) });
}

/** Every drawn chart for the page's script, and the player of the layers in place of their pictures. */
function interactiveOf(result: Result, pictures: Pictures, room: number): Payload | undefined {
  const source = dataSource(result);
  const player = playerOf(result, source);
  const charts = runCharts(result, source).filter(([name]) => pictures.has(name));
  return payloadOf(Object.fromEntries(charts), player === undefined ? {} : { layers: player }, room);
}

/** A run's charts but those of its layers, which have a player. */
export function runCharts(result: Result, source: DataSource): [name: string, chart: PageChart][] {
  return CHARTS.filter((chart) => !LAYER_CHARTS.includes(chart)).flatMap((chart) => {
    const ways = WAYS[chart.name] ?? [{ name: "" }];
    const drawn = ways.flatMap(({ name, ...way }) => {
      const [wide, narrow] = (["wide", "narrow"] as const).map((viewport) =>
        drawableOf(chart, result, source, { viewport, interactive: true, ...way }),
      );
      return wide === undefined || narrow === undefined ? [] : [{ name, at: { wide, narrow } }];
    });
    return drawn.length === 0 ? [] : [[chart.name, { ways: drawn }]];
  });
}

const LAYER_CHARTS: readonly Chart[] = [histograms, activations];

/** Charts that a reader may see in more than one way. */
const WAYS: Readonly<Record<string, readonly { readonly name: string; readonly scale: "log" | "linear" }[]>> = {
  costs: [
    { name: "log scale", scale: "log" },
    { name: "linear scale", scale: "linear" },
  ],
};

/** The sections of a page and the list that leads to them. */
export function sectionList(sections: readonly Section[]): Markup {
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const parts = sections.map(
    ({ id, title, content }) =>
      html`<section id="${id}" aria-labelledby="heading-${id}"><h2 id="heading-${id}">${title}</h2>\n${content}</section>\n`,
  );
  return html`<nav aria-label="Sections"><ol>${links}</ol></nav>
<main>
${parts}</main>`;
}

function warningList({ warnings }: Result): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<ul class="warnings">${warnings.map((warning) => html`<li><strong>Note:</strong> ${warningText(warning)}.</li>`)}</ul>`;
}

function footer({ engine }: Result): Markup {
  const version = nameText(engine.version["bn-compare"] ?? "");
  return html`<footer><p>Written by bn-compare ${version} with the engine ${nameText(engine.name)} (${nameText(engine.backend)}). All numbers are in result.json.</p></footer>`;
}
