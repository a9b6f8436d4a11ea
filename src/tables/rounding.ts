import { ARM, MODE, type Table, UPDATES } from "./table.js";

const Y2 = { type: "number", unit: "y²" } as const;

/** What arithmetic alone may change. */
export const rounding: Table = {
  name: "rounding",
  description:
    "One row per arm, recorded update and mode: the cost over the repeats of the rounding probe (`--rounding-probe`) that are finite there.",
  columns: [
    ARM,
    UPDATES,
    MODE,
    { ...Y2, name: "low", description: "smallest cost of the repeats" },
    { ...Y2, name: "median", description: "their median" },
    { ...Y2, name: "high", description: "their largest cost" },
  ],
  *rows({ roundingProbe }) {
    for (const [arm, { costs }] of Object.entries(roundingProbe?.arms ?? {})) {
      for (const { update: updates, train, inference } of costs) {
        yield { arm, updates, mode: "train", ...train };
        if (inference !== undefined) yield { arm, updates, mode: "inference", ...inference };
      }
    }
  },
};
