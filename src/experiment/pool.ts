import { setTimeout as delay } from "node:timers/promises";
import { type PoolWorker, startProcess, startThread } from "./pool-worker.js";
import type { FromWorker } from "./serve.js";
import { isStopped, watchSilence } from "./silence.js";

export interface PoolOptions {
  /** A module that calls `serve`. */
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
  /** Closes the pool. */
  readonly signal?: AbortSignal | undefined;
  /** Gets what the worker sends meanwhile; with it, a task that sends nothing for long is mentioned. */
  readonly receive?: (message: never) => void;
}

/** Workers that answer tasks, each one at a time. Whatever becomes of a worker, its task settles. */
export interface Pool {
  run<Answer>(task: object, options: TaskOptions): Promise<Answer>;
  /** Stops every worker where it is; settles when they are gone. What was asked and not answered fails. */
  close(): Promise<void>;
}

/** How long a signal may take to reach us after it ended our workers, which a terminal signals first or last, ms. */
const SIGNAL_DELAY = 100;
/** How long workers that were stopped are waited for, ms: one in the middle of a disk operation may take its time. */
const CLOSING_LIMIT = 2000;

export function openPool({ module, processes, workers: size, notice }: PoolOptions): Pool {
  const start = () => (processes ? startProcess(module, notice) : startThread(module));
  const workers = new Set(Array.from({ length: size }, start));
  const idle = [...workers];
  const queue: ((worker: PoolWorker) => void)[] = [];
  const watch = watchSilence();
  let refuse: (error: Error) => void = () => {};
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  // Heard by the tasks there are when the pool is closed, if any.
  refused.catch(() => {});
  // Many tasks share a signal, and it may outlive many pools.
  const signals = new Set<AbortSignal>();
  let closing: Promise<void> | undefined;

  const tick = () => {
    const stopped = [...workers].flatMap(({ pid }) => (pid !== undefined && isStopped(pid) ? [pid] : []));
    for (const line of watch.tick(stopped)) notice(line);
  };
  const ticking = setInterval(tick, 1000).unref();

  const acquire = (): PoolWorker | Promise<PoolWorker> => {
    const worker = idle.pop();
    return worker === undefined ? new Promise((resolve) => queue.push(resolve)) : living(worker);
  };
  /** One that was lost without a task concerns nobody: another takes its place. */
  const living = (worker: PoolWorker): PoolWorker => {
    if (!worker.lost || closing !== undefined) return worker;
    workers.delete(worker);
    const next = start();
    workers.add(next);
    return next;
  };
  const release = (worker: PoolWorker) => {
    const next = queue.shift();
    if (next === undefined) idle.push(worker);
    else next(living(worker));
  };

  const ask = async (task: object, { title, receive }: TaskOptions): Promise<unknown> => {
    const worker = await acquire();
    worker.keepAlive(true);
    if (receive !== undefined) watch.begin(title);
    try {
      const answer = new Promise((resolve, reject) => {
        worker.onReply = (reply: FromWorker) => {
          if ("answer" in reply) resolve(reply.answer);
          else if ("error" in reply) reject(reply.error);
          else {
            watch.heard(title);
            receive?.(reply.message as never);
          }
        };
        void worker.gone.then((because) => reject(because(title)));
      });
      worker.send(task);
      return await answer;
    } finally {
      watch.end(title);
      worker.keepAlive(false);
      release(worker);
    }
  };

  const run = async (task: object, options: TaskOptions): Promise<unknown> => {
    const { signal } = options;
    signal?.throwIfAborted();
    if (signal !== undefined && !signals.has(signal)) {
      signals.add(signal);
      signal.addEventListener("abort", close);
    }
    try {
      return await Promise.race([refused, ask(task, options)]);
    } catch (error) {
      // A terminal sends Ctrl-C to us and to our processes, in any order.
      if (processes) await delay(SIGNAL_DELAY);
      signal?.throwIfAborted();
      throw error;
    }
  };

  const stopAll = async (): Promise<void> => {
    clearInterval(ticking);
    for (const signal of signals) signal.removeEventListener("abort", close);
    refuse(new Error("the pool of workers is closed"));
    for (const worker of workers) worker.stop();
    const gone = Promise.all([...workers].map((worker) => worker.gone));
    // The timer also keeps the loop alive: workers that end do not.
    const limit = new AbortController();
    const late = delay(CLOSING_LIMIT, undefined, { signal: limit.signal }).catch(() => {});
    await Promise.race([gone, late]);
    limit.abort();
  };
  const close = () => {
    closing ??= stopAll();
    return closing;
  };
  return { run: run as Pool["run"], close };
}
