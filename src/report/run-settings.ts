import type { Result } from "../record/result.js";

/** A setting in which runs differ, with its value in each of them. */
export interface DifferingSetting {
  readonly key: string;
  readonly values: readonly string[];
}

/** What differs in the runs' configurations. What follows from other settings that differ is left out. */
export function differingSettings(results: readonly Result[]): DifferingSetting[] {
  const flat = results.map(settingsOf);
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

/** Every setting as text; those of arms by `arms.NAME.KEY`. */
function settingsOf({ config }: Result): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (key === "arms") continue;
    settings.set(key, key === "seeds" ? seedsText(config.seeds) : textOf(value));
  }
  settings.set("arms", Object.keys(config.arms).join(", "));
  for (const [arm, own] of Object.entries(config.arms)) {
    for (const [key, value] of Object.entries(own)) settings.set(`arms.${arm}.${key}`, textOf(value));
  }
  return settings;
}

/** "1–10", "3, 5, 8". */
function seedsText(seeds: readonly number[]): string {
  const [first = 0] = seeds;
  const isRow = seeds.length > 2 && seeds.every((seed, place) => seed === first + place);
  return isRow ? `${first}–${first + seeds.length - 1}` : seeds.join(", ");
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && value !== null && "sha256" in value)
    return `file ${String(value.sha256).slice(0, 12)}`;
  return String(value);
}
