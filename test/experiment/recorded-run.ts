import type { Settings } from "../../src/config/keys.js";
import { referenceEngine } from "../../src/engines/reference.js";
import { type FinishedRun, runExperiment } from "../../src/experiment/run.js";
import type { Result } from "../../src/record/result.js";
import { experimentOf, runnerOf } from "./experiments.js";

/** A quick run with these settings over it, by the engine whose bytes repeat. */
export function quickRun(settings: Settings = {}): Promise<FinishedRun> {
  return runExperiment(experimentOf({ engine: "reference", ...settings }), runnerOf(referenceEngine()));
}

/** Its result as a reader of `result.json` gets it. */
export async function recordedResult(settings: Settings = {}): Promise<Result> {
  return JSON.parse(JSON.stringify((await quickRun(settings)).result));
}
