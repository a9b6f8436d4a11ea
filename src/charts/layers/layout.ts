import { t } from "../../text/language.js";
import type { View, Viewport } from "../chart.js";
import { band, calculate } from "../parts.js";
import type { Spec } from "../spec.js";
import { NARROW_WIDTH } from "../theme.js";
import { countExpr, quoted, textExpr } from "../vega-text.js";
import { layerAxisLabels, layerExpr } from "../wording.js";
import { fittingTicks } from "./axis.js";
import type { Panels } from "./extents.js";

/** Of a panel's width at both sides of the bins: what lies beyond them. */
export const MARGIN = 0.09;
const BETWEEN = 0.08;
const WIDTHS: Readonly<Record<Viewport, number>> = { wide: 1076, narrow: NARROW_WIDTH - 38 };
/** Of a panel in a file, in a player and on a phone, and of a name and ticks around one on a phone, px. */
const [PANEL, PLAYER, PHONE, PHONE_TEXT] = [126, 250, 132, 46];

/** How the panels of a chart of layers are laid out: in bands along x and y, each by a field. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly x: Spec;
  readonly y: Spec;
  /** Makes the fields of x and y. */
  readonly transform: readonly Spec[];
  /** What stands above each panel, where layers have rows of their own. */
  readonly heading?: string;
}

/**
 * A column for each layer and a row for each update, of which a player has one. On a phone a player has its layers in two
 * columns, and a picture a row for each layer and a column for each update.
 */
export function layoutOf({ layers, updates, labels }: Panels, view: View): Layout {
  const { interactive } = view;
  const width = WIDTHS[view.viewport];
  const places = (count: number) => [...Array(Math.max(1, count)).keys()];
  if (view.viewport === "wide") {
    const panel = interactive ? PLAYER : PANEL;
    const label = { labelFontWeight: "bold", labelPadding: 8 };
    const update = `[${quoted(t`update`)}, ${countExpr("datum.value")}]`;
    return {
      width,
      height: panel * Math.max(1, updates.length),
      x: band("layer_name", { expr: "layers" }, BETWEEN, {
        orient: "top",
        labelFontSize: 12,
        ...label,
        ...layerAxisLabels(labels !== undefined),
      }),
      y: band("updates", { expr: "shownUpdates" }, BETWEEN, { ...label, labelExpr: update }),
      transform: [],
    };
  }
  const columns = columnsOf({ layers, updates }, view);
  const rows = interactive ? Math.ceil(layers.length / columns) : layers.length;
  const row = PHONE + PHONE_TEXT;
  const layer = "indexof(layers, datum.layer_name)";
  return {
    width,
    height: row * rows,
    x: band("column", places(columns), BETWEEN, null),
    y: band("row", places(rows), PHONE_TEXT / row, null, PHONE_TEXT / row / 2),
    transform: interactive
      ? [calculate("column", `${layer} % ${columns}`), calculate("row", `floor(${layer} / ${columns})`)]
      : [calculate("column", "indexof(shownUpdates, datum.updates)"), calculate("row", layer)],
    heading: `${layerExpr("datum.layer_name", labels !== undefined)}${interactive ? "" : ` + ${labels === undefined ? textExpr`, update ${countExpr("datum.updates")}` : textExpr` at ${countExpr("datum.updates")}`}`}`,
  };
}

function columnsOf({ layers, updates }: Pick<Panels, "layers" | "updates">, { viewport, interactive }: View): number {
  if (viewport === "wide") return layers.length;
  return Math.max(1, interactive ? Math.min(2, layers.length) : updates.length);
}

/** The inner axes' texts: below the last row, or where layers have rows of their own below each. */
export function valueTicks(panels: Panels, view: View): Spec[] {
  const width = (WIDTHS[view.viewport] / columnsOf(panels, view)) * (1 - BETWEEN) * (1 - 2 * MARGIN);
  const ticks = panels.layers.flatMap((axis) =>
    fittingTicks(axis, width).map(({ place, lines }) => ({
      layer_name: axis.name,
      place,
      lines,
      align: axis.isSeparate ? (place === 0 ? "left" : "right") : "center",
    })),
  );
  if (view.viewport === "wide" || view.interactive) return ticks;
  return panels.updates.flatMap((updates) => ticks.map((tick) => ({ ...tick, updates })));
}
