import { PICTURE_NAMES, type PictureName } from "../charts/picture-names.js";
import { sentenceOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { headlineOf } from "../report/headline.js";
import { effectNote, effectRows, momentumLine, roundingLines, seedRows } from "./evidence.js";
import { anchorLines, costTableRows, markdownTable, markdownText } from "./table.js";

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
export function summaryOf(result: Result, drawn: readonly string[]): string {
  const { engine, config, seeds, warnings } = result;
  const [bySeeds, effects] = [seedRows(result), effectRows(result)];
  const over = seeds.length > 1 ? `${seeds.length} seeds` : `seed ${config.seed}`;
  const pictures = PICTURE_NAMES.filter((file) => drawn.includes(file)).map(
    (file) => `## ${CAPTIONS[file]}\n\n![${CAPTIONS[file]}](${file})`,
  );
  return [
    `# Batch normalization compared: ${markdownText(String(config.activation))}, ${config.updates} updates, ${over}`,
    `**${markdownText(headlineOf(result))}**`,
    markdownText(sentenceOf(result)),
    markdownTable(costTableRows(result)),
    `Costs are mean squared errors${seeds.length > 1 ? `, here of seed ${config.seed}` : ""}. To read them against: ${anchorLines(result).join("; ")}.`,
    ...(bySeeds === undefined ? [] : [markdownTable(bySeeds)]),
    ...(effects === undefined ? [] : [markdownTable(effects), effectNote(result)]),
    ...list(roundingLines(result)),
    ...list(warnings.map(({ text }) => `Warning: ${text}.`)),
    ...pictures,
    `Computed by the engine ${markdownText(`${engine.name} (${engine.backend}), bn-compare ${engine.version["bn-compare"]}`)}; ${momentumLine(result)}. All numbers are in \`result.json\`.`,
  ]
    .join("\n\n")
    .concat("\n");
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${markdownText(item)}`).join("\n")];
}
