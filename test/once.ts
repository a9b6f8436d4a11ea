import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/**
 * A folder that `fill` fills once for all test files that ask with the same key. Nobody changes what is in it: a test
 * that wants to makes a copy.
 */
export async function once(key: unknown, fill: (folder: string) => Promise<void>): Promise<string> {
  const shared = inject("shared");
  const digest = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
  const folder = join(shared, digest);
  if (existsSync(folder)) return folder;
  // Test files run side by side: the folder appears whole, and the first one stays.
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    await fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
