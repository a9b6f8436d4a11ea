import { listText } from "../charts/wording.js";
import { type GapPart, lastGaps, mainGapParts } from "../outcome/gap-parts.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { distanceText } from "../text/findings.js";
import { t } from "../text/language.js";
import { numberText, percentText } from "../text/numbers.js";
import { recalibrationText } from "../text/recalibration.js";
import { aboutArms, type LabeledArm, labeledArms } from "./labeled-arms.js";
import { modeEnds } from "./mode-gap.js";

const CAUSES: Readonly<Record<GapPart, string>> = {
  initializationBias: t`they still contain the zero they started from (initialization bias)`,
  lag: t`the weights have changed since (lag)`,
  noise: t`batches differ from the whole training set (batch noise)`,
  rounding: t`they stop moving once a step is smaller than the spacing of float32 numbers (rounding)`,
};

/** A part's cause, by its own name where the data has one. */
function causeOf(part: GapPart, { warnings }: Result, name: string): string {
  const constant = warnings.flatMap((warning) => (warning.code === "constant-column" ? [warning.column] : []));
  const hasBatchOfOne = warnings.some((warning) => warning.code === "batch-of-one" && warning.arm === name);
  if (part === "noise" && hasBatchOfOne) return t`batches of a single point contribute a variance of 0`;
  if (part === "rounding" && constant.length > 0)
    return t`${CAUSES.rounding}, as on ${listText(constant)}, which ${constant.length === 1 ? t`is` : t`are`} constant`;
  return CAUSES[part];
}

function armsWithGap(result: Result): LabeledArm[] {
  return labeledArms(result).filter(({ arm }) => lastGaps(arm).length > 0 || differs(arm));
}

/** Which of many arms predict far from what training says. */
export function gapInShort(result: Result): string {
  const arms = armsWithGap(result);
  const far = arms.filter(({ name }) => modeEnds(result, name).isFar);
  const within = t`within a factor of ${limit("modes-far")}`;
  if (far.length === 0) return t`Every net costs about the same in both modes (${within}).`;
  const median = result.seeds.length > 1 ? t`In the median, ` : "";
  const said = aboutArms(far, ({ name }) => {
    const { train, inference } = modeEnds(result, name);
    const [predicts, trains] = [inference, train].map((cost) =>
      cost === undefined ? t`nothing finite` : numberText(cost),
    );
    return t`costs ${predicts} in inference mode and ${trains} in training mode`;
  });
  const rest = arms.length > far.length ? t`; all others cost about the same in both (${within})` : "";
  return `${median}${said}${rest}.`;
}

/** How far prediction is from training, and why. */
export function gapHere(result: Result): string {
  const arms = armsWithGap(result);
  if (arms.length === 0) return t`No gap was recorded, so there is nothing to compare.`;
  const told = aboutArms(
    arms,
    ({ name, arm }) =>
      `${costGap(arm, modeEnds(result, name).isLasting)}${cause(result, name, arm)}${overSeeds(result, name)}`,
  );
  const recalibrated = arms.flatMap(({ label, arm }) => recalibrationText(label, arm) ?? []);
  return [told, ...recalibrated].map((sentence) => `${sentence}.`).join(" ");
}

/** What the other seeds' nets do, since the chart draws one. */
function overSeeds(result: Result, name: string): string {
  const { length } = result.seeds;
  const { train, inference, lost } = modeEnds(result, name);
  if (length < 2 || train === undefined) return "";
  const gone = lost === 0 ? "" : t`, and ${lost} of them have no finite cost`;
  return t`; over all ${length} seeds the medians are ${numberText(inference ?? "NaN")} in inference mode and ${numberText(train)} in training mode${gone}`;
}

function differs(arm: ArmResult): boolean {
  return arm.status === "trained" && arm.final.train !== arm.final.inference;
}

/** `isLasting`: over the last updates too, not at the very last one alone. */
function costGap(arm: ArmResult, isLasting: boolean): string {
  if (arm.status === "diverged") return t`${divergedText(arm.divergence.update)}, so there is no end to compare`;
  const { train, inference } = arm.final;
  if (train === inference) return t`ends at ${numberText(train)} in both modes`;
  const predicts = t`ends at ${numberText(inference)} in inference mode`;
  const other = t`the ${numberText(train)} of training mode`;
  if (typeof inference === "string") return t`${predicts}, so it cannot predict, against ${other}`;
  if (!(train > 0)) return t`${predicts}, against ${other}`;
  if (Math.abs(inference / train - 1) < limit("inference-gap")) return t`${predicts}, nearly ${other}`;
  const far = `${predicts}, ${distanceText(inference, train)} ${other}`;
  return isLasting ? far : t`${far} at this one update; over the last updates the two are closer`;
}

/** Why the averages are off, by what makes up most of the gaps. */
function cause(result: Result, name: string, arm: ArmResult): string {
  const parts = mainGapParts(arm);
  if (parts === undefined) return "";
  if (parts.length === 0)
    return t`; its moving averages are within ${percentText(limit("small-gap"))} of the training set's statistics`;
  const causes = parts.map((part) => causeOf(part, result, name));
  return t`; its moving averages are off${causes.length === 1 ? t`, mostly` : ""} because ${causes.join(t` and `)}`;
}
