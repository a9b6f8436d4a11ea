import { PICTURE_NAMES } from "../charts/picture-names.js";
import { CSV_NAMES } from "./csv-export.js";

export const REPORT_NAME = "report.html";
export const SUMMARY_NAME = "summary.md";

/** Every file that shows a result to people or hands it to other tools; a run folder may hold them. */
export const PRESENTATION_NAMES: readonly string[] = [
  REPORT_NAME,
  SUMMARY_NAME,
  ...CSV_NAMES,
  ...PICTURE_NAMES.flatMap((name) => [name, pngName(name), specName(name)]),
];

export function pngName(picture: string): string {
  return picture.replace(".svg", ".png");
}

export function specName(picture: string): string {
  return picture.replace(".svg", ".vl.json");
}
