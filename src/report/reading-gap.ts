import { MOMENTS, PARTS, type Part } from "../charts/gap-series.js";
import { percentText, shortNumber } from "../experiment/findings.js";
import type { ArmResult, Gap, Result } from "../experiment/result.js";
import { labelledArms, MOST_TOLD, type Reading } from "./labelled-arms.js";

const CAUSES: Readonly<Record<Exclude<Part, "total">, string>> = {
  startUp: "the zero they started from still weighs in them (start-up)",
  lag: "they remember weights that have moved since (lag)",
  noise: "they average batches that are not the whole training set (batch noise)",
};

/** Costs this near to each other are the same to a reader. */
const NEAR = 0.1;

export function readingOfGap(result: Result): Reading {
  const how =
    "Training normalises with each batch's own mean and variance, prediction with their moving averages: the solid and the dashed cost should meet, and below them stands how far the averages are from what they stand for, and why.";
  const arms = labelledArms(result).filter(({ arm }) => lastGaps(arm).length > 0 || differs(arm));
  const told = arms.slice(0, MOST_TOLD).map(({ mark, arm }) => `${mark} ${costGap(arm)}${cause(arm)}`);
  if (told.length === 0)
    return [how, "Here no arm got as far as its first update, so there are no averages to compare."];
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  return [how, `${[...told, ...more].join("; ")}.`];
}

function differs(arm: ArmResult): boolean {
  return arm.status === "trained" && arm.final.train !== arm.final.inference;
}

function costGap(arm: ArmResult): string {
  if (arm.status === "diverged") return `diverged at update ${arm.divergence.update}, so there is no end to compare`;
  const { train, inference } = arm.final;
  const both = `ends at ${shortNumber(train)} with batch statistics and ${shortNumber(inference)} with moving averages`;
  if (typeof inference === "string") return `${both}, where prediction is lost`;
  const share = Math.abs(inference / train - 1);
  return `${both}, ${share < NEAR ? "which nearly meet" : `${percentText(share)} ${inference > train ? "more" : "less"}`}`;
}

/** The largest part of the gap at the last record, in the layer where it is largest. */
function cause(arm: ArmResult): string {
  if (arm.status === "diverged") return "";
  const parts = lastGaps(arm).flatMap((gap) =>
    MOMENTS.flatMap((moment) =>
      PARTS.flatMap((part) => (part === "total" ? [] : [{ part, size: Number(gap[moment][part]) }])),
    ),
  );
  const finite = parts.filter(({ size }) => Number.isFinite(size) && size > 0);
  const [largest] = finite.sort((one, other) => other.size - one.size);
  return largest === undefined ? "" : `; the averages are off mostly because ${CAUSES[largest.part]}`;
}

function lastGaps(arm: ArmResult): Gap[] {
  const last = arm.checkpoints.at(-1);
  return [last?.inputNorm?.gap, ...(last?.layers ?? []).map(({ gap }) => gap)].filter((gap) => gap !== undefined);
}
