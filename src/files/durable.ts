import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

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

/**
 * Makes a folder and the missing ones above it, and returns those that it made, the deepest first; on failure none is left.
 * One by one: where nothing can be made, as below `/proc`, Node's own `recursive` tries for ever.
 */
export function makeFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let next = resolve(folder); !existsSync(next); next = dirname(next)) missing.unshift(next);
  const made: string[] = [];
  try {
    for (const each of missing) if (mkdirUnlessThere(each)) made.unshift(each);
    return made;
  } catch (error) {
    removeFolders(made);
    throw error;
  }
}

/** Removes folders that were made and turned out not to be needed, unless somebody else uses them by now. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

/** Another process may make the same one at the same time. */
function mkdirUnlessThere(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && statSync(folder).isDirectory()) return false;
    throw error;
  }
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

/** Whether something is there, be it a broken link. An error of the disk is thrown, not taken for absence. */
export function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
