import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { PresetName } from "../config/keys.js";
import { checkLayer } from "../config/layers.js";
import { type Configuration, mergeLayers } from "../config/merge.js";
import { presets } from "../config/presets.js";
import type { Problem, Problems } from "../problems.js";
import type { ResolvedConfig } from "../record/config.js";
import type { Result } from "../record/result.js";
import { INPUTS } from "./given.js";
import { ownEntry } from "./own-entry.js";

/** Keys of a recorded configuration that follow from others and are no settings. */
const DERIVED = ["seed", "sizes", "engine", "backend", "data", "testData", "weights"] as const;

/**
 * The settings that a recorded configuration stands for, by the same rules as those of flags and experiment files; what
 * breaks one of them goes to `problems`, each starting with the key (`config.width: …`). `folder` is where the run keeps
 * the files that it was given.
 */
export function recordedConfiguration(
  { config, data }: Pick<Result, "config" | "data">,
  folder: string,
  problems: Problems,
): Configuration {
  const values: Record<string, unknown> = { ...config };
  for (const key of DERIVED) delete values[key];
  for (const key of ["data", "testData", "weights"] as const) {
    if (config[key] !== undefined) values[key] = join(folder, INPUTS[key]);
  }
  // How many points a file holds, and how large its layers are, is seen in the file, and no key bounds it.
  if (config.data !== undefined) delete values["samples"];
  if (config.weights !== undefined) {
    delete values["hiddenLayers"];
    delete values["width"];
  }
  // A full batch follows the number of samples; as a number it says the same.
  if (config.batchSize === data.trainingSamples) values["batchSize"] = "full";
  values["engine"] = config.engine;
  if (config.engine === "tfjs") values["backend"] = config.backend;

  const entries = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value }));
  const layer = checkLayer({ entries, locate: (path) => `config.${path}` }, problems);
  const preset: PresetName = layer.settings.preset ?? "tutorial";
  return mergeLayers({ ...presets[preset], preset }, [layer], problems);
}

/**
 * Where a configuration that its settings resolve to differs from the recorded one: a key that was edited while what
 * follows from it was not.
 */
export function resolvesOtherwise(
  recorded: ResolvedConfig,
  resolved: Omit<ResolvedConfig, "engine" | "backend">,
): Problem[] {
  const { engine: _, backend: __, ...config } = recorded;
  return [...new Set([...Object.keys(config), ...Object.keys(resolved)])].flatMap((key) => {
    const [was, is] = [config, resolved].map((side) => ownEntry<unknown>(side, key));
    return isDeepStrictEqual(was, is)
      ? []
      : [`config.${key}: is ${shown(was)}, and the other settings make it ${shown(is)}`];
  });
}

function shown(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
