import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { digestFaults } from "../experiment/digests.js";
import { recordedConfiguration } from "../experiment/recorded-config.js";
import { faultsOf } from "../experiment/result-rules.js";
import { readInputText } from "../input-file.js";
import { parseJson, versionText } from "../input-json.js";
import { Problems, problemsOf } from "../problems.js";
import { digestsSchema, type RunDigests } from "../record/digests.js";
import { type Result, resultSchema } from "../record/result.js";
import { SCHEMA_VERSION } from "../record/schema-version.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { namedRun } from "./recorded-runs.js";
import { settleRunFolder } from "./run-folder.js";

export const RESULT_FILE = "result.json";

/** A finished run as it lies on disk. */
export interface RecordedRun {
  readonly folder: string;
  readonly result: Result;
  /** The bytes of `result.json`. */
  readonly json: string;
}

/**
 * Reads a run folder, the folder of a `result.json`, or the run that was written last (`latest`), after settling what a killed process left there. Throws an error
 * that names the file and what is wrong in it.
 */
export function readRun(name: string): RecordedRun {
  const run = namedRun(name);
  settleRunFolder(basename(run) === RESULT_FILE ? dirname(run) : run);
  const file = resultFile(run);
  const json = readInputText(file, "result");
  const folder = dirname(file);
  return { folder, result: checked(jsonIn(json, file), file, folder), json };
}

/** The run's `digests.json`; absent where the engine's bytes repeat nowhere for certain. */
export function readDigests({ folder, result }: RecordedRun): RunDigests | undefined {
  const file = join(folder, "digests.json");
  if (!existsSync(file)) return undefined;
  const parsed = digestsSchema.safeParse(jsonIn(readInputText(file, "digests"), file));
  const faults = parsed.success ? digestFaults(parsed.data, result) : parsed.error.issues;
  if (parsed.success && faults.length === 0) return parsed.data;
  throw unsound(file, "digests", faultLines(faults));
}

function resultFile(run: string): string {
  try {
    return statSync(run).isDirectory() ? join(run, RESULT_FILE) : run;
  } catch (error) {
    throw fileError("read the run", run, error);
  }
}

function jsonIn(text: string, file: string): unknown {
  const parsed = parseJson(text);
  if ("fault" in parsed) throw new ExpectedError(EXIT.file, `${file} ${parsed.fault}`);
  return parsed.value;
}

function checked(value: unknown, file: string, folder: string): Result {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION) {
    const found = versionText("schemaVersion", value);
    throw new ExpectedError(EXIT.file, t`${file} has ${found}; this bn-compare reads ${SCHEMA_VERSION}`);
  }
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) throw unsound(file, t`a result`, faultLines(parsed.error.issues));
  const problems = new Problems();
  recordedConfiguration(parsed.data, folder, problems);
  for (const line of faultLines(faultsOf(parsed.data))) problems.push(line);
  if (problems.length > 0) throw unsound(file, t`a result`, problems);
  return parsed.data;
}

function unsound(file: string, what: string, found: Problems | readonly string[]): ExpectedError {
  const problems = found instanceof Problems ? found : problemsOf(found);
  const lines = problems.lines().map((line) => `  ${line}`);
  return new ExpectedError(EXIT.file, [t`${file} does not hold ${what}:`, ...lines]);
}

function faultLines(faults: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string[] {
  return faults.map(({ path, message }) =>
    path.length === 0 ? message : `${excerpt(path.join("."), 100)}: ${message}`,
  );
}
