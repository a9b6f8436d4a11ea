import { lossWords } from "../text/losses.js";
import type { Table } from "./table.js";

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
    if (referenceCosts.noiseFloor !== undefined) yield { reference: "noise floor", cost: referenceCosts.noiseFloor };
    yield { reference: lossWords(referenceCosts).constant, cost: referenceCosts.predictMean };
    if (referenceCosts.chance !== undefined) yield { reference: "chance", cost: referenceCosts.chance };
  },
};
