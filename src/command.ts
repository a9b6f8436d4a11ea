import { CommanderError } from "commander";
import { program } from "./cli.js";
import { EXIT, type ExitCode, ExpectedError, fileError, INTERRUPTED, machineError, usageError } from "./errors.js";
import { type Io, type Loss, type OutputStream, openTerminal, type Terminal } from "./output/terminal.js";
import { t } from "./text/language.js";
import { UNKNOWN_LANGUAGE } from "./text/spoken.js";

/** What `main` runs in; the process has one, and a test can make one. */
export interface Surroundings extends Pick<Io, "env" | "signal"> {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** The command line, whole: runs what the arguments ask for and returns the exit code, when all text is written. */
export async function main(argv: readonly string[], { stdout, stderr, env, signal }: Surroundings): Promise<ExitCode> {
  const { terminal, settled } = openTerminal(stdout, stderr, env);
  let code: ExitCode = EXIT.success;
  try {
    if (UNKNOWN_LANGUAGE !== undefined) {
      throw usageError(
        t`BN_COMPARE_LANGUAGE=${UNKNOWN_LANGUAGE}: bn-compare does not speak this language; leave it unset for English`,
      );
    }
    const root = program({ terminal, env, signal }, (decided) => {
      code = decided;
    });
    for (const command of [root, ...root.commands]) command.exitOverride();
    await root.parseAsync(argv, { from: "user" });
    signal.throwIfAborted();
  } catch (error) {
    code = exitCodeFor(error, terminal, signal);
  }
  const loss = await settled();
  if (loss === undefined) return code;
  terminal.note(t`error: ${messageOf(loss)}`);
  await settled();
  // Files are written by now. What stdout alone was to carry, and does not, is a failure of its own.
  const ended = code === EXIT.interrupted || code === EXIT.bug;
  return loss.what === "product" && !ended ? EXIT.file : code;
}

/** The one place where errors are printed. */
function exitCodeFor(error: unknown, terminal: Terminal, signal: AbortSignal): ExitCode {
  // Commander has printed its own message: help, the version, or what is wrong with the flags.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
  if (signal.aborted) {
    terminal.note(INTERRUPTED);
    return EXIT.interrupted;
  }
  const expected = error instanceof ExpectedError ? error : machineError(error);
  if (expected !== undefined) {
    for (const [place, line] of expected.lines.entries()) terminal.note(place === 0 ? t`error: ${line}` : line);
    return expected.exitCode;
  }
  terminal.note(t`This is a bug in bn-compare:`);
  for (const line of String(error instanceof Error ? error.stack : error).split("\n")) terminal.note(line);
  return EXIT.bug;
}

function messageOf({ what, failure }: Loss): string {
  const { message } = fileError("write", t`standard output`, Object.assign(new Error(failure.message), failure));
  return what === "said" ? t`${message}; nothing but the printed text is lost` : message;
}
