import { type ActivationName, activations, steepRegion } from "../model/activations.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { QUANTITY, type Quantity } from "./histograms.js";
import { ARM, LAYER, layerName, type Row, type Table, UPDATES } from "./table.js";

/** How much of what each layer's activation receives, or of what a layer receives from one, is where that is flat. */
export const flat: Table = {
  name: "flat",
  description:
    "One row per layer, arm and recorded checkpoint of the first seed: the share of values where the activation is flat. For `layerInput` it is the share of the layer before, whose outputs these are.",
  columns: [
    ARM,
    UPDATES,
    ...LAYER,
    QUANTITY,
    { name: "flat_share", type: "number", unit: "share", description: "`health.flatShare` in `result.json`" },
    {
      name: "steep_low",
      type: "number",
      unit: "the values'",
      description: "below it, the activation is flat; empty if no value is too low",
    },
    {
      name: "steep_high",
      type: "number",
      unit: "the values'",
      description: "above it, the activation is flat; empty if no value is too high",
    },
  ],
  *rows(record) {
    for (const [arm, { checkpoints }] of Object.entries(record.arms)) {
      const activation = activationOf(record, arm);
      if (activation === undefined) continue;
      for (const { update: updates, layers } of checkpoints) {
        for (const { layer, health, layerInput } of layers) {
          const place = { arm, updates, layer, layer_name: layerName(layer, layers.length) };
          yield* shareRow(place, "preActivation", health.flatShare, steepRegion(activation));
          // A normalization behind the activation gives its outputs another scale, and other bins.
          const isOutput = layerInput.edges[0] === activations[activation].range[0];
          const before = layer === 0 || !isOutput ? undefined : layers[layer - 1]?.health.flatShare;
          yield* shareRow(place, "layerInput", before, outputRegion(activation));
        }
      }
    }
  },
};

function activationOf({ config }: Result, arm: string): ActivationName | undefined {
  const name = String(ownEntry(config.arms, arm)?.activation ?? config.activation);
  return Object.hasOwn(activations, name) ? (name as ActivationName) : undefined;
}

/** What the activation makes of the ends of its steep region. */
function outputRegion(name: ActivationName): readonly [low: number, high: number] | undefined {
  const region = steepRegion(name);
  return region && [activations[name].value(region[0]), activations[name].value(region[1])];
}

function* shareRow(
  place: Row,
  quantity: Quantity,
  flat_share: number | undefined,
  region: ReturnType<typeof steepRegion>,
): Generator<Row> {
  if (flat_share === undefined || region === undefined) return;
  const [steep_low, steep_high] = region.map((end) => (Number.isFinite(end) ? end : null));
  yield { ...place, quantity, flat_share, steep_low: steep_low ?? null, steep_high: steep_high ?? null };
}
