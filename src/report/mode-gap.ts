import { type Mode, seedArms } from "../charts/costs/series.js";
import { finalsOver } from "../experiment/effects.js";
import { quartiles } from "../metrics/quantiles.js";
import { limit } from "../outcome/limits.js";
import type { SeedArm } from "../record/arms.js";
import type { ArmEffect } from "../record/effects.js";
import type { Result } from "../record/result.js";

const FAR = limit("modes-far");
/** Of the recorded updates, the last ones that tell how far apart the modes are: a single one may be chance. */
const STRETCH = 0.1;

/** How an arm ends in both modes, in the median over the seeds. */
export interface ModeEnds {
  readonly train?: number;
  readonly inference?: number;
  /** Seeds whose cost with moving averages is not finite, though the arm did not diverge. */
  readonly lost: number;
  /** Whether prediction costs more or less than training says over the last updates, or is lost. */
  readonly isLasting: boolean;
  /** Whether it does so at the end as well. */
  readonly isFar: boolean;
}

export function modeEnds(result: Result, name: string): ModeEnds {
  const [train, inference] = [finalsOver(result.seeds, name, "train"), finalsOver(result.seeds, name, "inference")];
  const lost = inference.diverged - train.diverged;
  const ratios = seedArms(result, name).flatMap((arm) => (arm.status === "trained" ? lastingRatio(arm) : []));
  const lasting = quartiles(ratios)?.median ?? 1;
  const final = (inference.quartiles?.median ?? 1) / (train.quartiles?.median ?? 1);
  return {
    ...(train.quartiles === undefined ? {} : { train: train.quartiles.median }),
    ...(inference.quartiles === undefined ? {} : { inference: inference.quartiles.median }),
    lost,
    isLasting: lost > 0 || lasting >= FAR || lasting <= 1 / FAR,
    isFar: lost > 0 || Math.min(lasting, final) >= FAR || Math.max(lasting, final) <= 1 / FAR,
  };
}

/** The effect in prediction, a logarithm, where it is far from that with batch statistics. */
export function predictedApart({ train, inference }: Pick<ArmEffect, "train" | "inference">): number | undefined {
  const [trained, predicted] = [train.mean?.estimate, inference.mean?.estimate];
  if (trained === undefined || predicted === undefined) return undefined;
  return Math.abs(trained - predicted) > Math.log(FAR) ? predicted : undefined;
}

export interface FiniteCost {
  readonly update: number;
  readonly cost: number;
}

/** Costs that are numbers, by update. */
export function finiteCosts({ costs }: Pick<SeedArm, "costs">, mode: Mode): FiniteCost[] {
  return costs.flatMap((entry) => {
    const cost = entry[mode];
    return typeof cost === "number" ? [{ update: entry.update, cost }] : [];
  });
}

/** Inference over training cost, the median over the last stretch of a seed's updates. */
function lastingRatio(arm: SeedArm): number[] {
  const train = new Map(finiteCosts(arm, "train").map(({ update, cost }) => [update, cost]));
  const ratios = finiteCosts(arm, "inference").flatMap(({ update, cost }) => {
    const other = train.get(update) ?? 0;
    return other > 0 ? [cost / other] : [];
  });
  const stretch = ratios.slice(-Math.max(1, Math.round(STRETCH * ratios.length)));
  const median = quartiles(stretch)?.median;
  return median === undefined ? [] : [median];
}
