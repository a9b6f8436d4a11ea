import type { Result } from "../record/result.js";
import type { Row } from "../tables/table.js";
import type { Chart, View } from "./chart.js";
import { costs } from "./costs/index.js";
import { data } from "./data/index.js";
import { type DataSets, type DataSource, dataSource } from "./data-sets.js";
import { effect } from "./effect/index.js";
import { gap } from "./gap/index.js";
import { gradients } from "./gradients/index.js";
import { activations, histograms } from "./layers/index.js";
import type { Drawable, Picture } from "./picture.js";
import { verdicts } from "./verdicts/index.js";
import { runText } from "./wording.js";

/** Every chart of a run, in the order they are read in: file names, the page and the summary follow from this list. */
export const CHARTS: readonly Chart[] = [data, costs, effect, histograms, activations, verdicts, gradients, gap];

/** By the names of their charts, in the order of the list. */
export type Pictures = ReadonlyMap<string, Picture>;

/** The pictures of a record, those that there is something to draw for. */
export async function drawPictures(record: Result, source: DataSource = dataSource(record)): Promise<Pictures> {
  // Vega takes a while to load, and many who read this list draw nothing.
  const { drawn } = await import("./picture.js");
  const pictures = new Map<string, Picture>();
  for (const chart of CHARTS) {
    const drawable = drawableOf(chart, record, source);
    if (drawable !== undefined) pictures.set(chart.name, await drawn(drawable));
  }
  return pictures;
}

/** A chart of a record before it is drawn; undefined where the record has nothing for it. */
export function drawableOf(
  chart: Chart,
  record: Result,
  source: DataSource = dataSource(record),
  view: View = { viewport: "wide" },
): Drawable | undefined {
  const spec = chart.spec(record, view);
  if (spec === undefined) return undefined;
  return {
    name: chart.name,
    title: chart.title(record),
    ...chart.caption(record),
    about: runText(record, chart.scope),
    spec,
    sets: chart.keeps === undefined ? source(chart.tables) : filtered(source(chart.tables), chart.keeps),
  };
}

function filtered(sets: DataSets, keeps: (row: Row) => boolean): DataSets {
  return Object.fromEntries(Object.entries(sets).map(([name, rows]) => [name, rows.filter(keeps)]));
}
