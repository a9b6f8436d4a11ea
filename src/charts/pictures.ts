import type { Result } from "../experiment/result.js";
import { costsChart } from "./costs-chart.js";
import { dataChart } from "./data-chart.js";
import { effectChart } from "./effect-chart.js";
import { gapChart } from "./gap-chart.js";
import { gradientsChart } from "./gradients-chart.js";
import { layersChart } from "./layers-chart.js";
import { PICTURE_NAMES, type PictureName } from "./picture-names.js";
import { renderSvg } from "./render.js";
import type { Chart } from "./theme.js";
import { verdictsChart } from "./verdicts-chart.js";

/** What each picture is made by; undefined where a run has nothing for it. */
const DRAWN: Readonly<Record<PictureName, (result: Result) => Chart | undefined>> = {
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
export function charts(result: Result): Partial<Record<PictureName, Chart>> {
  const drawn: Partial<Record<PictureName, Chart>> = {};
  for (const name of PICTURE_NAMES) {
    const chart = DRAWN[name](result);
    if (chart !== undefined) drawn[name] = chart;
  }
  return drawn;
}

/** Draws a run's pictures: SVG files that stand alone, the same bytes for the same result. */
export async function drawPictures(result: Result): Promise<Partial<Record<PictureName, string>>> {
  const pictures: Partial<Record<PictureName, string>> = {};
  for (const [name, { spec, title, description }] of Object.entries(charts(result)) as [PictureName, Chart][]) {
    pictures[name] = await renderSvg(spec, { title, description, idPrefix: name.replace(".svg", "") });
  }
  return pictures;
}
