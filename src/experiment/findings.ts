import type { Statistic } from "../metrics/statistic.js";
import type { ArmResult, Result } from "./result.js";

/** A trained arm has learned when it leaves less than this share of the cost of predicting the mean. */
const LEARNED = 0.5;

/** One sentence that says what happened: each arm in turn, every claim with its number. */
export function sentenceOf(result: Result): string {
  const arms = Object.entries(result.arms).map(
    ([name, arm]) => `${name} ${whatHappened(arm, result.anchors.predictMean)}`,
  );
  return `${arms.join("; ")}.`;
}

function whatHappened(arm: ArmResult, predictMean: number): string {
  if (arm.status === "diverged") return `diverged at update ${arm.divergence.update}`;
  const { train, inference } = arm.final;
  const costs =
    train === inference
      ? shortNumber(train)
      : `${shortNumber(train)} with batch statistics, ${shortNumber(inference)} with moving averages`;
  if (train < LEARNED * predictMean) return `learned: ${costs}`;
  if (train < predictMean)
    return `learned little: ${costs}, where predicting the mean costs ${shortNumber(predictMean)}`;
  return `did not learn: ${costs}, no better than predicting the mean at ${shortNumber(predictMean)}`;
}

/** Three significant digits, whole numbers up to 99 999, powers of ten beyond: 57.6, 1163, 9.9e8, Infinity. */
export function shortNumber(value: Statistic): string {
  if (typeof value === "string") return value;
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 99_999.5)) return value.toExponential(1).replace("e+", "e");
  if (size >= 999.5) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
