import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { onTestFinished } from "vitest";

/** The command as `npm run build` leaves it. */
export const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A folder that is gone when the test is over. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the built command in `cwd` and returns exit code and both streams, whatever the code. */
export async function bnCompare(cwd: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, ...args], {
    cwd,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    env: { NO_COLOR: "1" },
  });
  return { exitCode, stdout, stderr };
}

/** Flags of a run that takes a moment: small nets, few updates, the engine whose bytes repeat. */
export const QUICK = [
  "--engine",
  "reference",
  "--samples",
  "60",
  "--width",
  "6",
  "--hidden-layers",
  "3",
  "--updates",
  "12",
];
