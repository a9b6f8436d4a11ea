import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "../once.js";
import { bnCompare, emptyFolder } from "./command.js";

/**
 * `bn-compare ARGS --quiet --out run`, run once for all test files: its output, and the folder that it wrote, which
 * nobody changes.
 */
export async function sharedRun(...args: string[]) {
  const place = await once(["run", ...args], async (cwd) => {
    const ended = await bnCompare(cwd, ...args, "--quiet", "--out", "run");
    writeFileSync(join(cwd, "ended.json"), JSON.stringify(ended));
  });
  const ended: Awaited<ReturnType<typeof bnCompare>> = JSON.parse(readFileSync(join(place, "ended.json"), "utf8"));
  return { ...ended, folder: join(place, "run") };
}

/** A folder of the test's own with a copy in `run` of what `bn-compare run FLAGS` writes. */
export async function copyOfRun(...flags: string[]): Promise<string> {
  const { exitCode, stderr, folder } = await sharedRun("run", ...flags);
  if (exitCode !== 0 || stderr !== "") throw new Error(`exit code ${exitCode}: ${stderr}`);
  const cwd = emptyFolder();
  cpSync(folder, join(cwd, "run"), { recursive: true });
  return cwd;
}
