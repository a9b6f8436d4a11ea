import type { Statistic } from "../record/values.js";
import { ARM, MODE_WITH_RECALIBRATED, MODES, SEED, type Table, UPDATES } from "./table.js";

/** Every seed's costs in every mode. */
export const costs: Table = {
  name: "costs",
  description:
    "One row per arm, seed, recorded update (`--cost-every`) and mode. A diverging arm has rows as long as its costs are finite.",
  columns: [
    SEED,
    ARM,
    UPDATES,
    MODE_WITH_RECALIBRATED,
    {
      name: "cost",
      type: "number",
      unit: "y²",
      description: "the loss, by default the mean squared error; empty where `state` is `undefined`, and only there",
    },
    {
      name: "state",
      type: "text",
      description:
        "`number`; `Infinity`, `-Infinity` or `NaN` where `cost` is that; `undefined`: before BN's first update there are no moving averages, so there is no inference cost",
    },
    {
      name: "standardized_cost",
      type: "number",
      unit: "1",
      description:
        "with `--standardize-targets`: `cost` over the squared deviation of the training targets, which is what training lowers; else empty",
    },
  ],
  *rows({ seeds }) {
    for (const { seed, arms } of seeds) {
      for (const [arm, { costs }] of Object.entries(arms)) {
        for (const { update: updates, standardized, ...modes } of costs) {
          for (const mode of MODES) {
            const cost = modes[mode];
            if (cost === undefined) continue;
            const standardized_cost = standardized?.[mode] ?? null;
            yield { seed, arm, updates, mode, cost, state: stateOf(cost), standardized_cost };
          }
        }
      }
    }
  },
};

/** Every seed's accuracies, with a loss over classes. */
export const accuracies: Table = {
  name: "accuracies",
  description:
    "With a loss over classes (`--loss crossEntropy`): one row per arm, seed, recorded update and mode, as for costs.",
  columns: [
    SEED,
    ARM,
    UPDATES,
    MODE_WITH_RECALIBRATED,
    {
      name: "accuracy",
      type: "number",
      unit: "1",
      description: "the share of points whose class is predicted correctly",
    },
  ],
  *rows({ seeds }) {
    for (const { seed, arms } of seeds) {
      for (const [arm, { costs }] of Object.entries(arms)) {
        for (const { update: updates, accuracy } of costs) {
          for (const mode of MODES) {
            const share = accuracy?.[mode] ?? undefined;
            if (share !== undefined) yield { seed, arm, updates, mode, accuracy: share };
          }
        }
      }
    }
  },
};

/** What an empty cell, or a reader that takes NaN for one, would leave open. */
function stateOf(cost: Statistic | null): string {
  if (cost === null) return "undefined";
  return typeof cost === "number" ? "number" : cost;
}
