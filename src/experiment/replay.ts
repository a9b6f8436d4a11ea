import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../config/keys.js";
import { byteDigest } from "../data/digest.js";
import { EXIT, ExpectedError } from "../errors.js";
import { readInput } from "../input-file.js";
import { INPUTS } from "./given.js";
import { type Experiment, prepareExperiment } from "./prepare.js";
import type { Result } from "./result.js";

/** The experiment of a recorded run again, from its resolved configuration and the inputs kept beside it. */
export function replayed({ config, data }: Result, folder: string): Experiment {
  const { sizes: _, data: points, testData, weights, engine, backend, ...rest } = config;
  const settings: Record<string, unknown> = { ...rest, engine, ...(engine === "tfjs" ? { backend } : {}) };
  // A full batch follows the number of samples; as a number it says the same.
  if (config.batchSize === data.trainingSamples) settings["batchSize"] = "full";
  const given = { data: points, testData, weights };
  for (const [key, file] of Object.entries(given)) {
    if (file === undefined) continue;
    const path = join(folder, INPUTS[key as keyof typeof INPUTS]);
    if (!existsSync(path))
      throw new ExpectedError(EXIT.file, `${path} is missing; without it the run cannot be repeated`);
    if (byteDigest(readInput(path, key === "weights" ? "weights" : "points")) !== file.sha256) {
      throw new ExpectedError(EXIT.file, `${path} is not the file that the run was made with: its SHA-256 differs`);
    }
    settings[key] = path;
  }
  return prepareExperiment({ settings: settings as Settings, written: new Map() });
}
