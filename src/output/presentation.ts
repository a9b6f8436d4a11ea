import { drawPictures } from "../charts/index.js";
import { specFile } from "../charts/picture.js";
import type { ChartFormat } from "../config/keys.js";
import type { Result } from "../record/result.js";
import { csvFilesOf } from "./csv-export.js";
import { htmlReportOf } from "./html-report.js";
import type { PngRenderer } from "./png-export.js";
import { pngName, REPORT_NAME, SUMMARY_NAME, specName, svgName } from "./presentation-names.js";
import { formatSpec } from "./spec-json.js";
import { summaryOf } from "./summary.js";

export { headlineOf } from "../report/headline.js";

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
  const pictures = await drawPictures(result);
  const drawn = [...pictures];
  const svgs = chartFormat === "vega" ? [] : drawn;
  const specs = chartFormat === "svg" ? [] : drawn;
  return new Map<string, string | Uint8Array>([
    ...svgs.map(([name, { file }]): [string, string] => [svgName(name), file]),
    ...specs.map(([name, picture]): [string, string] => [specName(name), formatSpec(specFile(picture))]),
    ...(renderPng === undefined
      ? []
      : drawn.map(([name, { file }]): [string, Uint8Array] => [pngName(name), renderPng(file)])),
    ...(csv ? Object.entries(csvFilesOf(result)) : []),
    [
      SUMMARY_NAME,
      summaryOf(
        result,
        svgs.map(([name]) => name),
      ).text,
    ],
    [REPORT_NAME, htmlReportOf(result, pictures)],
  ]);
}
