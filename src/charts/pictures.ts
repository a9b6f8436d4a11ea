import type { Result } from "../experiment/result.js";
import { costsChart } from "./costs-chart.js";
import { dataChart } from "./data-chart.js";
import { layersChart } from "./layers-chart.js";
import { renderSvg } from "./render.js";
import type { Chart } from "./theme.js";

/** The pictures of a run by file name, not yet drawn. */
export function charts(result: Result) {
  return {
    "data.svg": dataChart(result),
    "costs.svg": costsChart(result),
    "histograms.svg": layersChart(result, "preActivation"),
    "activations.svg": layersChart(result, "layerInput"),
  } satisfies Record<string, Chart>;
}

export type PictureName = keyof ReturnType<typeof charts>;

/** Draws a run's pictures: SVG files that stand alone, the same bytes for the same result. */
export async function drawPictures(result: Result): Promise<Record<PictureName, string>> {
  const pictures: Partial<Record<PictureName, string>> = {};
  for (const [name, { spec, title, description }] of Object.entries(charts(result)) as [PictureName, Chart][]) {
    pictures[name] = await renderSvg(spec, { title, description, idPrefix: name.replace(".svg", "") });
  }
  return pictures as Record<PictureName, string>;
}
