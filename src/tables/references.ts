import type { Table } from "./table.js";

/** Costs to compare with, of the first seed. */
export const references: Table = {
  name: "references",
  isOfData: true,
  description: "A row is a cost that needs no training, to compare with.",
  columns: [
    { name: "reference", type: "text", description: "`noise floor` (absent on given data) or `predicting the mean`" },
    { name: "cost", type: "number", unit: "y²", description: "its mean squared error on the first seed's points" },
  ],
  *rows({ referenceCosts }) {
    if (referenceCosts.noiseFloor !== undefined) yield { reference: "noise floor", cost: referenceCosts.noiseFloor };
    yield { reference: "predicting the mean", cost: referenceCosts.predictMean };
  },
};
