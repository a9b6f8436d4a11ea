import type { Result } from "../../record/result.js";
import { effects, ratios } from "../../tables/effects.js";
import { countText, percentText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { activationText, listText } from "../wording.js";
import { effectLanes } from "./lanes.js";
import { effectSpec, MOST_DOTS } from "./spec.js";

/** What each arm does to the final cost against its control. */
export const effect: Chart = {
  name: "effect",
  subject: "Each arm against its control, over the seeds",
  scope: "every seed",
  title: ({ seeds, ...record }) =>
    `Effect on the final cost — ${activationText({ seeds, ...record })}, ${seeds.length === 1 ? "1 seed" : `${seeds.length} seeds`}`,
  tables: [effects, ratios],
  spec: effectSpec,
  caption: (record) => ({ description: describe(record), notes: [reading(record)] }),
};

function reading({ effects, seeds }: Result): string {
  const means = Object.values(effects).flatMap(({ train, inference }) =>
    [train.mean ?? [], inference.mean ?? []].flat(),
  );
  const interval = means.find(({ low, method }) => method !== "none" && low !== undefined);
  const dots =
    seeds.length > MOST_DOTS ? `Dots: ${MOST_DOTS} of the ${countText(seeds.length)} seeds` : "Dots: single seeds";
  const bar =
    interval === undefined
      ? "line: their geometric mean"
      : `bar and line: their geometric mean with its ${percentText(interval.confidence)} interval`;
  const isUndefined = Object.values(effects).some(
    ({ train, inference }) => train.defined < train.pairs || inference.defined < inference.pairs,
  );
  return [
    `Final cost of the control over that of the arm: to the right the arm ends lower. ${dots}; ${bar}.`,
    ...(seeds.length > 1 ? ["Wins count all pairs, with a Wilson interval; an arm that diverges loses."] : []),
    ...(isUndefined ? ["Undefined pairs have no dot: an arm in them diverged or ends without a positive cost."] : []),
  ].join(" ");
}

function describe(record: Result): string {
  const each = effectLanes(record).map(
    ({ arm, against, mode, text }) => `${arm} against ${against}, ${mode}: ${listText(text)}.`,
  );
  return ["The factor between the final costs of each arm and its control.", ...each].join(" ");
}
