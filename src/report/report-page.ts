import type { Pictures } from "../charts/index.js";
import { nameText, runText } from "../charts/wording.js";
import { sentenceOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { warningText } from "../experiment/warnings.js";
import { html, type Markup } from "../text/html.js";
import { armCards } from "./arm-cards.js";
import { loadAssets } from "./assets.js";
import { pageOf } from "./document.js";
import { chartWidths } from "./figures.js";
import { headlineOf } from "./headline.js";
import { armColors, CHART_FILTERS } from "./palette.js";
import { runSections, type Section } from "./run-sections.js";
import { setupOf, titleOf } from "./setup-words.js";
import type { RunTables } from "./tables.js";

/** Characters of a page; what would make it longer stays as it was drawn. */
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
  const { style: common } = loadAssets();
  const style = `${common.trim()}${CHART_FILTERS}${armColors(Object.keys(result.arms))}${chartWidths(Object.fromEntries(pictures))}`;
  return pageOf({ title, body, style });
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
