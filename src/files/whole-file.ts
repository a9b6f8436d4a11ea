import { chmodSync, chownSync, realpathSync, renameSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileError } from "../errors.js";
import { makeFolders, syncFolder, writeDurably } from "./durable.js";
import { nameWork, tryToDiscard, worksOf } from "./work-folders.js";

/**
 * Writes a file whole or not at all, through a hidden one beside it; errors name it as `shown`. What a killed process left
 * of an earlier attempt is removed. A pipe or a device is written to as it is.
 */
export function writeWholeFile(
  file: string,
  content: string | Uint8Array,
  { shown = file, makeFolder = false }: { readonly shown?: string; readonly makeFolder?: boolean } = {},
): void {
  try {
    if (makeFolder) makeFolders(dirname(file));
    const before = statSync(file, { throwIfNoEntry: false });
    if (before !== undefined && !before.isFile() && !before.isDirectory()) {
      writeFileSync(file, content);
      return;
    }
    // A link stays, and what it leads to is replaced.
    const target = before === undefined ? file : realpathSync(file);
    for (const work of worksOf(target)) if (!work.live) tryToDiscard(work);
    const work = nameWork(target);
    try {
      writeDurably(work.path, content);
      if (before !== undefined) keepRights(work.path, before);
      renameSync(work.path, target);
    } finally {
      // Where it was renamed, nothing is there any more.
      tryToDiscard(work);
    }
    syncFolder(dirname(target));
  } catch (error) {
    throw fileError("write", shown, error);
  }
}

function keepRights(file: string, { mode, uid, gid }: Stats): void {
  try {
    chownSync(file, uid, gid);
  } catch {
    // Only root may give a file away; the others' stays theirs.
  }
  chmodSync(file, mode);
}
