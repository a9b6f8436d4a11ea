import leven from "leven";
import { expectation, flagOf, type KeyName, keyNames, keyOf, type Settings } from "./keys.js";
import { valueSchema } from "./schema.js";

/** One source of settings: a preset, a file or the flags, with where each of its keys was written. */
export interface Layer {
  readonly settings: Settings;
  /** `experiments/a.yaml:3: width`, `--width`. */
  readonly locate: (name: KeyName) => string;
}

/** What is wrong, starting with where. All are reported together. */
export type Problem = string;

/** The keys and values as written, before they are checked. */
export interface RawLayer {
  readonly entries: readonly { readonly key: string; readonly value: unknown }[];
  readonly locate: (key: string) => string;
}

/** Checks every key and value; what is wrong goes to `problems`, the rest into the layer. */
export function checkLayer(raw: RawLayer, problems: Problem[]): Layer {
  const settings: Record<string, unknown> = {};
  for (const { key, value } of raw.entries) {
    if (!isKeyName(key)) {
      problems.push(`${raw.locate(key)}: there is no such key${suggestion(key, keyNames)}`);
      continue;
    }
    const described = keyOf(key);
    const checked = valueSchema(described).safeParse(value);
    if (checked.success) {
      settings[key] = checked.data;
    } else {
      const near = described.type === "choice" && typeof value === "string" ? suggestion(value, described.choices) : "";
      problems.push(`${raw.locate(key)}: ${shown(value)} is not ${expectation(described)}${near}`);
    }
  }
  return { settings: settings as Settings, locate: raw.locate };
}

/** Flags arrive as text; numbers are converted, everything else is left for the check. */
export function flagLayer(options: Readonly<Record<string, unknown>>): RawLayer {
  const entries = keyNames
    .filter((key) => options[key] !== undefined)
    .map((key) => ({ key, value: fromText(key, options[key]) }));
  return { entries, locate: (key) => flagOf(key as KeyName) };
}

function fromText(key: KeyName, value: unknown): unknown {
  const { type } = keyOf(key);
  const numeric = type === "integer" || type === "number" || (type === "batch" && value !== "full");
  if (!numeric || typeof value !== "string" || value.trim() === "") return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

function isKeyName(key: string): key is KeyName {
  return (keyNames as readonly string[]).includes(key);
}

/** `; did you mean relu?` where something known is near enough. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= Math.max(2, word.length / 3) ? `; did you mean ${near.candidate}?` : "";
}

function shown(value: unknown): string {
  if (typeof value === "string")
    return value === "" ? "an empty text" : `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a group of keys";
  return String(value);
}
