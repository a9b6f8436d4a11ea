import { sentenceOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { anchorLines, costHeadings, costRows } from "./table.js";

const CAPTIONS = {
  "data.svg": "The data and what each arm made of it",
  "costs.svg": "Cost over the updates",
  "histograms.svg": "Pre-activations: what each layer's activation function receives",
  "activations.svg": "Layer inputs: what each layer's kernel is multiplied with",
} as const;

/** `summary.md`: the sentence, the table and the pictures, for a pull request or a notebook. */
export function summaryOf(result: Result): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const { engine, config } = result;
  const pictures = Object.entries(CAPTIONS).map(([file, caption]) => `## ${caption}\n\n![${caption}](${file})`);
  return [
    `# Batch normalization compared: ${String(config["activation"])}, ${String(config["updates"])} updates, seed ${String(config["seed"])}`,
    sentenceOf(result),
    [row(costHeadings), row(costHeadings.map((_, i) => (i < 2 ? "---" : "---:"))), ...costRows(result).map(row)].join(
      "\n",
    ),
    `Costs are mean squared errors. To read them against: ${anchorLines(result).join("; ")}.`,
    ...pictures,
    `Computed by the engine ${engine.name} (${engine.backend}), bn-compare ${engine.version["bn-compare"]}. All numbers are in \`result.json\`.`,
  ]
    .join("\n\n")
    .concat("\n");
}
