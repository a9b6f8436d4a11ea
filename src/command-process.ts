import { t } from "./text/language.js";
import "./v8-flags.js";
import "./text/spoken.js";
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { FromThread, Size, StreamName, ThreadData, ToThread } from "./command-thread.js";
import { EXIT, type ExitCode, INTERRUPTED, machineError, outOfMemoryError } from "./errors.js";
import { type ProcessStream, processStreams } from "./process-streams.js";
import { screen, shown } from "./text/screen.js";

/**
 * The process: it owns the streams and the signals, and the command runs in a thread of its own. A signal is heard only
 * by a loop that turns, and preparing, drawing or reading can keep the command's loop busy for seconds.
 */

/** How long an interrupted command has to end by itself, ms; one that is busy then is stopped where it is. */
const GRACE = 300;
/** How long its thread has to stop, ms; one that a system call holds cannot be stopped from here. */
const STOPPING = 600;

const streams = processStreams();
const thread = startCommand(process.argv.slice(2), streams);
let interrupted = false;
let ended = false;

for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // Twice: at once.
    if (interrupted) stopAtOnce();
    interrupted = true;
    thread.postMessage("interrupt" satisfies ToThread);
    setTimeout(stopAtOnce, GRACE).unref();
  });
}

thread.on("message", (message: FromThread) => {
  if ("exitCode" in message) end(message.exitCode);
  else {
    streams[message.to].write(message.write, (failure) => {
      const { id: written } = message;
      thread.postMessage({
        written,
        ...(failure ? { failure: { code: failure.code, message: failure.message } } : {}),
      } satisfies ToThread);
    });
  }
});
thread.on("error", (error: NodeJS.ErrnoException) => {
  const expected = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? outOfMemoryError(t`the command`) : machineError(error);
  if (expected !== undefined) fail(expected.exitCode, t`error: ${expected.message}`);
  else fail(EXIT.bug, `${t`This is a bug in bn-compare:`}\n${error?.stack ?? error}`);
});
thread.on("exit", () => {
  fail(
    EXIT.bug,
    t`This is a bug in bn-compare: the command ended before it was done, with nothing left to wait for; nothing unfinished was written`,
  );
});

function startCommand(argv: readonly string[], { stdout, stderr }: Record<StreamName, ProcessStream>): Worker {
  const size = ({ isTTY, columns }: Size): Size => ({ isTTY, columns });
  const workerData: ThreadData = { argv, stdout: size(stdout), stderr: size(stderr) };
  const started = new Worker(new URL("./command-thread.js", import.meta.url), {
    workerData,
    stdout: true,
    stderr: true,
  });
  // What a library prints by itself is not data.
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => stderr.write(inert(text), () => {}));
  }
  for (const [of, stream] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    stream.onResize((columns) => started.postMessage({ columns, of } satisfies ToThread));
  }
  return started;
}

/** Everything is written and said; whatever the thread still has open is not waited for. */
function end(code: ExitCode): void {
  ended = true;
  if (interrupted) {
    stopThread();
    return;
  }
  process.exitCode = code;
  // Not by a loop that runs dry: on that way out Node gives the signals back to the system long before it is gone, and one
  // that came then would end a command that has succeeded.
  thread.terminate().then(() => setImmediate(() => process.exit()));
}

function fail(code: ExitCode, message: string): void {
  if (ended) return;
  if (interrupted) {
    stopAtOnce();
    return;
  }
  ended = true;
  process.exitCode = code;
  streams.stderr.write(`${inert(message)}\n`, () => process.exit());
}

function stopAtOnce(): void {
  if (ended) return;
  ended = true;
  try {
    writeSync(2, `${INTERRUPTED}\n`);
  } catch {
    // Nobody listens.
  }
  stopThread();
}

/** `process.exit` waits for threads, for ever if need be; so it is called when there is none. */
function stopThread(): void {
  const exit = () => process.exit(EXIT.interrupted);
  thread.terminate().then(exit, exit);
  setTimeout(() => {
    // To a shell, ending by this signal is exit code 130, too.
    process.removeAllListeners("SIGINT");
    process.kill(process.pid, "SIGINT");
  }, STOPPING);
}

/** Text of a library or of Node, which may repeat a name: its lines stay, and nothing else in it is obeyed. */
function inert(text: string): string {
  return shown(screen.joined(text.split("\n"), "\n"), { colors: false });
}
