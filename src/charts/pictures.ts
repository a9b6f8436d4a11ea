import type { Result } from "../experiment/result.js";
import { costsChart } from "./costs-chart.js";
import { dataChart } from "./data-chart.js";
import { layersChart } from "./layers-chart.js";
import type { PictureName } from "./picture-names.js";
import { renderSvg } from "./render.js";
import type { Chart } from "./theme.js";
import { verdictsChart } from "./verdicts-chart.js";

/** The pictures of a run by file name, not yet drawn: those that there is something to draw for. */
export function charts(result: Result): Partial<Record<PictureName, Chart>> {
  return {
    "data.svg": dataChart(result),
    "costs.svg": costsChart(result),
    "histograms.svg": layersChart(result, "preActivation"),
    "activations.svg": layersChart(result, "layerInput"),
    "verdicts.svg": verdictsChart(result),
  };
}

/** Draws a run's pictures: SVG files that stand alone, the same bytes for the same result. */
export async function drawPictures(result: Result): Promise<Partial<Record<PictureName, string>>> {
  const pictures: Partial<Record<PictureName, string>> = {};
  for (const [name, { spec, title, description }] of Object.entries(charts(result)) as [PictureName, Chart][]) {
    pictures[name] = await renderSvg(spec, { title, description, idPrefix: name.replace(".svg", "") });
  }
  return pictures;
}
