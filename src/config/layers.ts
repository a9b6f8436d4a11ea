import leven from "leven";
import { LAYER_FORMS, layerNamed, MAX_LAYERS, MIN_LAYERS } from "../model/layers/index.js";
import type { Problems } from "../problems.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { keyHintFor } from "./aliases.js";
import { fromFlag } from "./codec.js";
import { ARM_NAME, fits, MAX_ARMS } from "./fits.js";
import { EXPECTED_TOLERANCE, GATE_KEYS, isTolerance } from "./gate-keys.js";
import {
  ARM_KEYS,
  type ArmSettings,
  type CheckSettings,
  expectation,
  flagOf,
  type KeyName,
  keyNames,
  keyOf,
  NO_CONTROL,
  type Settings,
} from "./keys.js";
import { checkAxes } from "./sweep-section.js";

/** One source of settings: a preset, a file or the flags, with where each of its keys was written. */
export interface Layer {
  readonly settings: Settings;
  /** `experiments/a.yaml:3: width`, `--width`; a key of an arm is `arms.NAME.KEY`. */
  readonly locate: (name: string) => string;
}

/** The keys and values as written, before they are checked. */
export interface RawLayer {
  readonly entries: readonly { readonly key: string; readonly value: unknown }[];
  readonly locate: (key: string) => string;
}

/** Checks every key and value; what is wrong goes to `problems`, the rest into the layer. */
export function checkLayer(raw: RawLayer, problems: Problems): Layer {
  const settings: Record<string, unknown> = {};
  for (const { key, value } of raw.entries) {
    if (key === "arms") settings[key] = checkArms(value, raw.locate, problems);
    else if (key === "check") settings[key] = checkGates(value, raw.locate, problems);
    else if (key === "sweep") settings[key] = checkAxes(value, raw.locate, problems);
    else checkKey(settings, key, value, { place: raw.locate(key), known: keyNames }, problems);
  }
  return { settings: settings as Settings, locate: raw.locate };
}

interface Expected {
  readonly place: string;
  readonly known: readonly KeyName[];
}

function checkKey(
  into: Record<string, unknown>,
  key: string,
  value: unknown,
  { place, known }: Expected,
  problems: Problems,
) {
  if (!isOneOf(known, key)) {
    const elsewhere = isOneOf(keyNames, key) ? t`; all arms have it in common, so it stands beside arms` : "";
    problems.push(() => t`${place}: there is no such key${elsewhere || (aliasHint(key) ?? suggestion(key, known))}`);
    return;
  }
  const described = keyOf(key);
  if (fits(described, value)) into[key] = value;
  else {
    problems.push(() => {
      if (described.type === "layers" && (Array.isArray(value) || typeof value === "number"))
        return `${place}: ${layersFault(value, place)}`;
      const near = described.type === "choice" && typeof value === "string" ? suggestion(value, described.choices) : "";
      return t`${place}: ${shown(value)} is not ${expectation(described)}${near}`;
    });
  }
}

/** Why a value is not a list of layers: the first item that is none, or how many there are. */
function layersFault(value: number | readonly unknown[], place: string): string {
  const items = typeof value === "number" ? [value] : value;
  const [only] = items;
  if (items.length === 1 && /^\d+$/.test(String(only))) {
    const instead = place.startsWith("--") ? `--hidden-layers ${only}` : `hiddenLayers: ${only}`;
    return t`${only} is not a layer; for ${only} hidden layers of one width give ${instead}`;
  }
  const wrong = items.findIndex((item) => typeof item !== "string" || layerNamed(item) === undefined);
  if (wrong < 0) return t`a list of ${items.length}; a network has ${MIN_LAYERS} to ${MAX_LAYERS} layers`;
  return t`layer ${wrong + 1}, ${shown(items[wrong])}, is not one of ${LAYER_FORMS.join(", ")}`;
}

/** The section `arms`: a name each, and behind it the keys that this arm sets for itself. */
function checkArms(value: unknown, locate: RawLayer["locate"], problems: Problems): Record<string, ArmSettings> {
  const arms: Record<string, ArmSettings> = {};
  if (!isGroup(value)) {
    problems.push(t`${locate("arms")}: ${shown(value)} is not a list of arms, each a name with keys of its own`);
    return arms;
  }
  const names = Object.keys(value);
  if (names.length === 0 || names.length > MAX_ARMS)
    problems.push(t`${locate("arms")}: ${names.length} arms; give 1 to ${MAX_ARMS}`);
  for (const [name, keys] of Object.entries(value)) {
    const place = locate(`arms.${name}`);
    if (!ARM_NAME.test(name))
      problems.push(
        t`${place}: an arm's name has at most 40 letters of any script, digits, spaces, ., _, + and -, and not digits alone`,
      );
    if (keys !== null && !isGroup(keys)) {
      problems.push(t`${place}: ${shown(keys)} is not a group of keys; an arm without keys of its own is {}`);
      continue;
    }
    const settings: Record<string, unknown> = {};
    for (const [key, own] of Object.entries(keys ?? {})) {
      const at = locate(`arms.${name}.${key}`);
      if (key !== "against") checkKey(settings, key, own, { place: at, known: ARM_KEYS }, problems);
      else if (own === NO_CONTROL || (typeof own === "string" && own !== name && names.includes(own)))
        settings[key] = own;
      else
        problems.push(
          t`${at}: ${shown(own)} is not the name of another arm${suggestion(
            typeof own === "string" ? own : "",
            names.filter((other) => other !== name),
          )}`,
        );
    }
    arms[name] = settings;
  }
  return arms;
}

/** The section `check`: what `bn-compare check` gates. */
function checkGates(value: unknown, locate: RawLayer["locate"], problems: Problems): CheckSettings {
  const written = value ?? {};
  if (!isGroup(written)) {
    problems.push(t`${locate("check")}: ${shown(value)} is not a group of keys`);
    return {};
  }
  const settings: Record<string, unknown> = {};
  for (const [key, { holds, expected }] of Object.entries(GATE_KEYS)) {
    if (!Object.hasOwn(written, key)) continue;
    if (holds(written[key])) settings[key] = written[key];
    else problems.push(`${locate(`check.${key}`)}: ${expected}`);
  }
  for (const [quantity, tolerance] of Object.entries(settings["gates"] ?? {})) {
    if (tolerance !== null && !isTolerance(tolerance))
      problems.push(() => `${locate(`check.gates.${quantity}`)}: ${EXPECTED_TOLERANCE}`);
  }
  for (const key of Object.keys(written)) {
    if (!Object.hasOwn(GATE_KEYS, key))
      problems.push(() => t`${locate(`check.${key}`)}: there is no such key${suggestion(key, Object.keys(GATE_KEYS))}`);
  }
  return settings;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Flags arrive as text; numbers are converted, everything else is left for the check. */
export function flagLayer(options: Readonly<Record<string, unknown>>): RawLayer {
  const entries = keyNames
    .filter((key) => options[key] !== undefined)
    .map((key) => ({ key, value: fromFlag(key, options[key]) }));
  return { entries, locate: (key) => flagOf(key as KeyName) };
}

function isOneOf(known: readonly KeyName[], key: string): key is KeyName {
  return (known as readonly string[]).includes(key);
}

/** For a key that other programs have by another name. */
function aliasHint(key: string): string | undefined {
  const hint = keyHintFor(key);
  if (hint === undefined) return undefined;
  return /^\w+$/.test(hint) ? t`; did you mean ${hint}?` : `; ${hint}`;
}

/** `; did you mean relu?` where something known is near enough. */
export function suggestion(word: string, known: readonly string[]): string {
  const farthest = Math.max(2, word.length / 3);
  const near = known
    // The distance is at least the difference of the lengths, and what a file holds may be long.
    .filter((candidate) => Math.abs(candidate.length - word.length) <= farthest)
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= farthest ? t`; did you mean ${excerpt(near.candidate)}?` : "";
}

function shown(value: unknown): string {
  if (typeof value === "string") return value === "" ? t`an empty text` : `"${excerpt(value)}"`;
  if (value === null || value === undefined) return t`nothing`;
  if (Array.isArray(value)) return t`a list`;
  if (typeof value === "object") return t`a group of keys`;
  return String(value);
}
