import type { PictureName } from "../charts/picture-names.js";
import { charts, type Pictures } from "../charts/pictures.js";
import { nameText, runText } from "../charts/wording.js";
import { sentenceOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { warningText } from "../experiment/warning-text.js";
import { html, type Markup } from "../text/html.js";
import { armCards } from "./arm-cards.js";
import { loadAssets } from "./assets.js";
import { collectWithin } from "./collect.js";
import { pageOf } from "./document.js";
import { chartWidths, idOf, interactiveChart, narrowSpecs } from "./figures.js";
import { filmOf } from "./film.js";
import { headlineOf } from "./headline.js";
import { armColors, CHART_FILTERS } from "./palette.js";
import type { Payload } from "./payload.js";
import { runSections, type Section } from "./run-sections.js";
import { setupOf, titleOf } from "./setup-words.js";
import type { RunTables } from "./tables.js";

/** Characters of a page; what would make it longer stays as it was drawn. */
export const PAGE_LIMIT = 1_450_000;

/** Of the room for what the page's script draws, how much the film's counts may take. */
const FILM_SHARE = 0.4;

/** Charts in the order in which they are worth their room, behind the film. */
const BY_WORTH: readonly PictureName[] = [
  "costs.svg",
  "verdicts.svg",
  "gradients.svg",
  "effect.svg",
  "data.svg",
  "gap.svg",
];

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
  const drawn = Object.fromEntries(Object.entries(pictures).map(([name, picture]) => [idOf(name), picture]));
  const style = `${common.trim()}${CHART_FILTERS}${armColors(Object.keys(result.arms))}${chartWidths(drawn)}`;
  const room = PAGE_LIMIT - body.text.length - style.length - script.length;
  const payload = payloadOf(result, pictures, room);
  return pageOf({ title, body, style, ...(payload === undefined ? {} : { interactive: { script, payload } }) });
}

/** As many charts as `room` characters hold: all as they are with room first, then as they are on a phone. */
function payloadOf(result: Result, pictures: Pictures, room: number): Payload | undefined {
  const collector = collectWithin(room);
  collector.addFilm("layers", (tables) => filmOf(result, tables, room * FILM_SHARE));
  for (const name of BY_WORTH) {
    const chart = pictures[name]?.chart;
    if (chart !== undefined) collector.addChart(idOf(name), (tables) => interactiveChart(name, chart, result, tables));
  }
  const forPhones = charts(result, "narrow");
  for (const name of BY_WORTH) {
    const chart = forPhones[name];
    if (chart === undefined) continue;
    collector.addNarrow(idOf(name), (tables, spots) => narrowSpecs(name, chart, result, spots, tables));
  }
  return collector.collected();
}

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
