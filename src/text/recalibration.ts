import { type GapPart, mainGapParts } from "../outcome/gap-parts.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { t } from "./language.js";
import { numberText, percentText } from "./numbers.js";

/** What training could have been given, by what keeps the averages from the training set's statistics. */
const REMEDIES: Readonly<Record<GapPart, readonly Remedy[]>> = {
  initializationBias: ["updates", "smaller-decay", "debias"],
  lag: ["smaller-decay", "smaller-rate"],
  noise: ["larger-decay", "larger-batches"],
  rounding: ["smaller-decay"],
};

type Remedy = keyof typeof REMEDY_WORDS;

const REMEDY_WORDS = {
  updates: t`more updates`,
  "smaller-decay": t`a smaller decay`,
  "larger-decay": t`a larger decay`,
  "smaller-rate": t`a smaller learning rate`,
  "larger-batches": t`larger batches`,
  debias: "debias",
} as const;

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
    return t`${name}: inference mode costs less than training mode, ${numberText(inference)} against ${numberText(train)}; with recalibrated moving averages it would cost ${numberText(recalibrated)}`;
  }
  const removed = t`${name}: recalibrating the moving averages removes ${removedText(inference, train, recalibrated)}`;
  const remedies = new Set((mainGapParts(arm) ?? []).flatMap((part) => REMEDIES[part]));
  // A larger and a smaller decay cannot both be meant.
  if (remedies.has("larger-decay") && remedies.delete("smaller-decay")) remedies.delete("larger-decay");
  const words = [...remedies].map((remedy) => REMEDY_WORDS[remedy]);
  const others = words.length === 0 ? "" : t`; in training, ${alternatives(words)} would reduce it`;
  return t`${removed} (bn-compare recalibrate writes the weights)${others}`;
}

/** "all of the gap between the modes, 315: inference mode would cost 57.6". */
function removedText(inference: Statistic, train: number, recalibrated: Statistic): string {
  const [gap, left] = [Number(inference) - train, Math.abs(Number(recalibrated) - train)];
  const share = left === 0 ? t`all` : left < gap ? percentText(1 - left / gap) : t`nothing`;
  const size = Number.isFinite(gap) ? ` (${numberText(gap)})` : "";
  return t`${share} of the gap between the modes${size}: inference mode would cost ${numberText(recalibrated)}`;
}

function alternatives(names: readonly string[]): string {
  const [last = "", ...before] = [...names].reverse();
  return before.length === 0 ? last : t`${before.reverse().join(", ")} or ${last}`;
}

/** A line for each arm of the first seed whose modes differ. */
export function recalibrationLines({ arms }: Result): string[] {
  return Object.entries(arms).flatMap(([name, arm]) => recalibrationText(name, arm) ?? []);
}
