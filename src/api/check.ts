import { readBaseline } from "../check/baseline-files.js";
import { type CheckReport, checkExperiment } from "../check/check.js";
import { findExperiments } from "../check/find-experiments.js";
import { prepareCheck } from "../check/prepare-check.js";
import type { Settings } from "../config/keys.js";
import { usageError } from "../errors.js";
import { withWorkers } from "../experiment/workers.js";
import { excerpt } from "../text/excerpt.js";
import type { RunOptions } from "./run.js";

/** How `check` compares. */
export interface CheckOptions extends RunOptions, Pick<Settings, "engine" | "backend" | "workers"> {
  /** While nothing is decided, run more seeds, up to this many. */
  readonly maxSeeds?: number;
}

/**
 * Runs an experiment (a folder with `experiment.yaml`) and compares it with its baseline. Returns the decision: its
 * `outcome` is `pass`, `regression` or `inconclusive`, and its `decisions` name every gate with its numbers. Writes
 * nothing. Rejects with an `ExpectedError` if nothing can be compared.
 */
export async function check(path: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { maxSeeds, engine, backend, workers, signal, progress, notice = () => {} } = options;
  signal?.throwIfAborted();
  const [found, ...others] = findExperiments([path]);
  if (found === undefined || others.length > 0) {
    throw usageError(`${excerpt(path)} names ${others.length + 1} experiments; check takes one`);
  }
  const flags = Object.entries({ engine, backend, workers }).filter(([, value]) => value !== undefined);
  const prepared = { ...prepareCheck(found, Object.fromEntries(flags)), read: readBaseline(found.folder) };
  const checked = maxSeeds === undefined ? prepared : { ...prepared, maxSeeds };
  const events = { ...(signal === undefined ? {} : { signal }), ...(progress === undefined ? {} : { progress }) };
  const { report } = await withWorkers(prepared.experiment, { workers: prepared.workers, notice, signal }, (opened) =>
    checkExperiment(checked, opened, events),
  );
  return report;
}
