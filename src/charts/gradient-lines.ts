import type { Result, Statistic } from "../experiment/result.js";
import { chooseEvenly } from "./layer-panels.js";
import { armStyles } from "./theme.js";

const MOST_LINES = 12;

/** One layer's gradient norm. */
export interface NormPoint {
  readonly layer: number;
  readonly norm: number;
}

export interface GradientLine {
  readonly update: number;
  /** Runs of neighbouring layers whose norms a log scale can show. */
  readonly runs: readonly (readonly NormPoint[])[];
}

/** One arm of the first seed. */
export interface GradientPanel {
  readonly label: string;
  readonly divergedAt?: number;
  readonly lines: readonly GradientLine[];
  /** What a log scale has no place for, in the lines drawn. */
  readonly zeros: number;
  readonly nonFinite: number;
}

export interface GradientPanels {
  readonly arms: readonly GradientPanel[];
  /** Drawn, in order. */
  readonly updates: readonly number[];
  readonly recorded: number;
  readonly layerCount: number;
}

/** Norms of the cost's gradient by the pre-activations, at up to twelve of the recorded updates. */
export function gradientPanels(result: Result): GradientPanels {
  const arms = Object.values(result.arms);
  const checkpoints = arms.flatMap((arm) => arm.checkpoints);
  const recorded = [...new Set(checkpoints.map(({ update }) => update))].sort((a, b) => a - b);
  const ends = arms.flatMap((arm) => (arm.status === "diverged" ? [arm.divergence.update] : []));
  const updates = chooseEvenly(recorded, MOST_LINES, ends);
  const panels = armStyles(Object.keys(result.arms)).flatMap(({ name, label }): GradientPanel[] => {
    const arm = result.arms[name];
    if (arm === undefined) return [];
    const drawn = arm.checkpoints.filter(({ update }) => updates.includes(update));
    const norms = drawn.map(({ update, layers }) => ({
      update,
      norms: layers.map(({ gradientNorms }) => gradientNorms.preActivation),
    }));
    const all = norms.flatMap((line) => line.norms);
    return [
      {
        label,
        ...(arm.status === "diverged" ? { divergedAt: arm.divergence.update } : {}),
        lines: norms.map((line) => ({ update: line.update, runs: runsOf(line.norms) })),
        zeros: all.filter((norm) => typeof norm === "number" && norm <= 0).length,
        nonFinite: all.filter((norm) => typeof norm === "string").length,
      },
    ];
  });
  const layerCount = checkpoints.reduce((most, { layers }) => Math.max(most, layers.length), 0);
  return { arms: panels, updates, recorded: recorded.length, layerCount };
}

function runsOf(norms: readonly Statistic[]): NormPoint[][] {
  const runs: NormPoint[][] = [[]];
  for (const [layer, norm] of norms.entries()) {
    if (typeof norm === "number" && norm > 0) runs.at(-1)?.push({ layer, norm });
    else if (runs.at(-1)?.length !== 0) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** All norms that are drawn in a panel. */
export function drawnNorms({ lines }: GradientPanel): number[] {
  return lines.flatMap(({ runs }) => runs.flatMap((run) => run.map(({ norm }) => norm)));
}
