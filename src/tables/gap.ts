import type { Gap } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { ARM, layerName, type Row, type Table, UPDATES } from "./table.js";

/** How far the moving averages are from the training set's statistics. */
export const gap: Table = {
  name: "gap",
  description:
    "One row per part of a gap, between a moving average and the whole training set's statistic under the current weights: for each normalization, arm and recorded checkpoint of the first seed.",
  columns: [
    ARM,
    UPDATES,
    { name: "layer", type: "count", description: "the layer that is normalized, from 0; −1: the input" },
    { name: "layer_name", type: "text", description: "the layer's name in the charts, or `input`" },
    { name: "moment", type: "text", description: "`mean` or `variance`" },
    {
      name: "part",
      type: "text",
      description: "`total`, or the part due to one cause: a key of `gap` in `result.json`",
    },
    {
      name: "gap",
      type: "number",
      unit: "deviations; share",
      description:
        "root mean square over the features: of means in standard deviations √(σ² + ε), of variances as a share of σ² + ε",
    },
  ],
  *rows({ arms }: Result) {
    for (const [arm, { checkpoints }] of Object.entries(arms)) {
      for (const { update: updates, inputNorm, layers } of checkpoints) {
        yield* parts({ arm, updates, layer: -1, layer_name: "input" }, inputNorm?.gap);
        for (const { layer, gap } of layers) {
          yield* parts({ arm, updates, layer, layer_name: layerName(layer, layers.length) }, gap);
        }
      }
    }
  },
};

function* parts(place: Row, gap: Gap | undefined): Generator<Row> {
  for (const [moment, values] of Object.entries(gap ?? {})) {
    for (const [part, value] of Object.entries(values)) yield { ...place, moment, part, gap: value };
  }
}
