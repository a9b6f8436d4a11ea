// Cells of a sweep: what the store and each queue add to the training itself, and what a second worker is worth.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { configurationFrom } from "../build/config/load.js";
import { openWorkers } from "../build/experiment/workers.js";
import { sweepOf } from "../build/sweep/collect.js";
import { computedBy, gridOf } from "../build/sweep/grid.js";
import { cellsOf } from "../build/sweep/outline.js";
import { jobsOf, sendCells } from "../build/sweep/queue/send.js";
import { openServer } from "../build/sweep/queue/server.js";
import { workOn } from "../build/sweep/queue/work.js";
import { openStore } from "../build/sweep/store.js";
import { trainCell, trainCells } from "../build/sweep/train.js";
import { digits, heading, note, ratios, table } from "./report.mjs";
import { measureRounds, median, ratio, summary } from "./rounds.mjs";

/** Half-decades around those at which the tutorial's nets learn: both arms train to the end. */
const RATES = [1e-4, 3.16228e-4, 1e-3, 3.16228e-3, 1e-2, 3.16228e-2];
const SEEDS = 5;
/** After so long without a cell a worker of a queue ends. */
const IDLE_MS = 2000;

/** The tests' own servers, each in a folder of its own. */
async function queueServers() {
  const outfile = fileURLToPath(new URL("../build/queue-servers.mjs", import.meta.url));
  const entry = fileURLToPath(new URL("../test/sweep/servers.ts", import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  const { KINDS, reason, startServer } = await import(outfile);
  if (reason !== "") return { reason, servers: [] };
  return { servers: await Promise.all(KINDS.map(async (kind) => ({ kind, server: await startServer(kind) }))) };
}

async function withStore(use) {
  const folder = mkdtempSync(join(tmpdir(), "bn-compare-bench-"));
  const store = openStore(folder);
  try {
    return await use(store);
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wall time, and CPU time of all threads, ms. */
async function timed(use) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await use();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

export async function sweep({ seconds, quick }) {
  const pools = await Promise.all(
    [1, 2].map((workers) => openWorkers({ engine: "fused", jobs: Number.POSITIVE_INFINITY, workers })),
  );
  const stated = { activation: "tanh", seeds: quick ? 1 : SEEDS };
  const at = (values) => configurationFrom({ ...stated, ...values });
  const grid = gridOf({ axes: { learningRate: RATES }, stated, at }, pools[0].info);
  const cells = cellsOf(grid);
  const jobs = jobsOf(grid, computedBy(pools[0].info));
  const { reason, servers } = await queueServers();
  const opened = await Promise.all(
    servers.map(async ({ kind, server }) => ({ kind, server, queue: await openServer(server.url) })),
  );

  const training = () =>
    timed(async () => {
      for (const cell of cells) await trainCell(cell, pools[0], undefined);
    });
  const local = (pool) => () =>
    withStore((store) =>
      timed(async () => {
        await trainCells(cells, pool, store);
        sweepOf(grid, ({ name }) => store.read(name));
      }),
    );
  const through = (server, queue, pool) => () =>
    withStore(async (store) => {
      await server.empty();
      const { signal } = new AbortController();
      // A signal would close the pool.
      const work = workOn(queue, pool, { idleMs: IDLE_MS, done() {}, signal });
      const took = await timed(async () => {
        await sendCells(queue, jobs, store, { done() {}, notice: note, signal });
        sweepOf(grid, ({ name }) => store.read(name));
      });
      await work;
      return took;
    });
  const contestants = [
    { name: "training alone", workers: 1, run: training },
    ...pools.map((pool, place) => ({ name: "into a store", workers: place + 1, run: local(pool) })),
    ...opened.flatMap(({ kind, server, queue }) =>
      pools.map((pool, place) => ({ name: `through ${kind}`, workers: place + 1, run: through(server, queue, pool) })),
    ),
  ];
  try {
    const samples = await measureRounds(
      contestants.map(({ run }) => run),
      { seconds: seconds(60, 5), least: 2 },
    );
    const rows = contestants.map(({ name, workers }, i) => {
      const of = (key, place) => samples[place].map((sample) => sample[key]);
      const one = contestants.findIndex((other) => other.name === name);
      const added = (key) => median(of(key, i).map((ms, round) => (ms - of(key, 0)[round]) / cells.length));
      return {
        name,
        workers,
        ms: summary(of("wall", i)),
        speedup: ratio(of("wall", one), of("wall", i)),
        // With two workers wall time says nothing about it.
        overhead: { ...(workers === 1 ? { wall: added("wall") } : {}), cpu: added("cpu") },
      };
    });
    print(rows, cells.length, reason);
    return { cells: cells.length, rows };
  } finally {
    for (const { queue } of opened) queue.close();
    for (const { server } of opened) await server.close();
    for (const pool of pools) await pool.close();
  }
}

function print(rows, cells, reason) {
  heading(`sweep: ${cells} cells of the tutorial, tanh, ${RATES.length} learning rates`);
  table(
    ["", "workers", "cells/s", "median", "against one worker", "added, ms a cell", "added, CPU ms"],
    rows.map(({ name, workers, ms, speedup, overhead }) => [
      name,
      workers,
      digits(cells / (ms.best / 1000)),
      digits(cells / (ms.median / 1000)),
      ratios(speedup),
      overhead.wall === undefined ? "–" : digits(overhead.wall),
      digits(overhead.cpu),
    ]),
  );
  note(
    "added: to training alone, in the median of the rounds; with the store's files, synced, and what follows from them",
  );
  if (reason !== undefined) note(`no queues${reason}`);
}
