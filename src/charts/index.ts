import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../experiment/result.js";
import type { Chart, View } from "./chart.js";
import { inlined } from "./compile.js";
import { costs } from "./costs/index.js";
import { data } from "./data/index.js";
import { type DataSource, dataSource } from "./data-sets.js";
import { effect } from "./effect/index.js";
import { gap } from "./gap/index.js";
import { gradients } from "./gradients/index.js";
import { activations, histograms } from "./layers/index.js";
import { renderSpec } from "./render.js";
import { titleLines, withTitle } from "./title.js";
import { verdicts } from "./verdicts/index.js";
import { runText } from "./wording.js";

/** Every chart of a run, in the order they are read in: file names, the page and the summary follow from this list. */
export const CHARTS: readonly Chart[] = [data, costs, effect, histograms, activations, verdicts, gradients, gap];

/** A chart and what was drawn of it: the same bytes for the same record. */
export interface Picture {
  readonly chart: Chart;
  readonly title: string;
  readonly notes: readonly string[];
  readonly spec: TopLevelSpec;
  /** An SVG file that stands alone. */
  readonly file: string;
  /** The same without its title, for a page that has headings of its own. */
  readonly bare: string;
}

/** The pictures of a record, those that there is something to draw for. */
export async function drawPictures(record: Result, charts = CHARTS): Promise<Picture[]> {
  const source = dataSource(record);
  const pictures: Picture[] = [];
  for (const chart of charts) {
    const picture = await drawPicture(chart, record, source);
    if (picture !== undefined) pictures.push(picture);
  }
  return pictures;
}

export async function drawPicture(
  chart: Chart,
  record: Result,
  source: DataSource = dataSource(record),
  view: View = { viewport: "wide" },
): Promise<Picture | undefined> {
  const spec = chart.spec(record, view);
  if (spec === undefined) return undefined;
  const title = chart.title(record);
  const { description, notes } = chart.caption(record);
  const bare = await renderSpec(spec, source(chart.tables), { title, description, idPrefix: chart.name });
  const file = withTitle(bare, { text: title, paragraphs: [...notes, runText(record, chart.scope)] });
  return { chart, title, notes, spec, file, bare };
}

/** Of a title in a specification, px. */
const TITLE_WIDTH = 1000;

/** A Vega-Lite specification that stands alone, for people to change and other tools to draw. */
export function specFile({ chart, title, notes, spec }: Picture, record: Result, source: DataSource): object {
  const lines = titleLines({ text: title, paragraphs: [...notes, runText(record, chart.scope)] }, TITLE_WIDTH);
  return inlined(spec, source(chart.tables), lines);
}
