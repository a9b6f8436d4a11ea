import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { inProcess } from "./in-process.js";

/** The command as `npm run build` leaves it. */
export const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A folder that is gone when the test is over. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the built command in a process of its own, in `cwd`, and returns exit code and both streams, whatever the code. */
export async function bnCompareProcess(cwd: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, ...args], {
    cwd,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    env: { NO_COLOR: "1" },
  });
  return { exitCode, stdout, stderr };
}

/** The same in the test's process, which saves a second each time. */
export function bnCompare(cwd: string, ...args: string[]) {
  return inProcess(args, { cwd, env: { ...process.env, NO_COLOR: "1" } });
}

/**
 * What a shell shows as the exit code. A process that cannot stop its thread in time, as on a machine that is far too
 * busy, ends by SIGINT, which is 130 there.
 */
export function shellCode({ exitCode, signal }: { exitCode?: number | undefined; signal?: string | undefined }) {
  return exitCode ?? (signal === "SIGINT" ? 130 : undefined);
}

/** What `test/cli/meddle.mjs` does to a command that runs with this environment. */
export function meddling(deed: string, nodeOptions = ""): Record<string, string> {
  const file = new URL("./meddle.mjs", import.meta.url);
  return { MEDDLE: deed, NODE_OPTIONS: `--import ${file} ${nodeOptions}` };
}

/** The built command in `cwd`, still running; what it says is read through `said`. */
export function startCommand(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
  { detached = false }: { readonly detached?: boolean } = {},
) {
  const child = execa(process.execPath, [MAIN, ...args], {
    cwd,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    detached,
    env: { NO_COLOR: "1", ...env },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  /** Settles when stderr matches; rejects when the command ends before. */
  const said = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (pattern.test(stderr)) resolve();
      };
      look();
      child.stderr.on("data", look);
      void child.then(() => reject(new Error(`the command ended without saying ${pattern}: ${stderr}`)));
    });
  return { child, said };
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
