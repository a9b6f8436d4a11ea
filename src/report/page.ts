import type { Pictures } from "../charts/index.js";
import { runStyle } from "../charts/runs.js";
import { nameText } from "../charts/wording.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import { warningText } from "../text/warning-text.js";
import { armCards } from "./arm-cards.js";
import { loadAssets } from "./assets.js";
import { documentOf } from "./document.js";
import { drawFigures } from "./drawing.js";
import { chartWidths } from "./figures.js";
import { headlineOf } from "./headline.js";
import { payloadOf } from "./interactive.js";
import { labDataOf, labOf } from "./lab.js";
import { onlyRun } from "./named-runs.js";
import { comparedText } from "./normalizers.js";
import { compareHeadline } from "./overview.js";
import { armColors, CHART_FILTERS, colorRules } from "./palette.js";
import { type PageRun, sectionsOf } from "./sections.js";
import { setupOf, titleOf } from "./setup-words.js";
import { type Stage, stageOf, stageOfRun } from "./stage.js";
import { unitViewOf } from "./unit-view.js";

/** One run's story, or several runs side by side, in one file; `known` has the pictures of a single run, where they are drawn. */
export async function reportPage(runs: readonly PageRun[], known?: Pictures): Promise<string> {
  const only = onlyRun(runs);
  const figures = await drawFigures(runs, known);
  const stages = await stagesOf(runs);
  const [stage] = only === undefined ? [] : stages;
  const moving = stage === undefined ? stages.map((own) => own?.markup) : [];
  const unit = only && (await unitViewOf(only.result));
  const { script, style, lab } = loadAssets();
  const job = only && labOf(only.result);
  const payload = await payloadOf(
    [...figures.filter(({ ways }) => ways.length > 0), ...[stage, unit].flatMap((own) => own?.chart ?? [])],
    stages.filter((own) => own !== undefined),
  );
  const moved = payload && { ...payload, ...(unit && { units: unit.units }), ...(job && { lab: job }) };
  return documentOf({
    title:
      only === undefined ? t`${runs.length} runs compared` : `${comparedText(only.result)}: ${titleOf(only.result)}`,
    opening: opening(runs, stage?.markup),
    sections: sectionsOf({ runs, figures, moving, unit: unit?.markup }),
    footer: footer(runs),
    style: [style.trim(), CHART_FILTERS, ...colors(runs), chartWidths(figures)].join(""),
    ...(moved && { interactive: { script, payload: moved } }),
    ...(job && { lab: { ...lab, ...labDataOf(only.result) } }),
  });
}

/** What moves on the page, a run each. */
async function stagesOf(runs: readonly PageRun[]): Promise<(Stage | undefined)[]> {
  const only = onlyRun(runs);
  if (only !== undefined) return [await stageOf(only.result)];
  const stages: (Stage | undefined)[] = [];
  for (const [place, { result }] of runs.entries()) stages.push(await stageOfRun(place, runs.length, result));
  return stages;
}

function opening(runs: readonly PageRun[], stage: Markup | undefined): Markup {
  const only = onlyRun(runs);
  const lead = only === undefined ? compareHeadline(runs) : headlineOf(only.result);
  return html`${lead === undefined ? undefined : html`<p class="lead">${lead}</p>\n`}${stage}${only === undefined ? runs.map(entry) : summary(only.result)}`;
}

function summary(result: Result): Markup {
  return html`${armCards(result)}\n<p>${setupOf(result)}</p>\n${warningList(result)}`;
}

function entry({ label, result }: PageRun, place: number): Markup {
  return html`<div class="entry hue-${place}"><h2>${label}</h2><p>${headlineOf(result)}</p>${warningList(result)}</div>\n`;
}

function warningList({ warnings, config }: Result): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<ul class="warnings">${warnings.map((warning) => html`<li><strong>Note:</strong> ${warningText(warning, config)}.</li>`)}</ul>`;
}

function footer(runs: readonly PageRun[]): string {
  const versions = runs.map(({ result }) => `bn-compare ${nameText(result.engine.version["bn-compare"] ?? "")}`);
  return t`${[...new Set(versions)].join(", ")}. All numbers are in result.json.`;
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
