import { root } from "../metrics/roots.js";
import { statistic } from "../metrics/statistic.js";
import type { ArmPlan } from "./arm-plans.js";
import { distanceText, shortNumber } from "./findings.js";
import { float32Text } from "./float32-warnings.js";
import type { ArmResult, Warning } from "./result.js";

/** Zero, where the averages start, may weigh this much in them at the end of training. */
export const START_WEIGHT = 0.01;
/** The cost in inference mode may be this share away from that in training mode. */
export const COST_GAP = 0.1;

type ArmWarning = Extract<Warning, { arm: string }>;

/** A warning as a sentence without its full stop. */
export function warningText(warning: Warning): string {
  if (warning.code === "float32-rounding" || warning.code === "float32-overflow") return float32Text(warning);
  if (warning.code !== "large-targets") return warning.text;
  const { arm, value, failed, standardized, smallerRate } = warning;
  const why = `${arm}: the targets have a root mean square of ${shortNumber(value)}, and the gradient grows with them`;
  const ways = [
    ...(standardized === undefined
      ? []
      : [
          `with standardizeTargets (--standardize-targets) it ends at a cost of ${shortNumber(standardized.inference)}`,
        ]),
    ...(smallerRate === undefined
      ? []
      : [`with a learning rate of ${smallerRate.learningRate} at ${shortNumber(smallerRate.inference)}`]),
  ];
  if (ways.length > 0) return `${why}; ${ways.join(", ")} (inference mode)`;
  return `${why}, but they are not the only reason why it ${failed}: on standardized targets it does as well, and no smaller learning rate trains it`;
}

/** What a user of the moving averages should know, for every arm that has some. */
export function warningsOf(
  arms: Readonly<Record<string, ArmPlan>>,
  results: Readonly<Record<string, ArmResult>>,
  updates: number,
): ArmWarning[] {
  return Object.entries(arms).flatMap(([arm, { spec }]) => {
    if (spec.normalization === undefined) return [];
    const { decay, debias } = spec.normalization;
    return [...(debias ? [] : slowDecay(arm, decay, updates)), ...wideGap(arm, results[arm])];
  });
}

function slowDecay(arm: string, decay: number, updates: number): ArmWarning[] {
  let weight = 1;
  for (let i = 0; i < updates && weight > START_WEIGHT / 2; i++) weight *= decay;
  if (weight <= START_WEIGHT) return [];
  const slowest = Math.floor(root(START_WEIGHT, updates) * 1000) / 1000;
  return [
    {
      code: "decay-too-slow",
      arm,
      value: weight,
      limit: START_WEIGHT,
      text:
        `${arm}: decay ${decay} is too slow for ${updates} ${updates === 1 ? "update" : "updates"}: the zero from which the moving averages start still ` +
        `weighs ${percent(weight)} in them; take a decay of at most ${slowest}, more updates, or debias`,
    },
  ];
}

function wideGap(arm: string, result: ArmResult | undefined): ArmWarning[] {
  if (result?.status !== "trained") return [];
  const { train, inference } = result.final;
  const common = { code: "inference-gap", arm, limit: COST_GAP } as const;
  if (typeof inference === "string") {
    return [{ ...common, value: inference, text: `${arm}: with moving averages its cost is ${inference}` }];
  }
  const gap = inference / train - 1;
  if (!(Math.abs(gap) > COST_GAP)) return [];
  const text =
    `${arm}: with moving averages its cost is ${shortNumber(inference)}, ` +
    `${distanceText(inference, train)} the ${shortNumber(train)} with batch statistics`;
  // Beside a training cost of exactly zero the gap is infinite.
  return [{ ...common, value: statistic(gap), text }];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
