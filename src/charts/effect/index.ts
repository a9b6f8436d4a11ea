import { effects, ratios } from "../../tables/effects.js";
import { t } from "../../text/language.js";
import { countedText, countText, percentText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { isSingle, type Runs, titleOf } from "../runs.js";
import { listText } from "../wording.js";
import { effectLanes } from "./lanes.js";
import { effectSpec, MOST_DOTS } from "./spec.js";

/** What each arm does to the final cost against its control. */
export const effect: Chart = {
  name: "effect",
  subject: t`Each arm against its control, over the seeds`,
  scope: "every seed",
  title: (runs) => {
    const title = titleOf(t`Effect on the final cost`, runs);
    return isSingle(runs) ? `${title}, ${countedText(runs[0].result.seeds.length, "seed")}` : title;
  },
  tables: [effects, ratios],
  spec: effectSpec,
  caption: (runs) => ({ description: describe(runs), notes: [reading(runs)] }),
};

function reading(runs: Runs): string {
  const effects = runs
    .flatMap(({ result }) => Object.values(result.effects))
    .flatMap((each) => [each.inference, each.train]);
  const seeds = Math.max(...runs.map(({ result }) => result.seeds.length));
  const interval = effects
    .flatMap(({ mean }) => mean ?? [])
    .find(({ low, method }) => method !== "none" && low !== undefined);
  const dots = seeds > MOST_DOTS ? t`Dots: ${MOST_DOTS} of the ${countText(seeds)} seeds` : t`Dots: single seeds`;
  const bar =
    interval === undefined
      ? t`line: their geometric mean`
      : t`bar and line: their geometric mean with its ${percentText(interval.confidence)} interval`;
  return [
    t`Final cost of the control divided by the arm's: to the right, the arm ends lower. ${dots}; ${bar}.`,
    ...(seeds > 1 ? [t`Wins count all pairs, with a Wilson interval; an arm that diverges loses.`] : []),
    ...(effects.some(({ defined, pairs }) => defined < pairs)
      ? [t`A pair has no dot where one of its arms diverged or has no positive final cost.`]
      : []),
  ].join(" ");
}

function describe(runs: Runs): string {
  const each = effectLanes(runs).map(({ name, mode, text }) => `${name}, ${mode}: ${listText(text)}.`);
  return [t`The factor between the final costs of each arm and its control.`, ...each].join(" ");
}
