import type { Viewport } from "../charts/chart.js";
import { armLabels, type DataSource } from "../charts/data-sets.js";
import { armExtents, layerRecords, panelsOf } from "../charts/layers/extents.js";
import { layersSpec } from "../charts/layers/spec.js";
import type { Drawable } from "../charts/picture.js";
import { alone, styledArms } from "../charts/runs.js";
import type { Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { recordedLayers } from "../tables/checkpoints.js";
import { histograms, QUANTITIES, type Quantity, tails } from "../tables/histograms.js";
import { layerName, type Row } from "../tables/table.js";
import { evidenceOf } from "../text/findings.js";
import { numberText } from "../text/numbers.js";
import { MOST_ROWS, type PagePlayer, updatesWithin } from "./interactive.js";
import { stateAt } from "./reading-layers.js";

const NAMES: Readonly<Record<Quantity, string>> = {
  preActivation: "what the activation receives",
  layerInput: "what the layer receives",
};

/** The histograms of the layers at recorded updates, for any two arms; undefined of fewer than two updates. */
export function playerOf(id: string, result: Result, source: DataSource, mostRows = MOST_ROWS): PagePlayer | undefined {
  const { recorded, layers } = layerRecords(Object.values(result.arms));
  if (recorded.length < 2) return undefined;
  const drawn = new Set(layers.drawn.map((layer) => layerName(layer, layers.count)));
  const all = { ...source([histograms, tails]), notes: notesOf(result) };
  const sets = Object.fromEntries(
    Object.entries(all).map(([name, rows]) => [name, rows.filter((row) => drawn.has(String(row["layer_name"])))]),
  );
  const updates = updatesWithin(sets["histograms"] ?? [], recorded, mostRows);
  const quantities = QUANTITIES.map((quantity) => ({
    quantity,
    name: NAMES[quantity],
    arms: styledArms(result).map((styled) => ({
      ...armExtents(styled, quantity, updates, layers),
      captions: updates.map((update) => stateAt(styled.arm, quantity, update)),
    })),
  }));
  const at = (viewport: Viewport): Drawable => {
    const first = quantities[0];
    const panels = panelsOf(first?.arms.slice(0, 2) ?? [], updates, updates, layers);
    const spec = layersSpec(panels, "preActivation", { viewport, interactive: true });
    const title = "Histograms of every layer at one update";
    return { name: "player", title, description: "", notes: [], about: "", spec, sets };
  };
  return {
    id,
    at: { wide: at("wide"), narrow: at("narrow") },
    player: { updates, recorded: recorded.length, layers, quantities },
  };
}

/** What is known of each layer at each checkpoint, in words. */
function notesOf(result: Result): Row[] {
  const labels = armLabels(alone(result));
  return [...recordedLayers(result)].flatMap(({ place, layer }) =>
    QUANTITIES.map((quantity) => ({
      ...place,
      arm: labels.get(place.arm) ?? place.arm,
      quantity,
      note: noteOf(layer, quantity),
    })),
  );
}

function noteOf(layer: Layer, quantity: Quantity): string {
  const { mean, variance } = layer[quantity];
  const spread = typeof variance === "number" ? numberText(Math.sqrt(variance)) : variance;
  const verdict = quantity === "preActivation" ? `${layer.health.verdict}, ${evidenceOf(layer.health)}; ` : "";
  return `${verdict}mean ${numberText(mean)}, standard deviation ${spread}`;
}
