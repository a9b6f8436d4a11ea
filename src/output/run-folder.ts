import { existsSync, readdirSync, readlinkSync, realpathSync, renameSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { EXIT, ExpectedError, fileError } from "../errors.js";
import { isPresent, makeFolders, removeFolders, syncFolder, writeTree } from "../files/durable.js";
import { type FileSetKind, isOfFileSet, settleFileSet } from "../files/file-set.js";
import { type Finish, HalfDone, replaceInTurn, settle } from "../files/turns.js";
import { discardWork, openWork } from "../files/work-folders.js";
import { readInputText } from "../input-file.js";
import { t } from "../text/language.js";
import type { Files } from "./formats/format.js";
import { RUN_FORMATS } from "./formats/index.js";

/** Everything a run writes at its folder's top; a folder that holds anything else is not ours to replace. */
const OWN = new Set(RUN_FORMATS.flatMap(({ names }) => names));

/** The files that `report` puts into a run folder. */
export const REPORT_SET: FileSetKind = { name: "report" };

/**
 * Refuses a place where something other than a finished run stands, or that cannot be written, before any time is spent.
 * Leaves nothing behind, and cleans up after processes that were killed there.
 */
export function checkRunFolder(folder: string): void {
  settleRunFolder(folder);
  refuseForeign(folder);
  const target = targetOf(folder);
  const made = makeParents(target, folder);
  try {
    discardWork(openWork(target));
  } catch (error) {
    throw fileError("write", folder, error);
  } finally {
    removeFolders(made);
  }
}

/**
 * Writes the folder whole or not at all: into a hidden folder beside it, which is renamed once every file is on the disk.
 * A finished run in its place is moved aside first and comes back if the renaming fails; of a process that is killed in
 * between, the next command that reads or writes there puts the new run in place. Throws an expected error where the
 * folder is as it was; returns what went wrong after that.
 */
export async function writeRunFolder(
  folder: string,
  files: Files,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<string[]> {
  refuseForeign(folder);
  const target = targetOf(folder);
  const made = makeParents(target, folder);
  try {
    return await replaceInTurn(
      {
        target,
        shown: folder,
        signal,
        stage(work) {
          writeTree(join(work, "new"), files);
          syncFolder(work);
          for (const parent of made) syncFolder(dirname(parent));
        },
        commit(work) {
          // Others had their turn since.
          refuseForeign(folder);
          exchange(work, target);
        },
      },
      putInPlace(target),
    );
  } catch (error) {
    removeFolders(made);
    throw error;
  }
}

/** Before a run folder is read or written: brings to its end what a killed process had begun there, and removes the rest. */
export function settleRunFolder(folder: string): void {
  const target = targetOf(folder);
  settle(target, putInPlace(target), () => isPresent(target));
  settleFileSet(target, REPORT_SET);
}

function exchange(work: string, target: string): void {
  const previous = join(work, "old");
  const replaces = isPresent(target);
  if (replaces) renameSync(target, previous);
  try {
    renameSync(join(work, "new"), target);
  } catch (error) {
    if (replaces) putBack(previous, target, error);
    throw error;
  }
}

function putBack(previous: string, target: string, cause: unknown): void {
  try {
    renameSync(previous, target);
  } catch {
    throw new HalfDone(t`neither the new run nor the old one could be moved to ${target}`, { cause });
  }
}

/** A killed process's new run takes the place that it had emptied, and no other: where a run is, this one is too late. */
function putInPlace(target: string): Finish {
  return (work) => {
    const whole = join(work, "new");
    if (!isPresent(target) && isPresent(whole)) renameSync(whole, target);
  };
}

/** Where the folder really is: a link to a run folder stays, and the folder is replaced. */
function targetOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** Makes the folders above that are missing, and returns them, the deepest first. */
function makeParents(target: string, shown: string): string[] {
  try {
    return makeFolders(dirname(target));
  } catch (error) {
    throw fileError("write", shown, error);
  }
}

/** How often a folder is looked at that changes meanwhile. */
const MOST_LOOKS = 20;

/** Throws where something else than a run is there. Another process may put its run there while this one looks. */
function refuseForeign(folder: string): void {
  for (let looks = 1; ; looks++) {
    const before = stateOf(folder);
    try {
      refuseNow(folder);
      return;
    } catch (error) {
      if (looks === MOST_LOOKS || stateOf(folder) === before) throw error;
    }
  }
}

/** Differs where another folder has this name now, or something in it has changed. */
function stateOf(folder: string): string | undefined {
  try {
    const { ino, ctimeMs } = statSync(folder);
    return `${ino} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}

function refuseNow(folder: string): void {
  if (!existsSync(folder)) {
    if (!isLink(folder)) return;
    throw new ExpectedError(EXIT.file, t`cannot write ${folder}: it is a broken link; give another folder with --out`);
  }
  const found = namesIn(folder);
  if (found === undefined) {
    throw new ExpectedError(
      EXIT.file,
      t`cannot write ${folder}: there is a file of that name; give another folder with --out`,
    );
  }
  if (found.length === 0) return;
  const foreign = found.find((name) => !OWN.has(name) && !isOfFileSet(REPORT_SET, name));
  if (foreign !== undefined || !isFinishedRun(folder)) {
    const why =
      foreign === undefined ? t`it holds no finished run` : t`it holds ${foreign}, which was not written by a run`;
    throw new ExpectedError(
      EXIT.file,
      t`will not replace ${folder}: ${why}; give another folder with --out, or remove it`,
    );
  }
}

function isLink(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return false;
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
