import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { digestsSchema, type RunDigests } from "../experiment/digests.js";
import { type Result, resultSchema, SCHEMA_VERSION } from "../experiment/result.js";
import { faultsOf } from "../experiment/result-rules.js";
import { readInputText } from "../input-file.js";
import { excerpt } from "../text/excerpt.js";

/** A finished run as it lies on disk. */
export interface RecordedRun {
  readonly folder: string;
  readonly result: Result;
  /** The bytes of `result.json`. */
  readonly json: string;
}

/** Reads a run folder, or the folder of a `result.json`. Throws an error that names the file and what is wrong in it. */
export function readRun(run: string): RecordedRun {
  const file = resultFile(run);
  const json = readInputText(file, "result");
  const result = checked(parseJson(json, file), file);
  return { folder: dirname(file), result, json };
}

/** The run's `digests.json`; absent where the engine's bytes repeat nowhere for certain. */
export function readDigests(folder: string): RunDigests | undefined {
  const file = join(folder, "digests.json");
  if (!existsSync(file)) return undefined;
  const parsed = digestsSchema.safeParse(parseJson(readInputText(file, "digests"), file));
  if (parsed.success) return parsed.data;
  throw new ExpectedError(EXIT.file, [`${file} does not hold digests:`, ...faultLines(parsed.error.issues)]);
}

function resultFile(run: string): string {
  try {
    return statSync(run).isDirectory() ? join(run, "result.json") : run;
  } catch (error) {
    throw fileError("read the run", run, error);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExpectedError(EXIT.file, `${file} is not JSON: ${excerpt((error as Error).message, 200)}`);
  }
}

function checked(value: unknown, file: string): Result {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION) {
    const found = version === undefined ? "no schemaVersion" : `schemaVersion ${excerpt(String(version))}`;
    throw new ExpectedError(EXIT.file, `${file} has ${found}; this bn-compare reads ${SCHEMA_VERSION}`);
  }
  const parsed = resultSchema.safeParse(value);
  const faults = parsed.success ? faultsOf(parsed.data) : parsed.error.issues;
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new ExpectedError(EXIT.file, [`${file} does not hold a result:`, ...faultLines(faults)]);
}

function faultLines(faults: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string[] {
  return faults.slice(0, 5).map(({ path, message }) => `  ${excerpt(path.join("."), 100)}: ${message}`);
}
