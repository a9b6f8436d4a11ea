import { root } from "../metrics/roots.js";
import type { ArmResult } from "../record/arms.js";
import { statistic } from "../record/values.js";
import type { Warning } from "../record/warnings.js";
import type { ArmPlan } from "./arm-plans.js";

/** Zero, where the averages start, may weigh this much in them at the end of training. */
export const START_WEIGHT = 0.01;
/** The cost in inference mode may be this share away from that in training mode. */
export const COST_GAP = 0.1;

type ArmWarning = Extract<Warning, { arm: string }>;

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
  const decayWithin = Math.floor(root(START_WEIGHT, updates) * 1000) / 1000;
  return [{ code: "decay-too-slow", arm, value: weight, limit: START_WEIGHT, decay, updates, decayWithin }];
}

function wideGap(arm: string, result: ArmResult | undefined): ArmWarning[] {
  if (result?.status !== "trained") return [];
  const { train, inference } = result.final;
  const common = { code: "inference-gap", arm, limit: COST_GAP, inference, train } as const;
  if (typeof inference === "string") return [{ ...common, value: inference }];
  const gap = inference / train - 1;
  // Beside a training cost of exactly zero the gap is infinite.
  return Math.abs(gap) > COST_GAP ? [{ ...common, value: statistic(gap) }] : [];
}
