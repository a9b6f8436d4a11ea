import { t } from "../../text/language.js";
import { BROKEN_LINE } from "../broken-lines.js";
import type { View } from "../chart.js";
import { areaLook } from "../hover.js";
import { calculate, oneOf, paramsOf } from "../parts.js";
import type { Spec } from "../spec.js";
import { GRID, HIGHLIGHT, LABEL_SIZE, PANEL_FRAME, QUIET_INK } from "../theme.js";
import { countExpr, quoted, shareExpr, textExpr } from "../vega-text.js";
import { binAreas, NOT_RECORDED, toldLayers } from "./areas.js";
import { TICK_SIZE } from "./axis.js";
import type { Panels } from "./extents.js";
import { layoutOf, MARGIN, valueTicks } from "./layout.js";

/** Where the strips of text end, as a multiple of the highest bin. */
const STRIP = 1.32;
const ZERO_LINE = "#8a8a8a";

const ARM = "indexof(arms, datum.arm)";
const SIDE = `(${ARM} === 0 ? 1 : -1)`;
const LAYER = "indexof(layers, datum.layer_name)";
const [LOW, HIGH] = ["lows", "highs"].map((ends) => `${ends}[${LAYER}][${ARM}]`) as [string, string];
/** Of a share on a part of the axis: every histogram has the same area, and each layer a height of its own. */
const heightOf = (part: string) =>
  `${SIDE} * pow(min(1, datum.count / datum.total / (${part}) / tops[${LAYER}]), exponent)`;
const placeOf = (value: string) => `(${value} - ${LOW}) / (${HIGH} - ${LOW})`;

/** What differs between records, and between the moments of a player: a compiled spec serves them all. */
export function panelParams(panels: Panels) {
  const { arms, updates, layers, tops, labels } = panels;
  return {
    arms: arms.map(({ label }) => label),
    colors: arms.map(({ color }) => color),
    inks: arms.map(({ ink }) => ink),
    ends: arms.map(({ divergedAt }) => divergedAt ?? null),
    shownUpdates: updates,
    layers: layers.map(({ name }) => name),
    ...(labels && { layerLabels: labels }),
    lows: layers.map(({ ranges }) => ranges.map(([low]) => low)),
    highs: layers.map(({ ranges }) => ranges.map(([, high]) => high)),
    tops,
    // 0.5 draws the square root of each height, which shows rare values.
    exponent: 1,
  };
}

/**
 * All histograms of a record in one plot: layers and updates are bands, and values and shares the offsets in them. Facets
 * would say the same, but Vega builds a dataflow for every panel. A player's has one update at a time, and its rows also
 * have a `note` about their layer; a row of `tails` on the side `absent` stands for an arm without a record there.
 */
export function layersSpec(panels: Panels, view: View): Spec {
  const { interactive } = view;
  const shown = interactive ? { ...panels, updates: panels.updates.slice(-1) } : panels;
  const { width, height, x, y, transform, heading } = layoutOf(shown, view);
  const [across, down] = [String(x["field"]), String(y["field"])];
  const xOffset = {
    field: "place",
    type: "quantitative",
    scale: { domain: [-MARGIN, 1 + MARGIN], nice: false, zero: false },
  };
  const yOffset = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [STRIP, -STRIP], nice: false },
  });
  const [topEdge, bottomEdge] = [STRIP, -STRIP].map((datum) => ({ datum, type: "quantitative" }));
  const fill = {
    field: "arm",
    type: "nominal",
    scale: { domain: { expr: "arms" }, range: [{ expr: "colors[0]" }, { expr: "colors[1]" }] },
    legend: {
      symbolType: "square",
      symbolSize: 140,
      symbolStrokeWidth: 0,
      ...(view.viewport === "narrow" ? { columns: 1 } : {}),
    },
  };
  const ink = { field: "ink", type: "nominal", scale: null };
  const drawn = [
    {
      filter: `${ARM} >= 0 && indexof(shownUpdates, datum.updates) >= 0 && ${LAYER} >= 0`,
    },
    ...transform,
  ];
  /** Annotations come from the small table: Vega copies all rows for every branch that adds a field. */
  const notes = (filter: string, ...more: Spec[]) => ({
    data: { name: "tails" },
    transform: [...drawn, { filter: `datum.count > 0 && ${filter}` }, calculate("ink", `inks[${ARM}]`), ...more],
  });
  const each = (groupby: readonly string[], ...more: Spec[]) => ({
    data: { name: "tails" },
    transform: [...drawn, oneOf(...groupby), ...more],
  });
  const places = [...new Set(["layer_name", "updates", across, down])];
  const text = { type: "text", baseline: "middle", fontSize: TICK_SIZE, lineHeight: 13 };
  const frames = { ...PANEL_FRAME, fill: interactive ? HIGHLIGHT : null };
  const flats = (...more: Spec[]) => ({
    data: { name: "flat" },
    transform: [...drawn, calculate("edge", `${SIDE} * ${STRIP}`), ...more],
  });
  return {
    width,
    height,
    view: { stroke: null },
    params: paramsOf(view, panelParams(shown)),
    encoding: { x, y },
    layer: [
      {
        name: `${BROKEN_LINE}flat`,
        ...flats(...FLAT_REGIONS),
        mark: { type: "line", fill: GRID, stroke: null, strokeWidth: 0, order: false },
        encoding: { xOffset, yOffset: yOffset("height") },
      },
      interactive
        ? {
            name: "areas",
            data: { name: "tails" },
            transform: [...drawn, ...toldLayers(panels, heading === undefined ? [] : [across, down])],
            mark: frames,
            encoding: areaLook({ byLayer: true }),
          }
        : { ...each(places), mark: frames },
      {
        name: `${BROKEN_LINE}outlines`,
        data: { name: "histograms" },
        // The rows beyond the bins open and close each outline; the row of what is not a number breaks the line.
        transform: [...drawn, ...OUTLINES],
        mark: { type: "line", interpolate: "step-after", stroke: null, strokeWidth: 0, order: false },
        encoding: { xOffset, yOffset: yOffset("height"), fill },
      },
      {
        name: `${BROKEN_LINE}beyond`,
        ...notes(
          "datum.side !== 'not finite'",
          calculate("top", heightOf(String(MARGIN))),
          ...corners(
            [[`datum.side === 'below' ? ${-MARGIN} : 1`, `datum.side === 'below' ? 0 : ${1 + MARGIN}`]],
            "top",
          ),
        ),
        mark: { type: "line", fillOpacity: 0.45, stroke: null, strokeWidth: 0, order: false },
        encoding: { xOffset, yOffset: yOffset("height"), fill },
      },
      {
        ...each([down]),
        mark: { type: "rule", color: ZERO_LINE },
        encoding: { x: null, yOffset: { datum: 0 } },
      },
      {
        ...flats(
          calculate("place", "0.5"),
          calculate("ink", `inks[${ARM}]`),
          calculate("text", textExpr`${shareExpr("datum.flat_share")} flat`),
        ),
        mark: { ...text, dy: { expr: `${SIDE} * 7` } },
        encoding: { xOffset, yOffset: yOffset("edge"), text: { field: "text" }, color: ink },
      },
      {
        ...notes(
          "datum.side === 'not finite'",
          calculate("place", "0.5"),
          calculate("middle", `${SIDE} / 2`),
          calculate(
            "text",
            `[${quoted(t`NaN or ∞:`)}, ${textExpr`${countExpr("datum.count")} of ${countExpr("datum.total")}`}]`,
          ),
        ),
        mark: text,
        encoding: { xOffset, yOffset: yOffset("middle"), text: { field: "text" }, color: ink },
      },
      absences(panels, view, text, yOffset("middle")),
      {
        data: { name: "layer-ticks", values: valueTicks(shown, view) },
        transform,
        mark: { ...text, align: { expr: "datum.align" }, baseline: "top", dy: 5 },
        encoding: {
          xOffset,
          y: heading ? y : { datum: { expr: "peek(shownUpdates)" }, type: "ordinal" },
          yOffset: bottomEdge,
          text: { field: "lines" },
        },
      },
      ...(heading
        ? [
            {
              ...each(places, calculate("heading", heading)),
              mark: { ...text, fontSize: 12, fontWeight: "bold", dy: -10 },
              encoding: { xOffset: { datum: 0.5 }, yOffset: topEdge, text: { field: "heading" } },
            },
          ]
        : []),
      ...binAreas(view, panels, drawn, { arm: ARM, side: SIDE, xOffset, yOffset }),
    ],
  };
}

const EDGE = "(datum.low === null ? datum.high : datum.low)";
const OUTLINES = [
  calculate("place", `${EDGE} === null ? null : ${placeOf(EDGE)}`),
  calculate(
    "height",
    `datum.low === null || datum.high === null ? 0 : ${heightOf(`(datum.high - datum.low) / (${HIGH} - ${LOW})`)}`,
  ),
];

/** Rectangles between two places each, from the middle of the panel to the height in a field: their corners, as broken lines. */
function corners(extents: readonly (readonly [from: string, to: string])[], height: string): Spec[] {
  const places = extents.flatMap(([from, to]) => [from, from, to, to, "null"]);
  const heights = extents.flatMap(() => ["0", `datum.${height}`, `datum.${height}`, "0", "null"]);
  return [
    calculate("place", `[${places.join(", ")}]`),
    calculate("height", `[${heights.join(", ")}]`),
    { flatten: ["place", "height"] },
  ];
}

/** Where each arm's activation is flat, from the edges of the panel on. */
const within = (value: string) => `clamp(${placeOf(value)}, ${-MARGIN}, ${1 + MARGIN})`;
const FLAT_REGIONS = corners(
  [
    [String(-MARGIN), `datum.steep_low === null ? ${-MARGIN} : ${within("datum.steep_low")}`],
    [`datum.steep_high === null ? ${1 + MARGIN} : ${within("datum.steep_high")}`, String(1 + MARGIN)],
  ],
  "edge",
);

/** "plain: diverged at update 1", or that there is no record. */
const END = `ends[${ARM}]`;
const IS_GONE = `(isNumber(${END}) && datum.updates >= ${END})`;
const ABSENCE = `datum.arm + (${IS_GONE} ? ${textExpr`: diverged at update ${countExpr(END)}`} : ${quoted(`: ${NOT_RECORDED}`)})`;
/** What is said on the side of an arm without a record; on a phone's picture in the column of its update. */
function absences({ recorded }: Panels, { viewport, interactive }: View, text: Spec, yOffset: Spec): Spec {
  const isColumn = viewport === "narrow" && !interactive;
  const place = [
    calculate("row", "0"),
    ...(isColumn ? [calculate("column", "indexof(shownUpdates, datum.updates)")] : []),
  ];
  return {
    data: { name: "tails" },
    transform: [
      // Before updates are chosen, since an arm without a row there would be in no group.
      { filter: `${ARM} >= 0` },
      calculate("record", "datum.side === 'absent' ? 0 : 1"),
      { aggregate: [{ op: "sum", field: "record", as: "records" }], groupby: ["arm", "updates"] },
      { impute: "records", key: "updates", keyvals: [...recorded], groupby: ["arm"], value: 0 },
      { filter: "datum.records === 0 && indexof(shownUpdates, datum.updates) >= 0" },
      // An arm that diverged is gone once.
      calculate("why", `datum.arm + (${IS_GONE} ? ' gone' : '')`),
      { joinaggregate: [{ op: "min", field: "updates", as: "since" }], groupby: ["why"] },
      { filter: "datum.updates === datum.since" },
      calculate("middle", `${SIDE} / 2`),
      calculate("text", ABSENCE),
      ...(viewport === "narrow" ? place : []),
    ],
    mark: {
      ...text,
      color: QUIET_INK,
      ...(isColumn ? { fontSize: TICK_SIZE, limit: { expr: "bandwidth('x')" } } : { fontSize: LABEL_SIZE }),
    },
    encoding: { ...(isColumn ? {} : { x: null }), yOffset, text: { field: "text" } },
  };
}
