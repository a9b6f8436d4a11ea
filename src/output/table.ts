import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { divergedText } from "../text/endings.js";
import { lossWords } from "../text/losses.js";
import { numberText, percentText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";

const HEADINGS = ["arm", "status", "start, inference", "start, training", "end, inference", "end, training"] as const;
/** Of the end, with a loss over classes. */
const ACCURACIES = ["accuracy, inference", "accuracy, training"] as const;

/** One row an arm: status and costs at the start and the end in both modes. */
function costRows(result: Result): string[][] {
  return Object.entries(result.arms).map(([name, arm]) => {
    const first = arm.costs[0];
    const final = arm.status === "trained" ? arm.final : undefined;
    return [
      name,
      statusOf(arm),
      cell(first?.inference),
      cell(first?.train),
      cell(final?.inference),
      cell(final?.train),
      ...(hasClasses(result) ? [shareCell(final?.accuracy?.inference), shareCell(final?.accuracy?.train)] : []),
    ];
  });
}

/** The same as rows under headings. */
export function costTableRows(result: Result): Rows {
  const head = hasClasses(result) ? [...HEADINGS, ...ACCURACIES] : HEADINGS;
  return { head, rows: costRows(result), left: 2 };
}

function hasClasses({ referenceCosts }: Result): boolean {
  return referenceCosts.chance !== undefined;
}

function shareCell(share: number | null | undefined): string {
  return share === undefined || share === null ? "–" : percentText(share);
}

function statusOf(arm: ArmResult): string {
  return arm.status === "trained" ? "trained" : divergedText(arm.divergence.update);
}

function cell(value: Statistic | null | undefined): string {
  if (value === null) return "– (no averages yet)";
  return value === undefined ? "–" : numberText(value);
}

/** What the costs are to be read against, one line each. */
export function referenceLines({ referenceCosts }: Result): string[] {
  const { constant } = lossWords(referenceCosts);
  const { chance } = referenceCosts;
  const atChance = chance === undefined ? "" : `, chance ${numberText(chance)}`;
  const lines = [`${constant} costs ${numberText(referenceCosts.predictMean)}${atChance}`];
  if (referenceCosts.noiseFloor !== undefined && referenceCosts.realizedNoise !== undefined) {
    lines.unshift(
      `noise floor ${numberText(referenceCosts.noiseFloor)} (realized on these points: ${numberText(referenceCosts.realizedNoise)})`,
    );
  }
  return lines;
}
