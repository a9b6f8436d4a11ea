import type { Result } from "../experiment/result.js";
import { costsChart } from "./costs-chart.js";
import { dataChart } from "./data-chart.js";
import { effectChart } from "./effect-chart.js";
import { gapChart } from "./gap-chart.js";
import { gradientsChart } from "./gradients-chart.js";
import { layersChart } from "./layers-chart.js";
import { PICTURE_NAMES, type PictureName } from "./picture-names.js";
import { renderBare, titled } from "./render.js";
import type { Chart, Room } from "./theme.js";
import { verdictsChart } from "./verdicts-chart.js";

/** What each picture is made by; undefined where a run has nothing for it. */
const DRAWN: Readonly<Record<PictureName, (result: Result, room: Room) => Chart | undefined>> = {
  "data.svg": dataChart,
  "costs.svg": costsChart,
  "effect.svg": effectChart,
  "histograms.svg": (result) => layersChart(result, "preActivation"),
  "activations.svg": (result) => layersChart(result, "layerInput"),
  "verdicts.svg": verdictsChart,
  "gradients.svg": gradientsChart,
  "gap.svg": gapChart,
};

/** The pictures of a run by file name, not yet drawn: those that there is something to draw for. */
export function charts(result: Result, room: Room = "wide"): Readonly<Partial<Record<PictureName, Chart>>> {
  const drawn: Partial<Record<PictureName, Chart>> = {};
  for (const name of PICTURE_NAMES) {
    const chart = DRAWN[name](result, room);
    if (chart !== undefined) drawn[name] = chart;
  }
  return drawn;
}

/** A chart and what was drawn of it: the same bytes for the same result. */
export interface Picture {
  readonly chart: Chart;
  /** An SVG file that stands alone. */
  readonly file: string;
  /** The same without its title block, for a page that has headings of its own. */
  readonly bare: string;
}

export type Pictures = Readonly<Partial<Record<PictureName, Picture>>>;

export function drawPictures(result: Result): Promise<Pictures> {
  return drawCharts(charts(result));
}

export async function drawCharts(charts: Readonly<Partial<Record<PictureName, Chart>>>): Promise<Pictures> {
  const pictures: Partial<Record<PictureName, Picture>> = {};
  for (const [name, chart] of Object.entries(charts) as [PictureName, Chart][]) {
    pictures[name] = await drawPicture(chart, name.replace(".svg", ""));
  }
  return pictures;
}

export async function drawPicture(chart: Chart, idPrefix: string): Promise<Picture> {
  const { spec, title, description } = chart;
  const bare = await renderBare(spec, { title, description, idPrefix });
  return { chart, file: titled(bare, spec), bare };
}
