#!/usr/bin/env node
import "./start.js";
import { EXIT } from "./errors.js";
import { processStreams } from "./process-streams.js";

/** What asks for nothing but a text, which takes less time than to start a thread for it. */
function isQuestion([first = "help", second, ...more]: readonly string[]): boolean {
  if (["help", "-h", "--help", "-V", "--version"].includes(first)) return true;
  // Further on, such a word may be the value of a flag.
  return (second === "-h" || second === "--help") && more.length === 0;
}

const argv = process.argv.slice(2);
if (isQuestion(argv)) {
  // There is nothing to tidy up.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => process.exit(EXIT.interrupted));
  const { main } = await import("./help.js");
  const code = await main(argv, {
    ...processStreams(),
    env: process.env,
    signal: new AbortController().signal,
  });
  // Not by a loop that runs dry: on that way out Node gives the signals back to the system before it is gone.
  setImmediate(() => process.exit(code));
} else await import("./command-process.js");
