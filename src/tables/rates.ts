import type { RateMap } from "../published/learning-rates.js";
import type { Table } from "./table.js";

/** How nets fare at each learning rate. */
export const rates: Table<RateMap> = {
  name: "rates",
  description: "A row is one learning rate of one arm of one configuration.",
  columns: [
    { name: "configuration", type: "text", description: "what both arms have in common" },
    { name: "arm", type: "text", description: "`plain` or `bn`" },
    { name: "exponent", type: "number", description: "decimal logarithm of the learning rate" },
    { name: "below", type: "count", unit: "seeds", description: "seeds that end below their initial cost" },
    { name: "diverged", type: "count", unit: "seeds", description: "seeds that diverge" },
    { name: "seeds", type: "count", unit: "seeds", description: "all of them" },
  ],
  *rows({ rows, exponents, seeds }) {
    for (const { configuration, arm, cells } of rows) {
      for (const [place, { below, diverged }] of cells.entries()) {
        yield { configuration, arm, exponent: exponents[place] ?? null, below, diverged, seeds };
      }
    }
  },
};

/** The best of them. */
export const bestRates: Table<RateMap> = {
  name: "best-rates",
  description: "A row is one arm of one configuration.",
  columns: [
    { name: "configuration", type: "text", description: "what both arms have in common" },
    { name: "arm", type: "text", description: "`plain` or `bn`" },
    {
      name: "largest",
      type: "number",
      description:
        "decimal logarithm of the largest learning rate at which all seeds end below their initial cost; empty where there is none",
    },
    {
      name: "lowest",
      type: "number",
      unit: "y²",
      description: "of all rates, the lowest median over the seeds of the final cost",
    },
  ],
  *rows({ rows }) {
    for (const { configuration, arm, largest, lowestCost } of rows) {
      yield {
        configuration,
        arm,
        largest: largest ?? null,
        lowest: Number.isFinite(lowestCost) ? lowestCost : "Infinity",
      };
    }
  },
};
