import { ownEntry } from "../experiment/own-entry.js";
import type { Result, SeedArm } from "../experiment/result.js";
import { quartiles } from "../metrics/quantiles.js";

/** Which statistics a cost was measured with. */
export type Mode = "train" | "inference";

export interface CostPoint {
  readonly update: number;
  readonly cost: number;
}

/** The costs of the seeds that are there at an update. */
export interface SeedSpread {
  readonly update: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  /** How many there are. */
  readonly seeds: number;
}

/** Costs that are numbers; those that overflowed or are undefined are left out. */
export function finiteCosts({ costs }: Pick<SeedArm, "costs">, mode: Mode): CostPoint[] {
  return costs.flatMap((entry) => {
    const cost = entry[mode];
    return typeof cost === "number" && Number.isFinite(cost) ? [{ update: entry.update, cost }] : [];
  });
}

/** At each update quartiles over the seeds that have a finite cost there; a seed that diverged is in none after that. */
export function spreadOverSeeds(seeds: readonly (readonly CostPoint[])[]): SeedSpread[] {
  const costs = new Map<number, number[]>();
  for (const points of seeds) {
    for (const { update, cost } of points) {
      const there = costs.get(update);
      if (there === undefined) costs.set(update, [cost]);
      else there.push(cost);
    }
  }
  return [...costs]
    .sort(([one], [other]) => one - other)
    .flatMap(([update, there]) => {
      const spread = quartiles(there);
      return spread === undefined ? [] : [{ update, ...spread, seeds: there.length }];
    });
}

/** Of how many seeds an arm diverged, and when first. */
export interface DivergenceCount {
  readonly diverged: number;
  readonly of: number;
  /** The earliest update; absent when no seed diverged. */
  readonly first?: number;
}

export function countDivergences(result: Result, name: string): DivergenceCount {
  const arms = seedArms(result, name);
  const updates = arms.flatMap((arm) => (arm.status === "diverged" ? [arm.divergence.update] : []));
  const count = { diverged: updates.length, of: arms.length };
  return updates.length === 0 ? count : { ...count, first: Math.min(...updates) };
}

/** "3 of 10 seeds diverged, first at update 12". */
export function divergenceText({ diverged, of, first }: DivergenceCount): string {
  return `${diverged} of ${of} seeds diverged, first at update ${first}`;
}

/** An arm over the seeds; with one seed the arm itself. */
export function seedArms(result: Result, name: string): SeedArm[] {
  if (hasSeveralSeeds(result)) return result.seeds.flatMap(({ arms }) => ownEntry(arms, name) ?? []);
  const arm = ownEntry(result.arms, name);
  return arm === undefined ? [] : [arm];
}

export function hasSeveralSeeds({ seeds }: Result): boolean {
  return seeds.length > 1;
}
