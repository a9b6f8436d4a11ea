#!/usr/bin/env node
import { CommanderError } from "commander";
import { program } from "./cli.js";
import { EXIT, type ExitCode, ExpectedError } from "./errors.js";
import { shown } from "./text/screen.js";

/** Ctrl-C once: stop at the next recorded update and leave nothing half done. Twice: stop at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

/** The one place where errors are printed. */
function exitCodeFor(error: unknown, signal: AbortSignal): ExitCode {
  // Commander has printed its own message: help, the version, or what is wrong with the flags.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
  if (signal.aborted) {
    // Files are written whole or not at all, and what a command had finished before stays.
    process.stderr.write("interrupted; what was not finished was not written\n");
    return EXIT.interrupted;
  }
  if (error instanceof ExpectedError) {
    const lines = error.lines.map((line, place) => shown(place === 0 ? `error: ${line}` : line, { colors: false }));
    process.stderr.write(`${lines.join("\n")}\n`);
    return error.exitCode;
  }
  process.stderr.write(`This is a bug in bn-compare:\n${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.bug;
}

async function main(): Promise<void> {
  const signal = interruption();
  // `bn-compare … | head` closes the pipe early; that is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.success);
    throw error;
  });
  try {
    const root = program(signal);
    for (const command of [root, ...root.commands]) command.exitOverride();
    await root.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeFor(error, signal);
  }
}

await main();
