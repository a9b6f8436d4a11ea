import type { ArmRunner } from "../experiment/arm.js";
import { CELL_VERSION, type CellRecord } from "../record/sweep.js";
import type { Cell } from "./grid.js";
import { cellText, type Store } from "./store.js";

/**
 * Trains cells in their order, as many at once as the runner takes, and puts each into the store as soon as it is trained:
 * whenever it is stopped, what is there is whole.
 */
export async function trainCells(
  cells: readonly Cell[],
  runner: ArmRunner,
  store: Pick<Store, "put">,
  { done, signal }: { readonly done?: () => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < cells.length) {
      const cell = cells[next++];
      if (cell === undefined) return;
      store.put(cell.name, cellText(await trainCell(cell, runner, signal)));
      done?.();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(runner.slots, cells.length) }, work));
  } finally {
    next = cells.length;
  }
}

/** A cell as its file has it. */
export async function trainCell(cell: Cell, runner: ArmRunner, signal: AbortSignal | undefined): Promise<CellRecord> {
  const { job, referenceCosts } = cell.task();
  const { costs } = await runner.run(job, () => {}, signal);
  return { cellVersion: CELL_VERSION, identity: cell.identity, referenceCosts, arm: costs };
}
