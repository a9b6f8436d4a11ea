import type { Viewport } from "../charts/chart.js";
import { armLabels, type DataSource } from "../charts/data-sets.js";
import { armExtents, layerRecords, panelsOf } from "../charts/layers/extents.js";
import { layersSpec } from "../charts/layers/spec.js";
import type { Drawable } from "../charts/picture.js";
import { alone, styledArms } from "../charts/runs.js";
import type { Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import { recordedLayers } from "../tables/checkpoints.js";
import { flat } from "../tables/flat.js";
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

/** What is said of the layers at each of the updates. */
export interface LayerWords {
  readonly quantities: readonly Quantity[];
  /** A clause behind an arm's name. */
  readonly caption: (arm: string, quantity: Quantity, update: number) => string;
  /** About a layer of an arm, by its name and its place. */
  readonly note: (layer: Layer, quantity: Quantity, arm: string, update: number) => string;
}

/** The histograms of the layers at recorded updates, for any two arms; undefined of fewer than two updates. */
export function playerOf(
  id: string,
  result: Result,
  source: DataSource,
  mostRows = MOST_ROWS,
  words: LayerWords = checkpointWords(result),
): PagePlayer | undefined {
  const { recorded, layers } = layerRecords(Object.values(result.arms));
  if (recorded.length < 2) return undefined;
  const drawn = new Set(layers.drawn.map((layer) => layerName(layer, layers.count)));
  const kinds = new Set<unknown>(words.quantities);
  const all = { ...source([histograms, tails, flat]), notes: notesOf(result, words) };
  const sets = Object.fromEntries(
    Object.entries(all).map(([name, rows]) => [
      name,
      rows.filter(({ layer_name, quantity }) => drawn.has(String(layer_name)) && kinds.has(quantity)),
    ]),
  );
  const updates = updatesWithin(sets["histograms"] ?? [], recorded, mostRows);
  const quantities = words.quantities.map((quantity) => ({
    quantity,
    name: NAMES[quantity],
    arms: styledArms(result).map((styled) => ({
      ...armExtents(styled, quantity, updates, layers),
      captions: updates.map((update) => words.caption(styled.name, quantity, update)),
    })),
  }));
  const at = (viewport: Viewport): Drawable => {
    const panels = panelsOf(quantities[0]?.arms.slice(0, 2) ?? [], updates, updates, layers);
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

function checkpointWords({ arms }: Result): LayerWords {
  return {
    quantities: QUANTITIES,
    caption: (arm, quantity, update) => stateAt(arms[arm], quantity, update),
    note: noteOf,
  };
}

/** What is known of each layer at each of the updates, in words. */
function notesOf(result: Result, { quantities, note }: LayerWords): Row[] {
  const labels = armLabels(alone(result));
  return [...recordedLayers(result)].flatMap(({ place, layer }) =>
    quantities.map((quantity) => ({
      ...place,
      arm: labels.get(place.arm) ?? place.arm,
      quantity,
      note: note(layer, quantity, place.arm, place.updates),
    })),
  );
}

function noteOf(layer: Layer, quantity: Quantity): string {
  const { mean, variance } = layer[quantity];
  const spread = typeof variance === "number" ? numberText(Math.sqrt(variance)) : variance;
  const verdict = quantity === "preActivation" ? `${layer.health.verdict}, ${evidenceOf(layer.health)}; ` : "";
  return `${verdict}mean ${numberText(mean)}, standard deviation ${spread}`;
}
