import { strFromU8, strToU8, unzlibSync, zlibSync } from "fflate";
import type { ArmExtents, DrawnLayers } from "../charts/layers/extents.js";
import type { VegaSpec } from "../charts/spec.js";
import type { Cell, Row } from "../tables/table.js";
import type { PageUnits } from "./units.js";

/** What the page's script draws from: the charts as Vega specs without rows, and each table once. */
export interface Payload {
  readonly tables: readonly Columns[];
  /** Charts name them by their places, as they do tables. */
  readonly specs: readonly VegaSpec[];
  /** By the ids of their figures. */
  readonly charts: Readonly<Record<string, InteractiveChart>>;
  /** By the ids of the parts of the page that they move. */
  readonly stages: Readonly<Record<string, Stage>>;
  /** Single units of the nets. */
  readonly units?: PageUnits;
  /** What the page can train again. */
  readonly lab?: PageLab;
}

/** A run's first seed, to train again in the page. */
export interface PageLab {
  readonly updates: number;
  /** `stateDigests` of the record, by the arms' names: eight hex digits after every so many updates. */
  readonly recorded: Readonly<Record<string, string>>;
  readonly every: number;
  /** What the page's worker is given. */
  readonly job: object;
}

/** A table, column by column. */
export type Columns = Readonly<Record<string, readonly Cell[]>>;

/** Places of tables by the names of data sets. */
export type Sets = Readonly<Record<string, number>>;

export interface InteractiveChart {
  /** For screen readers. */
  readonly label: string;
  /** The first one is shown; further ones are the same chart in another way, by the name on the button that chooses it. */
  readonly ways: readonly { readonly name: string; readonly specs: Specs }[];
  readonly sets: Sets;
  /** How it differs from the picture without script. */
  readonly note?: string;
}

/** A place among the specs for each viewport. */
export interface Specs {
  readonly wide: number;
  readonly narrow: number;
}

/** The layers of a run's arms, moving through its frames, and where the nets are functions of one input their fits. */
export interface Stage {
  readonly updates: readonly number[];
  readonly layers: DrawnLayers;
  readonly specs: Specs;
  readonly sets: Sets;
  readonly arms: readonly StageArm[];
  /** In front of what is said of the arms, where there are other seeds. */
  readonly whose: string;
  /** The place of the table that the chart `stage-fits` moves through. */
  readonly fits?: number;
}

export interface StageArm extends ArmExtents {
  readonly dash: readonly number[];
  /** In the legend of the fits. */
  readonly legend?: string;
  /** What is said of it at each update: a clause behind the arm's name. */
  readonly captions: readonly string[];
}

/** Deflated by code of the package, not by Node's: the same bytes on every machine. */
export function packed(payload: Payload): string {
  return btoa(strFromU8(zlibSync(strToU8(JSON.stringify(payload))), true));
}

export function unpacked(text: string): Payload {
  return JSON.parse(strFromU8(unzlibSync(strToU8(atob(text), true)))) as Payload;
}

export function rowsOf(columns: Columns | undefined): Row[] {
  const all = Object.entries(columns ?? {});
  return (all[0]?.[1] ?? []).map((_, row) =>
    Object.fromEntries(all.map(([name, values]) => [name, values[row] ?? null])),
  );
}

/** Each arm's fit at its last frame that is not later than an update, of the fits of all frames in their order. */
export function lastFits(fits: readonly Row[], update: number): readonly Row[] {
  const reached = fits.filter(({ updates }) => Number(updates) <= update);
  const last = new Map(reached.map(({ arm, updates }) => [arm, updates]));
  return reached.filter(({ arm, updates }) => updates === last.get(arm));
}
