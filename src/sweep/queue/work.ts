import { loadPoint } from "../../config/load.js";
import { EXIT, ExpectedError } from "../../errors.js";
import type { Workers } from "../../experiment/workers.js";
import { t } from "../../text/language.js";
import { type Cell, computedBy, gridOf } from "../grid.js";
import { cellsOf } from "../outline.js";
import { cellText, type Store } from "../store.js";
import { trainCell } from "../train.js";
import type { CellAnswer, CellJob, QueueServer } from "./server.js";

export interface WorkOptions {
  /** Where cells are put before they go back through the queue. */
  readonly store?: Store;
  /** End after so long without a cell, ms. */
  readonly idleMs?: number;
  readonly done: () => void;
  readonly signal: AbortSignal;
}

/**
 * Trains cells of the queue until it is stopped. Throws where this worker is unfit for one of them: a full disk, another
 * program, other files; the cell is back in the queue then, for others.
 */
export async function workOn(
  server: QueueServer,
  workers: Workers,
  { store, idleMs, done, signal }: WorkOptions,
): Promise<void> {
  const cellOf = cellMaker(workers);
  let atWork = 0;
  let last = Date.now();
  let end: (error?: unknown) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  const worker = await server.worker(async (job, token): Promise<CellAnswer> => {
    atWork += 1;
    try {
      const cell = cellOf(job.data, job.id ?? "");
      const text = cellText(await trainCell(cell, workers, signal));
      store?.put(cell.name, text);
      return { text };
    } catch (error) {
      if (!(error instanceof ExpectedError) && !signal.aborted) throw error;
      await job.moveToWait(token);
      end(signal.aborted ? undefined : error);
      throw server.returned();
    } finally {
      atWork -= 1;
      last = Date.now();
    }
  }, workers.slots);
  worker.on("completed", done);
  const stop = () => end();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const idling = setInterval(() => {
    if (idleMs !== undefined && atWork === 0 && Date.now() - last > idleMs) end();
  }, 100);
  try {
    await ended;
  } finally {
    clearInterval(idling);
    signal.removeEventListener("abort", stop);
    await worker.close(signal.aborted);
  }
}

/** Cells as their jobs describe them; the arms of a seed share its data and weights. */
function cellMaker({ info }: Workers): (job: CellJob, name: string) => Cell {
  const own = JSON.stringify(computedBy(info));
  const made = new Map<string, Cell[]>();
  return ({ settings, values, seed, arm, computed }, name) => {
    if (JSON.stringify(computed) !== own)
      throw new ExpectedError(
        EXIT.unavailable,
        t`the queue has cells for another engine or another program: start this worker from the same version of bn-compare, with the same --engine`,
      );
    const key = JSON.stringify([settings, values, seed]);
    let cells = made.get(key);
    if (cells === undefined) {
      const axes = Object.fromEntries(Object.entries(values).map(([axis, value]) => [axis, [value]]));
      const at = () => loadPoint({ settings, values, seed }, {});
      cells = cellsOf(gridOf({ axes, stated: settings, at }, info));
      made.clear();
      made.set(key, cells);
    }
    const cell = cells.find((each) => each.arm === arm && each.seed === seed);
    if (cell?.name === name) return cell;
    throw new ExpectedError(
      EXIT.unavailable,
      t`the cell ${name} differs here: start this worker where the sweep's files are the same`,
    );
  };
}
