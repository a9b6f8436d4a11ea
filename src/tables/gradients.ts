import { recordedLayers } from "./checkpoints.js";
import { ARM, LAYER, type Table, UPDATES } from "./table.js";

/** How large the cost's gradients are. */
export const gradients: Table = {
  name: "gradients",
  description: "One row per gradient: of each layer, arm and recorded checkpoint of the first seed.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    { name: "respect", type: "text", description: "with respect to what: `kernel` or `preActivation`" },
    { name: "norm", type: "number", unit: "cost per weight or value", description: "L2 norm of the cost's gradient" },
  ],
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) {
      for (const [respect, norm] of Object.entries(layer.gradientNorms)) yield { ...place, respect, norm };
    }
  },
};
