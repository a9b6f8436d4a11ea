import { readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { t } from "../text/language.js";
import { isPresent, syncFolder, writeTree } from "./durable.js";
import { type Finish, HalfDone, replaceInTurn, settle } from "./turns.js";
import { isWorkOn } from "./work-folders.js";

/** A set of files that belong together in a folder which holds others too. */
export interface FileSetKind {
  /** Of the set, for the work folder's name in the folder. */
  readonly name: string;
  /** Removes from the folder what the new files make needless. It may be called again where it has been already. */
  readonly afterwards?: (folder: string) => void;
}

export interface FileSetOptions {
  /** Throws where the folder has changed so that the files do not belong there any more. */
  readonly check?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts files, by name, into a folder that stays as it is otherwise: all of them, or none. They are on the disk before the
 * first is moved to its place, in the order of their names; what a killed process had begun to move, the next command
 * there moves on. Returns what went wrong once all were in place.
 */
export function writeFileSet(
  folder: string,
  kind: FileSetKind,
  files: ReadonlyMap<string, string | Uint8Array>,
  { check, signal }: FileSetOptions = {},
): Promise<string[]> {
  return replaceInTurn(
    {
      target: join(folder, kind.name),
      shown: folder,
      signal,
      stage(work) {
        writeTree(join(work, "new"), files);
        syncFolder(work);
      },
      commit(work) {
        check?.();
        try {
          moveIntoPlace(work);
        } catch (error) {
          throw new HalfDone(t`files are not in place yet`, { cause: error });
        }
      },
      afterwards: () => kind.afterwards?.(folder),
    },
    finishOf(kind),
  );
}

/** Brings to its end what a killed process had begun to put into the folder, and removes what it had not. */
export function settleFileSet(folder: string, kind: FileSetKind): void {
  settle(join(folder, kind.name), finishOf(kind), () => true);
}

/** Whether a folder's entry belongs to a set that is being written, or was by a process that is gone. */
export function isOfFileSet({ name }: FileSetKind, entry: string): boolean {
  return isWorkOn(name, entry);
}

function finishOf({ afterwards }: FileSetKind): Finish {
  return (work) => {
    if (!isPresent(join(work, "new"))) return;
    moveIntoPlace(work);
    afterwards?.(dirname(work));
  };
}

function moveIntoPlace(work: string): void {
  const folder = dirname(work);
  const staged = join(work, "new");
  for (const name of readdirSync(staged).sort()) renameSync(join(staged, name), join(folder, name));
  syncFolder(folder);
}
