import type { Result } from "../../record/result.js";
import { costs } from "../../tables/costs.js";
import { gap as gapTable } from "../../tables/gap.js";
import { divergedText } from "../../text/endings.js";
import { countText, numberText } from "../../text/numbers.js";
import type { Chart } from "../chart.js";
import { armStyles } from "../theme.js";
import { activationText } from "../wording.js";
import { gapArms, gapCostDomain, gapSpec, largestGaps, SMALLEST_GAP } from "./spec.js";

/** What the moving averages cost, and how far they are from the training set's statistics. */
export const gap: Chart = {
  name: "gap",
  subject: "How far inference is from training",
  scope: "first seed",
  title: (record) => `Training mode and inference mode — ${activationText(record)}`,
  tables: [costs, gapTable],
  spec: gapSpec,
  caption: (record) => ({ description: describe(record), notes: [reading(record), omissions(record)] }),
};

function reading(record: Result): string {
  const [, top] = gapCostDomain(record);
  const isBeyond = gapArms(record).some((name) =>
    record.arms[name]?.costs.some(({ train, inference }) => train > top || Number(inference) > top),
  );
  const scales = isBeyond ? " Costs of arms on their way to divergence are above the scale." : "";
  return `Gap: moving averages minus the whole training set's statistics under the current weights, root mean square over the features. Each line shows the normalization where that part is largest. Initialization bias: the weight that the averages' start still has; lag: the weights moved since; batch noise: batches are not the whole set; rounding: of the averages themselves. All scales are logarithmic.${scales}`;
}

function omissions(record: Result): string {
  const gaps = largestGaps(record);
  const small = gaps.filter(({ gap }) => typeof gap === "number" && gap < SMALLEST_GAP).length;
  const others = gaps.filter(({ gap }) => typeof gap === "string").length;
  const counts = [
    ...(small > 0 ? [`${countText(small)} below ${numberText(SMALLEST_GAP)} or 0`] : []),
    ...(others > 0 ? [`${countText(others)} not finite`] : []),
  ];
  return counts.length === 0 ? "" : `Parts of the gap left out: ${counts.join(", ")}.`;
}

function describe(record: Result): string {
  const gaps = largestGaps(record);
  const each = armStyles(Object.keys(record.arms))
    .filter(({ name }) => gapArms(record).includes(name))
    .map(({ name, label }) => {
      const arm = record.arms[name];
      const last = arm?.costs.at(-1);
      const cost =
        last === undefined || last.inference === null
          ? "no cost in both modes"
          : `cost ${numberText(last.train)} in training mode and ${numberText(last.inference)} in inference mode at update ${countText(last.update)}`;
      const total = gaps.findLast(
        (one) => one.arm === name && one.moment === "mean" && one.part === "total" && Number(one.gap) >= SMALLEST_GAP,
      );
      const mean =
        total === undefined
          ? ""
          : `; the largest total gap of the means is ${numberText(Number(total.gap))} standard deviations at update ${countText(total.updates)}`;
      const end = arm?.status === "diverged" ? ` ${label} ${divergedText(arm.divergence.update)}.` : "";
      return `${label}: ${cost}${mean}.${end}`;
    });
  return ["Costs in both modes, and the gap of the moving averages with its parts.", ...each].join(" ");
}
