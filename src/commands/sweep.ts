import { join } from "node:path";
import type { Settings } from "../config/keys.js";
import { loadSweep } from "../config/load.js";
import { ENGINES } from "../engines/names.js";
import { EXIT, ExpectedError } from "../errors.js";
import { openWorkers, type Workers } from "../experiment/workers.js";
import { formatJson } from "../files/json.js";
import { writeWholeFile } from "../files/whole-file.js";
import { showCount } from "../output/progress.js";
import { planRows, sweepText } from "../output/sweep-text.js";
import type { Io } from "../output/terminal.js";
import type { Sweep } from "../record/sweep.js";
import { sweepOf } from "../sweep/collect.js";
import { SWEEPS } from "../sweep/find-cell.js";
import { type Cell, computedBy, type Grid, gridOf } from "../sweep/grid.js";
import { mergeStores } from "../sweep/merge.js";
import { cellsOf, isSameOutline, type Outline, SWEEP_FILE, SWEEP_PAGE, storedOutline } from "../sweep/outline.js";
import { isInShard, shardFrom } from "../sweep/shard.js";
import { openStore, readStore, type Store, UnsoundCell } from "../sweep/store.js";
import { trainCells } from "../sweep/train.js";
import { t } from "../text/language.js";
import { screen } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";

/** Flags of `sweep` beside those of `run`. */
export interface SweepFlags {
  readonly plan?: boolean;
  readonly shard?: string;
  /** A URL, or true where the environment has it. */
  readonly queue?: string | true;
}

/** `bn-compare sweep EXPERIMENT`: trains the cells of the grid that the store lacks, and says what follows from all. */
export async function sweep(
  experiment: string,
  { plan = false, shard: part, queue }: SweepFlags,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const { terminal, signal } = io;
  const swept = loadSweep(experiment, flags);
  const { settings } = swept;
  const shard = part === undefined ? undefined : shardFrom(part);
  // Behind a queue others train: one worker says which engine it has.
  const workers = await openWorkers({
    ...engineOf(settings),
    jobs: queue === undefined ? Number.POSITIVE_INFINITY : 1,
    notice: terminal.note,
    signal,
  });
  try {
    const grid = gridOf(swept, workers.info);
    const folder = settings.out ?? join(SWEEPS, grid.name);
    const cells = cellsOf(grid).filter((cell) => shard === undefined || isInShard(cell, shard));
    if (plan) {
      const missing = lacking(cells, readStore(folder));
      const rows = planRows({
        grid,
        cells: cells.length,
        missing: missing.length,
        ...(await measured(missing, workers, signal)),
      });
      terminal.product(screen`${fittingTable(rows, terminal.columns)}\n`);
      return;
    }
    if (queue !== undefined) await workers.close();
    const store = openStore(folder);
    try {
      await fill(cells, store, settings, io, async (missing, done) => {
        if (queue === undefined) return trainCells(missing, workers, store, { signal, done });
        const { openServer, queueUrl } = await import("../sweep/queue/server.js");
        const { jobsOf, sendCells } = await import("../sweep/queue/send.js");
        const names = new Set(missing.map(({ name }) => name));
        const jobs = [...jobsOf(grid, computedBy(workers.info))].filter(([name]) => names.has(name));
        const server = await openServer(queueUrl(queue, io.env));
        try {
          await sendCells(server, new Map(jobs), store, { done, notice: terminal.note, signal });
        } finally {
          server.close();
        }
      });
      await conclude(collected(grid, store), folder, settings, io);
    } finally {
      store.close();
    }
  } finally {
    await workers.close();
  }
}

/** `bn-compare merge STORE…`: puts the cells of the parts of a sweep into one store. Throws with exit code 1 what is wrong. */
export async function merge(
  folders: readonly string[],
  { out, json = false }: { readonly out: string; readonly json?: boolean },
  io: Io,
): Promise<void> {
  const outlines = folders.map((folder) => ({ folder, outline: storedOutline(folder) }));
  const first = outlines.find(({ outline }) => outline !== undefined)?.outline;
  if (first === undefined) throw new ExpectedError(EXIT.file, t`none of ${folders.join(", ")} holds a ${SWEEP_FILE}`);
  const foreign = outlines.filter(({ outline }) => outline === undefined || !isSameOutline(outline, first));
  const store = openStore(out);
  try {
    const faults = [
      ...foreign.map(({ folder }) => t`${folder}: is not a store of the same sweep`),
      ...mergeStores(folders, cellsOf(first), store),
    ];
    await conclude(collected(first, store), out, { json }, io);
    if (faults.length > 0) throw new ExpectedError(EXIT.regression, faults);
  } finally {
    store.close();
  }
}

function engineOf({ engine = ENGINES[0], backend, workers, verbose }: Settings) {
  return {
    engine,
    ...(backend === undefined ? {} : { backend }),
    ...(workers === undefined ? {} : { workers }),
    ...(verbose === undefined ? {} : { verbose }),
  };
}

/** Makes what is missing; a cell that is unsound is named and made again. */
async function fill(
  cells: readonly Cell[],
  store: Store,
  { quiet }: Settings,
  { terminal }: Io,
  make: (missing: readonly Cell[], done: () => void) => Promise<void>,
): Promise<void> {
  const names = store.names();
  const missing = cells.filter((cell) => {
    if (!names.has(cell.name)) return true;
    try {
      store.read(cell.name);
      return false;
    } catch (error) {
      if (!(error instanceof UnsoundCell)) throw error;
      terminal.note(t`${error.message}; it is trained again`);
      store.remove(cell.name);
      return true;
    }
  });
  if (!quiet && missing.length < cells.length)
    terminal.note(t`${cells.length - missing.length} of ${cells.length} cells exist already`);
  const progress = quiet || missing.length === 0 ? undefined : showCount(t`cells`, missing.length, terminal.progress);
  try {
    await make(missing, () => progress?.add());
  } finally {
    progress?.stop();
  }
}

function lacking(cells: readonly Cell[], store: Pick<Store, "names">): Cell[] {
  const names = store.names();
  return cells.filter(({ name }) => !names.has(name));
}

/** How long one of the missing cells takes, ms; it is trained and forgotten. */
async function measured([cell]: readonly Cell[], workers: Workers, signal: AbortSignal) {
  if (cell === undefined) return { slots: workers.slots };
  const started = performance.now();
  await workers.run(cell.task().job, () => {}, signal);
  return { slots: workers.slots, cellMs: performance.now() - started };
}

function collected(outline: Outline | Grid, store: Store): Sweep {
  return sweepOf(outline, ({ name }) => store.read(name));
}

/** Writes what follows from the cells; a part of a sweep has no pictures. */
async function conclude(found: Sweep, folder: string, settings: Settings, { terminal }: Io): Promise<void> {
  const { json, quiet } = settings;
  writeWholeFile(join(folder, SWEEP_FILE), formatJson(found));
  const isWhole = found.points.every(({ arms }) => Object.values(arms).every(({ ends }) => ends.missing === 0));
  if (isWhole) await (await import("../output/sweep-files.js")).writeSweepFiles(folder, found);
  if (json) terminal.product(formatJson(found));
  else if (!quiet) terminal.product(sweepText(found, terminal.columns));
  if (json) return;
  terminal.say(join(folder, SWEEP_FILE));
  if (isWhole) terminal.say(join(folder, SWEEP_PAGE));
}
