import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../config/merge.js";
import type { EngineInfo } from "../engines/engine.js";
import { EXIT, ExpectedError, usageError } from "../errors.js";
import { excerpt } from "../text/excerpt.js";
import { t } from "../text/language.js";
import { gridOf } from "./grid.js";
import { cellsOf, type NamedCell, type Outline, storedOutline, type Values } from "./outline.js";

/** Where sweeps have their stores unless `--out` says otherwise. */
export const SWEEPS = "sweeps";

/** Of a cell's name, at least. */
const SHORTEST = 6;

/** A cell in its store. */
export interface FoundCell extends NamedCell {
  readonly store: string;
  readonly settings: Outline["settings"];
  readonly values: Values;
}

/** The cell whose name begins like that, in one store or in those in `sweeps/`. Throws where there is not exactly one. */
export function findCell(start: string, store: string | undefined): FoundCell {
  if (!new RegExp(`^[0-9a-f]{${SHORTEST},64}$`).test(start))
    throw usageError(
      t`--cell ${excerpt(start)} is not the beginning of a cell's name: ${SHORTEST} to 64 digits of 0–9 and a–f`,
    );
  const stores = store === undefined ? storesIn(SWEEPS) : [store];
  const found = new Map<string, FoundCell>();
  for (const folder of stores) {
    const outline = storedOutline(folder);
    for (const { values, cells } of outline?.points ?? []) {
      for (const cell of cells) {
        // Points that differ in what does not concern an arm share its cells: the first one stands for them.
        if (cell.name.startsWith(start) && !found.has(cell.name))
          found.set(cell.name, { ...cell, store: folder, settings: outline?.settings ?? {}, values });
      }
    }
  }
  const [only, ...others] = found.values();
  const where = store ?? `${SWEEPS}/`;
  if (only === undefined)
    throw new ExpectedError(EXIT.file, t`no sweep in ${where} has a cell ${start}; give its store with --store`);
  if (others.length > 0)
    throw usageError(t`--cell ${start}: ${1 + others.length} cells in ${where} begin like this; give more digits`);
  return only;
}

function storesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** Refuses a configuration that does not make that cell any more. */
export function checkCell(
  { name, arm, seed, values, settings }: FoundCell,
  configuration: Configuration,
  engine: Pick<EngineInfo, "name" | "backend" | "libraries">,
): void {
  const axes = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value]]));
  const grid = gridOf({ axes, stated: settings, at: () => configuration }, engine);
  const made = cellsOf(grid).find((cell) => cell.arm === arm && cell.seed === seed);
  if (made?.name === name) return;
  throw new ExpectedError(
    EXIT.regression,
    t`the cell ${name} is not what its sweep's settings give here: the sweep read other files or used another engine or version of bn-compare, or a flag changes it`,
  );
}
