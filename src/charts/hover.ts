import type { Row } from "../tables/table.js";
import type { View } from "./chart.js";
import { calculate, layer } from "./parts.js";
import type { Spec } from "./spec.js";
import { HIGHLIGHT, QUIET_INK } from "./theme.js";

/** Areas of a chart are transparent marks with a tooltip, a text whose first line is its heading. */

const IS_POINTED = "pointed !== null && pointed === datum.told";
const IS_LINKED = "layer !== null && datum.layer_name === layer";

const TOLD = { field: "told", type: "nominal" };

/** For a point that is an area itself: what it looks like when it is pointed at, and its tooltip. */
export function pointArea({ interactive }: View, size: number): Spec {
  if (!interactive) return {};
  return { size: { condition: { test: IS_POINTED, value: 90 }, value: size }, tooltip: TOLD };
}

/** A line at the update that the page's clock shows, for each of some rows; one of the channels encodes the field `updates`. */
export function clockMark({ interactive }: View, encoding: Spec, rows: readonly Row[] = [{}]): Spec[] {
  if (!interactive) return [];
  return [
    {
      data: { name: "clock", values: rows },
      transform: [calculate("updates", "clockUpdate"), { filter: "isNumber(datum.updates)" }],
      mark: { type: "rule", stroke: QUIET_INK, strokeWidth: 1.5, tooltip: null },
      encoding: { ...encoding, y: null, color: null },
    },
  ];
}

/** The look of a transparent area; with `byLayer` it is highlighted with its layer. */
export function areaLook({ byLayer = false, byPointing = true }): Spec {
  const tests = [...(byLayer ? [`(${IS_LINKED})`] : []), ...(byPointing ? [`(${IS_POINTED})`] : [])];
  const seen = { condition: { test: tests.join(" || "), value: 0.16 } };
  return { fillOpacity: { ...(tests.length === 0 ? {} : seen), value: 0 }, tooltip: TOLD };
}

export const AREA_MARK = { fill: HIGHLIGHT, stroke: null, opacity: 1, cursor: "crosshair" } as const;

/** What is said at a place along x. */
export interface Told {
  /** Of the areas' marks, where the chart has several plots. */
  readonly name?: string;
  /** Where it is not the plot's. */
  readonly data?: string;
  readonly transform?: readonly Spec[];
  /** The field along x. */
  readonly field: string;
  /** Columns of different panels are apart. */
  readonly groupby?: readonly string[];
  /** An expression for the place of a row's line among the column's, from 0. */
  readonly place: string;
  /** How many lines there may be. */
  readonly count: number;
  /** Expressions: the line about a row, and the column's heading. */
  readonly line: string;
  readonly heading: string;
}

/** Rows at one place along x are said together: a row per place, whose `told` has a line for each. */
function together({ transform = [], field, groupby = [], place, count, line, heading }: Told): Spec[] {
  const lines = Array.from(
    { length: count },
    (_, slot) => `(isValid(datum.line${slot}) ? '\\n' + datum.line${slot} : '')`,
  );
  return [
    ...transform,
    calculate("slot", `'line' + (${place})`),
    calculate("line", line),
    { pivot: "slot", value: "line", groupby: [field, ...groupby], op: "max" },
    calculate("told", [heading, ...lines].join(" + ")),
  ];
}

type Ends = readonly [low: string, high: string];
/** Where the updates are along x. */
const UPDATES: Ends = ["0", "lastUpdate"];

/** Where the area of a row starts and ends along a quantitative x: halfway to its neighbors, as the fields `from` and `to`. */
export function halfway(field: string, groupby: readonly string[], ends = UPDATES): Spec[] {
  const middle = (other: string, end: string) =>
    `isValid(datum.${other}) ? (datum.${field} + datum.${other}) / 2 : ${end}`;
  return [
    {
      window: [
        { op: "lag", field, as: "before" },
        { op: "lead", field, as: "after" },
      ],
      sort: [{ field }],
      groupby,
    },
    calculate("from", middle("before", ends[0])),
    calculate("to", middle("after", ends[1])),
  ];
}

/** Areas side by side along a quantitative x, with a line at the exact place under them. */
export function columnAreas({ interactive }: View, told: Told, x: Spec, ends = UPDATES): Spec[] {
  if (!interactive) return [];
  const { name = "areas", data, field, groupby = [] } = told;
  const rows = [...together(told), ...halfway(field, groupby, ends)];
  const none = { y: null, color: null };
  const line = { type: "rule", stroke: HIGHLIGHT, strokeWidth: 1.5, tooltip: null };
  const isHere = { condition: { test: IS_POINTED, value: 1 }, value: 0 };
  const extent = { x: { ...x, field: "from" }, x2: { field: "to" } };
  return [
    layer(data, line, { x: { ...x, field }, ...none, opacity: isHere }, rows),
    {
      name,
      ...layer(data, { type: "rect", ...AREA_MARK }, { ...extent, ...areaLook({ byPointing: false }), ...none }, rows),
    },
  ];
}

/** Areas side by side along the layers, each highlighted with its layer in every chart. */
export function layerAreas({ interactive }: View, told: Told, encoding: Spec, size: Spec): Spec[] {
  if (!interactive) return [];
  const mark = { type: "tick", orient: "vertical", ...AREA_MARK, ...size };
  return [
    { name: "areas", ...layer(told.data, mark, { ...encoding, ...areaLook({ byLayer: true }) }, together(told)) },
  ];
}
