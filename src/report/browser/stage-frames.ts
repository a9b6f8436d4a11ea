import { type Cell, layerName, type Row } from "../../tables/table.js";
import { t } from "../../text/language.js";
import type { Columns, Stage, StageArm } from "../payload.js";

/** What a stage's spec draws at one moment. */
export interface Frame {
  readonly histograms: readonly Row[];
  readonly tails: readonly Row[];
  readonly flat: readonly Row[];
}

/** Where a moment lies: at the place of an update, or between two of them, where bars are on their way. */
export type Frames = (place: number, arms: readonly StageArm[]) => Frame;

/** Rows of a table by arm and update. */
type Lookup = (arm: string, update: number) => readonly Row[];

export function framesOf({ updates, sets, layers }: Stage, tables: readonly Columns[]): Frames {
  const lookup = (name: string) => lookupIn(tables[sets[name] ?? -1] ?? {});
  const [histograms, tails, flat, notes] = [lookup("histograms"), lookup("tails"), lookup("flat"), lookup("notes")];
  const names = layers.drawn.map((layer) => layerName(layer, layers.count));
  return (place, arms) => {
    const [before, after] = [updates[Math.floor(place)] ?? 0, updates[Math.ceil(place)] ?? 0];
    const share = place - Math.floor(place);
    const rows = (lookup: Lookup, arm: string) => mixed(lookup(arm, before), lookup(arm, after), share);
    const frames = arms.map(({ label, divergedAt }): Frame => {
      const said = new Map(notes(label, after).map(({ layer_name, note }) => [layer_name, note]));
      const withNote = (row: Row) => ({ ...row, note: said.get(row["layer_name"]) ?? null });
      const own = rows(tails, label).map(withNote);
      return {
        histograms: rows(histograms, label).map(withNote),
        tails: own.length > 0 ? own : absentRows(label, after, names, divergedAt),
        flat: flat(label, after),
      };
    });
    const all = (of: keyof Frame) => frames.flatMap((frame) => frame[of]);
    return { histograms: all("histograms"), tails: all("tails"), flat: all("flat") };
  };
}

/** A row for each layer, so that there is a panel to say it in. */
function absentRows(arm: string, update: number, names: readonly string[], divergedAt: number | undefined): Row[] {
  const isGone = divergedAt !== undefined && update >= divergedAt;
  const note = isGone ? t`diverged at update ${divergedAt}` : t`not recorded`;
  const common = { arm, updates: update, side: "absent", count: 0, total: 0, note };
  return names.map((layer_name) => ({ ...common, layer_name }));
}

/** Counts between those of two records of the same bins; without one of them, or with other bins, those of the second. */
function mixed(before: readonly Row[], after: readonly Row[], share: number): readonly Row[] {
  if (share === 0 || before.length !== after.length) return after;
  return after.map((row, place) => ({
    ...row,
    count: between(before[place]?.["count"], row["count"], share),
    total: between(before[place]?.["total"], row["total"], share),
  }));
}

function between(before: Cell | undefined, after: Cell | undefined, share: number): number {
  const [start, end] = [Number(before ?? after), Number(after)];
  return start + (end - start) * share;
}

function lookupIn(table: Columns): Lookup {
  const columns = Object.entries(table);
  const { arm: arms = [], updates = [] } = table;
  const places = new Map<string, number[]>();
  for (const [row, arm] of arms.entries()) {
    const key = JSON.stringify([arm, updates[row]]);
    const known = places.get(key);
    if (known === undefined) places.set(key, [row]);
    else known.push(row);
  }
  return (arm, update) =>
    (places.get(JSON.stringify([arm, update])) ?? []).map((row) =>
      Object.fromEntries(columns.map(([name, values]) => [name, values[row] ?? null])),
    );
}
