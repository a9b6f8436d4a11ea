import { main } from "../../build/command.js";

// The command in the process's own thread, which alone is traced: there the n-th call of a kind is the same in every run.
const stream = (to) => ({ isTTY: false, columns: undefined, write: (text, done) => to.write(text, () => done()) });
process.exitCode = await main(process.argv.slice(2), {
  stdout: stream(process.stdout),
  stderr: stream(process.stderr),
  env: process.env,
  signal: new AbortController().signal,
});
