import type { Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { layerName } from "./table.js";

/** What was recorded of one layer, and where. */
export interface RecordedLayer {
  readonly place: {
    readonly arm: string;
    readonly updates: number;
    readonly layer: number;
    readonly layer_name: string;
  };
  readonly layer: Layer;
}

/** Every layer of the first seed at each checkpoint. */
export function* recordedLayers({ arms }: Result): Generator<RecordedLayer> {
  for (const [arm, { checkpoints }] of Object.entries(arms)) {
    for (const { update: updates, layers } of checkpoints) {
      for (const layer of layers) {
        yield {
          place: { arm, updates, layer: layer.layer, layer_name: layerName(layer.layer, layers.length) },
          layer,
        };
      }
    }
  }
}
