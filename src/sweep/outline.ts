import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Axes, AxisValue } from "../config/keys.js";
import { byteDigest, type Digest } from "../data/digest.js";
import { EXIT, ExpectedError } from "../errors.js";
import { readInputText } from "../input-file.js";
import { parseJson, versionText } from "../input-json.js";
import { SWEEP_VERSION, type Sweep, sweepSchema } from "../record/sweep.js";
import { t } from "../text/language.js";

/** What follows from the cells, in the store's folder. */
export const SWEEP_FILE = "sweep.json";

/** What people read of it. */
export const SWEEP_PAGE = "sweep.html";

/** In a store, the run folder of a cell that was run in full. */
export function cellFolder(store: string, cell: string): string {
  return join(store, "runs", cell);
}

/** A value for each axis. */
export type Values = Readonly<Record<string, AxisValue>>;

/** One arm at one seed of one point of the grid, by its name. */
export interface NamedCell {
  readonly name: Digest;
  readonly arm: string;
  readonly seed: number;
}

/** Which cells a sweep consists of. */
export interface Outline<C extends NamedCell = NamedCell> {
  readonly name: string;
  readonly axes: Axes;
  /** What else was set, by key. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly arms: readonly string[];
  /** The arm that each arm's effect is measured against. */
  readonly against: Readonly<Record<string, string>>;
  readonly seeds: readonly number[];
  readonly points: readonly { readonly values: Values; readonly cells: readonly C[] }[];
}

/** Every cell once: points that differ in what does not concern an arm share its cells. */
export function cellsOf<C extends NamedCell>({ points }: Outline<C>): C[] {
  return [...new Map(points.flatMap(({ cells }) => cells.map((cell) => [cell.name, cell] as const))).values()];
}

/** The sweep that a store belongs to; undefined of a folder without one. Throws where its `sweep.json` is unsound. */
export function storedOutline(folder: string): Outline | undefined {
  const sweep = storedSweep(folder);
  return sweep === undefined ? undefined : outlineOf(sweep);
}

/** What a store's `sweep.json` says; undefined of a folder without one. Throws where it is unsound. */
export function storedSweep(folder: string): Sweep | undefined {
  const file = join(folder, SWEEP_FILE);
  return existsSync(file) ? soundSweep(readInputText(file, "sweep"), file) : undefined;
}

/** Whether two outlines are of the same cells at the same places. */
export function isSameOutline(one: Outline, other: Outline): boolean {
  return digestOf(one) === digestOf(other);
}

function digestOf({ name, axes, arms, against, seeds, points }: Outline): Digest {
  const cells = points.map((point) => point.cells.map((cell) => [cell.name, cell.arm, cell.seed].join(" ")).sort());
  return byteDigest(JSON.stringify({ name, axes, arms, against, seeds, cells }));
}

function outlineOf({ name, axes, settings, arms, against, seeds, points }: Sweep): Outline {
  return {
    name,
    axes,
    settings,
    arms,
    against,
    seeds,
    points: points.map(({ values, arms: byArm }) => ({
      values,
      cells: arms.flatMap((arm) => {
        const { cells = [] } = byArm[arm] ?? {};
        return seeds.flatMap((seed, place) => {
          const found = cells[place];
          return found === undefined ? [] : [{ name: found, arm, seed }];
        });
      }),
    })),
  };
}

function soundSweep(text: string, file: string): Sweep {
  const parsed = parseJson(text);
  if ("fault" in parsed) throw new ExpectedError(EXIT.file, `${file} ${parsed.fault}`);
  const sweep = sweepSchema.safeParse(parsed.value);
  if (sweep.success) return sweep.data;
  const version = versionText("sweepVersion", parsed.value);
  const issue = sweep.error.issues[0];
  throw new ExpectedError(
    EXIT.file,
    version === `sweepVersion ${SWEEP_VERSION}`
      ? t`${file} does not hold a sweep: ${issue?.path.join(".")}: ${issue?.message}`
      : t`${file} has ${version}; this bn-compare reads ${SWEEP_VERSION}`,
  );
}
