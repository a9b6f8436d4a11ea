import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { delimiterNamed } from "../data/separators.js";
import { ENGINES } from "../engines/names.js";
import type { ResolvedConfig } from "../record/config.js";
import { t } from "../text/language.js";
import { flagOf, isKeyName, type KeyName, keyNames, keyOf, type Settings } from "./keys.js";
import { presets } from "./presets.js";

/** Settings as flags, as an experiment file, as a result records them, and as words: each way forth beside its way back. */

/** The text of a flag → the value of its key. What is no number is left for the check. */
export function fromFlag(key: KeyName, text: unknown): unknown {
  const { type } = keyOf(key);
  if (key === "delimiter" && typeof text === "string") return delimiterNamed(text);
  if (typeof text !== "string" || text.trim() === "") return text;
  if (type === "seeds" && text.includes(",")) return text.split(",").map(numberFrom);
  if (type === "columns" || type === "layers") return namesFrom(text);
  const isNumber = type === "integer" || type === "number" || type === "seeds" || (type === "batch" && text !== "full");
  return isNumber ? numberFrom(text) : text;
}

/** Settings → flags, each with its value as another argument; a list is one value. */
export function toFlags(settings: Readonly<Record<string, unknown>>): string[][] {
  return keyNames.flatMap((key) => {
    const value = settings[key];
    if (value === undefined) return [];
    if (typeof value === "boolean") return [[value ? flagOf(key) : flagOf(key).replace("--", "--no-")]];
    return [[flagOf(key), Array.isArray(value) ? value.map(listItem).join(",") : String(value)]];
  });
}

/** The same for a shell: results may hold names that no flag takes. */
export function toCommandLine(settings: Readonly<Record<string, unknown>>): string {
  return toFlags(settings)
    .map((parts) => parts.map(quoted).join(" "))
    .join(" ");
}

/** Settings → an experiment file. */
export function toYaml(settings: Readonly<Record<string, unknown>>): string {
  return stringify(settings, { lineWidth: 0 });
}

/** `a,b` and, where a name has a comma in it, `"a, b",c`. */
function namesFrom(text: string): string[] {
  return [...text.matchAll(/(?:^|,)\s*(?:"([^"]*)"\s*(?=,|$)|([^,]*))/g)].map(
    ([, quoted, plain = ""]) => quoted ?? plain.trim(),
  );
}

function listItem(item: unknown): string {
  return /[,\s]/.test(String(item)) ? `"${item}"` : String(item);
}

function numberFrom(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) || text.trim() === "" ? text : number;
}

function quoted(value: string): string {
  return /^[A-Za-z0-9._,/+-]+$/.test(value) ? value : `'${value.replace(/'/g, "'\\''")}'`;
}

const FILE_KEYS = ["data", "testData", "weights"] as const;

/** Where a run folder keeps the files that were given, by the name of most. */
export const INPUTS: Readonly<Record<(typeof FILE_KEYS)[number], string>> = {
  data: "inputs/data.csv",
  testData: "inputs/test-data.csv",
  weights: "inputs/weights.safetensors",
};

/** The same of a file in its format. */
export function inputName(key: (typeof FILE_KEYS)[number], format?: "safetensors"): string {
  return format === undefined ? INPUTS[key] : INPUTS[key].replace(/\.csv$/, `.${format}`);
}

/**
 * A recorded configuration → the settings that it stands for, unchecked: what follows from other keys is left out, and
 * files are those in the run folder.
 */
export function fromRecord(config: ResolvedConfig): Record<string, unknown> {
  const { seed, seeds, samples, batchSize, engine, backend, data, testData, weights } = config;
  // Others would be set aside again.
  const isWhole = config.image !== undefined && data !== undefined && testData === undefined && weights === undefined;
  const isRow = seeds.every((other, place) => other === seed + place);
  const settings: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(config).filter(([key]) => isKeyName(key))),
    ...Object.fromEntries(FILE_KEYS.map((key) => [key, config[key] && inputName(key, config[key].format)])),
    seed: isRow ? seed : undefined,
    seeds: !isRow ? seeds : seeds.length === 1 ? undefined : seeds.length,
    // A full batch follows the number of samples; as a number it says the same.
    batchSize: batchSize === samples ? "full" : batchSize,
    engine,
    backend: engine === "tfjs" ? backend : undefined,
    arms: config.arms,
    ...(isWhole ? { testSamples: 0 } : {}),
  };
  // How many points a file holds, and how large its layers are, is seen in the file, and no key bounds it.
  const inFiles = [
    ...(data === undefined ? [] : ["samples"]),
    ...(weights === undefined ? [] : ["hiddenLayers", "width"]),
  ];
  return Object.fromEntries(
    Object.entries(settings).filter(([key, value]) => value !== undefined && !inFiles.includes(key)),
  );
}

/** The same without arms and without what its preset says, in the order of the keys. */
export function shortest(config: ResolvedConfig): Record<string, unknown> {
  const preset = config.preset === "tutorial-minibatch" ? config.preset : "tutorial";
  const standard: Settings = { ...presets[preset], preset: "tutorial", engine: ENGINES[0] };
  const passes = Math.ceil(config.samples / config.batchSize);
  const isEpochs = standard.epochs !== undefined && config.updates === standard.epochs * passes;
  const settings: Record<string, unknown> = { ...fromRecord(config), preset };
  return Object.fromEntries(
    keyNames.flatMap((key) => {
      const value = settings[key];
      const isSaid = value === undefined || isDeepStrictEqual(value, standard[key]) || (key === "updates" && isEpochs);
      return isSaid ? [] : [[key, value]];
    }),
  );
}

/** A recorded configuration → words, by key; those of arms by `arms.NAME.KEY`. */
export function toWords({ arms, ...config }: ResolvedConfig): Map<string, string> {
  const own = Object.entries(arms).flatMap(([arm, settings]) =>
    Object.entries(settings).map(([key, value]) => [`arms.${arm}.${key}`, valueWords(value)] as const),
  );
  return new Map([
    ...Object.entries(config).map(
      ([key, value]) => [key, key === "seeds" ? seedWords(config.seeds) : valueWords(value)] as const,
    ),
    ["arms", Object.keys(arms).join(", ")],
    ...own,
  ]);
}

/** "1–10", "3, 5, 8". */
function seedWords(seeds: readonly number[]): string {
  const [first = 0] = seeds;
  const isRow = seeds.length > 2 && seeds.every((seed, place) => seed === first + place);
  return isRow ? `${first}–${first + seeds.length - 1}` : seeds.join(", ");
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && value !== null && "sha256" in value)
    return t`file ${String(value.sha256).slice(0, 12)}`;
  return String(value);
}
