import { shortened } from "../charts/text-metrics.js";
import { nameText } from "../charts/wording.js";
import { shortest, toWords } from "../config/codec.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";

/** A run with a name that no other run of the page has. */
export interface NamedRun {
  /** What sets it apart, or its folder's name. */
  readonly label: string;
  readonly folder: string;
  readonly result: Result;
}

/** The run of a page that is about one alone. */
export function onlyRun<Run extends NamedRun>(runs: readonly Run[]): Run | undefined {
  return runs.length === 1 ? runs[0] : undefined;
}

const WIDEST = 260;
/** More settings than these make no name. */
const MOST_SETTINGS = 3;
/** Their values speak for themselves. */
const SPEAKING = new Set(["activation", "preset", "init", "dataset", "engine"]);

/** Runs that differ in few settings are named by them, others by their folders; names that look the same are numbered. */
export function namedRuns(runs: readonly { readonly name: string; readonly result: Result }[]): NamedRun[] {
  const byFolder = runs.map(({ name }) => shortened(nameText(name), WIDEST, 12) || t`unnamed`);
  const results = runs.map(({ result }) => result);
  const names = namesBySettings(results) ?? namesByOwn(results) ?? byFolder;
  const taken = new Set<string>();
  return runs.map(({ result }, place) => {
    const short = names[place] ?? t`unnamed`;
    let label = short;
    for (let number = 2; taken.has(label); number += 1) label = `${short} (${number})`;
    taken.add(label);
    return { label, folder: byFolder[place] ?? "", result };
  });
}

/** "relu · decay 0.5": as few settings as tell the runs apart; undefined where they differ in more, or those are long. */
function namesBySettings(results: readonly Result[]): string[] | undefined {
  const settings = differingSettings(results);
  if (settings.length > MOST_SETTINGS) return undefined;
  // How many seeds there are says least about what was run.
  const sorted = [...settings].sort((one, other) => Number(one.key === "seeds") - Number(other.key === "seeds"));
  for (let count = 1; count <= Math.min(MOST_SETTINGS, sorted.length); count += 1) {
    const names = results.map((_, place) =>
      sorted
        .slice(0, count)
        .map(({ key, values }) => settingText(key, values[place] ?? ""))
        .join(" · "),
    );
    if (new Set(names).size === names.length) return names.every(isShort) ? names : undefined;
  }
  return undefined;
}

/** "decay 0.99", "tanh · seeds 10": what each run sets over its preset, as far as not all runs do. */
function namesByOwn(results: readonly Result[]): string[] | undefined {
  const own = results.map(
    ({ config }) => new Map(Object.entries(shortest(config)).map(([key, value]) => [key, String(value)])),
  );
  const isCommon = (key: string, value: string) => own.every((other) => other.get(key) === value);
  const names = results.map(({ config }, place) => {
    const set = [...(own[place] ?? [])].filter(([key, value]) => !isCommon(key, value));
    return set.length === 0
      ? String(config.activation)
      : set.map(([key, value]) => settingText(key, value)).join(" · ");
  });
  const isUsable = own.every((settings) => settings.size <= MOST_SETTINGS) && names.every(isShort);
  return isUsable && new Set(names).size === names.length ? names : undefined;
}

function settingText(key: string, value: string): string {
  const text = nameText(value);
  return SPEAKING.has(key) ? text : `${key} ${text}`;
}

function isShort(name: string): boolean {
  return shortened(name, WIDEST, 12) === name;
}

/** What differs in the runs' configurations, with its value in each of them. What follows from other settings that differ is left out. */
export function differingSettings(results: readonly Result[]) {
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
