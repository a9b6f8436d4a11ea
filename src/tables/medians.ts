import { quartiles } from "../metrics/quantiles.js";
import type { SeedArm } from "../record/arms.js";
import { ARM, MODE_WITH_RECALIBRATED, MODES, type Row, type Table, UPDATES } from "./table.js";

const Y2 = { type: "number", unit: "y²" } as const;

/** Costs over the seeds. */
export const medians: Table = {
  name: "medians",
  description:
    "One row per arm, recorded update and mode: the cost over the seeds whose cost is finite there. With one seed, the median is its cost.",
  columns: [
    ARM,
    UPDATES,
    MODE_WITH_RECALIBRATED,
    { name: "seeds", type: "count", unit: "seeds", description: "seeds with a finite cost" },
    { ...Y2, name: "lower_quartile", description: "lower quartile of their costs (definition 7 of Hyndman & Fan)" },
    { ...Y2, name: "median", description: "median" },
    { ...Y2, name: "upper_quartile", description: "upper quartile" },
  ],
  *rows({ seeds, arms }) {
    for (const arm of Object.keys(arms)) {
      const ofArm = seeds.flatMap(({ arms }) => (Object.hasOwn(arms, arm) ? [arms[arm] as SeedArm] : []));
      for (const mode of MODES) yield* spread(arm, mode, ofArm);
    }
  },
};

function* spread(arm: string, mode: (typeof MODES)[number], seeds: readonly SeedArm[]): Generator<Row> {
  const there = new Map<number, number[]>();
  for (const { costs } of seeds) {
    for (const { update, [mode]: cost } of costs) {
      if (typeof cost !== "number") continue;
      const others = there.get(update);
      if (others === undefined) there.set(update, [cost]);
      else others.push(cost);
    }
  }
  for (const [updates, costs] of [...there].sort(([one], [other]) => one - other)) {
    const quarters = quartiles(costs);
    if (quarters === undefined) continue;
    const { q25, median, q75 } = quarters;
    yield { arm, updates, mode, seeds: costs.length, lower_quartile: q25, median, upper_quartile: q75 };
  }
}
