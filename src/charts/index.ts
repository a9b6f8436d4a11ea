import type { Row } from "../tables/table.js";
import { accuracy } from "./accuracy/index.js";
import type { Chart, View } from "./chart.js";
import { classes } from "./classes/index.js";
import { costs } from "./costs/index.js";
import { data } from "./data/index.js";
import { type DataSets, type DataSource, dataSource } from "./data-sets.js";
import { effect } from "./effect/index.js";
import { gap } from "./gap/index.js";
import { activations, histograms } from "./layers/index.js";
import { kernels, maps } from "./maps/index.js";
import type { Drawable, Picture } from "./picture.js";
import { isSingle, type Runs } from "./runs.js";
import { gradients, signal } from "./signal/index.js";
import { verdicts } from "./verdicts/index.js";
import { runText } from "./wording.js";

/** Every chart of a run, in reading order: file names, the page and the summary follow from this list. */
export const CHARTS: readonly Chart[] = [
  data,
  classes,
  costs,
  accuracy,
  effect,
  histograms,
  activations,
  verdicts,
  signal,
  gradients,
  gap,
  maps,
  kernels,
];

/** By the names of their charts, in the order of the list. */
export type Pictures = ReadonlyMap<string, Picture>;

/** The pictures of a record, or of several records to compare, for every chart that has something to draw. */
export async function drawPictures(runs: Runs, source: DataSource = dataSource(runs)): Promise<Pictures> {
  // Vega takes a while to load, and many who read this list draw nothing.
  const { drawn } = await import("./picture.js");
  const pictures = new Map<string, Picture>();
  for (const chart of CHARTS) {
    const drawable = drawableOf(chart, runs, source);
    if (drawable !== undefined) pictures.set(chart.name, await drawn(drawable));
  }
  return pictures;
}

/** A chart before it is drawn; undefined if there is nothing to draw. */
export function drawableOf(
  chart: Chart,
  runs: Runs,
  source: DataSource = dataSource(runs),
  view: View = { viewport: "wide" },
): Drawable | undefined {
  const spec = chart.spec(runs, view);
  if (spec === undefined) return undefined;
  const { keeps } = chart;
  const sets = source(chart.tables.filter(({ name }) => isNamed(spec, name)));
  return {
    name: chart.name,
    title: chart.title(runs),
    ...chart.caption(runs),
    about: isSingle(runs) ? runText(runs[0].result, chart.scope) : "",
    spec,
    sets: keeps === undefined ? sets : filtered(sets, keeps),
  };
}

/** Whether a spec draws a data set. */
function isNamed(part: unknown, set: string): boolean {
  if (typeof part !== "object" || part === null) return false;
  return Object.entries(part).some(([key, inner]) => (key === "data" && nameOf(inner) === set) || isNamed(inner, set));
}

function nameOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "name" in data ? data.name : undefined;
}

function filtered(sets: DataSets, keeps: (row: Row) => boolean): DataSets {
  return Object.fromEntries(Object.entries(sets).map(([name, rows]) => [name, rows.filter(keeps)]));
}
