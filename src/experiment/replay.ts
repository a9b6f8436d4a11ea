import { existsSync } from "node:fs";
import { EXIT, ExpectedError } from "../errors.js";
import { Problems, problemsOf } from "../problems.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { type Experiment, prepareExperiment } from "./prepare.js";
import { recordedConfiguration, resolvesOtherwise } from "./recorded-config.js";

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
    const path = configuration.settings[key];
    if (path !== undefined && !existsSync(path))
      throw new ExpectedError(EXIT.file, t`${path} is missing; without it the run cannot be repeated`);
  }
  const experiment = prepareExperiment(configuration);
  for (const key of ["data", "testData", "weights"] as const) {
    if (experiment.config[key]?.sha256 === config[key]?.sha256) continue;
    throw new ExpectedError(
      EXIT.file,
      t`${configuration.settings[key]} does not hold the values that the run was made with: their SHA-256 differs`,
    );
  }
  const others = resolvesOtherwise(config, experiment.config);
  if (others.length > 0) throw unsound(folder, problemsOf(others));
  return experiment;
}

function unsound(folder: string, problems: Problems): ExpectedError {
  const lines = problems.lines().map((line) => `  ${line}`);
  return new ExpectedError(EXIT.file, [t`the run in ${folder} cannot be repeated:`, ...lines]);
}
