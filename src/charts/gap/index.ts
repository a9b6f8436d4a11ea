import { costs } from "../../tables/costs.js";
import { gap as gapTable } from "../../tables/gap.js";
import { t } from "../../text/language.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { endText, type Runs, titleOf } from "../runs.js";
import { gapArms, gapCostDomain, largestGaps, SMALLEST_GAP, shownGaps } from "./parts.js";
import { gapSpec } from "./spec.js";

/** What the moving averages cost, and how far they are from the training set's statistics. */
export const gap: Chart = {
  name: "gap",
  subject: t`How far inference mode is from training mode`,
  scope: "first seed",
  title: (runs) => titleOf(t`Inference mode and training mode`, runs),
  tables: [costs, gapTable],
  spec: gapSpec,
  caption: (runs) => ({ description: describe(runs), notes: [reading(runs), omissions(runs)] }),
};

function reading(runs: Runs): string {
  const [, top] = gapCostDomain(runs);
  const isBeyond = gapArms(runs).some(({ arm }) =>
    arm.costs.some(({ train, inference, recalibrated }) =>
      [train, inference, recalibrated].some((cost) => Number(cost) > top),
    ),
  );
  const scales = isBeyond ? t` Costs of diverging arms are above the scale.` : "";
  return t`Gap: moving averages minus the whole training set's statistics under the current weights, root mean square over the features. Each line shows the normalization where that part is largest. Initialization bias: the remaining weight of the initial zero; lag: the weights have changed since; batch noise: batches differ from the whole set; rounding: of the averages themselves. All scales are logarithmic.${scales}`;
}

function omissions(runs: Runs): string {
  const gaps = largestGaps(runs);
  const small = gaps.filter(({ gap }) => typeof gap === "number" && gap < SMALLEST_GAP).length;
  const others = gaps.filter(({ gap }) => typeof gap === "string").length;
  const counts = [
    ...(small > 0 ? [t`${countText(small)} below ${numberText(SMALLEST_GAP)} or 0`] : []),
    ...(others > 0 ? [t`${countText(others)} not finite`] : []),
  ];
  return counts.length === 0 ? "" : t`Parts of the gap left out: ${counts.join(", ")}.`;
}

function describe(runs: Runs): string {
  const totals = shownGaps(runs).filter(({ moment, part }) => moment === "mean" && part === "total");
  const each = gapArms(runs).map(({ title, arm }) => {
    const { update = 0, train = 0, inference = null, recalibrated } = arm.costs.at(-1) ?? {};
    const again = recalibrated === undefined ? "" : t`, and ${numberText(recalibrated)} recalibrated`;
    const cost =
      inference === null
        ? t`no cost in both modes`
        : t`cost ${numberText(inference)} in inference mode and ${numberText(train)} in training mode at update ${countText(update)}${again}`;
    const total = totals.findLast((one) => one.title === title);
    const mean =
      total === undefined
        ? ""
        : t`; the largest total gap of the means is ${numberText(total.gap)} standard deviations at update ${countText(total.updates)}`;
    const end = arm.status === "diverged" ? ` ${title} ${endText(arm)}.` : "";
    return `${title}: ${cost}${mean}.${end}`;
  });
  return [t`Costs in every mode, and the gap of the moving averages with its parts.`, ...each].join(" ");
}
