import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { excerpt } from "../excerpt.js";
import type { RunDigests } from "../experiment/digests.js";
import { type Result, resultSchema, SCHEMA_VERSION } from "../experiment/result.js";

/** A finished run as it lies on disk. */
export interface RecordedRun {
  readonly folder: string;
  readonly result: Result;
  /** The bytes of `result.json`. */
  readonly json: string;
  /** Absent where the engine's bytes repeat nowhere for certain. */
  readonly digests?: RunDigests;
}

/** Reads a run folder, or the folder of a `result.json`. Throws an error that names the file and what is wrong in it. */
export function readRun(run: string): RecordedRun {
  const file = resultFile(run);
  const json = readText(file);
  const result = checked(parseJson(json, file), file);
  const digestFile = join(dirname(file), "digests.json");
  const digests = existsSync(digestFile) ? parseJson(readText(digestFile), digestFile) : undefined;
  return { folder: dirname(file), result, json, ...(digests === undefined ? {} : { digests: digests as RunDigests }) };
}

function resultFile(run: string): string {
  try {
    return statSync(run).isDirectory() ? join(run, "result.json") : run;
  } catch (error) {
    throw fileError("read the run", run, error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw fileError("read", file, error);
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
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `  ${excerpt(path.join("."), 100)}: ${message}`);
  throw new ExpectedError(EXIT.file, [`${file} does not hold a result:`, ...faults].join("\n"));
}
