import type { Result } from "../../record/result.js";
import { verdicts as verdictTable } from "../../tables/verdicts.js";
import { countText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { armStyles } from "../theme.js";
import { activationText, listText } from "../wording.js";
import { drawnVerdicts, verdictsSpec } from "./spec.js";

/** What each layer's state is judged to be. */
export const verdicts: Chart = {
  name: "verdicts",
  subject: "What each layer's state means",
  scope: "first seed",
  title: (record) => `Verdicts per layer — ${activationText(record)}`,
  tables: [verdictTable],
  spec: verdictsSpec,
  caption: (record) => ({ description: describe(record), notes: [READING, omissions(record)] }),
};

const READING =
  "One mark per layer and recorded update of an arm's first seed; the input side is at the top, the output layer at the bottom. The report says what each verdict means, result.json the number behind it.";

function omissions(record: Result): string {
  const { layers, layerCount, updates, recorded } = drawnVerdicts(record);
  const drawn = [
    ...(updates.length < recorded ? [`${updates.length} of ${recorded} recorded updates`] : []),
    ...(layers.length < layerCount ? [`${layers.length} of ${layerCount} layers`] : []),
  ];
  return drawn.length === 0 ? "" : `Drawn: ${listText(drawn)}; all are in result.json.`;
}

/** How the layers of each arm are judged at its last record: "5 saturated, 3 healthy". */
function describe(record: Result): string {
  const each = armStyles(Object.keys(record.arms)).map(({ name, label }) => {
    const arm = record.arms[name];
    const last = arm?.checkpoints.at(-1);
    if (arm === undefined || last === undefined) return `${label}: nothing recorded.`;
    const counts = new Map<string, number>();
    for (const { health } of last.layers) counts.set(health.verdict, (counts.get(health.verdict) ?? 0) + 1);
    const tally = [...counts]
      .sort(([, one], [, other]) => other - one)
      .map(([verdict, count]) => `${count} ${verdict}`);
    const end = arm.status === "diverged" ? ", where it diverged" : "";
    return `${label} at update ${countText(last.update)}${end}: of ${last.layers.length} layers ${tally.join(", ")}.`;
  });
  return [
    `A verdict for each of ${drawnVerdicts(record).layers.length} drawn layers at each recorded update.`,
    ...each,
  ].join(" ");
}
