import type { RoundingProbe, SeedResult } from "../../src/record/arms.js";
import type { ArmEffect, PairedEffect } from "../../src/record/effects.js";
import type { Result } from "../../src/record/result.js";
import { type ArmShape, type Frame, seedArm } from "./arm-fixture.js";

type Arms = Readonly<Record<string, ArmShape>>;

const digest = "0".repeat(64);

/** Every seed of a made-up result. */
export function makeSeeds(
  arms: Arms,
  frame: Frame,
  seeds: readonly number[],
  referenceCosts: Result["referenceCosts"],
) {
  return seeds.map(
    (seed, place): SeedResult => ({
      seed,
      pairing: { training: digest, evaluation: digest, deviates: digest },
      referenceCosts,
      arms: Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, seedArm(name, arm, frame, place)])),
    }),
  );
}

/** The effect of every arm but the first; the intervals are made up, everything else follows from the seeds. */
export function makeEffects(arms: Arms, seeds: readonly SeedResult[]): Result["effects"] {
  const [first = ""] = Object.keys(arms);
  return Object.fromEntries(
    Object.entries(arms)
      .slice(1)
      .map(([name, { against = first }]): [string, ArmEffect] => [
        name,
        { against, train: effect(seeds, name, against, "train"), inference: effect(seeds, name, against, "inference") },
      ]),
  );
}

function effect(
  seeds: readonly SeedResult[],
  treated: string,
  control: string,
  mode: "train" | "inference",
): PairedEffect {
  const pairs = seeds.map(({ seed, arms }) => {
    const final = (name: string) => {
      const arm = arms[name];
      const cost = arm?.status === "trained" ? arm.final[mode] : "diverged";
      return typeof cost === "number" ? cost : Number.POSITIVE_INFINITY;
    };
    return { seed, control: final(control), treated: final(treated) };
  });
  const diverged = (cost: number) => cost === Number.POSITIVE_INFINITY;
  const tally = (test: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(test).length;
  const sound = pairs.filter((pair) => !diverged(pair.control) && !diverged(pair.treated));
  const logRatios = sound.map((pair) => ({
    seed: pair.seed,
    logRatio: Number(Math.log(pair.control / pair.treated).toPrecision(6)),
  }));
  const estimate = logRatios.reduce((sum, { logRatio }) => sum + logRatio, 0) / logRatios.length;
  const reach = 0.3 / Math.sqrt(logRatios.length);
  const mean = {
    estimate,
    low: estimate - reach,
    high: estimate + 1.2 * reach,
    confidence: 0.95,
    method: "BCa" as const,
    resamples: 10_000,
  };
  const alone = {
    ...mean,
    low: estimate,
    high: estimate,
    method: "none" as const,
    resamples: 0,
    reason: "one-value" as const,
  };
  const wins = tally((pair) => pair.treated < pair.control);
  const losses = tally((pair) => pair.control < pair.treated);
  return {
    pairs: pairs.length,
    defined: sound.length,
    undefinedPairs: {
      controlDiverged: tally((pair) => diverged(pair.control) && !diverged(pair.treated)),
      treatedDiverged: tally((pair) => !diverged(pair.control) && diverged(pair.treated)),
      bothDiverged: tally((pair) => diverged(pair.control) && diverged(pair.treated)),
      notPositive: 0,
    },
    logRatios,
    ...(sound.length === 0 ? {} : { mean: sound.length === 1 ? alone : mean }),
    wins: {
      treated: wins,
      control: losses,
      ties: pairs.length - wins - losses,
      of: pairs.length,
      share: wins / pairs.length,
      low: Math.max(0, wins / pairs.length - 0.3),
      high: Math.min(1, wins / pairs.length + 0.2),
    },
    pairingGain: { reason: "few-pairs" },
  };
}

/** The first seed's arms again: costs spread by a third either way, one repeat of the first arm diverged. */
export function makeProbe(first: SeedResult, repeats: number): RoundingProbe {
  const spread = (cost: number) => ({ low: cost * 0.75, median: cost, high: cost * 1.35 });
  const arms = Object.entries(first.arms).map(([name, arm], place) => {
    const costs = arm.costs.map(({ update, train, inference }) => ({
      update,
      train: spread(train),
      ...(typeof inference === "number" ? { inference: spread(inference) } : {}),
    }));
    return [name, { diverged: place === 0 ? 1 : 0, costs, finals: [] }];
  });
  return { repeats, arms: Object.fromEntries(arms) };
}
