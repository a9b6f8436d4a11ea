import type { PictureName } from "../charts/picture-names.js";
import { charts } from "../charts/pictures.js";
import type { Chart } from "../charts/theme.js";
import { activationText, listText, nameText, runText } from "../charts/wording.js";
import { sentenceOf, shortNumber } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { loadAssets } from "./assets.js";
import { pageOf } from "./document.js";
import { chartWidths, interactiveChart } from "./figures.js";
import { filmOf } from "./film.js";
import { html, type Markup } from "./html.js";
import { startTables } from "./interactive.js";
import { labelledArms, MOST_TOLD } from "./labelled-arms.js";
import { armColors } from "./palette.js";
import type { InteractiveChart, Payload } from "./payload.js";
import { runSections } from "./run-sections.js";
import type { RunTables } from "./tables.js";

/** Pictures as they were drawn, by name. */
export type Pictures = Readonly<Partial<Record<PictureName, string>>>;

/** Characters of a page; what would make it longer stays as it was drawn. */
export const PAGE_LIMIT = 1_450_000;

/** `report.html`: a run's story with its charts, in one file. */
export function reportPage(result: Result, pictures: Pictures, tables: RunTables): string {
  const activation = activationText(result);
  const title = `Batch normalization compared: ${activation}`;
  const sections = runSections(result, pictures, tables);
  const body = html`<header class="top">
<p class="kind">bn-compare</p>
<h1>${title}</h1>
<p class="lead">${sentenceOf(result)}</p>
${armCards(result)}
<p class="facts">${runText(result, "every seed")}</p>
${warningList(result)}
</header>
<nav aria-label="Sections"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main>
${sections.map(({ id, title, content }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${content}</section>\n`)}</main>
<footer><p>Written by bn-compare ${nameText(result.engine.version["bn-compare"] ?? "")} with the engine ${nameText(result.engine.name)} (${nameText(result.engine.backend)}). All numbers are in result.json.</p></footer>`;
  const { script, style } = loadAssets();
  const widths = chartWidths(Object.fromEntries(Object.entries(pictures).map(([name, svg]) => [idOf(name), svg])));
  const styles = `${style.trim()}${armColors(Object.keys(result.arms))}${widths}`;
  const still = pageOf({ title, body, style: styles });
  const payload = payloadOf(result, PAGE_LIMIT - still.length - script.length);
  return payload === undefined ? still : pageOf({ title, body, style: styles, interactive: { script, payload } });
}

/** `histograms.svg` → `histograms`. */
export function idOf(picture: string): string {
  return picture.replace(".svg", "");
}

/** Charts in the order in which they are worth their room. */
const BY_WORTH: readonly PictureName[] = ["costs.svg", "verdicts.svg", "gradients.svg", "data.svg", "gap.svg"];

/** As many charts as `room` characters hold; undefined where it holds none. */
export function payloadOf(result: Result, room: number): Payload | undefined {
  const drawn: Partial<Record<PictureName, Chart>> = charts(result);
  const tables = startTables();
  const kept: Record<string, InteractiveChart> = {};
  let left = room;
  const fits = <Part>(make: () => Part | undefined): Part | undefined => {
    const before = tables.packed.length;
    const part = make();
    const length = JSON.stringify([part, tables.packed.slice(before)]).length;
    if (part === undefined || length > left) {
      tables.keep(before);
      return undefined;
    }
    left -= length;
    return part;
  };
  const film = fits(() => filmOf(result, tables));
  for (const picture of BY_WORTH) {
    const chart = drawn[picture];
    const kind = chart === undefined ? undefined : fits(() => interactiveChart(picture, chart, result, tables));
    if (kind !== undefined) kept[idOf(picture)] = kind;
  }
  if (film === undefined && Object.keys(kept).length === 0) return undefined;
  return { tables: tables.packed, charts: kept, ...(film === undefined ? {} : { film }) };
}

/** Each arm's end in large figures, for as many arms as stand side by side. */
function armCards(result: Result): Markup | undefined {
  const arms = labelledArms(result);
  if (arms.length > MOST_TOLD) return undefined;
  const cards = arms.map(({ label, arm }, place) => {
    if (arm.status === "diverged") {
      return html`<li class="card arm-${place}"><strong>${label}</strong><span class="figure">diverged</span><span>at update ${arm.divergence.update}</span></li>`;
    }
    const { train, inference } = arm.final;
    const below =
      train === inference ? "final cost" : `final cost with batch statistics; ${shortNumber(inference)} with moving averages`;
    return html`<li class="card arm-${place}"><strong>${label}</strong><span class="figure">${shortNumber(train)}</span><span>${below}</span></li>`;
  });
  const { noiseFloor, predictMean } = result.anchors;
  const anchors = listText([
    `predicting the mean ${shortNumber(predictMean)}`,
    ...(noiseFloor === undefined ? [] : [`the noise alone ${shortNumber(noiseFloor)}`]),
  ]);
  const whose = result.seeds.length > 1 ? ` (seed ${result.config.seed})` : "";
  return html`<ul class="cards">${cards}</ul><p class="facts">Mean squared errors${whose}. For comparison, ${anchors}.</p>`;
}

function warningList({ warnings }: Result): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<ul class="warnings">${warnings.map(({ text }) => html`<li><strong>Note:</strong> ${text}.</li>`)}</ul>`;
}
