import type { Viewport } from "../charts/chart.js";
import { armLabels, type DataSource } from "../charts/data-sets.js";
import { armExtents, drawnLayers, panelsOf, recordedUpdates } from "../charts/layers/panels.js";
import { layersSpec } from "../charts/layers/spec.js";
import type { Drawable } from "../charts/picture.js";
import { armStyles } from "../charts/theme.js";
import { numberText } from "../charts/wording.js";
import { evidenceOf } from "../experiment/findings.js";
import type { Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { recordedLayers } from "../tables/checkpoints.js";
import { histograms, QUANTITIES, type Quantity, tails } from "../tables/histograms.js";
import type { Row } from "../tables/table.js";
import type { PagePlayer } from "./interactive.js";
import { stateAt } from "./reading-layers.js";

const NAMES: Readonly<Record<Quantity, string>> = {
  preActivation: "what the activation receives",
  layerInput: "what the layer receives",
};

/** The histograms of all layers at every recorded update, for any two arms; undefined of fewer than two updates. */
export function playerOf(result: Result, source: DataSource): PagePlayer | undefined {
  const arms = Object.values(result.arms);
  const updates = recordedUpdates(arms);
  if (updates.length < 2) return undefined;
  const layers = drawnLayers(arms);
  const styles = armStyles(Object.keys(result.arms));
  const quantities = QUANTITIES.map((quantity) => ({
    quantity,
    name: NAMES[quantity],
    arms: styles.map((style) => ({
      ...armExtents(result, style, quantity, updates, layers),
      captions: updates.map((update) => stateAt(result.arms[style.name], quantity, update)),
    })),
  }));
  const sets = { ...source([histograms, tails]), notes: notesOf(result) };
  const at = (viewport: Viewport): Drawable => {
    const first = quantities[0];
    const panels = panelsOf(first?.arms.slice(0, 2) ?? [], updates, updates, layers);
    const spec = layersSpec(panels, "preActivation", { viewport, interactive: true });
    const title = "Histograms of every layer at one update";
    return { name: "player", title, description: "", notes: [], about: "", spec, sets };
  };
  return {
    at: { wide: at("wide"), narrow: at("narrow") },
    player: { updates, recorded: updates.length, layers, quantities },
  };
}

/** What is known of each layer at each checkpoint, in words. */
function notesOf(result: Result): Row[] {
  const labels = armLabels(Object.keys(result.arms));
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
