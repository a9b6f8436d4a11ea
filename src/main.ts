#!/usr/bin/env node
import "./start.js";
import { EXIT } from "./errors.js";
import { processStreams } from "./process-streams.js";

/** Words that ask for nothing but a text, which takes less time than to start a thread for it. */
const QUESTIONS = ["-h", "--help", "-V", "--version", "help"];

const argv = process.argv.slice(2);
if (argv.length === 0 || argv.some((word) => QUESTIONS.includes(word))) {
  // There is nothing to tidy up.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => process.exit(EXIT.interrupted));
  const { main } = await import("./command.js");
  const code = await main(argv, {
    ...processStreams(),
    env: process.env,
    signal: new AbortController().signal,
  });
  // Not by a loop that runs dry: on that way out Node gives the signals back to the system before it is gone.
  setImmediate(() => process.exit(code));
} else await import("./command-process.js");
