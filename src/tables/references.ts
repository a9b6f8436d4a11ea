import type { ReferenceCosts } from "../record/arms.js";
import type { Table } from "./table.js";

export const NOISE_FLOOR = "noise floor";

/** What answers every point alike. */
export function constantName({ chance }: Pick<ReferenceCosts, "chance">): string {
  return chance === undefined ? "predicting the mean" : "predicting the classes' shares";
}

/** Costs to compare with, of the first seed. */
export const references: Table = {
  name: "references",
  isOfData: true,
  description: "One row per reference cost, which needs no training.",
  columns: [
    {
      name: "reference",
      type: "text",
      description:
        "`noise floor` (absent on given data), `predicting the mean`, or with a loss over classes `predicting the classes' shares` and `chance`",
    },
    { name: "cost", type: "number", unit: "y²", description: "its cost on the first seed's points" },
  ],
  *rows({ referenceCosts }) {
    if (referenceCosts.noiseFloor !== undefined) yield { reference: NOISE_FLOOR, cost: referenceCosts.noiseFloor };
    yield { reference: constantName(referenceCosts), cost: referenceCosts.predictMean };
    if (referenceCosts.chance !== undefined) yield { reference: "chance", cost: referenceCosts.chance };
  },
};
