import { layerTitle } from "../charts/ticks.js";
import type { Result, SeedArm, Statistic } from "../experiment/result.js";
import { histogramsCsv, layersCsv } from "./csv-layers.js";
import { type Cell, csvText } from "./csv-text.js";

/** Files of a run for other tools, one observation a row; docs/csv.md says what every column means. */
export const CSV_NAMES = ["arms.csv", "costs.csv", "layers.csv", "histograms.csv"] as const;

export function csvFilesOf(result: Result): Record<(typeof CSV_NAMES)[number], string> {
  return {
    "arms.csv": csvText(["seed", "arm", "status", ...DIVERGENCE, ...FINAL], armRows(result)),
    "costs.csv": csvText(["seed", "arm", "updates", "mode", "cost", "state", "standardized_cost"], costRows(result)),
    "layers.csv": layersCsv(result),
    "histograms.csv": histogramsCsv(result),
  };
}

const DIVERGENCE = [
  "divergence_updates",
  "divergence_layer",
  "divergence_layer_name",
  "divergence_tensor",
  "divergence_pass",
] as const;
const FINAL = ["final_train", "final_inference", "final_train_standardized", "final_inference_standardized"] as const;

/** How every arm of every seed ended. */
function* armRows({ seeds, config }: Result): Generator<Cell[]> {
  for (const { seed, arms } of seeds) {
    for (const [arm, ended] of Object.entries(arms)) {
      yield [seed, arm, ended.status, ...endOf(ended, config.sizes.length - 1)];
    }
  }
}

function endOf(arm: SeedArm, layerCount: number): Cell[] {
  if (arm.status === "trained") {
    const { train, inference, standardized } = arm.final;
    return [...DIVERGENCE.map(() => undefined), train, inference, standardized?.train, standardized?.inference];
  }
  const { update, layer, tensor, pass } = arm.divergence;
  return [update, layer, layerTitle(layer, layerCount), tensor, pass, ...FINAL.map(() => undefined)];
}

/** Every seed's costs in both modes. */
function* costRows({ seeds }: Result): Generator<Cell[]> {
  for (const { seed, arms } of seeds) {
    for (const [arm, { costs }] of Object.entries(arms)) {
      for (const { update, train, inference, standardized } of costs) {
        yield [seed, arm, update, "train", train, stateOf(train), standardized?.train];
        yield [seed, arm, update, "inference", inference, stateOf(inference), standardized?.inference];
      }
    }
  }
}

/** What an empty cell, or a reader that takes NaN for one, would leave open. */
function stateOf(cost: Statistic | null): string {
  if (cost === null) return "undefined";
  return typeof cost === "number" ? "number" : cost;
}
