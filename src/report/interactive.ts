import type { Viewport } from "../charts/chart.js";
import { chooseEvenly } from "../charts/choose.js";
import { compileSpec } from "../charts/compile.js";
import type { DataSets } from "../charts/data-sets.js";
import type { Drawable } from "../charts/picture.js";
import type { Spec, VegaSpec } from "../charts/spec.js";
import type { Cell, Row } from "../tables/table.js";
import { t } from "../text/language.js";
import { countText } from "../text/numbers.js";
import type { Columns, InteractiveChart, Payload, Sets, Specs, Stage } from "./payload.js";

/** Tables of more rows on a page are thinned to fewer updates, but not to fewer than these. */
export const MOST_ROWS = 60_000;
const LEAST_UPDATES = 12;
/** Around a drawing on a phone, px. */
const NARROW_PADDING = 5;
/** Digits of a number that is drawn. */
const DIGITS = 6;

type ByViewport = Readonly<Record<Viewport, Drawable>>;

/** A chart as the page's script draws it: each way of drawing it, for both viewports over the same rows. */
export interface PageChart {
  readonly id: string;
  readonly ways: readonly { readonly name: string; readonly at: ByViewport }[];
}

/** What moves with a page's clock, whose specs are drawn for both viewports over the same rows. */
export interface PageStage {
  readonly id: string;
  readonly at: ByViewport;
  readonly stage: Omit<Stage, "specs" | "sets" | "fits">;
  readonly fits?: readonly Row[];
}

/** Everything that a page's script draws, with each table once. No chart is left out; large tables are thinned. */
export async function payloadOf(
  charts: readonly PageChart[],
  stages: readonly PageStage[],
  mostRows = MOST_ROWS,
): Promise<Payload | undefined> {
  if (charts.length + stages.length === 0) return undefined;
  const specs: VegaSpec[] = [];
  const tables = collectTables(mostRows);
  const specsOf = async (at: ByViewport): Promise<Specs> => {
    const placeOf = async (viewport: Viewport) => {
      const { spec } = at[viewport];
      return specs.push(await compileSpec(viewport === "narrow" ? { ...spec, padding: NARROW_PADDING } : spec)) - 1;
    };
    return { wide: await placeOf("wide"), narrow: await placeOf("narrow") };
  };
  const madeCharts: Record<string, InteractiveChart> = {};
  for (const { id, ways } of charts) {
    const [first] = ways;
    if (first === undefined) continue;
    const { title, description, sets, spec } = first.at.wide;
    const made: { name: string; specs: Specs }[] = [];
    for (const { name, at } of ways) made.push({ name, specs: await specsOf(at) });
    const own = made.flatMap(({ specs: { wide, narrow } }) => [specs[wide], specs[narrow]]);
    const places = tables.placesOf(sets, JSON.stringify(own), shownUpdates(spec));
    const note = tables.noteOn(places);
    madeCharts[id] = { label: `${title}. ${description}`, ways: made, sets: places, ...(note && { note }) };
  }
  const madeStages: Record<string, Stage> = {};
  for (const { id, at, stage, fits } of stages) {
    const sets = tables.placesOf(at.wide.sets, STAGE_COLUMNS, stage.updates);
    const table = fits === undefined ? undefined : tables.placesOf({ fits }, FIT_COLUMNS)["fits"];
    madeStages[id] = { ...stage, specs: await specsOf(at), sets, ...(table === undefined ? {} : { fits: table }) };
  }
  return { tables: tables.all(), specs, charts: madeCharts, stages: madeStages };
}

/** The updates that a chart has chosen to draw: others it does not need. */
function shownUpdates({ params = [] }: Spec): readonly number[] | undefined {
  return params.find(({ name }) => name === "shownUpdates")?.value as readonly number[] | undefined;
}

const FIT_COLUMNS = "arm updates x predicted";
const STAGE_COLUMNS = "arm updates layer_name side low high count total note flat_share steep_low steep_high";

interface PageTable {
  readonly rows: readonly Row[];
  /** Recorded updates, where some of them have no room here. */
  readonly thinnedFrom?: number;
  /** The specs that draw it. */
  texts: string;
}

/** The tables of a page, known by their rows. */
function collectTables(mostRows: number) {
  const known = new Map<readonly Row[], number>();
  const all: PageTable[] = [];
  const add = (rows: readonly Row[], updates: readonly number[] | undefined): number => {
    const recorded = updatesOf(rows);
    const kept = updates ?? updatesWithin(rows, recorded, mostRows);
    const isLess = kept.length < recorded.length;
    const own = isLess ? rows.filter((row) => kept.includes(Number(row["updates"]))) : rows;
    all.push({ rows: own, texts: "", ...(isLess && updates === undefined ? { thinnedFrom: recorded.length } : {}) });
    known.set(rows, all.length - 1);
    return all.length - 1;
  };
  return {
    /** Places of tables, which specs draw at some updates or at all. */
    placesOf(sets: DataSets, texts: string, updates?: readonly number[]): Sets {
      const places = Object.entries(sets).map(([name, rows]) => [name, known.get(rows) ?? add(rows, updates)] as const);
      for (const [, place] of places) (all[place] as PageTable).texts += texts;
      return Object.fromEntries(places);
    },
    noteOn(sets: Sets): string | undefined {
      const thinned = Object.values(sets).map((place) => all[place]);
      const table = thinned.find((one) => one?.thinnedFrom !== undefined);
      if (table?.thinnedFrom === undefined) return undefined;
      return t`Shown at ${countText(updatesOf(table.rows).length)} of ${countText(table.thinnedFrom)} recorded updates; the SVG file and the printed page have all.`;
    },
    all: () => all.map(columnsOf),
  };
}

/** A column that no spec names is not drawn. */
function columnsOf({ rows, texts }: PageTable): Columns {
  const names = Object.keys(rows[0] ?? {}).filter((name) => new RegExp(`\\b${name}\\b`).test(texts));
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => rounded(row[name] ?? null))]));
}

function rounded(value: Cell): Cell {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
}

function updatesOf(rows: readonly Row[]): number[] {
  const updates = new Set(rows.flatMap((row) => (typeof row["updates"] === "number" ? [row["updates"]] : [])));
  return [...updates].sort((a, b) => a - b);
}

/** As many updates as have room, evenly chosen, with the last one of each line. */
export function updatesWithin(rows: readonly Row[], updates: readonly number[], mostRows: number): readonly number[] {
  if (rows.length <= mostRows) return updates;
  const lasts = new Map<string, number>();
  for (const { run, arm, seed, updates: update } of rows) {
    const line = JSON.stringify([run, arm, seed]);
    lasts.set(line, Math.max(lasts.get(line) ?? 0, Number(update)));
  }
  const most = Math.max(LEAST_UPDATES, Math.floor((mostRows * updates.length) / rows.length));
  return chooseEvenly(updates, most, [...new Set(lasts.values())]);
}
