import type { View } from "./chart.js";
import type { Told } from "./hover.js";
import { type Looks, lineLooks } from "./parts.js";
import { endText, isSingle, type Runs, runStyle, type TitledArm } from "./runs.js";
import type { Spec } from "./spec.js";
import { wrapText } from "./text-metrics.js";
import { INK, NARROW_WIDTH } from "./theme.js";
import { numberExpr } from "./vega-text.js";

/** A plot for each value of the field `panel`, wrapped to the width of the picture. */
export interface Panels {
  /** Of a panel's plot, px. */
  readonly width: number;
  /** For the spec's parameters. */
  readonly params: { readonly panels: readonly string[]; readonly headings: readonly (readonly string[])[] };
  /** Keeps the rows of the panels, and their order. */
  readonly transform: readonly Spec[];
  /** For specs that place their panels themselves. */
  readonly facet: Spec;
  /** The panels with their axes, and scales that are shared or not. */
  readonly of: (plot: Spec, scale?: Spec) => Spec;
}

export interface Panel {
  readonly key: string;
  readonly heading: readonly string[];
}

/** Plots between two widths, each with `side` px beside it for its axis and the gap. */
interface Sizes {
  readonly narrowest: number;
  readonly widest: number;
  readonly side: number;
}

/** Of the whole picture, px. */
const WIDTH = 1180;
const HEADING = 12;

export function panelsOf(panels: readonly Panel[], { viewport }: View, { narrowest, widest, side }: Sizes): Panels {
  const isWide = viewport === "wide";
  const most = isWide ? Math.max(1, Math.floor(WIDTH / (narrowest + side))) : 1;
  // Rows of about as many.
  const columns = Math.max(1, Math.ceil(panels.length / Math.ceil(panels.length / most)) || 1);
  const width = Math.floor(isWide ? Math.min(widest, WIDTH / columns - side) : NARROW_WIDTH - side);
  const header = {
    labelExpr: "headings[indexof(panels, datum.value)]",
    labelAnchor: "start",
    labelColor: INK,
    labelFontSize: HEADING,
    labelFontWeight: "bold",
    labelLimit: 0,
    labelPadding: 6,
  };
  // Facets are sorted by name unless told otherwise.
  const facet = { field: "panel", type: "nominal", sort: { field: "order", op: "min" }, title: null, header };
  return {
    width,
    params: {
      panels: panels.map(({ key }) => key),
      headings: panels.map(({ heading }) => heading.flatMap((line) => wrapText(line, width, HEADING, true))),
    },
    transform: [
      { filter: "indexof(panels, datum.panel) >= 0" },
      { calculate: "indexof(panels, datum.panel)", as: "order" },
    ],
    facet,
    of: (plot, scale = {}) => ({
      facet,
      columns,
      spacing: { row: 16, column: 16 },
      resolve: { axis: { x: "independent", y: "independent" }, scale },
      spec: { width, ...plot },
    }),
  };
}

/** A panel for each arm of each run, with its name and where it diverged. */
export function armPanels(arms: readonly TitledArm[]): Panel[] {
  return arms.map(({ title, arm }) => ({ key: title, heading: [title, endText(arm)].filter((line) => line !== "") }));
}

/** The panel that a row belongs to: that of its arm, or of several runs that of its run and arm. */
export function armOfRow(runs: Runs): Spec {
  return { calculate: isSingle(runs) ? "datum.arm" : "datum.run + ', ' + datum.arm", as: "panel" };
}

/** Panels whose lines are runs, px. */
const RUN_PANELS = { narrowest: 300, widest: 520, side: 68 } as const;
export const RUN_HEIGHT = 260;

/** Panels of these names, whose lines are runs. */
export function runPanels(names: readonly string[], view: View): Panels {
  const panels = names.map((name) => ({ key: name, heading: [name] }));
  return panelsOf(panels, view, RUN_PANELS);
}

/** What is said at a place along x of such a panel: each run's value of a field. */
export function toldRuns(runs: Runs, x: string, value: string, where: string): Told {
  const line = `datum.run + ': ' + ${numberExpr(`datum.${value}`)}`;
  const heading = `datum.panel + ', ' + ${where}`;
  return { field: x, groupby: ["panel"], place: "indexof(lines, datum.run)", count: runs.length, line, heading };
}

/** A line for each run. */
export function runLooks(runs: Runs, { viewport }: View): Looks {
  const looks = runs.map(({ label }, run) => ({ key: label, text: label, ...runStyle(run) }));
  return lineLooks("run", looks, { columns: viewport === "wide" ? 4 : 1 });
}
