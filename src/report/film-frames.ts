import { type LayerMarks, layerMarks, type PanelLayout } from "../charts/layer-marks.js";
import { layerPanels, type Panels } from "../charts/layer-panels.js";
import { armStyles } from "../charts/theme.js";
import type { Result } from "../experiment/result.js";
import type { Film, FilmArm } from "./payload.js";

/** One moment as it is drawn. */
interface FilmFrame {
  readonly marks: LayerMarks & { readonly outlines: readonly { readonly color: string | undefined }[] };
  /** That have a panel, from left to right. */
  readonly layers: readonly number[];
}

/** Draws a film's updates, by their place in it. Between two of them the bars are on their way from one to the other. */
export type Projector = (place: number) => FilmFrame;

type FilmRecord = FilmArm["records"][number];

/** Places of the arms that are shown: the first one above the axis, the second below it. */
export type Pair = readonly number[];

/** The marks of the static chart for each update of a film, one quantity and two arms, all on one scale. */
export function projectorOf(whole: Film, quantity: number, layout: PanelLayout, pair: Pair = [0, 1]): Projector {
  const { updates } = whole;
  const styles = armStyles(whole.arms.map(({ name }) => name));
  const film = { ...whole, arms: pair.flatMap((place) => whole.arms[place] ?? []) };
  const all = updates.map((_, place) => panelsAt(film, place, quantity));
  const common = {
    largestShare: Math.max(...all.map(({ largestShare }) => largestShare)),
    largestOutside: Math.max(...all.map(({ largestOutside }) => largestOutside)),
  };
  return (place) => {
    const panels = Number.isInteger(place) ? all[place] : panelsAt(film, place, quantity);
    if (panels === undefined) throw new Error(`no update at place ${place}`);
    const marks = layerMarks({ ...panels, ...common }, styles, layout);
    const colorOf = (arm: string) => styles.find(({ label }) => label === arm)?.color;
    return {
      marks: { ...marks, outlines: marks.outlines.map((corner) => ({ ...corner, color: colorOf(corner.arm) })) },
      layers: panels.columns.map(({ layer }) => layer),
    };
  };
}

/** The panels of one update. The first record is asked for as well: from it come the ranges, also of an arm that is gone. */
function panelsAt({ updates, arms, edges, quantities }: Film, place: number, quantity: number): Panels {
  const [first = 0] = updates;
  const update = updates[Math.ceil(place)] ?? first;
  const wanted = quantities[quantity]?.quantity ?? "preActivation";
  const both = arms.map((arm) => {
    const now = recordAt(arm, updates, place, quantity);
    const start = update === first ? undefined : arm.records.find((record) => record.update === first);
    const records = [start, now].filter((record) => record !== undefined);
    return [arm.name, armOf(arm, edges, records, quantity, wanted)] as const;
  });
  // Panels are made of the arms' records alone.
  const panels = layerPanels({ arms: Object.fromEntries(both) } as unknown as Result, wanted);
  const isNow = (mark: { readonly update: number }) => mark.update === update;
  const columns = panels.columns.map((column) => ({
    ...column,
    outlines: column.outlines.filter(isNow),
    outside: column.outside.filter(isNow),
    notes: column.notes.filter(isNow),
  }));
  return { ...panels, updates: [update], columns };
}

/** The record at a place; between two updates a mixture of both, where both were recorded. */
function recordAt(
  { records }: FilmArm,
  updates: readonly number[],
  place: number,
  quantity: number,
): FilmRecord | undefined {
  const at = (wanted: number) => records.find(({ update }) => update === updates[wanted]);
  const [before, after] = [at(Math.floor(place)), at(Math.ceil(place))];
  if (before === undefined || after === undefined || before === after) return after;
  const share = place - Math.floor(place);
  const counts = after.counts.map((layers, index) =>
    index !== quantity
      ? layers
      : layers.map((bins, layer) =>
          bins.map((count, bin) => {
            const start = before.counts[index]?.[layer]?.[bin] ?? count;
            return start + (count - start) * share;
          }),
        ),
  );
  return { ...after, counts };
}

function armOf(arm: FilmArm, edges: Film["edges"], records: readonly FilmRecord[], quantity: number, wanted: string) {
  const checkpoints = records.map(({ update, counts }) => ({
    update,
    layers: (counts[quantity] ?? []).map((all, layer) => ({
      layer,
      [wanted]: {
        edges: edges[arm.bins[quantity]?.[layer] ?? -1] ?? [],
        counts: all.slice(0, -3),
        underflow: all.at(-3) ?? 0,
        overflow: all.at(-2) ?? 0,
        nonFinite: all.at(-1) ?? 0,
      },
    })),
  }));
  const { divergedAt } = arm;
  return divergedAt === undefined
    ? { status: "trained", checkpoints }
    : { status: "diverged", divergence: { update: divergedAt }, checkpoints };
}
