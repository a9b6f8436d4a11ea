import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { drawPictures } from "../charts/pictures.js";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { type Result, resultSchema, SCHEMA_VERSION } from "../experiment/result.js";
import { summaryOf } from "../output/summary.js";

/** `bn-compare report RUN`: draws the pictures and the summary again from `result.json` alone. */
export async function report(run: string): Promise<void> {
  const file = resultFile(run);
  const result = readResult(file);
  const files = { ...(await drawPictures(result)), "summary.md": summaryOf(result) };
  for (const [name, content] of Object.entries(files)) {
    const path = join(dirname(file), name);
    try {
      await writeFileAtomic(path, content);
    } catch (error) {
      throw fileError("write", path, error);
    }
    process.stdout.write(`${path}\n`);
  }
}

function resultFile(run: string): string {
  try {
    return statSync(run).isDirectory() ? join(run, "result.json") : run;
  } catch (error) {
    throw fileError("read the run", run, error);
  }
}

/** Reads and checks a `result.json`. Throws an error that names the file and the first keys at fault. */
function readResult(file: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ExpectedError(EXIT.file, `${file} is not JSON: ${error.message}`);
    throw fileError("read", file, error);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION) {
    const found = version === undefined ? "no schemaVersion" : `schemaVersion ${String(version)}`;
    throw new ExpectedError(EXIT.file, `${file} has ${found}; this bn-compare reads ${SCHEMA_VERSION}`);
  }
  const checked = resultSchema.safeParse(value);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.slice(0, 5).map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new ExpectedError(EXIT.file, [`${file} does not hold a result:`, ...faults].join("\n"));
}
