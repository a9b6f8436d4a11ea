import { root } from "../metrics/roots.js";
import { hasMovingAverages } from "../model/network.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import { statistic } from "../record/statistic.js";
import type { Warning } from "../record/warnings.js";
import type { ArmPlan } from "./arm-plans.js";

type ArmWarning = Extract<Warning, { arm: string }>;

/** What a user of the moving averages should know, for every arm that has some. */
export function warningsOf(
  arms: Readonly<Record<string, ArmPlan>>,
  results: Readonly<Record<string, ArmResult>>,
  updates: number,
): ArmWarning[] {
  return Object.entries(arms).flatMap(([arm, { spec }]) => {
    if (spec.normalization === undefined || !hasMovingAverages(spec)) return [];
    const { decay, debias } = spec.normalization;
    return [...(debias ? [] : slowDecay(arm, decay, updates)), ...wideGap(arm, results[arm])];
  });
}

function slowDecay(arm: string, decay: number, updates: number): ArmWarning[] {
  const most = limit("start-weight");
  let weight = 1;
  for (let i = 0; i < updates && weight > most / 2; i++) weight *= decay;
  if (weight <= most) return [];
  const decayWithin = Math.floor(root(most, updates) * 1000) / 1000;
  return [{ code: "decay-too-slow", arm, value: weight, limit: most, decay, updates, decayWithin }];
}

function wideGap(arm: string, result: ArmResult | undefined): ArmWarning[] {
  if (result?.status !== "trained") return [];
  const { train, inference } = result.final;
  const common = { code: "inference-gap", arm, limit: limit("inference-gap"), inference, train } as const;
  if (typeof inference === "string") return [{ ...common, value: inference }];
  const gap = inference / train - 1;
  // Beside a training cost of exactly zero the gap is infinite.
  return Math.abs(gap) > common.limit ? [{ ...common, value: statistic(gap) }] : [];
}
