import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { globSync } from "tinyglobby";
import { experimentFile } from "../config/load.js";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { t } from "../text/language.js";

/** An experiment that a check may run. */
export interface FoundExperiment {
  readonly name: string;
  /** Of its `experiment.yaml` and its baseline. */
  readonly folder: string;
}

/** Where experiments are looked for when none is named. */
const STANDARD = "experiments";
/** A baseline lies beside it, so a file of another name has none. */
const EXPERIMENT_FILE = "experiment.yaml";

/**
 * The experiments that folders, files, globs or packaged names mean; without any, all of `experiments/`. Throws a usage
 * error where a pattern matches none.
 */
export function findExperiments(patterns: readonly string[]): FoundExperiment[] {
  const wanted = patterns.length === 0 ? [`${STANDARD}/*`] : patterns;
  const files = wanted.flatMap((pattern) => {
    const found = isGlob(pattern) && !existsSync(pattern) ? matches(pattern) : named(pattern);
    if (found.length === 0) {
      throw usageError(
        t`no experiment matches ${pattern}: a folder with ${EXPERIMENT_FILE} was expected${patterns.length === 0 ? t`; name one, or run where experiments/ is` : ""}`,
      );
    }
    return found;
  });
  const folders = [...new Set(files.map((file) => resolve(dirname(file))))];
  return folders.map((path) => {
    const folder = relative(process.cwd(), path) || ".";
    const shown = folder.startsWith("..") ? path : folder;
    const name = basename(path);
    // Two of one name would be one in a report, and overwrite each other's pictures.
    const alone = folders.filter((other) => basename(other) === name).length === 1;
    return { folder: shown, name: alone ? name : shown.replace(/^\//, "") };
  });
}

function isGlob(pattern: string): boolean {
  return /[*?{}[\]]/.test(pattern);
}

/** The one that a folder, a file or a packaged name means; none where there is nothing of that name. */
function named(pattern: string): string[] {
  let file: string;
  try {
    file = experimentFile(pattern);
  } catch (error) {
    if (error instanceof ExpectedError && error.exitCode === EXIT.file) return [];
    throw error;
  }
  return basename(file) === EXPERIMENT_FILE ? [file] : [];
}

/** Folders that match and hold an experiment, and experiment files that match, in the names' order. */
function matches(pattern: string): string[] {
  const found = globSync(pattern, { onlyFiles: false, expandDirectories: false, absolute: true });
  return found
    .map((path) => (statSync(path).isDirectory() ? join(path, EXPERIMENT_FILE) : path))
    .filter((path) => basename(path) === EXPERIMENT_FILE && existsSync(path))
    .sort();
}
