#!/usr/bin/env node
import "./start.js";
import { processStreams } from "./process-streams.js";

/** Words that ask for nothing but a text, which takes less time than to start a thread for it. */
const QUESTIONS = ["-h", "--help", "-V", "--version", "help"];

const argv = process.argv.slice(2);
if (argv.length === 0 || argv.some((word) => QUESTIONS.includes(word))) {
  const { main } = await import("./command.js");
  process.exitCode = await main(argv, {
    ...processStreams(),
    env: process.env,
    signal: new AbortController().signal,
  });
} else await import("./command-process.js");
