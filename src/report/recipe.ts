import { stringify } from "yaml";
import { flagOf, type KeyName, keyNames, type PresetName, type Settings } from "../config/keys.js";
import { listFlag } from "../config/layers.js";
import { TUTORIAL_ARMS } from "../config/merge.js";
import { presets } from "../config/presets.js";
import { ENGINES } from "../engines/names.js";
import { INPUTS } from "../experiment/given.js";
import type { ResolvedConfig } from "../record/config.js";
import type { Result } from "../record/result.js";

/** How to run the same again. */
export interface Recipe {
  /** `npx bn-compare run …`; paths are meant from the run folder. */
  readonly command: string;
  /** The content of `experiment.yaml`, where the arms are more than flags can say. */
  readonly file?: string;
  /** Whether the run folder's own files are needed. */
  readonly givenFiles: boolean;
}

const AGAIN = "../again";

/** The shortest command that makes the same run: what the preset says is left out. */
export function recipeOf({ config, arms }: Result): Recipe {
  const settings = ownSettings(config);
  const givenFiles = [config.data, config.testData, config.weights].some((file) => file !== undefined);
  const isTutorialPair = sameValue(config.arms, TUTORIAL_ARMS) && Object.keys(arms).length === 2;
  // Run inside a run folder, whose copies it needs; a folder in that one would be no run's.
  const beside = givenFiles ? [`--out ${AGAIN}`] : [];
  if (isTutorialPair) {
    return { command: ["npx bn-compare run", ...flagsOf(settings), ...beside].join(" "), givenFiles };
  }
  return {
    command: ["npx bn-compare run experiment.yaml", ...beside].join(" "),
    file: stringify({ ...settings, arms: config.arms }, { lineWidth: 0 }),
    givenFiles,
  };
}

/** The configuration's keys that differ from what its preset says. */
export function ownSettings(config: ResolvedConfig): Settings {
  const preset = (config.preset in presets ? config.preset : "tutorial") as PresetName;
  const standard = presets[preset];
  const wanted: Record<string, unknown> = { ...plainKeys(config), ...files(config), ...seedKeys(config) };
  const full = config.batchSize === config.samples;
  wanted["batchSize"] = full ? "full" : config.batchSize;
  const passes = Math.ceil(config.samples / config.batchSize);
  if (standard.epochs !== undefined && config.updates === standard.epochs * passes) delete wanted["updates"];
  const differing = Object.entries(wanted).filter(
    ([key, value]) => value !== undefined && !sameValue(value, standard[key as KeyName]),
  );
  const order = ([key]: [string, unknown]) => keyNames.indexOf(key as KeyName);
  const kept = Object.fromEntries(differing.sort((one, other) => order(one) - order(other)));
  return { ...(preset === "tutorial" ? {} : { preset }), ...kept } as Settings;
}

/** Keys of the configuration that are settings of the same name and meaning. */
function plainKeys(config: ResolvedConfig): Record<string, unknown> {
  const derived = new Set(["preset", "seeds", "batchSize", "data", "testData", "weights", "arms", "engine", "backend"]);
  const given = config.data === undefined ? [] : ["samples", "shuffle"];
  const generated = config.weights === undefined ? [] : ["hiddenLayers", "width"];
  const entries = Object.entries(config).filter(
    ([key]) =>
      (keyNames as readonly string[]).includes(key) &&
      !derived.has(key) &&
      !(key !== "shuffle" && given.includes(key)) &&
      !generated.includes(key),
  );
  return {
    ...Object.fromEntries(entries),
    ...(config.engine === ENGINES[0] ? {} : { engine: config.engine }),
    ...(config.engine === "tfjs" ? { backend: config.backend } : {}),
  };
}

function files({ data, testData, weights }: ResolvedConfig): Record<string, string> {
  return {
    ...(data === undefined ? {} : { data: INPUTS.data }),
    ...(testData === undefined ? {} : { testData: INPUTS.testData }),
    ...(weights === undefined ? {} : { weights: INPUTS.weights }),
  };
}

/** A number of seeds from the first one on, where they are that. */
function seedKeys({ seed, seeds }: ResolvedConfig): Record<string, unknown> {
  if (seeds.length < 2) return { seed };
  return seeds.every((other, place) => other === seed + place) ? { seed, seeds: seeds.length } : { seeds };
}

function flagsOf(settings: Settings): string[] {
  return keyNames.flatMap((key) => {
    const value = settings[key];
    if (value === undefined) return [];
    if (typeof value === "boolean") return [value ? flagOf(key) : flagOf(key).replace("--", "--no-")];
    return [`${flagOf(key)} ${quoted(Array.isArray(value) ? listFlag(value) : String(value))}`];
  });
}

/** For a shell: results may hold names that no flag takes. */
function quoted(value: string): string {
  return /^[A-Za-z0-9._,/+-]+$/.test(value) ? value : `'${value.replace(/'/g, "'\\''")}'`;
}

export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
