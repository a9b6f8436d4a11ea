import type { Quantity } from "../../tables/histograms.js";
import { BROKEN_LINE } from "../broken-lines.js";
import type { View } from "../chart.js";
import { areaLook } from "../hover.js";
import { calculate, paramsOf } from "../parts.js";
import type { Spec } from "../spec.js";
import { FRAME, GRID, HIGHLIGHT, LABEL_SIZE, QUIET_INK } from "../theme.js";
import { countExpr, shareExpr } from "../vega-text.js";
import { binAreas, toldLayers } from "./areas.js";
import { shareTicks, TICK_SIZE } from "./axis.js";
import type { Panels } from "./extents.js";
import { layoutOf, MARGIN, valueTicks } from "./layout.js";

/** Where the strips of text end, as a multiple of the largest share on the square-root scale. */
const STRIP = 1.25 ** 2;
const ZERO_LINE = "#8a8a8a";

const ARM = "indexof(arms, datum.arm)";
const SIDE = `(${ARM} === 0 ? 1 : -1)`;
const CUT_SHARE = `${SIDE} * min(datum.count / datum.total, top)`;

/** What differs between records, and between the moments of a player: a compiled spec serves them all. */
export function panelParams(panels: Panels, quantity: Quantity, view: View) {
  const { arms, updates, layers, top } = panels;
  const ticks = shareTicks(top, layoutOf(panels, view).panel / 2 / Math.sqrt(STRIP));
  return {
    arms: arms.map(({ label }) => label),
    colors: arms.map(({ color }) => color),
    inks: arms.map(({ ink }) => ink),
    ends: arms.map(({ divergedAt }) => divergedAt ?? null),
    quantity,
    shownUpdates: updates,
    layers: layers.map(({ name }) => name),
    lows: layers.map(({ ranges }) => ranges.map(([low]) => low)),
    highs: layers.map(({ ranges }) => ranges.map(([, high]) => high)),
    top,
    strip: top * STRIP,
    shares: [...ticks, ...ticks.map((share) => -share)],
  };
}

/**
 * All histograms of a record in one plot: layers and updates are bands, and values and shares the offsets in them. Facets
 * would say the same, but Vega builds a dataflow for every panel. A player's has one update at a time, and its rows also
 * have a `note` about their layer; a row of `tails` on the side `absent` stands for an arm without a record there.
 */
export function layersSpec(panels: Panels, quantity: Quantity, view: View): Spec {
  const { interactive } = view;
  const shown = interactive ? { ...panels, updates: panels.updates.slice(-1) } : panels;
  const { width, height, x, y, first, transform, heading } = layoutOf(shown, view);
  const [across, down] = [String(x["field"]), String(y["field"])];
  const xOffset = {
    field: "place",
    type: "quantitative",
    scale: { domain: [-MARGIN, 1 + MARGIN], nice: false, zero: false },
  };
  const yOffset = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: "sqrt", domain: { expr: "[strip, -strip]" }, nice: false },
  });
  const [topEdge, bottomEdge] = ["strip", "-strip"].map((expr) => ({ datum: { expr }, type: "quantitative" }));
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
      filter: `datum.quantity === quantity && ${ARM} >= 0 && indexof(shownUpdates, datum.updates) >= 0 && indexof(layers, datum.layer_name) >= 0`,
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
    transform: [...drawn, { aggregate: [{ op: "count", as: "rows" }], groupby }, ...more],
  });
  const eachTick = each([down], calculate("share", "shares"), { flatten: ["share"] });
  const places = [...new Set(["layer_name", "updates", across, down])];
  const text = { type: "text", baseline: "middle", fontSize: TICK_SIZE, lineHeight: 13 };
  const frames = {
    type: "rect",
    fill: interactive ? HIGHLIGHT : null,
    stroke: FRAME,
    strokeOpacity: 1,
    width: { expr: "bandwidth('x')" },
    height: { expr: "bandwidth('y')" },
  };
  const beyondText = (where: "below" | "above", edge: number, align: string, dx: number) => ({
    ...notes(
      `datum.side === '${where}'`,
      calculate("place", String(edge)),
      calculate("strip", `${SIDE} * strip`),
      calculate("text", shareExpr("(datum.count / datum.total)")),
    ),
    mark: { ...text, align, dx, dy: { expr: `${SIDE} * 7` } },
    encoding: { xOffset, yOffset: yOffset("strip"), text: { field: "text" }, color: ink },
  });
  return {
    width,
    height,
    view: { stroke: null },
    params: paramsOf(view, panelParams(shown, quantity, view)),
    encoding: { x, y },
    layer: [
      interactive
        ? {
            name: "areas",
            data: { name: "tails" },
            transform: [...drawn, ...toldLayers(panels.arms.length, heading === undefined ? [] : [across, down])],
            mark: frames,
            encoding: areaLook({ byLayer: true }),
          }
        : { ...each(places), mark: frames },
      { ...eachTick, mark: { type: "rule", color: GRID }, encoding: { x: null, yOffset: yOffset("share") } },
      {
        name: `${BROKEN_LINE}outlines`,
        data: { name: "histograms" },
        // The rows beyond the bins open and close each outline; the row of what is not a number breaks the line.
        transform: [...drawn, ...OUTLINES],
        mark: { type: "line", interpolate: "step-after", stroke: null, strokeWidth: 0, order: false },
        encoding: { xOffset, yOffset: yOffset("share"), fill },
      },
      {
        name: `${BROKEN_LINE}beyond`,
        ...notes(
          "datum.side !== 'not finite'",
          calculate("place", `datum.side === 'below' ? ${-MARGIN / 2} : ${1 + MARGIN / 2}`),
          calculate("share", `[0, ${CUT_SHARE}, null]`),
          { flatten: ["share"] },
        ),
        mark: { type: "line", strokeWidth: 6, strokeOpacity: 0.45, strokeCap: "butt", order: false },
        encoding: { xOffset, yOffset: yOffset("share"), stroke: fill },
      },
      {
        ...each([down]),
        mark: { type: "rule", color: ZERO_LINE },
        encoding: { x: null, yOffset: { datum: 0 } },
      },
      beyondText("below", -MARGIN, "left", 2),
      beyondText("above", 1 + MARGIN, "right", -2),
      {
        ...notes(
          "datum.side === 'not finite'",
          calculate("place", "0.5"),
          calculate("middle", `${SIDE} * top / 4`),
          calculate("text", `['NaN or ∞:', ${countExpr("datum.count")} + ' of ' + ${countExpr("datum.total")}]`),
        ),
        mark: text,
        encoding: { xOffset, yOffset: yOffset("middle"), text: { field: "text" }, color: ink },
      },
      absences(panels, view, text, yOffset("middle")),
      {
        ...eachTick,
        mark: { ...text, align: "right", dx: -4 },
        encoding: {
          x: { datum: { expr: first }, type: "nominal" },
          xOffset: { datum: -MARGIN },
          yOffset: yOffset("share"),
          text: { value: { expr: "format(abs(datum.share) * 100, '~r') + '\u00a0%'" } },
        },
      },
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
      ...binAreas(view, drawn, { arm: ARM, side: SIDE, xOffset, yOffset }),
    ],
  };
}

const RANGE = ["lows", "highs"].map((ends) => `${ends}[indexof(layers, datum.layer_name)][${ARM}]`);
const EDGE = "(datum.low === null ? datum.high : datum.low)";
const OUTLINES = [
  calculate("place", `${EDGE} === null ? null : (${EDGE} - ${RANGE[0]}) / (${RANGE[1]} - ${RANGE[0]})`),
  calculate("share", `datum.low === null || datum.high === null ? 0 : ${CUT_SHARE}`),
];

/** "plain: diverged at update 1", or that there is no record. */
const END = `ends[${ARM}]`;
const IS_GONE = `(isNumber(${END}) && datum.updates >= ${END})`;
const ABSENCE = `datum.arm + (${IS_GONE} ? ': diverged at update ' + ${countExpr(END)} : ': not recorded')`;
/** What is said on the side of an arm without a record; on a phone's picture in the column of its update. */
function absences({ allUpdates }: Panels, { viewport, interactive }: View, text: Spec, yOffset: Spec): Spec {
  const isColumn = viewport === "narrow" && !interactive;
  const place = [
    calculate("row", "0"),
    ...(isColumn ? [calculate("column", "indexof(shownUpdates, datum.updates)")] : []),
  ];
  return {
    data: { name: "tails" },
    transform: [
      // Before updates are chosen, since an arm without a row there would be in no group.
      { filter: `datum.quantity === quantity && ${ARM} >= 0` },
      calculate("record", "datum.side === 'absent' ? 0 : 1"),
      { aggregate: [{ op: "sum", field: "record", as: "records" }], groupby: ["arm", "updates"] },
      { impute: "records", key: "updates", keyvals: [...allUpdates], groupby: ["arm"], value: 0 },
      { filter: "datum.records === 0 && indexof(shownUpdates, datum.updates) >= 0" },
      calculate("middle", `${SIDE} * top / 4`),
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
