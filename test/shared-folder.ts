import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder for what the files of a tier share; see `once.ts`. */
    readonly shared: string;
  }
}

/** Makes the folder before the first test file of a tier and removes it after the last. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-shared-"));
  project.provide("shared", folder);
  // In watch mode the sources may have changed.
  project.onTestsRerun(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  });
  return () => rmSync(folder, { recursive: true, force: true });
}
