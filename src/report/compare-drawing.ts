import { costsByRun } from "../charts/by-run/costs.js";
import { fitsByRun } from "../charts/by-run/fits.js";
import type { View, Viewport } from "../charts/chart.js";
import { drawPictures, type Pictures } from "../charts/index.js";
import { type Drawable, drawn, type Picture } from "../charts/picture.js";
import type { Result } from "../record/result.js";
import type { NamedRun } from "./named-runs.js";

export interface DrawnRun extends NamedRun {
  readonly pictures: Pictures;
}

/** A chart of all runs over each other: as it was drawn, and for the page's script in both viewports over the same rows. */
export interface Overlay {
  readonly picture: Picture;
  readonly at: Readonly<Record<Viewport, Drawable>>;
}

export interface Overlays {
  readonly costs: Overlay;
  /** Where the runs have the same points. */
  readonly fits?: Overlay;
}

/** Charts of layers, of which a page of several runs has the first and the last record, and where an arm diverged. */
const OF_LAYERS = ["histograms", "activations"];
const ENDS_NOTE = "Drawn: the first and the last recorded update, and where an arm diverged.";

export async function drawRun(run: NamedRun): Promise<DrawnRun> {
  const pictures = new Map(await drawPictures(run.result));
  const ends = await drawPictures(endsOf(run.result));
  for (const name of OF_LAYERS) {
    const picture = ends.get(name);
    if (picture !== undefined) pictures.set(name, { ...picture, notes: [...picture.notes, ENDS_NOTE] });
  }
  return { ...run, pictures };
}

function endsOf(result: Result): Result {
  const all = Object.values(result.arms).flatMap(({ checkpoints }) => checkpoints.map(({ update }) => update));
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const arms = Object.entries(result.arms).map(([name, arm]) => {
    const end = arm.status === "diverged" ? arm.divergence.update : last;
    const checkpoints = arm.checkpoints.filter(({ update }) => [first, last, end].includes(update));
    return [name, { ...arm, checkpoints }];
  });
  return { ...result, arms: Object.fromEntries(arms) };
}

/** Draws what lies over each other. */
export async function drawOverlays(runs: readonly NamedRun[]): Promise<Overlays> {
  const fits = await drawOverlay((view) => fitsByRun(runs, view));
  const costs = await drawOverlay((view) => costsByRun(runs, view));
  if (costs === undefined) throw new Error("runs without costs");
  return { costs, ...(fits === undefined ? {} : { fits }) };
}

async function drawOverlay(chart: (view: View) => Drawable | undefined): Promise<Overlay | undefined> {
  const still = chart({ viewport: "wide" });
  const wide = chart({ viewport: "wide", interactive: true });
  const narrow = chart({ viewport: "narrow", interactive: true });
  if (still === undefined || wide === undefined || narrow === undefined) return undefined;
  return { picture: await drawn(still), at: { wide, narrow: { ...narrow, sets: wide.sets } } };
}
