import type { CheckSettings } from "../config/keys.js";
import { loadConfiguration } from "../config/load.js";
import { type Experiment, prepareExperiment } from "../experiment/prepare.js";
import { limit } from "../outcome/limits.js";
import type { FoundExperiment } from "./find-experiments.js";

/** An experiment as a check runs it. */
export interface PreparedCheck extends FoundExperiment {
  readonly experiment: Experiment;
  readonly settings: CheckSettings;
  readonly workers?: number;
}

/** Reads an experiment with flags over it, and gives it the seeds that a check compares. Throws expected errors. */
export function prepareCheck(
  { folder, name }: FoundExperiment,
  flags: Readonly<Record<string, unknown>>,
): PreparedCheck {
  const { settings, written } = loadConfiguration(folder, flags);
  const { check = {}, seeds, workers } = settings;
  const own = typeof seeds === "number" ? seeds : (seeds?.length ?? 1);
  // One seed says nothing about another run's.
  const wanted = check.seeds ?? (own > 1 ? undefined : limit("enough-seeds"));
  return {
    folder,
    name,
    experiment: prepareExperiment({
      settings: wanted === undefined ? settings : { ...settings, seeds: wanted },
      written,
    }),
    settings: check,
    ...(workers === undefined ? {} : { workers }),
  };
}
