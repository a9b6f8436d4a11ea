import { layerNamed, MAX_LAYERS, MIN_LAYERS } from "../model/layers/index.js";
import { namedNormalizer } from "../model/normalizers/index.js";
import type { Key } from "./keys.js";

/*
 * What a key may hold, in plain conditions: every command checks its flags, and a library of schemas takes as long to load
 * as a dozen commands to check. `schema.ts` says the same to editors, and a test holds one to the other.
 */

/** Letters of any script, each with its marks; never what directs text or breaks a line. */
export const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u;
/** The longest name of a file is 255 bytes nearly everywhere, and a run folder's name is longer than this. */
const MOST_BYTES = 180;
/** Names of devices on Windows, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Names of arms: keys of result.json and words of every table. No whole numbers, which objects put before all other keys:
 * another arm would be the first.
 */
export const ARM_NAME = /^(?!\d+$)[\p{L}\p{N}][\p{L}\p{M}\p{N} ._+-]{0,39}$/u;
/** More than these no picture can tell apart. */
export const MAX_ARMS = 40;
export const MAX_SEEDS = 10_000;
/** As many as the generated inputs may have. */
export const MAX_COLUMNS = 4096;

/** Whether a key may have a value: one from a file, or from a flag after its conversion from text. */
export function fits(key: Key, value: unknown): boolean {
  switch (key.type) {
    case "choice":
      return isText(value) && key.choices.includes(value);
    case "integer":
      return isWhole(value, key.min, key.max);
    case "number":
      return isAmount(value, key.min) && value < (key.below ?? Number.POSITIVE_INFINITY);
    case "batch":
      return value === "full" || isWhole(value, 1);
    case "normalizer":
      return isText(value) && namedNormalizer(value) !== undefined;
    case "layers":
      return (
        Array.isArray(value) &&
        isWhole(value.length, MIN_LAYERS, MAX_LAYERS) &&
        value.every((item) => isText(item) && layerNamed(item) !== undefined)
      );
    case "seeds":
      return isWhole(value, 1, MAX_SEEDS) || isList(value, MAX_SEEDS, (item) => isWhole(item, 0));
    case "switch":
      return typeof value === "boolean";
    case "path":
    case "column":
      return isText(value) && value !== "";
    case "columns":
      return isList(value, MAX_COLUMNS, (item) => isText(item) && item !== "");
    case "text":
      return isText(value) && NAME.test(value) && isFolderName(value);
  }
}

/** Names that are safe as a folder's name on every system. */
export function isFolderName(name: string): boolean {
  return new TextEncoder().encode(name).length <= MOST_BYTES && !RESERVED.test(name) && !name.endsWith(".");
}

/** A number that is not beyond all others. */
export function isAmount(value: unknown, min = Number.NEGATIVE_INFINITY): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= min;
}

export function isWhole(value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Of 1 to so many items, none of them twice. */
function isList(value: unknown, most: number, holds: (item: unknown) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= most &&
    value.every(holds) &&
    allDifferent(value as readonly unknown[])
  );
}

export function allDifferent(items: readonly unknown[]): boolean {
  return new Set(items).size === items.length;
}
