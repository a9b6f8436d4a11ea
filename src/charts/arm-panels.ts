import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import type { View } from "./chart.js";
import { wrapText } from "./text-metrics.js";
import { armStyles, INK, NARROW_WIDTH } from "./theme.js";

/** A panel per arm of the first seed, wrapped to the width of the picture. */
export interface ArmPanels {
  /** For the spec's transforms, before the facet. */
  readonly order: object;
  /** For the spec's `facet`. */
  readonly facet: { readonly header: object; readonly [key: string]: unknown };
  readonly columns: number;
  /** Of a panel's plot, px. */
  readonly width: number;
  /** For the spec's parameters. */
  readonly params: { readonly arms: readonly string[]; readonly headings: readonly (readonly string[])[] };
}

/** Of the whole picture, px. */
const WIDTH = 1180;
const HEADING = 12;

/** Panels for some arms, between two widths of plots, each with `side` px beside it for its axis and the gap. */
export function armPanels(
  record: Result,
  names: readonly string[],
  { viewport }: View,
  { narrowest, widest, side }: { readonly narrowest: number; readonly widest: number; readonly side: number },
): ArmPanels {
  const available = viewport === "wide" ? WIDTH : NARROW_WIDTH;
  const most = viewport === "wide" ? Math.max(1, Math.floor(available / (narrowest + side))) : 1;
  const columns = Math.max(1, Math.min(most, names.length));
  const width = Math.floor(viewport === "wide" ? Math.min(widest, available / columns - side) : available - side);
  const styles = armStyles(Object.keys(record.arms)).filter(({ name }) => names.includes(name));
  return {
    columns,
    width,
    params: {
      arms: styles.map(({ label }) => label),
      headings: styles.map(({ name, label }) => headingOf(record, name, label, width)),
    },
    order: { calculate: "indexof(arms, datum.arm)", as: "order" },
    facet: {
      field: "arm",
      type: "nominal",
      // Facets are sorted by name unless told otherwise.
      sort: { field: "order", op: "min" },
      title: null,
      header: {
        labelExpr: "headings[indexof(arms, datum.value)]",
        labelAnchor: "start",
        labelColor: INK,
        labelFontSize: HEADING,
        labelFontWeight: "bold",
        labelLimit: 0,
        labelPadding: 6,
      },
    },
  };
}

/** An arm's name, and where it diverged. */
function headingOf(record: Result, name: string, label: string, width: number): string[] {
  const arm = record.arms[name];
  const end = arm?.status === "diverged" ? [divergedText(arm.divergence.update)] : [];
  return [label, ...end].flatMap((line) => wrapText(line, width, HEADING, true));
}
