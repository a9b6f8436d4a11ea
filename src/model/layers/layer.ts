import type { LayerSpec } from "./stages.js";

/** How `layers` names a kind of layer. To add one, write a file beside this one and list it in `index.ts`. */
export interface LayerKind {
  /** A letter for each number: "dense U". */
  readonly form: string;
  /** What the words behind the name say; undefined where they say no such layer. */
  readonly read: (words: readonly string[]) => LayerSpec | undefined;
}

/** A whole number from 1 to `most`. */
export function wholeNumber(word: string | undefined, most: number): number | undefined {
  const number = /^[1-9]\d{0,6}$/.test(word ?? "") ? Number(word) : Number.NaN;
  return number <= most ? number : undefined;
}

/** As many units as a layer may have. */
export const MAX_UNITS = 4096;
