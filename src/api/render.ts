import { CHARTS, drawableOf } from "../charts/index.js";
import { alone } from "../charts/runs.js";
import { usageError } from "../errors.js";
import { htmlReportOf } from "../output/html-report.js";
import type { Result } from "../record/result.js";
import { excerpt } from "../text/excerpt.js";

/**
 * Draws one chart of a record as the text of an SVG file, with the same bytes for the same record. Rejects with an
 * `ExpectedError` if there is no chart of that name, or if the record has no data for it.
 */
export async function renderChart(result: Result, name: string): Promise<string> {
  const chart = CHARTS.find((each) => each.name === name);
  if (chart === undefined) {
    throw usageError(`there is no chart ${excerpt(name)}; charts are ${CHARTS.map((each) => each.name).join(", ")}`);
  }
  const drawable = drawableOf(chart, alone(result));
  if (drawable === undefined) throw usageError(`this record has nothing for the chart ${name}`);
  const { drawn } = await import("../charts/picture.js");
  return (await drawn(drawable)).file;
}

/** Renders the page of a record, `report.html`: one HTML document that contains its charts as SVG, its script and style. */
export async function renderReport(result: Result): Promise<string> {
  return htmlReportOf(result);
}
