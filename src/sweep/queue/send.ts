import { setTimeout as delay } from "node:timers/promises";
import { EXIT, ExpectedError } from "../../errors.js";
import { t } from "../../text/language.js";
import type { Grid } from "../grid.js";
import { type Store, soundCell } from "../store.js";
import type { CellAnswer, CellJob, QueueServer } from "./server.js";

/** How often what no event told of is looked for, ms. */
const LOOK_MS = 2000;
/** Jobs of one request. */
const BATCH = 200;
/** Failures of a cell that are no accident. */
const MOST_FAILURES = 3;
/** How long a server that was there may be away, ms. */
const AWAY_MS = 600_000;

export interface SendOptions {
  readonly done: () => void;
  readonly notice: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What each cell of a grid is on its way through a queue, by its name. */
export function jobsOf({ settings, points }: Grid, computed: CellJob["computed"]): Map<string, CellJob> {
  return new Map(
    points.flatMap(({ values, cells }) =>
      cells.map(({ name, arm, seed }) => [name, { settings, values, seed, arm, computed }] as const),
    ),
  );
}

/**
 * Adds the cells that the store lacks, collects what workers make of them, and adds again what got lost, until the store has
 * all. The store is the truth: what the queue says is only where to look.
 */
export async function sendCells(
  server: QueueServer,
  jobs: ReadonlyMap<string, CellJob>,
  store: Store,
  { done, notice, signal }: SendOptions,
): Promise<void> {
  const missing = new Set(jobs.keys());
  const failures = new Map<string, number>();
  const added = new Set<string>();
  let fault: unknown;
  let heard = 0;
  const take = (name: string, { text }: CellAnswer) => {
    if (!missing.has(name)) return;
    soundCell(text, name, t`the queue's cell ${name}`);
    store.put(name, text);
    missing.delete(name);
    heard = Date.now();
    done();
  };
  const queue = await server.queue();
  const events = await server.events();
  events.on("completed", ({ jobId, returnvalue }) => {
    try {
      take(jobId, returnvalue as unknown as CellAnswer);
    } catch (error) {
      fault ??= error;
    }
  });

  const add = async (names: readonly string[]) => {
    await queue.addBulk(
      names.map((name) => ({ name: "cell", data: jobs.get(name) as CellJob, opts: { jobId: name } })),
    );
    for (const name of names) added.add(name);
  };

  /** What became of cells: taken where they are done, to be added where they are not there. */
  const look = async (names: readonly string[]): Promise<void> => {
    const found = await Promise.all(names.map((name) => queue.getJob(name)));
    const absent: string[] = [];
    for (const [place, job] of found.entries()) {
      const name = names[place] as string;
      if (!missing.has(name)) continue;
      const again = async () => {
        await job?.remove();
        absent.push(name);
      };
      if (job === undefined || job === null) absent.push(name);
      else if (job.finishedOn === undefined || job.finishedOn === null) continue;
      else if (job.failedReason) {
        if (added.has(name) && !/stalled/.test(job.failedReason)) count(name, job.failedReason);
        await again();
      } else take(name, job.returnvalue);
    }
    if (absent.length > 0) await add(absent);
  };

  const count = (name: string, reason: string) => {
    const times = (failures.get(name) ?? 0) + 1;
    failures.set(name, times);
    if (times >= MOST_FAILURES)
      throw new ExpectedError(EXIT.bug, t`the cell ${name} failed ${times} times: ${reason.split("\n", 1)[0]}`);
  };

  let away: number | undefined;
  try {
    for (let round = 0; missing.size > 0; round++) {
      signal.throwIfAborted();
      if (fault !== undefined) throw fault;
      try {
        // While events come, what they do not tell of can wait.
        if (round === 0 || Date.now() - heard > LOOK_MS) {
          for (const names of batches([...missing], BATCH)) {
            signal.throwIfAborted();
            await withSignal(look(names), signal);
          }
        }
        if (away !== undefined) notice(t`the queue ${server.shown} answers again`);
        away = undefined;
      } catch (error) {
        if (error instanceof ExpectedError || signal.aborted) throw error;
        if (away === undefined) notice(t`the queue ${server.shown} does not answer (${nameOf(error)}); waiting for it`);
        away ??= Date.now();
        if (Date.now() - away > AWAY_MS)
          throw new ExpectedError(
            EXIT.unavailable,
            t`the queue ${server.shown} has not answered for ${AWAY_MS / 60_000} minutes`,
          );
      }
      await delay(missing.size === 0 ? 0 : 200, undefined, { signal });
    }
  } finally {
    // A server that is away would be waited for, and a person who wants to stop waits for nothing.
    await Promise.race([Promise.allSettled([events.close(), queue.close()]), delay(signal.aborted ? 50 : 1000)]);
  }
}

/** A request to a server that is away waits for it; a person who wants to stop does not. */
function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Not its message, which may hold anything that the URL holds. */
function nameOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}

function batches(names: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, place) =>
    names.slice(place * size, (place + 1) * size),
  );
}
