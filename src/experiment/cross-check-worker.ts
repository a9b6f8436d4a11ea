import "../text/spoken.js";
import type { BackendName, EngineName } from "../engines/names.js";
import { loadEngine } from "../engines/registry.js";
import { ExpectedError } from "../errors.js";
import type { Result } from "../record/result.js";
import { type CrossCheck, crossCheck } from "./cross-check.js";
import { replayed } from "./replay.js";
import { serve } from "./serve.js";

/** A recorded run, and the engine to compare with the recorded one. */
export interface CrossCheckTask {
  readonly result: Result;
  readonly folder: string;
  readonly engine: EngineName;
  readonly backend?: BackendName;
}

export type CrossCheckAnswer =
  | { readonly engines: readonly string[]; readonly rows: readonly CrossCheck[] }
  | { readonly failed: readonly string[]; readonly exitCode: ExpectedError["exitCode"] };

async function work({ result, folder, engine, backend }: CrossCheckTask): Promise<CrossCheckAnswer> {
  try {
    const experiment = replayed(result, folder);
    const first = await loadEngine(experiment.engine.name, experiment.engine.backend);
    const second = await loadEngine(engine, backend);
    const engines = [first, second].map(({ engine: { info } }) => `${info.name} (${info.backend})`);
    return { engines, rows: crossCheck(experiment, first.engine, second.engine) };
  } catch (error) {
    if (error instanceof ExpectedError) return { failed: error.lines, exitCode: error.exitCode };
    throw error;
  }
}

serve(work);
