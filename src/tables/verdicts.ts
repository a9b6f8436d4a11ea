import { VERDICTS } from "../experiment/result.js";
import { recordedLayers } from "./checkpoints.js";
import { ARM, type Column, LAYER, type Table, UPDATES } from "./table.js";

const NAMES = VERDICTS.map((verdict) => `\`${verdict}\``);

export const VERDICT: Column = {
  name: "verdict",
  type: "text",
  description: `of the layer at this checkpoint: ${NAMES.slice(0, -1).join(", ")} or ${NAMES.at(-1)}; the README has the rules`,
};

/** What each layer's state is judged to be. */
export const verdicts: Table = {
  name: "verdicts",
  description: "A row is one layer of one arm at one recorded checkpoint of the first seed.",
  columns: [ARM, UPDATES, ...LAYER, VERDICT],
  *rows(record) {
    for (const { place, layer } of recordedLayers(record)) yield { ...place, verdict: layer.health.verdict };
  },
};
