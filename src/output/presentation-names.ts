import { CHARTS } from "../charts/index.js";
import { CSV_NAMES } from "./csv-export.js";

export const REPORT_NAME = "report.html";
export const SUMMARY_NAME = "summary.md";

/** Every file that shows a result to people or hands it to other tools; a run folder may hold them. */
export const PRESENTATION_NAMES: readonly string[] = [
  REPORT_NAME,
  SUMMARY_NAME,
  ...CSV_NAMES,
  ...CHARTS.flatMap(({ name }) => [svgName(name), pngName(name), specName(name)]),
];

export function svgName(chart: string): string {
  return `${chart}.svg`;
}

export function pngName(chart: string): string {
  return `${chart}.png`;
}

export function specName(chart: string): string {
  return `${chart}.vl.json`;
}
