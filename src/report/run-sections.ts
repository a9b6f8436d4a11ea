import type { Pictures } from "../charts/index.js";
import type { Result } from "../record/result.js";
import { html, type Markup } from "../text/html.js";
import { figureMarkup } from "./figures.js";
import { sentenceMarkup } from "./labeled-arms.js";
import { readingOf, whoseNets } from "./reading.js";
import { recipeOf } from "./recipe.js";
import { armTable, weightsText } from "./setup-words.js";
import { type RunTables, type Table, tableMarkup } from "./tables.js";
import { verdictRules } from "./verdict-rules.js";
import { wordsSection } from "./words.js";

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

/** A run's story: what it was, what it ended in, why, and how sure that is. Parts that a run lacks are left out. */
export function runSections(result: Result, pictures: Pictures, tables: RunTables): Section[] {
  const figure = (name: string, title: string): Markup | undefined => {
    const picture = pictures.get(name);
    if (picture === undefined) return undefined;
    const [how, here] = readingOf(name, result);
    const whose = whoseNets(name, result);
    const reading = {
      how: sentenceMarkup(how, result),
      here: sentenceMarkup(here, result),
      ...(whose === undefined ? {} : { whose }),
    };
    return figureMarkup(name, picture, reading, title);
  };
  const layers = [figure("histograms", "Pre-activations per layer"), figure("activations", "Inputs of each layer")];
  const effect = figure("effect", "Effect on the final cost");
  const gap = figure("gap", "Training against inference mode");
  const arms = armTable(result);
  const sections: (Section | undefined)[] = [
    arms === undefined ? undefined : section("arms", "What each net is", [numbers(arms, "The arms")]),
    section("fits", "What the nets made of the data", [figure("data", "Data and fits")]),
    section("costs", "The cost during training", [
      figure("costs", "Cost during training"),
      numbers(tables.finals, `Costs at the start and the end${ofFirstSeed(result)}`),
      lines(tables.referenceCosts),
    ]),
    section("layers", "What every layer saw", [
      html`<div id="player-layers"><div class="stills">${layers}</div></div>`,
    ]),
    section("verdicts", "Which layers work", [
      figure("verdicts", "Verdicts per layer"),
      tables.verdicts.rows.length === 0
        ? html`<p>No layer failed at any recorded update${ofFirstSeed(result)}.</p>`
        : folded(`Every verdict but healthy, with the number behind it${ofFirstSeed(result)}`, tables.verdicts),
      folded(
        "What the verdicts mean",
        verdictRules(),
        "The output layer is linear and has the targets' scale: it explodes beyond 100 times their second moment.",
      ),
    ]),
    section("gradients", "How much gradient reaches each layer", [figure("gradients", "Gradient norms per layer")]),
    gap === undefined
      ? undefined
      : section("gap", "Training against prediction", [
          gap,
          tables.gaps.table.rows.length === 0
            ? undefined
            : folded(`The gap of every normalization${ofFirstSeed(result)}`, tables.gaps.table, tables.gaps.note),
          lines([tables.momentum]),
        ]),
    effect === undefined && tables.seeds === undefined && tables.rounding.length === 0
      ? undefined
      : section("seeds", "How sure this is", [
          effect,
          tables.seeds === undefined ? undefined : numbers(tables.seeds, "Final costs over the seeds"),
          tables.effects === undefined
            ? undefined
            : html`${numbers(tables.effects.table, "Each arm against its control")}<p>${tables.effects.note}</p>`,
          lines(tables.rounding),
        ]),
    section("pairing", "Why the comparison is fair", [
      html`<p>The arms are pairs: they were handed the same points in the same order, and started ${weightsText(result.config)}. These digests prove it; <code>bn-compare inspect</code> makes data and weights anew and compares.</p>`,
      numbers(tables.certificate, `What each arm was handed and held${ofFirstSeed(result)}`),
      lines(tables.differences),
    ]),
    section("again", "Run it again", [reproduction(result)]),
    wordsSection([result]),
  ];
  return sections.filter((section) => section !== undefined);
}

/** Behind what is told of the first seed alone. */
function ofFirstSeed({ seeds, config }: Result): string {
  return seeds.length > 1 ? `, seed ${config.seed}` : "";
}

function section(id: string, title: string, parts: readonly (Markup | undefined)[]): Section {
  return { id, title, content: html`${parts.map((part) => (part === undefined ? undefined : html`${part}\n`))}` };
}

function numbers(table: Table, caption: string): Markup {
  return tableMarkup(table, caption);
}

function folded(summary: string, table: Table, note?: string): Markup {
  return html`<details><summary>${summary}</summary>${tableMarkup(table, summary)}${note === undefined ? undefined : html`<p>${note}</p>`}</details>`;
}

function lines(texts: readonly string[]): Markup | undefined {
  return texts.length === 0 ? undefined : html`<ul class="lines">${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function reproduction(result: Result): Markup {
  const { command, file, givenFiles } = recipeOf(result);
  const { data, evaluation, batchOrder } = result.pairing;
  const digests: Table = {
    head: ["of", "SHA-256 of the float32 values"],
    rows: [
      ["training points", data],
      ["evaluation points", evaluation],
      ["order of the batches", batchOrder],
    ],
    left: 2,
  };
  const arms =
    file === undefined
      ? undefined
      : html`<p>This run's arms are more than flags can say. Save this as <code>experiment.yaml</code> first:</p><pre tabindex="0"><code>${file}</code></pre>`;
  const given = givenFiles
    ? html`<p>It was made from given files, of which the run folder has copies. Run it in there; the new run is written beside that folder.</p>`
    : undefined;
  const same =
    result.engine.name === "fused"
      ? "This engine gives the same digits on every machine."
      : "This engine's last digits may differ between machines.";
  return html`${arms}${given}<pre tabindex="0"><code>${command}</code></pre>
<p>${same} <code>npx bn-compare verify RUN</code> runs a recorded run again and compares it byte by byte.</p>
${tableMarkup(digests, "What the data were")}`;
}
