import { listText } from "../charts/wording.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { Gap } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { distanceText } from "../text/findings.js";
import { numberText, percentText } from "../text/numbers.js";
import { aboutArms, labeledArms } from "./labeled-arms.js";
import { modeEnds } from "./mode-gap.js";

const MOMENTS = ["mean", "variance"] as const;
const PARTS = ["initializationBias", "lag", "noise", "rounding"] as const;

const CAUSES: Readonly<Record<(typeof PARTS)[number], string>> = {
  initializationBias: "the zero they started from still weighs in them (initialization bias)",
  lag: "they remember weights that have moved since (lag)",
  noise: "they average batches that are not the whole training set (batch noise)",
  rounding: "they stop where their steps are smaller than the distance of two float32 numbers (rounding)",
};

/** A part's cause, by its own name where the data has one. */
function causeOf(part: keyof typeof CAUSES, { warnings }: Result, name: string): string {
  const constant = warnings.flatMap((warning) => (warning.code === "constant-column" ? [warning.column] : []));
  const hasBatchOfOne = warnings.some((warning) => warning.code === "batch-of-one" && warning.arm === name);
  if (part === "noise" && hasBatchOfOne) return "batches of a single point enter them with a variance of 0";
  if (part === "rounding" && constant.length > 0)
    return `${CAUSES.rounding}, as they do on ${listText(constant)}, which ${constant.length === 1 ? "is" : "are"} constant`;
  return CAUSES[part];
}

/** How far prediction is from training, and why. */
export function gapHere(result: Result): string {
  const arms = labeledArms(result).filter(({ arm }) => lastGaps(arm).length > 0 || differs(arm));
  if (arms.length === 0) return "Here no gap of any arm was recorded, so there is nothing to compare.";
  return `${aboutArms(
    arms,
    ({ name, arm }) =>
      `${costGap(arm, modeEnds(result, name).isFar)}${cause(result, name, arm)}${overSeeds(result, name)}`,
  )}.`;
}

/** What the other seeds' nets do, since the chart draws one. */
function overSeeds(result: Result, name: string): string {
  const { length } = result.seeds;
  const { train, inference, lost } = modeEnds(result, name);
  if (length < 2 || train === undefined) return "";
  const gone = lost === 0 ? "" : `, and ${lost} of them have no finite cost`;
  return `; over all ${length} seeds the medians are ${numberText(inference ?? "NaN")} in inference mode, against ${numberText(train)} in training mode${gone}`;
}

function differs(arm: ArmResult): boolean {
  return arm.status === "trained" && arm.final.train !== arm.final.inference;
}

/** `isLasting`: over the last updates too, not at the very last one alone. */
function costGap(arm: ArmResult, isLasting: boolean): string {
  if (arm.status === "diverged") return `${divergedText(arm.divergence.update)}, so there is no end to compare`;
  const { train, inference } = arm.final;
  if (train === inference) return `ends at ${numberText(train)} in both modes`;
  const predicts = `ends at ${numberText(inference)} in inference mode`;
  const other = `the ${numberText(train)} of training mode`;
  if (typeof inference === "string") return `${predicts}, where prediction is lost, against ${other}`;
  if (!(train > 0)) return `${predicts}, against ${other}`;
  if (Math.abs(inference / train - 1) < limit("inference-gap")) return `${predicts}, nearly ${other}`;
  const far = `${predicts}, ${distanceText(inference, train)} ${other}`;
  return isLasting ? far : `${far} at this one update; over the last ones the two are not so far apart`;
}

/**
 * The part that makes up most of the gaps at the last record, over all normalized layers, means in standard deviations
 * and variances as shares; none where the averages are as good as what they stand for, or no part is most of it.
 */
function cause(result: Result, name: string, arm: ArmResult): string {
  if (arm.status === "diverged") return "";
  const moments = lastGaps(arm).flatMap((gap) => MOMENTS.map((moment) => gap[moment]));
  const largest = Math.max(...moments.map(({ total }) => Number(total)));
  if (moments.length === 0 || !Number.isFinite(largest)) return "";
  const small = limit("small-gap");
  if (largest < small) return `; its averages are within ${percentText(small)} of what they stand for`;
  const sizes = PARTS.map((part) => ({
    part,
    size: moments.reduce((sum, moment) => sum + Number(moment[part]) ** 2, 0),
  })).sort((one, other) => other.size - one.size);
  const all = sizes.reduce((sum, { size }) => sum + size, 0);
  const [first, second] = sizes;
  if (first === undefined || second === undefined || !Number.isFinite(all)) return "";
  if (first.size > limit("main-part") * all)
    return `; its averages are off mostly because ${causeOf(first.part, result, name)}`;
  return `; its averages are off because ${causeOf(first.part, result, name)} and ${causeOf(second.part, result, name)}`;
}

function lastGaps(arm: ArmResult): Gap[] {
  const last = arm.checkpoints.at(-1);
  return [last?.inputNorm?.gap, ...(last?.layers ?? []).map(({ gap }) => gap)].filter((gap) => gap !== undefined);
}
