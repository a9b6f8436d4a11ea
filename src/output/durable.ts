import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes a new file whose content is on the disk, not only on its way there, when this returns. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const descriptor = openSync(file, "wx");
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes files by their path below a new folder, then makes sure of every folder's entries. */
export function writeTree(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  const folders = new Set([folder]);
  mkdirSync(folder);
  for (const [path, content] of files) {
    const file = join(folder, path);
    if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    for (let above = dirname(file); !folders.has(above); above = dirname(above)) folders.add(above);
    writeDurably(file, content);
  }
  for (const each of folders) syncFolder(each);
}

/** Systems and file systems that cannot sync a folder: Windows, some network disks. */
const CANNOT = new Set(["EISDIR", "EPERM", "EACCES", "EINVAL", "EBADF", "ENOTSUP", "ENOSYS"]);

/** Makes sure that a folder's entries, what was renamed or made in it, are on the disk. */
export function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, "r");
    fsyncSync(descriptor);
  } catch (error) {
    if (!CANNOT.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether something is there, be it a link to nowhere. An error of the disk is thrown, not taken for absence. */
export function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
