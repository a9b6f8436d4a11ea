import { existsSync } from "node:fs";
import { ExpectedError } from "../errors.js";
import { t } from "../text/language.js";
import type { NamedCell } from "./outline.js";
import { CellConflict, foreignFiles, readStore, type Store } from "./store.js";

/**
 * Copies the cells of other stores into `into`. A cell that is torn, is not one of the sweep's, or has other bytes in two
 * stores, and a cell that none has, is named in a line for a person; everything that is sound is copied nevertheless.
 */
export function mergeStores(folders: readonly string[], cells: readonly NamedCell[], into: Store): string[] {
  const faults: string[] = [];
  const wanted = new Set(cells.map(({ name }) => name));
  for (const folder of folders) {
    if (!existsSync(folder)) {
      faults.push(t`${folder}: there is no such store`);
      continue;
    }
    const store = readStore(folder);
    for (const path of foreignFiles(folder)) faults.push(t`${path}: is no cell`);
    for (const name of [...store.names()].sort()) {
      if (!wanted.has(name)) faults.push(t`${folder}: the cell ${name} is not one of this sweep's`);
      else {
        const fault = faultOf(() => {
          store.read(name);
          into.put(name, store.text(name));
        });
        if (fault !== undefined) faults.push(fault);
      }
    }
  }
  const there = into.names();
  for (const { name, arm, seed } of cells)
    if (!there.has(name)) faults.push(t`missing: the cell ${name} (arm ${arm}, seed ${seed})`);
  return faults;
}

function faultOf(copy: () => void): string | undefined {
  try {
    copy();
    return undefined;
  } catch (error) {
    if (error instanceof CellConflict) return t`conflict: ${error.message}`;
    if (error instanceof ExpectedError) return error.message;
    throw error;
  }
}
