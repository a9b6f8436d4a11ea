import { HIGHLIGHT } from "./theme.js";

/**
 * What a page that answers to a pointer sets: `pointed` is what is said about the area that is pointed at, and `layer`
 * the name of the layer that is highlighted in every chart. Areas of a chart are transparent marks with a tooltip, a text
 * whose first line is its heading.
 */
export const HOVER_PARAMS = { pointed: null, layer: null } as const;

const IS_POINTED = "pointed !== null && pointed === datum.told";
const IS_LINKED = "layer !== null && datum.layer_name === layer";

/** For a mark that is an area itself. */
export const TOLD = { field: "told", type: "nominal" } as const;

/** The look of a transparent area; with `byLayer` it is highlighted with its layer. */
export function areaLook({ byLayer = false, byPointing = true }): object {
  const tests = [...(byLayer ? [`(${IS_LINKED})`] : []), ...(byPointing ? [`(${IS_POINTED})`] : [])];
  return {
    fillOpacity: tests.length === 0 ? { value: 0 } : { condition: { test: tests.join(" || "), value: 0.16 }, value: 0 },
    tooltip: TOLD,
  };
}

export const AREA_MARK = { fill: HIGHLIGHT, stroke: null, opacity: 1, cursor: "crosshair" } as const;

interface Columns {
  /** Of the areas' marks, where the chart has several plots. */
  readonly name?: string;
  /** Where it is not the plot's. */
  readonly data?: object;
  readonly transform: readonly object[];
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
function together({ transform, field, groupby = [], place, count, line, heading }: Columns): object[] {
  const lines = Array.from(
    { length: count },
    (_, slot) => `(isValid(datum.line${slot}) ? '\\n' + datum.line${slot} : '')`,
  );
  return [
    ...transform,
    { calculate: `'line' + (${place})`, as: "slot" },
    { calculate: line, as: "line" },
    { pivot: "slot", value: "line", groupby: [field, ...groupby], op: "max" },
    { calculate: [heading, ...lines].join(" + "), as: "told" },
  ];
}

/** Areas side by side along a quantitative x, each from halfway to its neighbors, with a line at the exact place under them. */
export function columnAreas(columns: Columns, x: object, ends: readonly [low: string, high: string]): object[] {
  const { name = "areas", data, field, groupby = [] } = columns;
  const halfway = (other: string, end: string) =>
    `isValid(datum.${other}) ? (datum.${field} + datum.${other}) / 2 : ${end}`;
  const transform = [
    ...together(columns),
    {
      window: [
        { op: "lag", field, as: "before" },
        { op: "lead", field, as: "after" },
      ],
      sort: [{ field }],
      groupby,
    },
    { calculate: halfway("before", ends[0]), as: "from" },
    { calculate: halfway("after", ends[1]), as: "to" },
  ];
  const own = data === undefined ? {} : { data };
  return [
    {
      ...own,
      transform,
      mark: { type: "rule", stroke: HIGHLIGHT, strokeWidth: 1.5, tooltip: null },
      encoding: { x: { ...x, field }, y: null, color: null, opacity: ruleOpacity },
    },
    {
      ...own,
      name,
      transform,
      mark: { type: "rect", ...AREA_MARK },
      encoding: {
        x: { ...x, field: "from" },
        x2: { field: "to" },
        y: null,
        color: null,
        ...areaLook({ byPointing: false }),
      },
    },
  ];
}

const ruleOpacity = { condition: { test: IS_POINTED, value: 1 }, value: 0 };

/** Areas side by side along the layers, `width` px wide, each highlighted with its layer in every chart. */
export function layerAreas(columns: Columns, x: object, width: number): object[] {
  const transform = together(columns);
  return [
    {
      transform,
      mark: { type: "rule", stroke: HIGHLIGHT, strokeWidth: 1.5, tooltip: null },
      encoding: { x, y: null, color: null, opacity: ruleOpacity },
    },
    {
      name: "areas",
      transform,
      mark: { type: "rect", ...AREA_MARK, width },
      encoding: { x, y: null, color: null, ...areaLook({ byLayer: true, byPointing: false }) },
    },
  ];
}
