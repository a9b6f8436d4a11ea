import type { Distribution } from "../record/layers.js";
import { recordedLayers } from "./checkpoints.js";
import { ARM, type Cell, type Column, LAYER, type Table, UPDATES } from "./table.js";

export const QUANTITIES = ["preActivation", "layerInput"] as const;
export type Quantity = (typeof QUANTITIES)[number];

export const QUANTITY: Column = { name: "quantity", type: "text", description: "`preActivation` or `layerInput`" };
const TOTAL: Column = { name: "total", type: "count", unit: "values", description: "values of the histogram" };

const DETAILS = `Three rows of each histogram are not bins of the chart. Finite values below the first bin are counted from \`-Infinity\` to its
lower edge, finite values above the last one from its upper edge to \`Infinity\`, and values that are NaN or infinite from \`NaN\` to
\`NaN\`. To keep only the bins, drop the rows in which an edge is not finite:

\`\`\`python
bins = histograms[histograms[["low", "high"]].abs().max(axis=1, skipna=False) < float("inf")]
\`\`\``;

/** The histograms of every recorded layer. */
export const histograms: Table = {
  name: "histograms",
  description:
    "One row per bin of each histogram: of a layer's pre-activations or inputs, for each arm and recorded checkpoint of the first seed. All bins of a histogram add up to the number of values (units × points).",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    QUANTITY,
    { name: "low", type: "number", unit: "the values'", description: "lower edge; the value itself is in the bin" },
    {
      name: "high",
      type: "number",
      unit: "the values'",
      description: "upper edge; the value itself is in the next bin, except for the last bin",
    },
    { name: "count", type: "count", unit: "values", description: "values in the bin" },
    TOTAL,
  ],
  details: DETAILS,
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) {
      for (const quantity of QUANTITIES) {
        const total = valuesOf(layer[quantity]);
        for (const { low, high, count } of binsOf(layer[quantity])) {
          yield {
            arm: place.arm,
            updates: place.updates,
            layer: place.layer,
            layer_name: place.layer_name,
            quantity,
            low,
            high,
            count,
            total,
          };
        }
      }
    }
  },
};

interface Bin {
  readonly low: Cell;
  readonly high: Cell;
  readonly count: number;
}

export function valuesOf({ counts, underflow, overflow, nonFinite }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
}

/** The bins; what lies beyond them reaches to infinity, and what is not a number lies from NaN to NaN. */
function* binsOf({ edges, counts, underflow, overflow, nonFinite }: Distribution): Generator<Bin> {
  yield { low: "-Infinity", high: edges[0] ?? null, count: underflow };
  for (const [bin, count] of counts.entries()) yield { low: edges[bin] ?? null, high: edges[bin + 1] ?? null, count };
  yield { low: edges.at(-1) ?? null, high: "Infinity", count: overflow };
  yield { low: "NaN", high: "NaN", count: nonFinite };
}

/** What the bins of the same histograms do not hold. */
export const tails: Table = {
  name: "tails",
  description: "One row per part of a histogram that is in none of its bins.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    QUANTITY,
    { name: "side", type: "text", description: "`below` or `above` the bins, or `not finite`" },
    { name: "count", type: "count", unit: "values", description: "values there" },
    TOTAL,
  ],
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) {
      for (const quantity of QUANTITIES) {
        const { underflow, overflow, nonFinite } = layer[quantity];
        const total = valuesOf(layer[quantity]);
        yield { ...place, quantity, side: "below", count: underflow, total };
        yield { ...place, quantity, side: "above", count: overflow, total };
        yield { ...place, quantity, side: "not finite", count: nonFinite, total };
      }
    }
  },
};
