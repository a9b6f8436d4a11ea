import { type GapPart, mainGapParts } from "../outcome/gap-parts.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { numberText, percentText } from "./numbers.js";

/** What training could have been given, by what keeps the averages from the training set's statistics. */
const REMEDIES: Readonly<Record<GapPart, readonly string[]>> = {
  initializationBias: ["more updates", "a smaller decay", "debias"],
  lag: ["a smaller decay", "a smaller learning rate"],
  noise: ["a larger decay", "larger batches"],
  rounding: ["a smaller decay"],
};

/**
 * What of the gap between the modes recalibrating the moving averages removes, and what else would; what it comes to where
 * inference mode is the better one; undefined where the modes are about equal or the arm has no recalibrated cost.
 */
export function recalibrationText(name: string, arm: ArmResult): string | undefined {
  if (arm.status === "diverged" || arm.final.recalibrated === undefined) return undefined;
  const { train, inference, recalibrated } = arm.final;
  const gap = Number(inference) - train;
  if (Math.abs(gap) < limit("inference-gap") * train || gap === 0) return undefined;
  if (gap < 0) {
    return `${name}: inference mode costs less than training mode, ${numberText(inference)} against ${numberText(train)}; with recalibrated moving averages it would cost ${numberText(recalibrated)}`;
  }
  const removed = `${name}: recalibrating the moving averages removes ${removedText(inference, train, recalibrated)}`;
  const remedies = new Set((mainGapParts(arm) ?? []).flatMap((part) => REMEDIES[part]));
  // A larger and a smaller decay cannot both be meant.
  if (remedies.has("a larger decay") && remedies.delete("a smaller decay")) remedies.delete("a larger decay");
  const others = remedies.size === 0 ? "" : `; in training, ${alternatives([...remedies])} would reduce it`;
  return `${removed} (bn-compare recalibrate writes the weights)${others}`;
}

/** "all of the gap between the modes, 315: inference mode would cost 57.6". */
function removedText(inference: Statistic, train: number, recalibrated: Statistic): string {
  const [gap, left] = [Number(inference) - train, Math.abs(Number(recalibrated) - train)];
  const share = left === 0 ? "all" : left < gap ? percentText(1 - left / gap) : "nothing";
  const size = Number.isFinite(gap) ? ` (${numberText(gap)})` : "";
  return `${share} of the gap between the modes${size}: inference mode would cost ${numberText(recalibrated)}`;
}

function alternatives(names: readonly string[]): string {
  const [last = "", ...before] = [...names].reverse();
  return before.length === 0 ? last : `${before.reverse().join(", ")} or ${last}`;
}

/** A line for each arm of the first seed whose modes differ. */
export function recalibrationLines({ arms }: Result): string[] {
  return Object.entries(arms).flatMap(([name, arm]) => recalibrationText(name, arm) ?? []);
}
