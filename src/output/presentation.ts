import { charts, drawPictures } from "../charts/pictures.js";
import { themeConfig } from "../charts/theme.js";
import type { ChartFormat } from "../config/keys.js";
import type { Result } from "../experiment/result.js";
import { csvFilesOf } from "./csv-export.js";
import { htmlReportOf } from "./html-report.js";
import type { PngRenderer } from "./png-export.js";
import { pngName, REPORT_NAME, SUMMARY_NAME, specName } from "./presentation-names.js";
import { summaryOf } from "./summary.js";

/** What is written beside the report and the summary; PNGs where there is a renderer of them. */
export interface Wishes {
  readonly chartFormat?: ChartFormat;
  readonly csv?: boolean;
}

/** The files by name, those for people first. */
export async function presentationOf(
  result: Result,
  { chartFormat = "svg", csv = false }: Wishes,
  renderPng: PngRenderer | undefined,
): Promise<Map<string, string | Uint8Array>> {
  const drawn = Object.entries(await drawPictures(result));
  const pictures = Object.fromEntries(drawn);
  const svgs = chartFormat === "vega" ? {} : pictures;
  const specs = chartFormat === "svg" ? [] : Object.entries(charts(result));
  return new Map<string, string | Uint8Array>([
    ...Object.entries(svgs),
    ...specs.map(([name, { spec }]): [string, string] => [specName(name), specText(spec)]),
    ...(renderPng === undefined
      ? []
      : drawn.map(([name, svg]): [string, Uint8Array] => [pngName(name), renderPng(svg)])),
    ...(csv ? Object.entries(csvFilesOf(result)) : []),
    [SUMMARY_NAME, summaryOf(result, Object.keys(svgs))],
    [REPORT_NAME, htmlReportOf(result, pictures)],
  ]);
}

/** A Vega-Lite specification that looks the same in other tools: with the theme in it. */
function specText(spec: object): string {
  return `${JSON.stringify({ $schema: "https://vega.github.io/schema/vega-lite/v6.json", ...spec, config: themeConfig })}\n`;
}
