import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { EXIT, ExpectedError } from "../errors.js";
import { t } from "../text/language.js";

/** Where `run` writes unless `--out` says otherwise. */
export const RUNS = "runs";

/** Stands for the run in `runs/` that was written last. */
export const LATEST = "latest";

/** A folder that holds a `result.json`. */
export interface RunPlace {
  readonly folder: string;
  /** When its result was written, ms. */
  readonly written: number;
}

/** The run folders in `runs/`, the newest first; of the same moment, by their names. */
export function runPlaces(): RunPlace[] {
  if (!existsSync(RUNS)) return [];
  return readdirSync(RUNS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap(({ name }) => {
      const folder = join(RUNS, name);
      const result = statSync(join(folder, "result.json"), { throwIfNoEntry: false });
      return result === undefined ? [] : [{ folder, written: result.mtimeMs }];
    })
    .sort((a, b) => b.written - a.written || (a.folder < b.folder ? -1 : 1));
}

/** The run that a person names: a path, or `latest` where nothing has that name. */
export function namedRun(run: string): string {
  if (run !== LATEST || existsSync(run)) return run;
  const [newest] = runPlaces();
  if (newest !== undefined) return newest.folder;
  throw new ExpectedError(EXIT.file, t`there is no latest run: ${RUNS}/ holds none; bn-compare run creates one`);
}
