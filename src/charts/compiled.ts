import { readFileSync } from "node:fs";
import type { VegaSpec } from "./spec.js";

/**
 * A spec as `npm run build` compiled it, by its hash: half of the time that a picture takes is Vega-Lite's. Specs of
 * records that are unlike those of the build are not among them.
 */
export function compiledBefore(key: string): VegaSpec | undefined {
  let text: string;
  try {
    // The same from src and from dist.
    text = readFileSync(new URL(`../../dist/charts/compiled/${key}.json`, import.meta.url), "utf8");
  } catch {
    return undefined;
  }
  return JSON.parse(text) as VegaSpec;
}
