import { PICTURE_NAMES, type PictureName } from "../charts/picture-names.js";
import { charts } from "../charts/pictures.js";
import { listText } from "../charts/wording.js";
import { sentenceOf } from "../experiment/findings.js";
import { loadAssets } from "./assets.js";
import { collectWithin } from "./collect.js";
import { compareCosts } from "./compare-costs.js";
import { differingTable, outcomeTable } from "./compare-table.js";
import { pageOf } from "./document.js";
import {
  chartWidths,
  figureMarkup,
  idOf,
  interactiveChart,
  type Pictures,
  spottedChart,
  widthOf,
  withPrefix,
} from "./figures.js";
import { html, type Markup } from "./html.js";
import { sentenceMarkup } from "./labelled-arms.js";
import type { NamedRun } from "./named-runs.js";
import { armColors, CHART_FILTERS, colorRules } from "./palette.js";
import { readingOf } from "./reading.js";
import { PAGE_LIMIT, sectionList } from "./report-page.js";
import type { Section } from "./run-sections.js";
import { RUN_STYLES } from "./run-styles.js";
import { tableMarkup } from "./tables.js";

export interface DrawnRun extends NamedRun {
  readonly pictures: Pictures;
}

/** Sections of charts that cannot lie over each other, in the order of a run's own report. */
const SECTIONS: readonly { readonly id: string; readonly title: string; readonly picture: PictureName }[] = [
  { id: "fits", title: "What the nets made of the data", picture: "data.svg" },
  { id: "layers", title: "What every layer's activation received", picture: "histograms.svg" },
  { id: "inputs", title: "What every layer received", picture: "activations.svg" },
  { id: "verdicts", title: "Which layers work", picture: "verdicts.svg" },
  { id: "gradients", title: "How much gradient reaches each layer", picture: "gradients.svg" },
  { id: "gap", title: "Training against prediction", picture: "gap.svg" },
  { id: "seeds", title: "How sure this is", picture: "effect.svg" },
];

/** Charts no wider than this stand beside each other where there is room, px. */
const NARROW = 800;

/** What is drawn first where not everything has room. */
const BY_WORTH: readonly PictureName[] = [
  "verdicts.svg",
  "gradients.svg",
  "effect.svg",
  "histograms.svg",
  "gap.svg",
  "data.svg",
  "activations.svg",
];

/** Several runs on one page; `costs` is their common chart as it was drawn. */
export function comparePage(runs: readonly DrawnRun[], costs: string): string {
  const { script, style: common } = loadAssets();
  const title = `${runs.length} runs compared`;
  const scopes = runs.map(({ result }, place) => armColors(Object.keys(result.arms), `.run-${place} `));
  const widths = new Map([["costs", costs]]);
  const shown = picturesWithin(runs, PAGE_LIMIT - script.length - common.length - costs.length - 60_000);
  const sections = [overview(runs), costSection(runs, costs), ...chartSections(runs, shown), leftOut(runs, shown)];
  for (const [place, { pictures }] of runs.entries()) {
    for (const picture of shown) widths.set(`run${place}-${idOf(picture)}`, pictures[picture] ?? "");
  }
  const style = [
    common.trim(),
    CHART_FILTERS,
    ...scopes,
    colorRules(
      RUN_STYLES.map(({ ink }) => ink),
      ".hue-",
      "--arm",
    ),
    chartWidths(Object.fromEntries(widths)),
  ].join("");
  const body = html`<header class="top">
<p class="kind">bn-compare</p>
<h1>${title}</h1>
${runs.map(({ label, result }, place) => html`<div class="entry hue-${place % RUN_STYLES.length}"><h2>${label}</h2><p>${sentenceOf(result)}</p></div>`)}
</header>
${sectionList(sections.filter((section) => section !== undefined))}`;
  const collector = collectWithin(PAGE_LIMIT - body.markup.length - style.length - script.length);
  const { chart, spots } = compareCosts(runs);
  collector.addChart("costs", (tables) => spottedChart(chart, spots, tables));
  for (const picture of shown) {
    for (const [place, { result }] of runs.entries()) {
      const drawn = charts(result)[picture];
      if (drawn === undefined) continue;
      collector.addChart(`run${place}-${idOf(picture)}`, (tables) => interactiveChart(picture, drawn, result, tables));
    }
  }
  const payload = collector.collected();
  return pageOf({ title, body, style, ...(payload === undefined ? {} : { interactive: { script, payload } }) });
}

/** The kinds of pictures that fit, each for all runs. */
function picturesWithin(runs: readonly DrawnRun[], room: number): PictureName[] {
  let left = room;
  const fitting = BY_WORTH.filter((picture) => {
    const length = runs.reduce((sum, { pictures }) => sum + (pictures[picture]?.length ?? 0), 0);
    if (length === 0 || length > left) return false;
    left -= length;
    return true;
  });
  return PICTURE_NAMES.filter((picture) => fitting.includes(picture));
}

function overview(runs: readonly NamedRun[]): Section {
  const differing = differingTable(runs);
  const settings =
    differing.rows.length === 0
      ? html`<p>Their configurations are the same.</p>`
      : tableMarkup(differing, "Settings that differ");
  return {
    id: "runs",
    title: "What differs",
    content: html`${settings}${tableMarkup(outcomeTable(runs), "How they ended")}`,
  };
}

function costSection(runs: readonly NamedRun[], costs: string): Section {
  const how = html`Each panel is one arm, each line one run: lower is better, on a scale where equal steps are equal factors.`;
  const here = html`${compareCosts(runs).chart.description}`;
  return {
    id: "costs",
    title: "How the costs fell",
    content: figureMarkup("costs", costs, [how, here], "Costs of all runs"),
  };
}

function chartSections(runs: readonly DrawnRun[], shown: readonly PictureName[]): Section[] {
  return SECTIONS.filter(({ picture }) => shown.includes(picture)).map(({ id, title, picture }) => {
    const parts = runs.map(({ label, result, pictures }, place): Markup | undefined => {
      const svg = pictures[picture];
      if (svg === undefined) return undefined;
      const prefix = `run${place}-`;
      const [how, here] = readingOf(picture, result);
      const reading = (place === 0 ? [how, here] : [here]).map((sentence) => sentenceMarkup(sentence, result));
      const figure = figureMarkup(
        `${prefix}${idOf(picture)}`,
        withPrefix(svg, idOf(picture), prefix),
        reading,
        `${title}, ${label}`,
      );
      return html`<div class="run-${place}"><h3 class="hue hue-${place % RUN_STYLES.length}">${label}</h3>${figure}</div>\n`;
    });
    const isNarrow = runs.every(({ pictures }) => widthOf(pictures[picture] ?? "") <= NARROW);
    return { id, title, content: html`<div class="${isNarrow ? "beside" : ""}">${parts}</div>` };
  });
}

/** A page that held everything of many runs would be too large to send. */
function leftOut(runs: readonly DrawnRun[], shown: readonly PictureName[]): Section | undefined {
  const missing = SECTIONS.filter(
    ({ picture }) => !shown.includes(picture) && runs.some(({ pictures }) => pictures[picture] !== undefined),
  );
  if (missing.length === 0) return undefined;
  const names = listText(missing.map(({ title }) => `“${title}”`));
  const content = html`<p>${names} had no room on this page; each run's own report.html has it.</p>`;
  return { id: "left-out", title: "What is left out", content };
}
