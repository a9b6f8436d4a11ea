import { verdicts as verdictTable } from "../../tables/verdicts.js";
import { countText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { countsOf, omissionText } from "../records.js";
import { type Runs, titledArms, titleOf } from "../runs.js";
import { drawnVerdicts, verdictsSpec } from "./spec.js";

/** What each layer's state is judged to be. */
export const verdicts: Chart = {
  name: "verdicts",
  subject: "Which layers work: a verdict for each",
  scope: "first seed",
  title: (runs) => titleOf("Verdicts per layer", runs),
  tables: [verdictTable],
  spec: verdictsSpec,
  caption: (runs) => ({ description: describe(runs), notes: [READING, omissionText(countsOf(drawnVerdicts(runs)))] }),
};

const READING =
  "One mark per layer and recorded update of an arm's first seed; the input side is at the top, the output layer at the bottom. The report explains each verdict, and result.json has the number behind it.";

/** How the layers of each arm are judged at its last record: "5 saturated, 3 healthy". */
function describe(runs: Runs): string {
  const each = titledArms(runs).map(({ title, arm }) => {
    const last = arm.checkpoints.at(-1);
    if (last === undefined) return `${title}: nothing recorded.`;
    const counts = new Map<string, number>();
    for (const { health } of last.layers) counts.set(health.verdict, (counts.get(health.verdict) ?? 0) + 1);
    const tally = [...counts]
      .sort(([, one], [, other]) => other - one)
      .map(([verdict, count]) => `${count} ${verdict}`);
    const end = arm.status === "diverged" ? ", where it diverged" : "";
    return `${title} at update ${countText(last.update)}${end}: of ${last.layers.length} layers ${tally.join(", ")}.`;
  });
  return [
    `A verdict for each of ${drawnVerdicts(runs).layers.length} drawn layers at each recorded update.`,
    ...each,
  ].join(" ");
}
