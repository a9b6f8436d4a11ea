import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Tinypool } from "tinypool";
import { outOfMemoryError, unavailableError } from "../errors.js";
import { isStopped, watchSilence } from "./silence.js";

export interface PoolOptions {
  /** The module whose default export does a task. */
  readonly module: URL;
  /** Child processes instead of threads: TensorFlow's native library does not load in a second thread. */
  readonly processes: boolean;
  readonly workers: number;
  /** For what should be said while the pool works: that a worker does not answer. */
  readonly notice: (line: string) => void;
}

export interface TaskOptions {
  /** How messages name the task: `arm bn, seed 3`. */
  readonly title: string;
  readonly signal?: AbortSignal | undefined;
  /** Gets what a task of a thread sends through its `port`, and a task of a process by `process.send`. */
  readonly receive?: (message: never) => void;
}

/** Workers that answer tasks. Whatever becomes of a worker, its task settles. */
export interface Pool {
  run<Answer>(task: object, options: TaskOptions): Promise<Answer>;
  /** Stops every worker where it is; settles when they are gone. */
  close(): Promise<void>;
}

/** How long a signal may take to reach us after it ended our workers, which a terminal signals first or last, ms. */
const SIGNAL_DELAY = 100;
/** How long workers that were killed are waited for, ms: one in the middle of a disk operation may take its time. */
const CLOSING_LIMIT = 2000;

export function openPool({ module, processes, workers, notice }: PoolOptions): Pool {
  const pool = new Tinypool({
    filename: fileURLToPath(module),
    runtime: processes ? "child_process" : "worker_threads",
    minThreads: workers,
    maxThreads: workers,
    serialization: "advanced",
    // A child process would start with an empty environment: no HOME, no cache folder, no NO_COLOR.
    env: process.env as Record<string, string>,
  });
  // One that dies without a task is replaced; one that cannot even start fails with the first task.
  pool.on("error", () => {});
  const watch = watchSilence();
  const watched = new WeakSet<object>();
  let tasks = 0;
  let ticking: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let lastExit = "ended";

  const tick = () => {
    const stopped = processes ? pool.threads.map(({ threadId }) => threadId).filter(isStopped) : [];
    for (const line of watch.tick(stopped)) notice(line);
  };

  /** Tinypool hears of a thread's errors, but not when it just ends: its task would never settle. */
  const watchExits = () => {
    for (const worker of pool.threads) {
      if (watched.has(worker)) continue;
      watched.add(worker);
      worker.once("exit", (code: number | null, killed?: string | null) => {
        lastExit = killed ? `was killed (${killed})` : `ended with exit code ${code}`;
        if (!processes && closing === undefined) worker.emit("error", new Error("Worker exited unexpectedly"));
      });
    }
  };

  const send = async (task: object, { title, receive }: TaskOptions): Promise<unknown> => {
    if (receive === undefined) return pool.run(task);
    const heard = (message: unknown) => {
      watch.heard(title);
      receive(message as never);
    };
    if (processes) return pool.run(task, { channel: { onMessage: () => {}, postMessage: heard, onClose: () => {} } });
    const { port1, port2 } = new MessageChannel();
    port1.on("message", heard);
    try {
      return await pool.run({ ...task, port: port2 satisfies MessagePort }, { transferList: [port2] });
    } finally {
      port1.close();
    }
  };

  const run = async (task: object, options: TaskOptions): Promise<unknown> => {
    const { title, signal, receive } = options;
    signal?.throwIfAborted();
    if (closing !== undefined) throw new Error("a task for a pool that is closed");
    if (signal !== undefined) endWith(signal);
    if (receive !== undefined) watch.begin(title);
    if (tasks++ === 0) ticking = setInterval(tick, 1000);
    watchExits();
    try {
      return await send(task, options);
    } catch (error) {
      signal?.throwIfAborted();
      const lost = lossOf(error, title, () => lastExit);
      if (lost === undefined) throw error instanceof Error ? error : Object.assign(new Error(), error);
      await delay(SIGNAL_DELAY);
      signal?.throwIfAborted();
      throw lost;
    } finally {
      watch.end(title);
      if (--tasks === 0) clearInterval(ticking);
    }
  };

  const stopAll = async (): Promise<void> => {
    const pids = processes ? pool.threads.map(({ threadId }) => threadId) : [];
    const ended = pool.destroy();
    // They hold nothing that has to be saved, and one that is stopped would not hear anything milder.
    for (const pid of pids) kill(pid);
    // Processes that end do not keep our loop alive, while we wait for them: the timer does.
    await Promise.race([ended, delay(CLOSING_LIMIT)]);
  };
  const close = () => {
    closing ??= stopAll();
    for (const signal of signals) signal.removeEventListener("abort", close);
    return closing;
  };
  // Many tasks share a signal, and it may outlive many pools.
  const signals = new Set<AbortSignal>();
  const endWith = (signal: AbortSignal) => {
    signals.add(signal);
    signal.addEventListener("abort", close);
  };
  return { run: run as Pool["run"], close };
}

/** Of a task whose worker is gone. */
function lossOf(error: unknown, title: string, exit: () => string): Error | undefined {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return outOfMemoryError(title);
  if (message !== "Worker exited unexpectedly") return undefined;
  return unavailableError(
    `${title}: its worker ${exit()} before it was done, and nothing was written; the system does that when memory is short: take fewer workers (--workers 1) or a smaller network`,
  );
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
