import { supportsColor } from "chalk";
import stringWidth from "fast-string-width";
import { wrapAnsi } from "fast-wrap-ansi";
import { inertJson, type Json } from "../text/json.js";
import { type Line, type ScreenText, shown } from "../text/screen.js";
import type { WorkflowCommand } from "../text/workflow-command.js";

/** Why a write failed, with the system's code (`EPIPE`, `ENOSPC`) where there is one. */
export interface WriteFailure {
  readonly message: string;
  readonly code?: string | undefined;
}

/** What the command needs of a stream: `process.stdout` has it, and so has one that a test reads. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** `done` is called once, with the reason when the text was not written. */
  write(text: string, done: (failure?: WriteFailure | null) => void): unknown;
}

/** Where a bar can be drawn: a stream whose failures concern nobody. */
export interface ProgressStream {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  write(text: string): boolean;
}

/**
 * The one place through which text leaves the command. Writing never throws. A string is one line, in which a name can
 * neither begin another nor color it; several lines or colors are `screen` text.
 */
export interface Terminal {
  /** What the command was called for and gives nowhere else, to stdout as it is: losing it is a failure of the command. */
  product(text: ScreenText | Json): void;
  /** A line on stdout about what is also in files or in the exit code. */
  say(line: Line | WorkflowCommand): void;
  /** A line on stderr: progress, notices, errors. */
  note(line: Line | WorkflowCommand): void;
  /** Of stdout; Infinity where it is not a terminal. */
  readonly columns: number;
  readonly progress: ProgressStream;
}

/** Everything that a command has of the world beside its arguments and files. */
export interface Io {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the command should end. */
  readonly signal: AbortSignal;
}

/** The text that did not reach stdout, and why. A reader who closed the pipe has seen enough: that is no loss. */
export interface Loss {
  readonly what: "product" | "said";
  readonly failure: WriteFailure;
}

/** A terminal over two streams, and a promise of what was lost, for when everything has been said. */
export function openTerminal(
  stdout: OutputStream,
  stderr: OutputStream,
  env: Io["env"],
): { readonly terminal: Terminal; readonly settled: () => Promise<Loss | undefined> } {
  let loss: Loss | undefined;
  const lose = (what: Loss["what"]) => (failure: WriteFailure) => {
    if (failure.code !== "EPIPE" && loss?.what !== "product") loss = { what, failure };
  };
  const out = writerOf(stdout);
  // Where even the complaints cannot be heard, there is nobody to complain to.
  const err = writerOf(stderr);
  // Plain where stdout is not a terminal, or `NO_COLOR` is set.
  const colors = !env["NO_COLOR"] && Boolean(supportsColor) && Boolean(stdout.isTTY || env["FORCE_COLOR"]);
  const terminal: Terminal = {
    product: (text) =>
      out.write(typeof text === "string" ? inertJson(text) : fitted(shown(text, { colors }), stdout), lose("product")),
    say: (line) => out.write(`${fitted(shown(line, { colors }), stdout)}\n`, lose("said")),
    note: (line) => err.write(`${fitted(shown(line, { colors: false }), stderr)}\n`, () => {}),
    get columns() {
      return (stdout.isTTY ? stdout.columns : undefined) ?? Number.POSITIVE_INFINITY;
    },
    progress: {
      isTTY: stderr.isTTY ?? false,
      get columns() {
        return stderr.columns;
      },
      write(text) {
        err.write(text, () => {});
        return true;
      },
    },
  };
  const settled = async () => {
    await Promise.all([out.settled(), err.settled()]);
    return loss;
  };
  return { terminal, settled };
}

/** Where a line was broken, once or with nothing in between: spaces, and codes that end a style and begin it again. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is one
const BREAK = / *((?:\u001b\[\d+m)*)\n(?:(?:\u001b\[\d+m| )*\n)*((?:\u001b\[\d+m)*) */g;

/**
 * The text with its lines broken between words for a terminal, which would break them anywhere; a word that is longer than
 * the terminal is wide stays whole, so that a path can be copied. Lines that fit, and pipes, keep their text as it is.
 */
export function fitted(text: string, { isTTY, columns }: OutputStream): string {
  if (!isTTY || columns === undefined || columns < 1) return text;
  const broken = (line: string) =>
    stringWidth(line) <= columns ? line : wrapAnsi(line, columns, { trim: false }).replace(BREAK, "$1\n$2");
  return text.split("\n").map(broken).join("\n");
}

/**
 * Writes one text after the other. After a failure nothing more is written: what follows a gap would be read as if
 * nothing was missing.
 */
function writerOf(stream: OutputStream) {
  let failed: WriteFailure | undefined;
  let last = Promise.resolve();
  const writeOne = (text: string): Promise<void> =>
    new Promise((resolve) => {
      stream.write(text, (failure) => {
        failed ??= failure ?? undefined;
        resolve();
      });
    });
  return {
    write(text: string, lost: (failure: WriteFailure) => void): void {
      last = last.then(async () => {
        if (failed === undefined) await writeOne(text);
        if (failed !== undefined) lost(failed);
      });
    },
    settled: () => last,
  };
}
