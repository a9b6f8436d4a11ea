import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { outOfMemoryError, unavailableError } from "../errors.js";
import { t } from "../text/language.js";
import type { FromWorker } from "./serve.js";

/** A thread or a process that does one task after the other. */
export interface PoolWorker {
  /** Of a process. */
  readonly pid: number | undefined;
  /** The loop waits for it while this is true. */
  keepAlive(busy: boolean): void;
  send(task: object): void;
  /** Gets what the worker sends. */
  onReply: (reply: FromWorker) => void;
  /** Settles when the worker is gone, with the error to report of the task that it had, by the task's title. */
  readonly gone: Promise<(title: string) => Error>;
  /** Whether it is gone. */
  readonly lost: boolean;
  /** Stops it where it is; it holds nothing that has to be saved. */
  stop(): void;
}

type Gone = (because: (title: string) => Error) => void;

export function startThread(module: URL): PoolWorker {
  const thread = new Worker(module);
  return workerOf({
    pid: undefined,
    keepAlive: (busy) => (busy ? thread.ref() : thread.unref()),
    send: (task) => thread.postMessage(task),
    stop: () => void thread.terminate(),
    listen(reply, gone) {
      thread.on("message", reply);
      thread.on("error", (error: NodeJS.ErrnoException) =>
        gone(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? outOfMemoryError : () => error),
      );
      thread.on("exit", (code) => gone((title) => lossOf(title, t`ended with exit code ${code}`)));
    },
  });
}

/** What a library prints in the process is not data: it goes to `notice`. */
export function startProcess(module: URL, notice: (text: string) => void): PoolWorker {
  const child = fork(fileURLToPath(module), { serialization: "advanced", stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const output = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of output) stream.setEncoding("utf8").on("data", (text: string) => notice(text.trimEnd()));
  // Sockets, whose types do not say that they can be ignored by the loop.
  const waited = [child, child.channel, ...output] as { ref?(): void; unref?(): void }[];
  return workerOf({
    pid: child.pid,
    keepAlive(busy) {
      for (const each of waited) busy ? each.ref?.() : each.unref?.();
    },
    // A process that is gone is reported by its end, not by what could not be sent to it.
    send: (task) => child.send(task, () => {}),
    stop: () => void child.kill("SIGKILL"),
    listen(reply, gone) {
      child.on("message", (message) => reply(message as FromWorker));
      child.on("error", (error) => gone((title) => unavailableError(t`${title}: no worker process: ${error.message}`)));
      child.on("exit", (code, signal) =>
        gone((title) => lossOf(title, signal === null ? t`ended with exit code ${code}` : t`was killed (${signal})`)),
      );
    },
  });
}

interface Parts extends Pick<PoolWorker, "pid" | "keepAlive" | "send" | "stop"> {
  listen(reply: (reply: FromWorker) => void, gone: Gone): void;
}

function workerOf({ listen, ...parts }: Parts): PoolWorker {
  let end: Gone = () => {};
  const gone = new Promise<(title: string) => Error>((resolve) => {
    end = resolve;
  });
  const worker = { ...parts, gone, lost: false, onReply: (_: FromWorker) => {} };
  listen(
    (reply) => worker.onReply(reply),
    (because) => {
      worker.lost = true;
      end(because);
    },
  );
  worker.keepAlive(false);
  return worker;
}

function lossOf(title: string, what: string): Error {
  return unavailableError(
    t`${title}: its worker ${what} before it was done; what was not finished was not written. The system does that when memory is short: take fewer workers (--workers 1) or a smaller network`,
  );
}
