import { divergedAt } from "../outcome/ending.js";
import type { ArmResult } from "../record/arms.js";
import { layerName } from "../tables/table.js";
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

interface Limits {
  readonly updates: number;
  readonly layers: number;
}

/** Evenly chosen ones, with the updates at which an arm diverged. */
export function drawnRecords(arms: readonly ArmResult[], most: Limits): Drawn {
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

type DrawnCounts = Readonly<Record<"updates" | "recorded" | "layers" | "layerCount", number>>;

export function countsOf({ updates, recorded, layers, layerCount }: Drawn): DrawnCounts {
  return { updates: updates.length, recorded: recorded.length, layers: layers.length, layerCount };
}

/** "Drawn: 6 of 12 recorded updates and 10 of 31 layers; all are in result.json."; nothing where that is all. */
export function omissionText(
  { updates, recorded, layers, layerCount }: DrawnCounts,
  ...others: readonly string[]
): string {
  const drawn = [
    ...others,
    ...(updates < recorded ? [`${updates} of ${recorded} recorded updates`] : []),
    ...(layers < layerCount ? [`${layers} of ${layerCount} layers`] : []),
  ];
  return drawn.length === 0 ? "" : `Drawn: ${listText(drawn)}; all are in result.json.`;
}
