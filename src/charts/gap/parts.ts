import type { ArmResult } from "../../record/arms.js";
import { gap } from "../../tables/gap.js";
import { flattens, logDomain } from "../log-axis.js";
import { once } from "../once.js";
import { type Runs, type TitledArm, titledArms } from "../runs.js";

/** Smaller gaps than this change no prediction that can be seen, and would press the others into the upper edge. */
export const SMALLEST_GAP = 1e-4;

/** The arms that have moving averages: seen in what was recorded, or in costs that differ for them. */
export function gapArms(runs: Runs): TitledArm[] {
  return titledArms(runs).filter(({ arm }) => normalizes(arm));
}

function normalizes({ costs, checkpoints }: ArmResult): boolean {
  return (
    checkpoints.some(
      ({ inputNorm, layers }) =>
        inputNorm !== undefined || layers.some(({ movingMean, gap }) => movingMean !== undefined || gap !== undefined),
    ) || costs.some(({ train, inference }) => train !== inference)
  );
}

/** The finite positive costs of an arm of the first seed, in every mode. */
function costsOf({ arm }: TitledArm): number[] {
  return arm.costs.flatMap(({ train, inference, recalibrated }) =>
    [train, inference, recalibrated].filter((cost): cost is number => typeof cost === "number" && cost > 0),
  );
}

/** The mode's name where some arm has a cost in it that is drawn. */
export function recalibratedCosts(runs: Runs): "recalibrated"[] {
  const isDrawn = gapArms(runs).some(({ arm }) => Number(arm.costs.at(-1)?.recalibrated) > 0);
  return isDrawn ? ["recalibrated"] : [];
}

/** Arms on their way to divergence may leave the scale where the others would lie flat on it. */
export function gapCostDomain(runs: Runs): [low: number, high: number] {
  const arms = gapArms(runs);
  const trained = arms.filter(({ arm }) => arm.status === "trained");
  const all = arms.map(costsOf);
  return logDomain((flattens(all) && trained.length > 0 ? trained.map(costsOf) : all).flat());
}

/** The largest of each part over the normalizations of one record; a string where one is not finite. */
export interface LargestGap {
  /** Its arm's. */
  readonly title: string;
  readonly updates: number;
  readonly moment: string;
  readonly part: string;
  readonly gap: number | string;
}

export const largestGaps = once((runs: Runs): readonly LargestGap[] => {
  const largest = new Map<string, LargestGap>();
  const rows = new Map(runs.map(({ result }) => [result, [...gap.rows(result)]]));
  for (const { result, name, title } of gapArms(runs)) {
    for (const { arm, updates, moment, part, gap: value } of rows.get(result) ?? []) {
      if (arm !== name || value === null || value === undefined) continue;
      const key = `${updates} ${moment} ${part} ${title}`;
      const before = largest.get(key)?.gap;
      if (before === undefined || typeof value === "string" || (typeof before === "number" && value > before))
        largest.set(key, { title, updates: Number(updates), moment: String(moment), part: String(part), gap: value });
    }
  }
  return [...largest.values()];
});

/** Those that a log scale has a place for. */
export function shownGaps(runs: Runs): (LargestGap & { readonly gap: number })[] {
  return largestGaps(runs).flatMap(({ gap, ...rest }) =>
    typeof gap === "number" && gap >= SMALLEST_GAP ? [{ ...rest, gap }] : [],
  );
}
