import type { PairedEffect } from "../record/effects.js";
import type { Result } from "../record/result.js";
import { ARM, type Column, MODE, type Row, SEED, type Table } from "./table.js";

const AGAINST: Column = { name: "against", type: "arm", description: "its control" };
const FACTOR = { type: "number", unit: "factor" } as const;
const PAIRS = { type: "count", unit: "pairs" } as const;

/** What each arm does to the final cost. */
export const effects: Table = {
  name: "effects",
  description:
    "One row per arm and mode: its effect on the final cost, the control's cost divided by the arm's, as a geometric mean over the seeds. Above 1, the arm ends lower.",
  columns: [
    ARM,
    AGAINST,
    MODE,
    { ...FACTOR, name: "ratio", description: "geometric mean; empty without a defined pair" },
    { ...FACTOR, name: "low", description: "lower end of its bootstrap interval; empty where there is none" },
    { ...FACTOR, name: "high", description: "upper end" },
    { name: "confidence", type: "number", unit: "share", description: "of the interval" },
    { ...PAIRS, name: "pairs", description: "all pairs: the seeds" },
    { ...PAIRS, name: "defined", description: "pairs in which both arms have a positive final cost" },
    { ...PAIRS, name: "wins", description: "pairs in which the arm ends lower; an arm that diverges loses" },
    { name: "wins_low", type: "number", unit: "share", description: "lower end of the share's Wilson interval" },
    { name: "wins_high", type: "number", unit: "share", description: "upper end" },
    { ...PAIRS, name: "control_diverged", description: "undefined pairs: the control alone diverged" },
    { ...PAIRS, name: "treated_diverged", description: "the arm alone diverged" },
    { ...PAIRS, name: "both_diverged", description: "both diverged" },
    { ...PAIRS, name: "not_positive", description: "neither diverged, but a cost is not positive" },
  ],
  *rows(record) {
    for (const { place, effect } of effectsOf(record)) {
      const { mean, wins, undefinedPairs: gone } = effect;
      yield {
        ...place,
        ratio: ratioOf(mean?.estimate),
        low: mean?.method === "none" ? null : ratioOf(mean?.low),
        high: mean?.method === "none" ? null : ratioOf(mean?.high),
        confidence: mean?.confidence ?? null,
        pairs: effect.pairs,
        defined: effect.defined,
        wins: wins?.treated ?? null,
        wins_low: wins?.low ?? null,
        wins_high: wins?.high ?? null,
        control_diverged: gone.controlDiverged,
        treated_diverged: gone.treatedDiverged,
        both_diverged: gone.bothDiverged,
        not_positive: gone.notPositive,
      };
    }
  },
};

/** The same, seed by seed. */
export const ratios: Table = {
  name: "ratios",
  description: "One row per arm, mode and seed with a defined pair: its effect on the final cost.",
  columns: [
    ARM,
    AGAINST,
    MODE,
    SEED,
    {
      ...FACTOR,
      name: "ratio",
      description: "the control's final cost divided by the arm's; above 1, the arm ends lower",
    },
  ],
  *rows(record) {
    for (const { place, effect } of effectsOf(record)) {
      for (const { seed, logRatio } of effect.logRatios) yield { ...place, seed, ratio: ratioOf(logRatio) };
    }
  },
};

function* effectsOf({ effects }: Result): Generator<{ place: Row; effect: PairedEffect }> {
  for (const [arm, { against, ...modes }] of Object.entries(effects)) {
    for (const mode of ["train", "inference"] as const) yield { place: { arm, against, mode }, effect: modes[mode] };
  }
}

/** Rounded: an exponential's last bits are left to the machine. */
function ratioOf(logRatio: number | undefined): number | null {
  return logRatio === undefined ? null : Number(Math.exp(logRatio).toPrecision(12));
}
