import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { readInputText } from "../input-file.js";
import { PRESENTATION_NAMES } from "./presentation-names.js";

/** Files of a run folder by their path in it. */
export type RunFiles = ReadonlyMap<string, string | Uint8Array>;

/** Everything a run writes at its folder's top; a folder that holds anything else is not ours to replace. */
const OWN = new Set<string>(["result.json", "timing.json", "digests.json", "inputs", "weights", ...PRESENTATION_NAMES]);

/**
 * Refuses a place where something other than a finished run stands, or that cannot be written, before any time is spent.
 * Leaves nothing behind.
 */
export function checkRunFolder(folder: string): void {
  refuseForeign(folder);
  const [partial, made] = createPartial(folder);
  rmSync(partial, { recursive: true, force: true });
  for (const parent of made) rmdirSync(parent);
}

/**
 * Writes the folder whole or not at all: into a hidden folder beside it, which is renamed at the end. A finished run in
 * its place is moved aside first and comes back if the renaming fails.
 */
export function writeRunFolder(folder: string, files: RunFiles): void {
  refuseForeign(folder);
  const [partial, made] = createPartial(folder);
  const previous = `${partial}.previous`;
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(partial, path)), { recursive: true });
      writeFileSync(join(partial, path), content);
    }
    // A temporary folder is made for its owner alone; a run folder has the rights of any new folder.
    chmodSync(partial, 0o777 & ~process.umask());
    const replaces = existsSync(folder);
    if (replaces) renameSync(folder, previous);
    try {
      renameSync(partial, folder);
    } catch (error) {
      if (replaces) renameSync(previous, folder);
      throw error;
    }
    rmSync(previous, { recursive: true, force: true });
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    for (const parent of made) rmdirSync(parent);
    throw fileError("write", folder, error);
  }
}

/** A hidden folder beside the run folder, and the parents that had to be made for it, the deepest first. */
function createPartial(folder: string): [partial: string, made: string[]] {
  const parent = dirname(resolve(folder));
  const made: string[] = [];
  for (let missing = parent; !existsSync(missing); missing = dirname(missing)) made.push(missing);
  try {
    mkdirSync(parent, { recursive: true });
    const partial = mkdtempSync(join(parent, `.${basename(resolve(folder))}.partial-`));
    return [partial, made];
  } catch (error) {
    throw fileError("write", folder, error);
  }
}

function refuseForeign(folder: string): void {
  if (!existsSync(folder)) return;
  const found = namesIn(folder);
  if (found === undefined) {
    throw new ExpectedError(
      EXIT.file,
      `cannot write ${folder}: there is a file of that name; give another folder with --out`,
    );
  }
  if (found.length === 0) return;
  const foreign = found.find((name) => !OWN.has(name));
  if (foreign !== undefined || !isFinishedRun(folder)) {
    const why = foreign === undefined ? "it holds no finished run" : `it holds ${foreign}, which no run wrote`;
    throw new ExpectedError(
      EXIT.file,
      `will not replace ${folder}: ${why}; give another folder with --out, or remove it`,
    );
  }
}

/** What a folder holds; undefined of a file. */
function namesIn(folder: string): string[] | undefined {
  try {
    return statSync(folder).isDirectory() ? readdirSync(folder) : undefined;
  } catch (error) {
    throw fileError("read", folder, error);
  }
}

function isFinishedRun(folder: string): boolean {
  try {
    const result = JSON.parse(readInputText(join(folder, "result.json"), "result"));
    return typeof result.schemaVersion === "number" && typeof result.engine.version["bn-compare"] === "string";
  } catch {
    return false;
  }
}
