import { nameText, runText } from "../charts/wording.js";
import { VERDICT_RULES } from "../metrics/verdict-rules.js";
import { dependsOnBatch } from "../model/normalizers/normalizer.js";
import type { Result } from "../record/result.js";
import { sentenceOf } from "../text/findings.js";
import { termsOf } from "../text/glossary.js";
import { html, type Markup } from "../text/html.js";
import { t } from "../text/language.js";
import { pointsWord, unitsWords, verdictWord } from "../text/places.js";
import type { Rows } from "../text/rows.js";
import type { Section } from "./document.js";
import type { PageFigure } from "./drawing.js";
import { figureMarkup } from "./figures.js";
import { isExplained } from "./how-to-read.js";
import { labMarkup } from "./lab.js";
import { sentenceMarkup } from "./labeled-arms.js";
import { type NamedRun, onlyRun } from "./named-runs.js";
import { noGapText, normalizersOf, oneModeText } from "./normalizers.js";
import { differingTable, outcomeTable } from "./overview.js";
import { readingOf } from "./reading.js";
import { gapInShort } from "./reading-gap.js";
import { verdictsInShort } from "./reading-layers.js";
import { recipeOf } from "./recipe.js";
import { armTable } from "./setup-words.js";
import { sharedStatistics } from "./shared-statistics.js";
import { STEPS, type StepId, storyOf } from "./story.js";
import { type RunTables, tableMarkup } from "./tables.js";

/** A run of a page, with the rows that the terminal shows. */
export interface PageRun extends NamedRun {
  readonly tables: RunTables;
}

export interface Page {
  readonly runs: readonly PageRun[];
  readonly figures: readonly PageFigure[];
  /** The moving layers of each of several runs. */
  readonly moving: readonly (Markup | undefined)[];
  /** Single units of a run. */
  readonly unit: Markup | undefined;
}

type Part = Markup | undefined;
type Parts = (page: Page, title: string) => readonly Part[];

/** With more arms than these a page leads with what each of them changes. */
const PAIR = 2;

/** A page's story: what was compared, what it ended in, why, and how sure that is. Parts that its runs lack are left out. */
const PLANS: readonly (readonly [id: string, title: string, ...parts: readonly Parts[]])[] = [
  ["runs", t`What differs`, ({ runs }) => (runs.length < 2 ? [] : overview(runs))],
  ["effects", t`What each change does`, (page, title) => (hasManyArms(page) ? effects(page, title) : [])],
  [
    "why",
    t`Why: four steps`,
    lead,
    step("values"),
    step("layers", moving, ({ unit }) => [unit]),
    step("gradients"),
    step("fits"),
  ],
  ["images", t`The images`, (page) => charts("classes")(page, t`Classes and examples`)],
  [
    "costs",
    t`The cost during training`,
    charts("costs"),
    (page) => charts("accuracy")(page, t`The accuracy during training`),
    each(({ result, tables }) => [
      folded(
        t`Costs in numbers${ofFirstSeed(result)}`,
        tableMarkup(tables.finals, t`Costs`),
        lines(tables.referenceCosts),
      ),
    ]),
  ],
  [
    "verdicts",
    t`Which layers work`,
    behind(t`Every verdict`, "verdicts", verdictsInShort, ({ result, tables: { verdicts } }) => {
      const title = t`Every verdict other than healthy, with its number${ofFirstSeed(result)}`;
      return [
        verdicts.rows.length === 0 ? undefined : tableMarkup(verdicts, title),
        tableMarkup(verdictRules(result.config), t`What the verdicts mean`),
        html`<p>${OUTPUT_NOTE}</p>`,
      ];
    }),
  ],
  [
    "maps",
    t`One image in the first layer`,
    (page) => charts("maps")(page, t`Feature maps of one image`),
    (page) => charts("kernels")(page, t`Kernels of the first layer`),
  ],
  [
    "gap",
    t`Inference and training mode`,
    behind(t`The gap and its parts`, "gap", gapInShort, ({ result, tables: { gaps, momentum } }) => {
      if (gaps.table.rows.length === 0) return [];
      const title = t`The gap of every normalization${ofFirstSeed(result)}`;
      return [tableMarkup(gaps.table, title), html`<p>${gaps.note}</p>`, lines([momentum])];
    }),
    each(({ result }) => {
      const text = hasGap(result) ? oneModeText(result) : noGapText(result);
      return text === undefined ? [] : [html`<p>${text}</p>`];
    }),
  ],
  ["seeds", t`How sure this is`, (page, title) => (hasManyArms(page) ? [] : effects(page, title))],
  ["more", t`More charts`, (page, title) => charts(...unexplained(page))(page, title)],
  [
    "measured",
    t`How this was measured`,
    each(measured),
    (page, title) =>
      each(({ result }) => [
        folded(t`Run it again`, page.runs.length > 1 ? undefined : labMarkup(result), ...reproduction(result)),
      ])(page, title),
    ({ runs }) => [termList(runs.map(({ result }) => result))],
  ],
];

export function sectionsOf(page: Page): Section[] {
  return PLANS.flatMap(([id, title, ...plans]) => {
    const parts = plans.flatMap((plan) => plan(page, title)).filter((part) => part !== undefined);
    return parts.length === 0 ? [] : [{ id, title, content: html`${parts.map((part) => html`${part}\n`)}` }];
  });
}

/** Parts of each run: where there are several, under their names. */
function each(partsOf: (run: PageRun) => readonly Part[]): Parts {
  return ({ runs }) => runs.map((run, place) => ofRun(runs, place, partsOf(run)));
}

function ofRun(runs: readonly PageRun[], place: number, all: readonly Part[]): Part {
  const parts = all.filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  if (runs.length < 2) return html`${parts.map((part) => html`${part}\n`)}`;
  return html`<div class="run-${place}"><h3 class="hue hue-${place}">${runs[place]?.label ?? ""}</h3>${parts}</div>`;
}

/** The charts of these names: one for all runs, or one of each. */
function charts(...names: readonly string[]): Parts {
  return (page, title) => figuresOf(page, title, names, false);
}

function figuresOf(page: Page, title: string, names: readonly string[], isSaid: boolean): Part[] {
  const { runs, figures } = page;
  const own = figures.filter(({ chart }) => names.includes(chart.name));
  const markup = (figure: PageFigure) => {
    const { run, chart } = figure;
    const name = runs.length < 2 || run === undefined ? title : `${title}, ${runs[run]?.label}`;
    const isFirst = own.find((other) => other.chart === chart) === figure;
    return figureMarkup(figure, runs, { name, isFirst, isSaid });
  };
  const shared = own.filter(({ run }) => run === undefined).map(markup);
  const single = runs.map((_, place) => {
    const parts = own.filter(({ run }) => run === place).map(markup);
    return ofRun(runs, place, parts);
  });
  return [...shared, ...single].filter((part) => part !== undefined);
}

/** A chart behind what it shows, of many arms `inShort`, with what else is known of it. */
function behind(
  summary: string,
  name: string,
  inShort: (result: Result) => string,
  more: (run: PageRun) => readonly Part[],
): Parts {
  return (page, title) => {
    const only = onlyRun(page.runs);
    const figures = figuresOf(page, title, [name], only !== undefined);
    if (only === undefined) return [...figures, ...each((run) => [folded(summary, ...more(run))])(page, title)];
    if (figures.length === 0) return [];
    const said = says(readingOf(name, only.result)[1], only.result);
    const rest = [...figures, ...more(only)];
    // A clause about each of many arms is folded too.
    return hasManyArms(page)
      ? [says(inShort(only.result), only.result), folded(summary, said, ...rest)]
      : [said, folded(summary, ...rest)];
  };
}

function says(sentence: string, result: Result): Markup {
  return html`<p class="says">${sentenceMarkup(sentence, result)}</p>`;
}

/** What the four steps come to, of a single run. */
function lead({ runs }: Page): Part[] {
  const only = onlyRun(runs);
  const story = only && storyOf(only.result);
  return only === undefined || story === undefined ? [] : [says(story.lead, only.result)];
}

/** One of the four steps with its pictures. */
function step(id: StepId, ...more: readonly Parts[]): Parts {
  return (page) => {
    const only = onlyRun(page.runs);
    const { title, charts } = STEPS[id];
    const own = figuresOf(page, t`${title}, chart`, charts, only !== undefined);
    const figures = [...own, ...more.flatMap((parts) => parts(page, title))].filter((part) => part !== undefined);
    const sentence = only && storyOf(only.result)?.steps.find((step) => step.id === id)?.sentence;
    if (figures.length === 0 && sentence === undefined) return [];
    const said = only && sentence && says(sentence, only.result);
    return [
      html`<section class="step" id="${id}" aria-labelledby="heading-${id}"><h3 id="heading-${id}">${title}</h3>${said}${figures}</section>`,
    ];
  };
}

/** Of several runs the layers that move, since their page does not open with them; and what the layers receive. */
function moving(page: Page): Part[] {
  const summary = t`What every layer receives`;
  const received = figuresOf(page, summary, ["activations"], false);
  return [
    ...page.moving.map((part, place) => ofRun(page.runs, place, [part])),
    received.length === 0 ? undefined : folded(summary, ...received),
  ].filter((part) => part !== undefined);
}

/** Whether an arm predicts otherwise than it trains. */
function hasGap({ arms }: Result): boolean {
  return Object.values(arms).some(({ costs }) =>
    costs.some(({ train, inference }) => inference !== null && train !== inference),
  );
}

function hasManyArms({ runs }: Page): boolean {
  return runs.some(({ result }) => Object.keys(result.arms).length > PAIR);
}

/** Each arm against its control, and what each arm is. */
const effects: Parts = (page, title) => [
  ...charts("effect")(page, title),
  ...each(({ result, tables: { seeds, effects, rounding } }) => [
    foldedTable(t`What each net is`, armTable(result)),
    foldedTable(t`Final costs over the seeds`, seeds),
    effects === undefined
      ? undefined
      : folded(t`Each arm against its control`, tableMarkup(effects.table, t`Effects`), html`<p>${effects.note}</p>`),
    lines(rounding),
  ])(page, title),
];

/** Charts that no other section has. */
function unexplained({ figures }: Page): string[] {
  return figures.map(({ chart }) => chart.name).filter((name) => !isExplained(name));
}

function foldedTable(caption: string, rows: Rows | undefined): Part {
  return rows === undefined ? undefined : folded(caption, tableMarkup(rows, caption));
}

function folded(summary: string, ...content: readonly Part[]): Markup {
  return html`<details><summary>${summary}</summary>${content}</details>`;
}

function lines(texts: readonly string[]): Part {
  return texts.length === 0 ? undefined : html`<ul class="lines">${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
}

/** Behind what is said of the first seed alone. */
function ofFirstSeed({ seeds, config }: Result): string {
  return seeds.length > 1 ? t`, seed ${config.seed}` : "";
}

function overview(runs: readonly NamedRun[]): Part[] {
  const differing = differingTable(runs);
  const isSame = differing.rows.length === 0;
  return [
    isSame ? html`<p>Their configurations are the same.</p>` : tableMarkup(differing, t`Settings that differ`),
    tableMarkup(outcomeTable(runs), t`How they ended`),
  ];
}

const OUTPUT_NOTE = t`The output layer is linear and has the targets' scale, so it counts as exploding only beyond 100 times their second moment.`;

/** What each verdict means: in order, the first that holds is the verdict. */
export function verdictRules(config: Pick<Result["config"], "image">): Rows {
  const rules = VERDICT_RULES.map(({ verdict, when }) => [
    verdictWord(verdict),
    when.replace("units", unitsWords(config)),
  ]);
  return {
    head: [t`verdict`, t`a layer has it when`],
    rows: [...rules, [verdictWord("healthy"), t`none of these holds`]],
    left: 2,
  };
}

function measured({ result, tables }: PageRun): Part[] {
  const { data, evaluation, batchOrder } = result.pairing;
  const points = pointsWord(result.config);
  const digests = [
    [t`training ${points}`, data],
    [t`evaluation ${points}`, evaluation],
    [t`order of the batches`, batchOrder],
  ];
  return [
    html`<p>The comparison is fair: all arms got the same ${points} in the same order.</p>`,
    folded(
      t`The numbers, and the digests that prove it`,
      html`<p>${sentenceOf(result)}</p><p>${runText(result, "every seed")}, ${nameText(result.engine.backend)}</p>`,
      tableMarkup(tables.certificate, t`What each arm received${ofFirstSeed(result)}`),
      lines(tables.differences),
      tableMarkup({ head: [t`of`, t`SHA-256 of the float32 values`], rows: digests, left: 2 }, t`Digests of the data`),
      html`<p><code>bn-compare inspect</code> generates the data and weights again and compares them.</p>`,
    ),
  ];
}

function reproduction(result: Result): Part[] {
  const { command, file, givenFiles } = recipeOf(result);
  const same =
    result.engine.name === "fused"
      ? t`This engine gives the same digits on every machine.`
      : t`This engine's last digits may differ between machines.`;
  return [
    file === undefined
      ? undefined
      : folded(
          "experiment.yaml",
          html`<p>Flags cannot express this run's arms. Save this as <code>experiment.yaml</code> first:</p><pre tabindex="0"><code>${file}</code></pre>`,
        ),
    givenFiles
      ? html`<p>This run used input files; the run folder contains copies. Run the command in that folder; the new run is written next to it.</p>`
      : undefined,
    html`<pre tabindex="0"><code>${command}</code></pre>
<p>${same} <code>npx bn-compare verify RUN</code> runs a recorded run again and compares it byte by byte.</p>`,
  ];
}

function termList(results: readonly Result[]): Markup {
  const normalizers = [...new Set(results.flatMap(normalizersOf))].map((normalizer) => ({
    ...normalizer,
    isOfBatch: dependsOnBatch(normalizer),
  }));
  const terms = termsOf(results, normalizers).map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>\n`);
  const isOther = results.some(({ config }) =>
    [config, ...Object.values(config.arms)].some(({ normalizer = "batch" }) => normalizer !== "batch"),
  );
  const picture = isOther
    ? html`<p>Normalizers differ in which values share a statistic. Colored: the values whose statistic normalizes the marked one.</p><figure class="shared">${sharedStatistics()}</figure>`
    : undefined;
  return folded(t`Glossary`, html`<dl class="words">${terms}</dl>${picture}`);
}
