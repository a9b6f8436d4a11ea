import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/**
 * No case may take longer, in milliseconds that the process computes: on a busy machine it may wait. Drawing two reports,
 * the first in its thread, takes 3 s of them on a fast core and 6 on a slow one.
 */
const PATIENCE = 30_000;
/** Nor may one that computes nothing hold it up for longer than this. */
const STANDSTILL = 60_000;
/** Nor may the reading thread's heap hold more, in MB. */
const HEAP = 900;
/** Failures after which a target is given up: they will be of the same kind. */
const MOST_FAILURES = 20;

/** A case that was neither read nor refused. */
interface Failure {
  readonly number: number;
  readonly stack: string;
}

interface Wanted {
  readonly name: string;
  readonly cases: number;
  readonly seed: number;
  /** How many of the results that are accepted are drawn. */
  readonly drawings: number;
  /** The first case's number. */
  readonly first?: number;
}

interface Counts {
  readonly refused: number;
  readonly passed: number;
  /** Of the process, in bytes. */
  readonly largest: number;
}

/** Gives a target's readers changed files, in a thread that is ended where a case takes too long. */
export async function fuzz({ name, cases, seed, drawings, first = 0 }: Wanted) {
  const root = mkdtempSync(join(tmpdir(), "bn-compare-fuzz-"));
  const failures: Failure[] = [];
  const total = { cases: 0, refused: 0, passed: 0, largest: 0 };
  const end = first + cases;
  let next = first;
  try {
    while (next < end && failures.length < MOST_FAILURES) {
      const data = { name, root, seed, first: next, cases: end - next, drawings };
      const { reached, refused, passed, largest } = await stretch(data, failures);
      total.cases += reached - next;
      total.refused += refused;
      total.passed += passed;
      total.largest = Math.max(total.largest, largest);
      next = reached;
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return { ...total, failures };
}

interface Stretch {
  readonly first: number;
  readonly cases: number;
}

/** Up to the last case, or to one that ends the thread. */
function stretch(data: Stretch, failures: Failure[]): Promise<Counts & { readonly reached: number }> {
  // The case at hand; −1 before the first and after the last.
  const clock = new SharedArrayBuffer(8);
  const progress = new Float64Array(clock);
  progress[0] = -1;
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
    workerData: { ...data, clock },
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
    // What commands print is not looked at here.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  let counts: Counts = { refused: 0, passed: 0, largest: 0 };
  let isDone = false;
  let stopped: number | undefined;
  const fail = (stack: string) => failures.push({ number: Number(progress[0]), stack });
  let seen = { number: -1, cpu: process.cpuUsage(), at: performance.now() };
  const watch = setInterval(() => {
    const number = Number(progress[0]);
    if (number !== seen.number || number < 0) {
      seen = { number, cpu: process.cpuUsage(), at: performance.now() };
      return;
    }
    // Of the whole process: nothing else runs in it.
    const { user, system } = process.cpuUsage(seen.cpu);
    const computed = (user + system) / 1000;
    if (computed < PATIENCE && performance.now() - seen.at < STANDSTILL) return;
    fail(`did not end in ${Math.round(computed)} ms of computing`);
    seen = { ...seen, number: -1 };
    stopped = number + 1;
    void worker.terminate();
  }, 200);
  worker.on("message", (message: { readonly failure?: Failure; readonly done?: Counts }) => {
    if (message.failure !== undefined) failures.push(message.failure);
    if (failures.length >= MOST_FAILURES) void worker.terminate();
    if (message.done === undefined) return;
    counts = message.done;
    isDone = true;
  });
  worker.on("error", (error) => fail(`the thread ended: ${error.stack}`));
  return new Promise((resolve) => {
    worker.on("exit", () => {
      clearInterval(watch);
      const { first, cases } = data;
      resolve({ ...counts, reached: isDone ? first + cases : (stopped ?? Math.max(first, Number(progress[0])) + 1) });
    });
  });
}
