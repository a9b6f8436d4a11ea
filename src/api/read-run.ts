import { readRun as readRecorded } from "../output/run-reader.js";
import type { Result } from "../record/result.js";

/**
 * Reads the record of a run from a run folder or its `result.json`. Rejects with an `ExpectedError` whose `lines` say
 * what is wrong in the file and where.
 */
export async function readRun(path: string): Promise<{ result: Result }> {
  const { result } = readRecorded(path);
  return { result };
}
