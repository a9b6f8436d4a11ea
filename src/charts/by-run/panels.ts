import type { View } from "../chart.js";
import { rangeFrom } from "../params.js";
import { wrapText } from "../text-metrics.js";
import { INK, NARROW_WIDTH } from "../theme.js";
import { type LabeledRecord, runStyle } from "./runs.js";

const WIDTH = 1180;
const SIDE = 68;

/** Panels by the field `panel`, with a line for each run: what their specs share. */
export function runPanels(runs: readonly LabeledRecord[], panels: readonly string[], { viewport }: View) {
  const columns = viewport === "wide" ? Math.min(panels.length, panels.length === 4 ? 2 : 3) : 1;
  const available = viewport === "wide" ? WIDTH : NARROW_WIDTH;
  const width = Math.floor(Math.min(520, available / Math.max(1, columns) - SIDE));
  const channel = (range: string) => ({
    field: "run",
    type: "nominal",
    scale: { domain: { expr: "runs" }, range: rangeFrom(range, runs.length) },
    legend: { symbolType: "stroke", symbolSize: 1100, columns: viewport === "wide" ? 4 : 1 },
  });
  return {
    columns: Math.max(1, columns),
    size: { width, height: 260 },
    params: {
      panels,
      headings: panels.map((panel) => wrapText(panel, width, 12, true)),
      runs: runs.map(({ label }) => label),
      colors: runs.map((_, run) => runStyle(run).color),
      dashes: runs.map((_, run) => [...runStyle(run).dash]),
    },
    order: { calculate: "indexof(panels, datum.panel)", as: "order" },
    facet: {
      field: "panel",
      type: "nominal",
      sort: { field: "order", op: "min" },
      title: null,
      header: {
        labelExpr: "headings[indexof(panels, datum.value)]",
        labelAnchor: "start",
        labelColor: INK,
        labelFontSize: 12,
        labelFontWeight: "bold",
        labelLimit: 0,
      },
    },
    color: channel("colors"),
    strokeDash: channel("dashes"),
  };
}
