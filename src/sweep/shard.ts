import { usageError } from "../errors.js";
import { t } from "../text/language.js";
import type { Cell } from "./grid.js";

/** The i-th of n parts of a grid. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** `2/8`. */
export function shardFrom(text: string): Shard {
  const [, part = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (!(part >= 1 && part <= of)) throw usageError(t`--shard ${text} is not a part of a whole, such as 2/8`);
  return { part, of };
}

/** By the cells' names, so that a cell belongs to the same part whatever else is in the grid. */
export function isInShard({ name }: Cell, { part, of }: Shard): boolean {
  return Number.parseInt(name.slice(0, 12), 16) % of === part - 1;
}
