import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";

/** What a command says that writes there. */
export const FULL = /^error: cannot write .*: the disk is full/m;

/** A disk of its own; undefined where none can be mounted. */
export async function smallDisk(folder: string): Promise<string | undefined> {
  mkdirSync(folder);
  const mounted = await execa("mount", ["-t", "tmpfs", "-o", "size=4m", "none", folder], { reject: false });
  if (mounted.exitCode !== 0) {
    if (process.env["CI"] === "true") throw new Error(mounted.stderr);
    return undefined;
  }
  onTestFinished(async () => {
    await execa("umount", ["-l", folder], { reject: false });
  });
  return folder;
}

/** Writes until nothing more has room there, and gives the file. */
export function fill(disk: string): string {
  const file = join(disk, "full");
  const written = openSync(file, "w");
  try {
    for (;;) writeSync(written, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(written);
  }
  return file;
}
