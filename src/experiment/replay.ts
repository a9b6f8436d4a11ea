import { existsSync } from "node:fs";
import { byteDigest } from "../data/digest.js";
import { EXIT, ExpectedError } from "../errors.js";
import { readInput } from "../input-file.js";
import { Problems, problemsOf } from "../problems.js";
import { type Experiment, prepareExperiment } from "./prepare.js";
import { recordedConfiguration, resolvesOtherwise } from "./recorded-config.js";
import type { Result } from "./result.js";

/**
 * The experiment of a recorded run again, from its resolved configuration and the inputs kept beside it. Throws expected
 * errors where an input is missing or another one, or where the configuration is not one that a run could have recorded.
 */
export function replayed(result: Result, folder: string): Experiment {
  const { config } = result;
  const problems = new Problems();
  const configuration = recordedConfiguration(result, folder, problems);
  if (problems.length > 0) throw unsound(folder, problems);
  for (const key of ["data", "testData", "weights"] as const) {
    const file = config[key];
    const path = configuration.settings[key];
    if (file === undefined || path === undefined) continue;
    if (!existsSync(path))
      throw new ExpectedError(EXIT.file, `${path} is missing; without it the run cannot be repeated`);
    if (byteDigest(readInput(path, key === "weights" ? "weights" : "points")) !== file.sha256) {
      throw new ExpectedError(EXIT.file, `${path} is not the file that the run was made with: its SHA-256 differs`);
    }
  }
  const experiment = prepareExperiment(configuration);
  const others = resolvesOtherwise(config, experiment.config);
  if (others.length > 0) throw unsound(folder, problemsOf(others));
  return experiment;
}

function unsound(folder: string, problems: Problems): ExpectedError {
  const lines = problems.lines().map((line) => `  ${line}`);
  return new ExpectedError(EXIT.file, [`the run in ${folder} cannot be repeated:`, ...lines]);
}
