import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as command from "../../src/command.js";
import type { OutputStream, WriteFailure } from "../../src/output/terminal.js";

/** As it is built: a run's workers are files of the build. */
const BUILT = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** What a test wants to be different from a quiet, healthy process. */
export interface Circumstances {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** What a write to stdout or stderr fails with, by its number; undefined lets it pass. */
  readonly fails?: Partial<Record<"stdout" | "stderr", (write: number) => string | undefined>>;
  /** The entry of another build. */
  readonly build?: string;
  /** The working directory. */
  readonly cwd?: string;
  /** Makes stdout a terminal of this width. */
  readonly columns?: number;
}

/** The call before: a working directory is the whole process's, so that calls take turns. */
let turn: Promise<unknown> = Promise.resolve();

/** Runs the built command in this process, which is much faster than starting one: for flags, errors and what is printed. */
export function inProcess(argv: readonly string[], circumstances: Circumstances = {}) {
  const ended = turn.then(() => run(argv, circumstances));
  turn = ended.catch(() => {});
  return ended;
}

async function run(argv: readonly string[], circumstances: Circumstances) {
  const { env = {}, signal = new AbortController().signal, fails = {}, columns, cwd, build = BUILT } = circumstances;
  const texts = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr"): OutputStream => {
    let writes = 0;
    return {
      ...(columns === undefined ? {} : { isTTY: true, columns }),
      write(text, done) {
        const code = fails[name]?.(writes++);
        if (code === undefined) texts[name] += text;
        const failure: WriteFailure | undefined = code === undefined ? undefined : { code, message: code };
        // As a real stream: later, and not before the write has returned.
        setImmediate(() => done(failure));
      },
    };
  };
  const { main }: typeof command = await import(join(dirname(build), "command.js"));
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    const exitCode = await main(argv, { stdout: stream("stdout"), stderr: stream("stderr"), env, signal });
    return { exitCode, ...texts };
  } finally {
    process.chdir(before);
  }
}
