import { CHARTS } from "../charts/index.js";
import type { Result } from "../record/result.js";
import { headlineOf } from "../report/headline.js";
import { sentenceText } from "../report/labeled-arms.js";
import { comparedText } from "../report/normalizers.js";
import { STEPS, storyOf } from "../report/story.js";
import { sentenceOf } from "../text/findings.js";
import { t } from "../text/language.js";
import { type Markdown, markdown, markdownTable } from "../text/markdown.js";
import { recalibrationLines } from "../text/recalibration.js";
import { warningText } from "../text/warning-text.js";
import { effectNote, effectRows, momentumLine, roundingLines, seedRows } from "./evidence.js";
import { svgName } from "./formats/svg.js";
import { costTableRows, referenceLines } from "./table.js";

/** `summary.md`: the sentence, the tables and the pictures (those of the charts in `drawn`), for a pull request or a notebook. */
export function summaryOf(result: Result, drawn: readonly string[]): Markdown {
  const { engine, config, seeds, warnings } = result;
  const [bySeeds, effects] = [seedRows(result), effectRows(result)];
  const over = seeds.length > 1 ? t`${seeds.length} seeds` : t`seed ${config.seed}`;
  const pictures = CHARTS.filter(({ name }) => drawn.includes(name)).map(
    ({ name, subject }) => markdown`## ${subject}\n\n![${subject}](${svgName(name)})`,
  );
  const version = engine.version["bn-compare"];
  const parts = [
    markdown`# ${comparedText(result)}: ${config.activation}, ${config.updates} updates, ${over}`,
    markdown`**${headlineOf(result)}**`,
    ...story(result),
    sentenceOf(result),
    markdownTable(costTableRows(result)),
    t`Costs are ${result.referenceCosts.chance === undefined ? t`mean squared errors` : t`cross-entropies`}${seeds.length > 1 ? t`, here of seed ${config.seed}` : ""}. For comparison: ${referenceLines(result).join("; ")}.`,
    ...(bySeeds === undefined ? [] : [markdownTable(bySeeds)]),
    ...(effects === undefined ? [] : [markdownTable(effects), effectNote(result)]),
    ...list([...roundingLines(result), ...recalibrationLines(result).map((line) => `${line}.`)]),
    ...list(warnings.map((warning) => t`Warning: ${warningText(warning, config)}.`)),
    ...pictures,
    markdown`Computed by engine ${engine.name} (${engine.backend}), bn-compare ${version}; ${momentumLine(result)}. All numbers are in \`result.json\`.`,
  ];
  return markdown`${markdown.joined(parts, "\n\n")}\n`;
}

/** Why, in a sentence and the four steps. */
function story(result: Result): (Markdown | string)[] {
  const { lead, steps } = storyOf(result) ?? { lead: "", steps: [] };
  if (lead === "") return [];
  return [
    sentenceText(lead, result),
    ...steps.map(({ id, sentence }) => `${STEPS[id].title}: ${sentenceText(sentence, result)}`),
  ];
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
