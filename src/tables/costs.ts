import type { Statistic } from "../experiment/result.js";
import { ARM, MODE, SEED, type Table, UPDATES } from "./table.js";

/** Every seed's costs in both modes. */
export const costs: Table = {
  name: "costs",
  description:
    "A row is one cost: of one arm of one seed at one recorded update (`--cost-every`) in one mode. An arm that diverges has rows as long as its costs are finite.",
  columns: [
    SEED,
    ARM,
    UPDATES,
    MODE,
    {
      name: "cost",
      type: "number",
      unit: "y²",
      description: "mean squared error; empty where `state` is `undefined`, and only there",
    },
    {
      name: "state",
      type: "text",
      description:
        "`number`; `Infinity`, `-Infinity` or `NaN` where `cost` is that; `undefined`: before BN's first update there are no moving averages, so there is no inference cost",
    },
  ],
  *rows({ seeds }) {
    for (const { seed, arms } of seeds) {
      for (const [arm, { costs }] of Object.entries(arms)) {
        for (const { update: updates, train, inference } of costs) {
          yield { seed, arm, updates, mode: "train", cost: train, state: stateOf(train) };
          yield { seed, arm, updates, mode: "inference", cost: inference, state: stateOf(inference) };
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
