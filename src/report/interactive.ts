import type { TopLevelSpec } from "vega-lite";
import type { Viewport } from "../charts/chart.js";
import { chooseEvenly } from "../charts/choose.js";
import { compileSpec } from "../charts/compile.js";
import type { DataSets } from "../charts/data-sets.js";
import type { Drawable } from "../charts/picture.js";
import type { VegaSpec } from "../charts/vega-spec.js";
import { countText } from "../charts/wording.js";
import type { Row } from "../tables/table.js";
import { packed, packedSpecs } from "./packing.js";
import type { InteractiveChart, PackedTable, Payload, Player, Specs } from "./payload.js";

/** Around a drawing on a phone, px. */
const NARROW_PADDING = 5;
/** A table that is too large keeps at least so many of its updates, and loses this share of them at a time. */
const LEAST_UPDATES = 12;
const THINNING = 0.75;

type ByViewport = Readonly<Record<Viewport, Drawable>>;

/** A chart as the page's script draws it: each way of drawing it, for both viewports over the same rows. */
export interface PageChart {
  readonly ways: readonly { readonly name: string; readonly at: ByViewport }[];
}

/** A player, whose specs are drawn for both viewports. */
export interface PagePlayer {
  readonly at: ByViewport;
  readonly player: Omit<Player, "specs" | "sets">;
}

/**
 * All charts of a page for its script. Each table is there once. Where they would take more than `room` characters, the
 * largest ones are thinned to fewer updates; no chart is left out.
 */
export function payloadOf(
  charts: Readonly<Record<string, PageChart>>,
  players: Readonly<Record<string, PagePlayer>>,
  room: number,
): Payload | undefined {
  if (Object.keys(charts).length + Object.keys(players).length === 0) return undefined;
  const compiled: VegaSpec[] = [];
  const tables = startTables();
  const specsOf = (at: ByViewport): Specs => {
    const place = (viewport: Viewport) => {
      const { spec } = at[viewport];
      return compiled.push(compileSpec(viewport === "narrow" ? { ...spec, padding: NARROW_PADDING } : spec)) - 1;
    };
    return { wide: place("wide"), narrow: place("narrow") };
  };
  const madeCharts = Object.entries(charts).map(([id, { ways }]) => {
    const [first] = ways;
    if (first === undefined) throw new Error(`no way to draw ${id}`);
    const { title, description, sets, spec } = first.at.wide;
    const variants = ways.map(({ name, at }) => ({ name, specs: specsOf(at) }));
    for (const { specs } of variants) {
      for (const made of [compiled[specs.wide], compiled[specs.narrow]]) {
        for (const { name } of made?.data ?? []) {
          if (sets[name] !== undefined) tables.use(sets[name], JSON.stringify(made), shownUpdates(spec));
        }
      }
    }
    return { id, label: `${title}. ${description}`, variants, sets };
  });
  const madePlayers = Object.entries(players).map(([id, { at, player }]) => {
    const { sets } = at.wide;
    for (const rows of Object.values(sets)) tables.use(rows, PLAYER_COLUMNS);
    return { id, player, specs: specsOf(at), sets };
  });
  const specs = packedSpecs(compiled);
  tables.fit(
    room -
      JSON.stringify([specs, madeCharts.map(({ sets: _, ...chart }) => chart), madePlayers.map(({ player }) => player)])
        .length,
  );
  return {
    tables: tables.packed(),
    ...specs,
    charts: Object.fromEntries(
      madeCharts.map(({ id, label, variants, sets }): [string, InteractiveChart] => {
        const note = tables.noteOn(sets);
        return [id, { label, variants, sets: tables.placesOf(sets), ...(note === undefined ? {} : { note }) }];
      }),
    ),
    players: Object.fromEntries(
      madePlayers.map(({ id, player, specs, sets }): [string, Player] => {
        const kept = new Set(tables.commonUpdates(sets));
        const isKept = (_: unknown, place: number) => kept.has(player.updates[place] ?? 0);
        const quantities = player.quantities.map(({ arms, ...quantity }) => ({
          ...quantity,
          arms: arms.map((arm) => ({ ...arm, captions: arm.captions.filter(isKept) })),
        }));
        return [
          id,
          {
            ...player,
            quantities,
            updates: player.updates.filter(isKept),
            specs,
            sets: tables.placesOf(sets) as Player["sets"],
          },
        ];
      }),
    ),
  };
}

/** The updates that a chart has chosen to draw: others it does not need. */
function shownUpdates({ params }: TopLevelSpec): readonly number[] | undefined {
  const all = (params ?? []) as readonly { readonly name: string; readonly value?: unknown }[];
  return all.find(({ name }) => name === "shownUpdates")?.value as readonly number[] | undefined;
}

const PLAYER_COLUMNS = "arm updates layer_name quantity side low high count total note";

interface PageTable {
  readonly place: number;
  readonly recorded: readonly number[];
  readonly isThinnable: boolean;
  rows: readonly Row[];
  updates: readonly number[];
  /** The specs that draw it. */
  texts: string;
  packed?: PackedTable;
}

/** The tables of a page, known by their rows. */
function startTables() {
  const known = new Map<readonly Row[], PageTable>();
  const all: PageTable[] = [];
  const tablesOf = (sets: DataSets) => Object.values(sets).flatMap((rows) => known.get(rows) ?? []);
  const packedOf = (table: PageTable) => {
    // A column that no spec names is not drawn.
    table.packed ??= packed(table.rows, (column) => new RegExp(`\\b${column}\\b`).test(table.texts));
    return table.packed;
  };
  const sizeOf = (table: PageTable) => JSON.stringify(packedOf(table)).length;
  return {
    use(rows: readonly Row[], text: string, shown?: readonly number[]) {
      const table = known.get(rows) ?? startTable(all.length, rows, shown);
      if (!known.has(rows)) all.push(table);
      known.set(rows, table);
      table.texts += text;
    },
    fit(room: number) {
      const sizes = new Map(all.map((table) => [table, sizeOf(table)]));
      const total = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);
      while (total() > room) {
        const [largest] = [...sizes]
          .filter(([{ isThinnable, updates }]) => isThinnable && updates.length > LEAST_UPDATES)
          .sort(([, one], [, other]) => other - one);
        if (largest === undefined) return;
        const [table] = largest;
        thin(table);
        sizes.set(table, sizeOf(table));
      }
    },
    packed: () => all.map(packedOf),
    placesOf: (sets: DataSets) =>
      Object.fromEntries(
        Object.entries(sets).flatMap(([name, rows]) => {
          const table = known.get(rows);
          return table === undefined ? [] : [[name, table.place]];
        }),
      ),
    commonUpdates(sets: DataSets): readonly number[] {
      const [first, ...others] = tablesOf(sets).map(({ updates }) => updates);
      return (first ?? []).filter((update) => others.every((updates) => updates.includes(update)));
    },
    noteOn(sets: DataSets): string | undefined {
      const [thinned] = tablesOf(sets).filter(
        ({ isThinnable, updates, recorded }) => isThinnable && updates.length < recorded.length,
      );
      if (thinned === undefined) return undefined;
      return `Here at ${countText(thinned.updates.length)} of ${countText(thinned.recorded.length)} recorded updates; the SVG file and the printed page have all.`;
    },
  };
}

function startTable(place: number, rows: readonly Row[], shown: readonly number[] | undefined): PageTable {
  const kept = shown === undefined ? rows : rows.filter(({ updates }) => shown.includes(Number(updates)));
  const updates = new Set(kept.flatMap((row) => (typeof row["updates"] === "number" ? [row["updates"]] : [])));
  const recorded = [...updates].sort((a, b) => a - b);
  return { place, recorded, isThinnable: shown === undefined, rows: kept, updates: recorded, texts: "" };
}

/** Fewer of its updates, with the last one of each line. */
function thin(table: PageTable): void {
  const lasts = new Map<string, number>();
  for (const { run, arm, seed, updates } of table.rows) {
    const line = JSON.stringify([run, arm, seed]);
    lasts.set(line, Math.max(lasts.get(line) ?? 0, Number(updates)));
  }
  const most = Math.max(LEAST_UPDATES, Math.floor(table.updates.length * THINNING));
  table.updates = chooseEvenly(table.updates, most, [...new Set(lasts.values())]);
  const kept = new Set(table.updates);
  table.rows = table.rows.filter(({ updates }) => kept.has(Number(updates)));
  delete table.packed;
}
