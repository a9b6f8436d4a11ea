import { type LayerMarks, layerMarks } from "../charts/layer-marks.js";
import { layerPanels, type Panels } from "../charts/layer-panels.js";
import { armStyles } from "../charts/theme.js";
import type { Result } from "../experiment/result.js";
import type { Film, FilmArm } from "./payload.js";

/** One update as it is drawn. */
export interface FilmFrame {
  readonly marks: LayerMarks;
  /** That have a panel, from left to right. */
  readonly layers: readonly number[];
}

/** What is drawn for each update of a film, one quantity: the marks of the static chart, all on one scale. */
export function filmFrames(film: Film, quantity: number): FilmFrame[] {
  const { updates, arms, panelWidth } = film;
  const styles = armStyles(arms.map(({ name }) => name));
  const panels = updates.map((update) => panelsAt(film, update, quantity));
  const common = {
    largestShare: Math.max(...panels.map(({ largestShare }) => largestShare)),
    largestOutside: Math.max(...panels.map(({ largestOutside }) => largestOutside)),
  };
  return panels.map((each) => ({
    marks: layerMarks({ ...each, ...common }, styles, panelWidth),
    layers: each.columns.map(({ layer }) => layer),
  }));
}

/** The panels of one update. The first record is asked for as well: from it come the ranges, also of an arm that is gone. */
function panelsAt({ updates, arms, quantities }: Film, update: number, quantity: number): Panels {
  const [first = update] = updates;
  const wanted = quantities[quantity]?.quantity ?? "preActivation";
  const both = arms.map((arm) => [arm.name, armAt(arm, [first, update], quantity, wanted)] as const);
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

function armAt(arm: FilmArm, updates: readonly number[], quantity: number, wanted: string) {
  const records = arm.records.filter(({ update }) => updates.includes(update));
  const checkpoints = records.map(({ update, counts }) => ({
    update,
    layers: (counts[quantity] ?? []).map((all, layer) => ({
      layer,
      [wanted]: {
        edges: arm.edges[quantity]?.[layer] ?? [],
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
