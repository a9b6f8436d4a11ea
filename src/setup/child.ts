import { execFile, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { unavailableError } from "../errors.js";
import { t } from "../text/language.js";

/** How a program is started: where, and with which additions to our environment. */
interface Start {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Runs quietly and returns stdout; when it fails, the error holds the last lines the program wrote. */
export async function output(command: string, args: readonly string[], start: Start = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, "pipe", start);
  if (code === 0) return stdout;
  const last = stderr.trim().split("\n").slice(-15);
  throw unavailableError([t`${basename(command)} ${args[0] ?? ""} failed (${code}):`, ...last]);
}

/** Runs with its own progress on our stderr. */
export async function visible(command: string, args: readonly string[], start: Start = {}): Promise<void> {
  const { code } = await run(command, args, 2, start);
  if (code !== 0) throw unavailableError(t`${basename(command)} failed (${code}); its last lines above say why`);
}

/** Settles only when the child has gone, also after an abort: until then it may still write to the work folder. */
async function run(command: string, args: readonly string[], to: "pipe" | 2, { cwd, env, signal }: Start) {
  signal?.throwIfAborted();
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", to, to] });
  const text = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[stream] += chunk;
    });
  }
  const stop = () => void child.kill();
  signal?.addEventListener("abort", stop);
  try {
    const code = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status, killed) => resolve(killed ?? status ?? 1));
    });
    signal?.throwIfAborted();
    return { code, ...text };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** The first of the programs that is on the PATH and runs with these arguments. */
export async function firstWorking(names: readonly string[], args: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of name.includes("/") ? [""] : (process.env["PATH"] ?? "").split(delimiter)) {
      const file = join(folder, name);
      try {
        await access(file, constants.X_OK);
        await promisify(execFile)(file, args);
        return file;
      } catch {
        // Not there, or there and broken (a python3 without pip): look on.
      }
    }
  }
  return undefined;
}
