import { RUN_STYLES } from "../charts/by-run/runs.js";
import { dataSource } from "../charts/data-sets.js";
import type { Picture } from "../charts/picture.js";
import { listText } from "../charts/wording.js";
import { html, type Markup } from "../text/html.js";
import { loadAssets } from "./assets.js";
import type { DrawnRun, Overlay, Overlays } from "./compare-drawing.js";
import { compareHeadline } from "./compare-headline.js";
import { differingTable, outcomeTable } from "./compare-table.js";
import { pageOf } from "./document.js";
import { chartWidths, figureMarkup, withPrefix } from "./figures.js";
import { headlineOf } from "./headline.js";
import { type PageChart, type PagePlayer, payloadOf } from "./interactive.js";
import { sentenceMarkup } from "./labeled-arms.js";
import type { NamedRun } from "./named-runs.js";
import { armColors, CHART_FILTERS, colorRules } from "./palette.js";
import type { Payload } from "./payload.js";
import { playerOf } from "./player.js";
import { readingOf, whoseNets } from "./reading.js";
import { PAGE_LIMIT, runCharts, sectionList } from "./report-page.js";
import type { Section } from "./run-sections.js";
import { tableMarkup } from "./tables.js";
import { wordsSection } from "./words.js";

/** Charts that cannot lie over each other, in the order of a run's own report. */
const SECTIONS: readonly SectionPlan[] = [
  { id: "fits", title: "What the nets made of the data", pictures: ["data"] },
  { id: "layers", title: "What every layer saw", pictures: ["histograms", "activations"] },
  { id: "verdicts", title: "Which layers work", pictures: ["verdicts"] },
  { id: "gradients", title: "How much gradient reaches each layer", pictures: ["gradients"] },
  { id: "gap", title: "Training against prediction", pictures: ["gap"] },
  { id: "seeds", title: "How sure this is", pictures: ["effect"] },
];

interface SectionPlan {
  readonly id: string;
  readonly title: string;
  readonly pictures: readonly string[];
}

/** What is drawn first where not everything has room. */
const BY_WORTH: readonly string[] = ["histograms", "data", "verdicts", "effect", "gap", "gradients", "activations"];

/** Of what a page has room for, how much may be drawn; the rest is for what the page's script draws. */
const DRAWN_SHARE = 0.6;
/** Several runs on one page. */
export function comparePage(runs: readonly DrawnRun[], overlays: Overlays): string {
  const { script, style: common } = loadAssets();
  const title = `${runs.length} runs compared`;
  const lead = compareHeadline(runs);
  const scopes = runs.map(({ result }, place) => armColors(Object.keys(result.arms), `.run-${place} `));
  const widths = new Map(Object.entries<Overlay>({ ...overlays }).map(([id, { picture }]) => [id, picture]));
  const figures = figuresOf(runs, overlays);
  const fixed =
    script.length +
    common.length +
    overlays.costs.picture.bare.length +
    (overlays.fits?.picture.bare.length ?? 0) +
    60_000;
  const shown = picturesWithin(figures, (PAGE_LIMIT - fixed) * DRAWN_SHARE);
  const hasSeeds = runs.some(({ result }) => result.seeds.length > 1);
  const whose = (text: string) => (hasSeeds ? text : undefined);
  const sections = [
    overview(runs),
    overlaySection(
      "costs",
      "The costs during training",
      overlays.costs.picture,
      COSTS_HOW,
      whose("medians over seeds"),
    ),
    ...(overlays.fits === undefined
      ? []
      : [
          overlaySection(
            "fits",
            "What the nets made of the data",
            overlays.fits.picture,
            FITS_HOW,
            whose("first seeds alone"),
          ),
        ]),
    ...chartSections(runs, figures, shown),
    leftOut(figures, shown),
    wordsSection(runs.map(({ result }) => result)),
  ];
  for (const [place, { pictures }] of runs.entries()) {
    for (const name of shown) {
      const picture = pictures.get(name);
      if (picture !== undefined) widths.set(`run${place}-${name}`, picture);
    }
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
${lead === undefined ? undefined : html`<p class="lead">${lead}</p>\n`}${runs.map(({ label, result }, place) => html`<div class="entry hue-${place % RUN_STYLES.length}"><h2>${label}</h2><p>${headlineOf(result)}</p></div>`)}
</header>
${sectionList(sections.filter((section) => section !== undefined))}`;
  const payload = interactiveOf(runs, overlays, shown, PAGE_LIMIT - body.text.length - style.length - script.length);
  return pageOf({ title, body, style, ...(payload === undefined ? {} : { interactive: { script, payload } }) });
}

/** What the page's script draws: the charts over all runs, and of each run the player and the charts that are shown. */
function interactiveOf(
  runs: readonly DrawnRun[],
  overlays: Overlays,
  shown: readonly string[],
  room: number,
): Payload | undefined {
  const charts: Record<string, PageChart> = {};
  const players: Record<string, PagePlayer> = {};
  for (const [id, { at }] of Object.entries<Overlay>({ ...overlays })) charts[id] = { ways: [{ name: "", at }] };
  for (const [place, { result }] of runs.entries()) {
    const source = dataSource(result);
    const player = shown.includes("histograms") ? playerOf(result, source) : undefined;
    if (player !== undefined) players[`run${place}`] = player;
    for (const [name, chart] of runCharts(result, source))
      if (shown.includes(name)) charts[`run${place}-${name}`] = chart;
  }
  return payloadOf(charts, players, room);
}

/** Each run's figure of a kind, where it has one; what lies over each other needs none. */
type Figures = ReadonlyMap<string, readonly (Markup | undefined)[]>;

function figuresOf(runs: readonly DrawnRun[], { fits }: Overlays): Figures {
  const names = SECTIONS.flatMap(({ pictures }) => pictures).filter((name) => name !== "data" || fits === undefined);
  return new Map(
    names.map((name) => {
      // How a kind of chart is read needs to be told once.
      const first = runs.findIndex(({ pictures }) => pictures.get(name) !== undefined);
      return [name, runs.map((run, place) => figureOf(run, place, name, place === first))];
    }),
  );
}

function figureOf(
  { label, result, pictures }: DrawnRun,
  place: number,
  name: string,
  isFirst: boolean,
): Markup | undefined {
  const drawn = pictures.get(name);
  if (drawn === undefined) return undefined;
  const prefix = `run${place}-`;
  const [how, here] = readingOf(name, result);
  const whose = whoseNets(name, result);
  const told = { here: sentenceMarkup(here, result), ...(whose === undefined ? {} : { whose }) };
  const reading = isFirst ? { how: sentenceMarkup(how, result), ...told } : told;
  const { title } = SECTIONS.find(({ pictures }) => pictures.includes(name)) ?? { title: name };
  return figureMarkup(`${prefix}${name}`, withPrefix(drawn, name, prefix), reading, `${title}, ${label}`);
}

/** The kinds of pictures that fit, each for all runs. */
function picturesWithin(figures: Figures, room: number): string[] {
  let left = room;
  return BY_WORTH.filter((name) => {
    const length = (figures.get(name) ?? []).reduce((sum, figure) => sum + (figure?.text.length ?? 0), 0);
    if (length === 0 || length > left) return false;
    left -= length;
    return true;
  });
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

const COSTS_HOW =
  "Each panel is one arm, each line one run: lower is better, on scales where equal steps up are equal factors.";
const FITS_HOW =
  "Each panel is one arm over the points that all runs have in common, each line what one run's net predicts after training.";

function overlaySection(id: string, title: string, picture: Picture, how: string, whose?: string): Section {
  const reading = {
    how: html`${how}`,
    here: html`${picture.description}`,
    ...(whose === undefined ? {} : { whose }),
  };
  return { id, title, content: figureMarkup(id, picture, reading, `${title}, all runs`) };
}

function chartSections(runs: readonly DrawnRun[], figures: Figures, shown: readonly string[]): Section[] {
  return SECTIONS.flatMap(({ id, title, pictures }) => {
    const names = pictures.filter((name) => shown.includes(name));
    if (names.length === 0) return [];
    const parts = runs.map(({ label }, place) => {
      const drawn = names.flatMap((name) => figures.get(name)?.[place] ?? []);
      if (drawn.length === 0) return undefined;
      const content =
        id === "layers" ? html`<div id="player-run${place}"><div class="stills">${drawn}</div></div>` : drawn;
      return html`<div class="run-${place}"><h3 class="hue hue-${place % RUN_STYLES.length}">${label}</h3>${content}</div>\n`;
    });
    return [{ id, title, content: html`${parts}` }];
  });
}

/** A page that held everything of many runs would be too large to send. */
function leftOut(figures: Figures, shown: readonly string[]): Section | undefined {
  const missing = [...figures.keys()].filter(
    (name) => !shown.includes(name) && figures.get(name)?.some((figure) => figure !== undefined),
  );
  if (missing.length === 0) return undefined;
  const content = html`<p>${listText(missing)} of each run had no room on this page; see the run's own report.html.</p>`;
  return { id: "left-out", title: "What is left out", content };
}
