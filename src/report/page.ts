import type { Pictures } from "../charts/index.js";
import { runStyle } from "../charts/runs.js";
import { nameText } from "../charts/wording.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { warningText } from "../text/warning-text.js";
import { armCards } from "./arm-cards.js";
import { loadAssets } from "./assets.js";
import { documentOf } from "./document.js";
import { drawFigures } from "./drawing.js";
import { chartWidths } from "./figures.js";
import { headlineOf } from "./headline.js";
import { payloadOf } from "./interactive.js";
import { labOf } from "./lab.js";
import { comparedText } from "./normalizers.js";
import { compareHeadline } from "./overview.js";
import { armColors, CHART_FILTERS, colorRules } from "./palette.js";
import { type PageRun, type Section, sectionsOf } from "./sections.js";
import { setupOf, titleOf } from "./setup-words.js";
import { type Stage, stageOf, stageOfRun } from "./stage.js";
import { unitViewOf } from "./unit-view.js";

/** One run's story, or several runs side by side, in one file; `known` has the pictures of a single run, where they are drawn. */
export async function reportPage(runs: readonly PageRun[], known?: Pictures): Promise<string> {
  const figures = await drawFigures(runs, known);
  const stages = await stagesOf(runs);
  const [stage] = runs.length === 1 ? stages : [];
  const moving = stage === undefined ? stages.map((own) => own?.markup) : [];
  const [only, ...others] = runs;
  const isOne = only !== undefined && others.length === 0;
  const unit = isOne ? await unitViewOf(only.result) : undefined;
  const sections = sectionsOf({ runs, figures, moving, unit: unit?.markup });
  const { script, style, lab } = loadAssets();
  const job = isOne ? labOf(only.result) : undefined;
  const payload = await payloadOf(
    [...figures.filter(({ ways }) => ways.length > 0), ...[stage, unit].flatMap((own) => own?.chart ?? [])],
    stages.filter((own) => own !== undefined),
  );
  return documentOf({
    title: titleOfPage(runs),
    body: html`${header(runs, stage?.markup)}\n${sectionList(sections)}\n${footer(runs)}`,
    style: [style.trim(), CHART_FILTERS, ...colors(runs), chartWidths(figures)].join(""),
    ...(payload === undefined
      ? {}
      : {
          interactive: {
            script,
            payload: { ...payload, ...(unit && { units: unit.units }), ...(job && { lab: job }) },
          },
        }),
    ...(job === undefined ? {} : { lab }),
  });
}

/** What moves on the page, a run each. */
async function stagesOf(runs: readonly PageRun[]): Promise<(Stage | undefined)[]> {
  const [only, ...others] = runs;
  if (only !== undefined && others.length === 0) return [await stageOf(only.result)];
  const stages: (Stage | undefined)[] = [];
  for (const [place, { result }] of runs.entries()) stages.push(await stageOfRun(place, runs.length, result));
  return stages;
}

function titleOfPage(runs: readonly PageRun[]): string {
  const [only, ...others] = runs;
  return only !== undefined && others.length === 0
    ? `${comparedText(only.result)}: ${titleOf(only.result)}`
    : `${runs.length} runs compared`;
}

function header(runs: readonly PageRun[], stage: Markup | undefined): Markup {
  const [only, ...others] = runs;
  const isOne = only !== undefined && others.length === 0;
  const lead = isOne ? headlineOf(only.result) : compareHeadline(runs);
  return html`<header class="top">
<p class="kind">bn-compare</p>
<h1>${titleOfPage(runs)}</h1>
${lead === undefined ? undefined : html`<p class="lead">${lead}</p>\n`}${stage}${isOne ? summary(only.result) : runs.map(entry)}
</header>`;
}

function summary(result: Result): Markup {
  return html`${armCards(result)}\n<p>${setupOf(result)}</p>\n${warningList(result)}`;
}

function entry({ label, result }: PageRun, place: number): Markup {
  return html`<div class="entry hue-${place}"><h2>${label}</h2><p>${headlineOf(result)}</p>${warningList(result)}</div>\n`;
}

function warningList({ warnings }: Result): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<ul class="warnings">${warnings.map((warning) => html`<li><strong>Note:</strong> ${warningText(warning)}.</li>`)}</ul>`;
}

/** The sections and the list that leads to them. */
function sectionList(sections: readonly Section[]): Markup {
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const parts = sections.map(
    ({ id, title, content }) =>
      html`<section id="${id}" aria-labelledby="heading-${id}"><h2 id="heading-${id}">${title}</h2>\n${content}</section>\n`,
  );
  return html`<nav aria-label="Sections"><ol>${links}</ol></nav>\n<main>\n${parts}</main>`;
}

function footer(runs: readonly PageRun[]): Markup {
  const versions = runs.map(({ result }) => `bn-compare ${nameText(result.engine.version["bn-compare"] ?? "")}`);
  return html`<footer><p>${[...new Set(versions)].join(", ")}. All numbers are in result.json.</p></footer>`;
}

function colors(runs: readonly PageRun[]): string[] {
  const names = runs.map(({ result }) => Object.keys(result.arms));
  if (runs.length < 2) return names.map((own) => armColors(own));
  const hues = colorRules(
    runs.map((_, run) => runStyle(run).ink),
    ".hue-",
    "--arm",
  );
  return [...names.map((own, place) => armColors(own, `.run-${place} `)), hues];
}
