import { shortened } from "../charts/text-metrics.js";
import { nameText } from "../charts/wording.js";
import type { Result } from "../experiment/result.js";
import { differingSettings } from "./run-settings.js";

/** A run with a name that no other run of the page has. */
export interface NamedRun {
  /** What sets it apart, or its folder's name. */
  readonly label: string;
  readonly folder: string;
  readonly result: Result;
}

const WIDEST = 260;
/** More settings than these make no name. */
const MOST_SETTINGS = 3;
/** Their values speak for themselves. */
const SPEAKING = new Set(["activation", "preset", "init", "dataset", "engine"]);

/** Runs that differ in few settings are named by them, others by their folders; names that look the same are numbered. */
export function namedRuns(runs: readonly { readonly name: string; readonly result: Result }[]): NamedRun[] {
  const byFolder = runs.map(({ name }) => shortened(nameText(name), WIDEST, 12) || "unnamed");
  const bySettings = namesBySettings(runs.map(({ result }) => result));
  const names = bySettings ?? byFolder;
  const taken = new Set<string>();
  return runs.map(({ result }, place) => {
    const short = names[place] ?? "unnamed";
    let label = short;
    for (let number = 2; taken.has(label); number += 1) label = `${short} (${number})`;
    taken.add(label);
    return { label, folder: byFolder[place] ?? "", result };
  });
}

/** "relu · decay 0.5": as few settings as tell the runs apart; undefined where those would be many or long. */
function namesBySettings(results: readonly Result[]): string[] | undefined {
  const settings = differingSettings(results);
  // How many seeds there are says least about what was run.
  const sorted = [...settings].sort((one, other) => Number(one.key === "seeds") - Number(other.key === "seeds"));
  for (let count = 1; count <= Math.min(MOST_SETTINGS, sorted.length); count += 1) {
    const names = results.map((_, place) =>
      sorted
        .slice(0, count)
        .map(({ key, values }) => {
          const value = nameText(values[place] ?? "");
          return SPEAKING.has(key) ? value : `${key} ${value}`;
        })
        .join(" · "),
    );
    if (new Set(names).size === names.length) return names.every(isShort) ? names : undefined;
  }
  return undefined;
}

function isShort(name: string): boolean {
  return shortened(name, WIDEST, 12) === name;
}
