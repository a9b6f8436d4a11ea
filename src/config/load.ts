import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withPath } from "../data/formats/names.js";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { configurationError, Problems } from "../problems.js";
import { t } from "../text/language.js";
import {
  type Axes,
  type AxisValue,
  flagOf,
  isKeyName,
  KEYS,
  type KeyName,
  keyNames,
  keyOf,
  type Settings,
} from "./keys.js";
import { checkLayer, flagLayer, type Layer } from "./layers.js";
import { type Configuration, mergeLayers } from "./merge.js";
import { presets } from "./presets.js";
import { readYaml } from "./yaml-file.js";

/** The experiments that come with the package. */
export const PACKAGED = fileURLToPath(new URL("../../experiments/", import.meta.url));

/**
 * Reads an experiment (a folder with `experiment.yaml`, or a YAML file) if one is named, and the flags over it.
 * Throws one error with every problem found.
 */
export function loadConfiguration(
  experiment: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Configuration {
  const problems = new Problems();
  return configured(layersOf(experiment, flags, problems), problems);
}

/** An experiment with the section `sweep`, and its configuration at a point of the grid. */
export interface SweptConfiguration {
  readonly axes: Axes;
  readonly settings: Settings;
  /** What file and flags say about the numbers, by key; paths are meant from here. */
  readonly stated: Readonly<Record<string, unknown>>;
  /** Throws a configuration error where the point's values cannot hold together with the rest. */
  readonly at: (values: Readonly<Record<string, AxisValue>>) => Configuration;
}

/** Reads an experiment to sweep over. Throws one error with every problem found. */
export function loadSweep(experiment: string, flags: Readonly<Record<string, unknown>>): SweptConfiguration {
  const problems = new Problems();
  const layers = layersOf(experiment, flags, problems);
  const { settings, written } = configured(layers, problems);
  const axes = settings.sweep;
  if (axes === undefined) {
    throw configurationError([
      t`${experiment}: has no sweep section; add one with keys to vary, such as learningRate: log 1e-6..1 by half-decades`,
    ]);
  }
  for (const name of keyNames) {
    if (flags[name] !== undefined && Object.hasOwn(axes, name))
      problems.push(t`${flagOf(name)}: is an axis of this sweep; remove the flag or the axis`);
  }
  if (problems.length > 0) throw configurationError(problems);
  const at = (values: Readonly<Record<string, AxisValue>>) => {
    const entries = Object.entries(values).map(([key, value]) => ({ key, value }));
    const point = checkLayer({ entries, locate: (key) => `sweep: ${key} ${String(values[key])}` }, problems);
    return configured([...layers, point], problems);
  };
  return { axes, settings, stated: statedIn(settings, written), at };
}

/** Without what is an axis, and what says how cells are trained and shown. */
function statedIn(settings: Settings, written: Configuration["written"]): Record<string, unknown> {
  const names = keyNames.filter(
    (name) =>
      written.has(name) && !Object.hasOwn(settings.sweep ?? {}, name) && !UNSTATED_GROUPS.includes(keyOf(name).group),
  );
  const own = names.map((name) => {
    const value = settings[name];
    return [name, pathChanged(name, value, (path) => relative(process.cwd(), resolve(path)))];
  });
  return { ...Object.fromEntries(own), ...(settings.arms === undefined ? {} : { arms: settings.arms }) };
}

const UNSTATED_GROUPS: readonly string[] = ["Engine", "Output"];

/** The configuration of one seed at one point of a sweep, with flags over it. Throws one error with every problem found. */
export function loadPoint(
  { settings: { seed: _, seeds: __, ...stated }, values, seed }: SweptPoint,
  flags: Readonly<Record<string, unknown>>,
): Configuration {
  const problems = new Problems();
  const layers = [stated, { ...values, seeds: [seed] }].map((layer) =>
    checkLayer(
      {
        entries: Object.entries(layer).map(([key, value]) => ({ key, value })),
        locate: (key) => t`the sweep's ${key}`,
      },
      problems,
    ),
  );
  return configured([...layers, checkLayer(flagLayer(flags), problems)], problems);
}

interface SweptPoint {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, AxisValue>>;
  readonly seed: number;
}

/** The file's settings and the flags', in order. */
function layersOf(
  experiment: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  problems: Problems,
): readonly Layer[] {
  const layers: Layer[] = [];
  if (experiment !== undefined) {
    const file = experimentFile(experiment);
    layers.push(relativeTo(dirname(file), checkLayer(readYaml(file), problems)));
  }
  layers.push(checkLayer(flagLayer(flags), problems));
  return layers;
}

/** The configuration that a program's settings make, by the rules of an experiment file; `undefined` is as good as absent. */
export function configurationFrom(settings: Readonly<Record<string, unknown>>): Configuration {
  const problems = new Problems();
  const entries = Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
  return configured([checkLayer({ entries, locate: (name) => name }, problems)], problems);
}

function configured(layers: readonly Layer[], problems: Problems): Configuration {
  const preset = layers.map(({ settings }) => settings.preset).findLast((name) => name !== undefined) ?? "tutorial";
  const configuration = mergeLayers(presets[preset], layers, problems);
  if (problems.length > 0) throw configurationError(problems);
  return configuration;
}

/** The settings of flags alone, checked. */
export function checkedFlags(flags: Readonly<Record<string, unknown>>): Settings {
  const problems = new Problems();
  const { settings } = checkLayer(flagLayer(flags), problems);
  if (problems.length > 0) throw configurationError(problems);
  return settings;
}

/** The YAML file meant by a folder, a file, or the name of an experiment that comes with the package. */
export function experimentFile(experiment: string): string {
  const candidates = [experiment, join(PACKAGED, experiment.replace(/^experiments\//, ""))];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new ExpectedError(
      EXIT.file,
      t`cannot read the experiment ${experiment}: there is no such file or folder, and bn-compare includes no experiment of that name${flagFor(experiment)}`,
    );
  }
  if (!statSync(found).isDirectory()) {
    const flag = FILE_FLAGS.find(([pattern]) => pattern.test(found))?.[1];
    if (flag !== undefined) throw usageError(t`${found} is not an experiment file; did you mean ${flag} ${found}?`);
    return found;
  }
  const file = join(found, "experiment.yaml");
  if (!existsSync(file))
    throw new ExpectedError(EXIT.file, t`${found} is not an experiment: it has no experiment.yaml`);
  return file;
}

/** Files that a flag takes. */
const FILE_FLAGS = [
  [/\.(?:csv|tsv|txt)(?:\.gz)?$|\.npy$/i, flagOf("data")],
  [/\.safetensors$/i, flagOf("weights")],
] as const;

/** `; did you mean --activation relu?` where the word is a choice of a flag. */
function flagFor(word: string): string {
  const key = (["activation", "preset", "dataset", "init", "engine"] as const).find((name) =>
    (KEYS[name].choices as readonly string[]).includes(word.toLowerCase()),
  );
  return key === undefined ? "" : t`; did you mean ${flagOf(key)} ${word.toLowerCase()}?`;
}

/** Paths in a file are meant from the file's own folder. */
function relativeTo(folder: string, layer: Layer): Layer {
  const settings: Record<string, unknown> = { ...layer.settings };
  for (const [key, value] of Object.entries(settings)) {
    if (isKeyName(key)) settings[key] = pathChanged(key, value, (path) => resolve(folder, path));
  }
  return { ...layer, settings: settings as Settings };
}

function pathChanged(name: KeyName, value: unknown, change: (path: string) => string): unknown {
  if (keyOf(name).type !== "path") return value;
  const isPoints = name === "data" || name === "testData";
  return isPoints ? withPath(String(value), change) : change(String(value));
}
