import { type FinalCost, type FinalsSummary, pairedEffect, summarizeFinals } from "../metrics/effect.js";
import type { SeedArm, SeedResult } from "../record/arms.js";
import type { ArmEffect, PairedEffect } from "../record/effects.js";
import { ownEntry } from "../record/own-entry.js";
import type { ArmPlan } from "./arm-plans.js";

/** The effect of every arm against its control, over the seeds, in both modes. */
export function effectsOf(arms: Readonly<Record<string, ArmPlan>>, seeds: readonly SeedResult[]) {
  const effects: Record<string, ArmEffect> = {};
  for (const [name, { against }] of Object.entries(arms)) {
    if (against === undefined) continue;
    const over = (mode: Mode) => effectOver(seeds, against, name, mode);
    effects[name] = { against, train: over("train"), inference: over("inference") };
  }
  return effects;
}

type Mode = "train" | "inference";

function effectOver(seeds: readonly SeedResult[], control: string, treated: string, mode: Mode): PairedEffect {
  const pairs = seeds.map(({ seed, arms }) => ({
    seed,
    control: finalCost(ownEntry(arms, control), mode),
    treated: finalCost(ownEntry(arms, treated), mode),
  }));
  return pairedEffect(pairs);
}

/** An arm's final costs over the seeds. */
export function finalsOver(seeds: readonly SeedResult[], arm: string, mode: Mode): FinalsSummary {
  return summarizeFinals(seeds.map(({ arms }) => finalCost(ownEntry(arms, arm), mode)));
}

/** A final cost that overflowed in inference mode counts as the divergence it is. */
export function finalCost(arm: SeedArm | undefined, mode: Mode): FinalCost {
  if (arm?.status !== "trained") return "diverged";
  const cost = arm.final[mode];
  return typeof cost === "number" ? cost : "diverged";
}
