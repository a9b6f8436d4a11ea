import { divergedAt } from "../outcome/ending.js";
import type { ArmResult } from "../record/arms.js";
import { layerName } from "../tables/table.js";
import { t } from "../text/language.js";
import { chooseEvenly } from "./choose.js";
import { listText } from "./wording.js";

/** Which records of some arms a chart draws, and of how many. */
export interface Drawn {
  readonly updates: readonly number[];
  readonly recorded: readonly number[];
  /** Places of layers, from 0. */
  readonly layers: readonly number[];
  /** By their places. */
  readonly names: readonly string[];
  readonly layerCount: number;
}

/** Evenly chosen ones, with the updates at which an arm diverged. */
export function drawnRecords(arms: readonly ArmResult[], most: Readonly<Record<"updates" | "layers", number>>): Drawn {
  const checkpoints = arms.flatMap((arm) => arm.checkpoints);
  const recorded = [...new Set(checkpoints.map(({ update }) => update))].sort((a, b) => a - b);
  const ends = arms.flatMap((arm) => divergedAt(arm) ?? []);
  const layerCount = checkpoints.reduce((count, { layers }) => Math.max(count, layers.length), 0);
  const layers = chooseEvenly([...Array(layerCount).keys()], most.layers);
  return {
    updates: chooseEvenly(recorded, most.updates, ends),
    recorded,
    layers,
    names: layers.map((layer) => layerName(layer, layerCount)),
    layerCount,
  };
}

type Counted = Pick<Drawn, "updates" | "recorded" | "layerCount"> & { readonly layers: readonly unknown[] };

/** "Drawn: 6 of 12 recorded updates and 10 of 31 layers; all are in result.json."; nothing where that is all. */
export function omissionText({ updates, recorded, layers, layerCount }: Counted, ...others: readonly string[]): string {
  const drawn = [
    ...others,
    ...(updates.length < recorded.length ? [t`${updates.length} of ${recorded.length} recorded updates`] : []),
    ...(layers.length < layerCount ? [t`${layers.length} of ${layerCount} layers`] : []),
  ];
  return drawn.length === 0 ? "" : t`Drawn: ${listText(drawn)}; all are in result.json.`;
}
