import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { divergedText } from "../text/endings.js";
import { numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";

const HEADINGS = ["arm", "status", "start, inference", "start, training", "end, inference", "end, training"] as const;

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
    ];
  });
}

/** The same as rows under headings. */
export function costTableRows(result: Result): Rows {
  return { head: HEADINGS, rows: costRows(result), left: 2 };
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
  const lines = [`predicting the mean costs ${numberText(referenceCosts.predictMean)}`];
  if (referenceCosts.noiseFloor !== undefined && referenceCosts.realizedNoise !== undefined) {
    lines.unshift(
      `noise floor ${numberText(referenceCosts.noiseFloor)} (realized on these points: ${numberText(referenceCosts.realizedNoise)})`,
    );
  }
  return lines;
}
