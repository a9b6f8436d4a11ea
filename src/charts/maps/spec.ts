import type { Table } from "../../tables/table.js";
import { t } from "../../text/language.js";
import type { View } from "../chart.js";
import { AREA_MARK, areaLook } from "../hover.js";
import { armPanels, panelsOf } from "../panels.js";
import { band, calculate, paramsOf } from "../parts.js";
import { type Runs, type StyledArm, type TitledArm, titledArms } from "../runs.js";
import type { Spec } from "../spec.js";
import { FRAME } from "../theme.js";
import { numberExpr, quoted, textExpr } from "../vega-text.js";

/** Small images of an arm, one a channel, before training and at its end. */
export interface ImageGrid {
  readonly table: Table;
  /** An expression for the column in which a row's image stands, and all of them. */
  readonly column: string;
  readonly columns: readonly string[];
  /** The same for the images of a state that stand below each other: texts behind the state, "" where there is one. */
  readonly row: string;
  readonly rows: readonly string[];
  /** The largest absolute value: ends of the scale. */
  readonly bound: number;
  /** What the values are. */
  readonly legend: string;
  /** Of an image, from its height. */
  readonly aspect: number;
}

export const STATES = [t`before training`, t`at the end`] as const;

/** Beside a panel, px: names of the rows and the gap. */
const SIDE = 108;
const BETWEEN = 0.12;
const MOST_NARROW = 5;
/** ColorBrewer's PRGn: its ends differ in lightness from the middle alike, and are no arm's colors. */
const COLORS = ["#762a83", "#c2a5cf", "#f7f7f7", "#a6dba0", "#1b7837"];

/** Arms with maps; the pictures show the first two. */
export function mappedArms(runs: Runs): TitledArm[] {
  return titledArms(runs)
    .filter(({ arm }) => arm.maps !== undefined)
    .slice(0, 2);
}

/** A panel for each arm: a column a channel, a row a state, and in each an image whose pixels are places along offsets. */
export function imagesSpec(runs: Runs, view: View, grid: ImageGrid): Spec | undefined {
  const arms = armPanels(mappedArms(runs));
  if (arms.length === 0) return undefined;
  const { rows, bound, aspect } = grid;
  // On a phone all of them would be too small.
  const columns = view.viewport === "wide" ? grid.columns : grid.columns.slice(0, MOST_NARROW);
  const panels = panelsOf(arms, view, { narrowest: 0, widest: 60 * columns.length, side: SIDE });
  const places = STATES.flatMap((state) => rows.map((row) => `${state}${row}`));
  const size = panels.width / columns.length;
  const offset = (field: string): Spec => ({ field, type: "ordinal" });
  const at = {
    x: band("column", { expr: "columns" }, BETWEEN, { orient: "top", title: t`channel` }),
    y: band("row", { expr: "rows" }, BETWEEN, { labelPadding: 6 }),
  };
  return {
    data: { name: grid.table.name },
    params: paramsOf(view, { ...panels.params, columns, rows: places, bound }),
    transform: [
      calculate("panel", "datum.arm"),
      ...panels.transform,
      calculate("column", grid.column),
      calculate("row", `(datum.updates === 0 ? ${quoted(STATES[0])} : ${quoted(STATES[1])}) + ${grid.row}`),
      { filter: "indexof(columns, datum.column) >= 0" },
    ],
    ...panels.of({
      height: Math.round((size / aspect) * places.length),
      view: { stroke: null },
      encoding: at,
      layer: [
        {
          mark: { type: "rect" },
          encoding: {
            xOffset: offset("x"),
            yOffset: offset("y"),
            fill: {
              field: "value",
              type: "quantitative",
              scale: { domain: { expr: "[-bound, bound]" }, range: COLORS, interpolate: "lab" },
              legend: {
                title: grid.legend,
                gradientLength: 160,
                gradientStrokeColor: FRAME,
                tickCount: 3,
                labelExpr: numberExpr("datum.value"),
              },
            },
          },
        },
        ...(view.interactive ? [areas()] : []),
      ],
    }),
  };
}

/** What is said of an image: its range, and how much of it is above 0. */
function areas(): Spec {
  return {
    name: "areas",
    transform: [
      calculate("above", "datum.value > 0 ? 1 : 0"),
      {
        aggregate: [
          { op: "min", field: "value", as: "low" },
          { op: "max", field: "value", as: "high" },
          { op: "sum", field: "above", as: "above" },
          { op: "count", as: "pixels" },
        ],
        groupby: ["panel", "order", "column", "row"],
      },
      calculate(
        "told",
        textExpr`${"datum.panel"}, channel ${"datum.column"}, ${"datum.row"}\n${numberExpr("datum.low")} to ${numberExpr("datum.high")}\n${"datum.above"} of ${"datum.pixels"} above 0`,
      ),
    ],
    mark: { type: "rect", ...AREA_MARK },
    encoding: areaLook({}),
  };
}

/** The largest absolute value of some rows, rounded up for a legend. */
export function boundOf(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most > 0 ? Number(most.toPrecision(2)) : 1;
}

/** The update of an arm's last maps. */
export function lastState({ arm }: StyledArm): number {
  return arm.maps?.states.at(-1)?.update ?? 0;
}
