import "./start.js";
import "./text/spoken.js";
import { parentPort, workerData } from "node:worker_threads";
import type { ExitCode } from "./errors.js";
import type { OutputStream, WriteFailure } from "./output/terminal.js";

/** What the process hands to the thread in which the command runs. */
export interface ThreadData {
  readonly argv: readonly string[];
  readonly stdout: Size;
  readonly stderr: Size;
}

/** Of a terminal, if the stream is one. */
export interface Size {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export type StreamName = "stdout" | "stderr";

/** From the thread: a text to write, or that the command is done. */
export type FromThread =
  | { readonly write: string; readonly to: StreamName; readonly id: number }
  | { readonly exitCode: ExitCode };

/** To the thread: what became of a text, another width of the terminal, or that the command should end. */
export type ToThread =
  | { readonly written: number; readonly failure?: WriteFailure }
  | { readonly columns: number; readonly of: StreamName }
  | "interrupt";

if (parentPort === null) throw new Error("this file runs in a thread that the command starts");
const port = parentPort;
const data = workerData as ThreadData;
const interruption = new AbortController();
const columns: Partial<Record<StreamName, number>> = {};
const awaited = new Map<number, (failure?: WriteFailure) => void>();
let texts = 0;

port.on("message", (message: ToThread) => {
  if (message === "interrupt") interruption.abort();
  else if ("columns" in message) columns[message.of] = message.columns;
  else {
    awaited.get(message.written)?.(message.failure);
    awaited.delete(message.written);
    if (awaited.size === 0) port.unref();
  }
});
// Listening alone must not keep the thread alive: a command that waits for nothing any more has to be seen to end.
port.unref();

function streamTo(to: StreamName): OutputStream {
  return {
    isTTY: data[to].isTTY,
    get columns() {
      return columns[to] ?? data[to].columns;
    },
    write(text, done) {
      const id = texts++;
      awaited.set(id, done);
      port.ref();
      port.postMessage({ write: text, to, id } satisfies FromThread);
    },
  };
}

const { main } = await import("./command.js");
const exitCode = await main(data.argv, {
  stdout: streamTo("stdout"),
  stderr: streamTo("stderr"),
  env: process.env,
  signal: interruption.signal,
});
port.postMessage({ exitCode } satisfies FromThread);
