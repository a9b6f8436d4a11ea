import type { ArmResult, Checkpoint, Gap, Result, Statistic } from "../experiment/result.js";
import { type CostPoint, finiteCosts } from "./seed-costs.js";
import { armStyles } from "./theme.js";

export const PARTS = ["total", "startUp", "lag", "noise", "rounding"] as const;
export type Part = (typeof PARTS)[number];
export const MOMENTS = ["mean", "variance"] as const;
export type Moment = (typeof MOMENTS)[number];

/** Smaller gaps than this change no prediction that can be seen, and would press the others into the upper edge. */
export const SMALLEST_GAP = 1e-4;

export interface GapPoint {
  readonly update: number;
  readonly gap: number;
}

/** One arm that normalises, of the first seed. */
export interface GapArm {
  readonly label: string;
  readonly divergedAt?: number;
  readonly costs: Readonly<Record<"train" | "inference", readonly CostPoint[]>>;
  /** The largest over the normalised layers, by statistic and part, in runs of neighbouring records. */
  readonly gaps: Readonly<Record<Moment, Readonly<Record<Part, readonly (readonly GapPoint[])[]>>>>;
  /** Checkpoints with a gap. */
  readonly records: number;
  /** Parts that are not drawn. */
  readonly leftOut: { readonly small: number; readonly nonFinite: number };
}

/** The arms that have moving averages. */
export function gapArms(result: Result): GapArm[] {
  return armStyles(Object.keys(result.arms)).flatMap(({ name, label }) => {
    const arm = result.arms[name];
    if (arm === undefined || !normalises(arm)) return [];
    const leftOut = { small: 0, nonFinite: 0 };
    const largest = (moment: Moment, part: Part) => {
      const records = arm.checkpoints.flatMap((checkpoint) => {
        const values = gapsOf(checkpoint).map((gap) => gap[moment][part]);
        return values.length === 0 ? [] : [{ update: checkpoint.update, gap: largestOf(values) }];
      });
      leftOut.nonFinite += records.filter(({ gap }) => typeof gap === "string").length;
      leftOut.small += records.filter(({ gap }) => typeof gap === "number" && gap < SMALLEST_GAP).length;
      return runsOf(records);
    };
    const byPart = (moment: Moment) => ({
      total: largest(moment, "total"),
      startUp: largest(moment, "startUp"),
      lag: largest(moment, "lag"),
      noise: largest(moment, "noise"),
      rounding: largest(moment, "rounding"),
    });
    return [
      {
        label,
        ...(arm.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
        costs: {
          train: finiteCosts(arm, "train").filter(({ cost }) => cost > 0),
          inference: finiteCosts(arm, "inference").filter(({ cost }) => cost > 0),
        },
        gaps: { mean: byPart("mean"), variance: byPart("variance") },
        records: arm.checkpoints.filter((checkpoint) => gapsOf(checkpoint).length > 0).length,
        leftOut,
      },
    ];
  });
}

/** Seen in what was recorded: moving averages, or costs that differ for them. */
function normalises({ costs, checkpoints }: ArmResult): boolean {
  return (
    checkpoints.some(
      ({ inputNorm, layers }) =>
        inputNorm !== undefined || layers.some(({ movingMean, gap }) => movingMean !== undefined || gap !== undefined),
    ) || costs.some(({ train, inference }) => train !== inference)
  );
}

function gapsOf({ inputNorm, layers }: Checkpoint): Gap[] {
  return [inputNorm?.gap, ...layers.map(({ gap }) => gap)].filter((gap) => gap !== undefined);
}

/** Of values one of which is no number, none is the largest that can be trusted: that one is named. */
function largestOf(values: readonly Statistic[]): Statistic {
  const wrong = values.find((value) => typeof value === "string");
  return wrong ?? values.reduce<number>((most, value) => Math.max(most, Number(value)), 0);
}

function runsOf(records: readonly { update: number; gap: Statistic }[]): GapPoint[][] {
  const runs: GapPoint[][] = [[]];
  for (const { update, gap } of records) {
    if (typeof gap === "number" && gap >= SMALLEST_GAP) runs.at(-1)?.push({ update, gap });
    else if (runs.at(-1)?.length !== 0) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}
