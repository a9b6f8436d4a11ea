import { PICTURE_NAMES, type PictureName } from "../charts/picture-names.js";
import { sentenceOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { warningText } from "../experiment/warning-text.js";
import { headlineOf } from "../report/headline.js";
import { type Markdown, markdown, markdownTable } from "../text/markdown.js";
import { effectNote, effectRows, momentumLine, roundingLines, seedRows } from "./evidence.js";
import { anchorLines, costTableRows } from "./table.js";

const CAPTIONS = {
  "data.svg": "The data and what each arm made of it",
  "costs.svg": "Cost over the updates",
  "histograms.svg": "Pre-activations: what each layer's activation function receives",
  "activations.svg": "Layer inputs: what each layer's kernel is multiplied with",
  "verdicts.svg": "What each layer's state means",
  "gradients.svg": "How large the gradient is in each layer",
  "gap.svg": "How far inference is from training",
  "effect.svg": "Each arm against its control, over the seeds",
} as const satisfies Record<PictureName, string>;

/** `summary.md`: the sentence, the tables and the pictures (those of `drawn`), for a pull request or a notebook. */
export function summaryOf(result: Result, drawn: readonly string[]): Markdown {
  const { engine, config, seeds, warnings } = result;
  const [bySeeds, effects] = [seedRows(result), effectRows(result)];
  const over = seeds.length > 1 ? `${seeds.length} seeds` : `seed ${config.seed}`;
  const pictures = PICTURE_NAMES.filter((file) => drawn.includes(file)).map(
    (file) => markdown`## ${CAPTIONS[file]}\n\n![${CAPTIONS[file]}](${file})`,
  );
  const version = engine.version["bn-compare"];
  const parts = [
    markdown`# Batch normalization compared: ${config.activation}, ${config.updates} updates, ${over}`,
    markdown`**${headlineOf(result)}**`,
    sentenceOf(result),
    markdownTable(costTableRows(result)),
    `Costs are mean squared errors${seeds.length > 1 ? `, here of seed ${config.seed}` : ""}. To read them against: ${anchorLines(result).join("; ")}.`,
    ...(bySeeds === undefined ? [] : [markdownTable(bySeeds)]),
    ...(effects === undefined ? [] : [markdownTable(effects), effectNote(result)]),
    ...list(roundingLines(result)),
    ...list(warnings.map((warning) => `Warning: ${warningText(warning)}.`)),
    ...pictures,
    markdown`Computed by the engine ${engine.name} (${engine.backend}), bn-compare ${version}; ${momentumLine(result)}. All numbers are in \`result.json\`.`,
  ];
  return markdown`${markdown.joined(parts, "\n\n")}\n`;
}

function list(items: readonly string[]): Markdown[] {
  if (items.length === 0) return [];
  return [
    markdown.joined(
      items.map((item) => markdown`- ${item}`),
      "\n",
    ),
  ];
}
