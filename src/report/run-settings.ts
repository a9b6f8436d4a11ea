import { toWords } from "../config/codec.js";
import type { Result } from "../record/result.js";

/** A setting in which runs differ, with its value in each of them. */
export interface DifferingSetting {
  readonly key: string;
  readonly values: readonly string[];
}

/** What differs in the runs' configurations. What follows from other settings that differ is left out. */
export function differingSettings(results: readonly Result[]): DifferingSetting[] {
  const flat = results.map(({ config }) => toWords(config));
  const keys = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  const differing = keys.flatMap((key) => {
    const values = flat.map((settings) => settings.get(key) ?? "–");
    return new Set(values).size < 2 ? [] : [{ key, values }];
  });
  const differs = (key: string) => differing.some((setting) => setting.key === key);
  const followers = [
    ...(differs("hiddenLayers") || differs("width") ? ["sizes"] : []),
    ...(differs("seeds") ? ["seed"] : []),
    ...(differs("engine") ? ["backend"] : []),
    // Of other arms the other settings follow.
    ...(differs("arms") ? differing.map(({ key }) => key).filter((key) => key.startsWith("arms.")) : []),
  ];
  return differing.filter(({ key }) => !followers.includes(key));
}
