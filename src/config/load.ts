import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT, ExpectedError } from "../errors.js";
import { configurationError, Problems } from "../problems.js";
import { KEYS, type KeyName, type Settings } from "./keys.js";
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
  const layers: Layer[] = [];
  if (experiment !== undefined) {
    const file = experimentFile(experiment);
    layers.push(relativeTo(dirname(file), checkLayer(readYaml(file), problems)));
  }
  layers.push(checkLayer(flagLayer(flags), problems));
  const preset = layers.map(({ settings }) => settings.preset).findLast((name) => name !== undefined) ?? "tutorial";
  const configuration = mergeLayers({ ...presets[preset], preset }, layers, problems);
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
      `cannot read the experiment ${experiment}: there is no such file or folder, and none of that name comes with bn-compare`,
    );
  }
  if (!statSync(found).isDirectory()) return found;
  const file = join(found, "experiment.yaml");
  if (!existsSync(file)) throw new ExpectedError(EXIT.file, `${found} is no experiment: it has no experiment.yaml`);
  return file;
}

/** Paths in a file are meant from the file's own folder. */
function relativeTo(folder: string, layer: Layer): Layer {
  const settings: Record<string, unknown> = { ...layer.settings };
  for (const [key, value] of Object.entries(settings)) {
    if (Object.hasOwn(KEYS, key) && KEYS[key as KeyName].type === "path")
      settings[key] = resolve(folder, value as string);
  }
  return { ...layer, settings: settings as Settings };
}
