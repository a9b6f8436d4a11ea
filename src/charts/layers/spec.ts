import type { TopLevelSpec } from "vega-lite";
import type { Quantity } from "../../tables/histograms.js";
import type { View, Viewport } from "../chart.js";
import { AREA_MARK, areaLook, HOVER_PARAMS } from "../hover.js";
import { paramsOf } from "../params.js";
import { FRAME, GRID, HIGHLIGHT, LABEL_SIZE, NARROW_WIDTH, QUIET_INK } from "../theme.js";
import { countExpr, numberExpr, shareExpr } from "../vega-text.js";
import { fittingTicks, type Panels, shareTicks } from "./panels.js";

/** Of all panels, px. */
const WIDTH = 1076;
const ROW = 126;
export const ROW_OF_ONE = 250;
/** Of a panel's width at both sides of the bins: what lies beyond them. */
const MARGIN = 0.09;
/** Where the strips of text end, as a multiple of the largest share on the square-root scale. */
const STRIP = 1.25 ** 2;
const PADDING = 0.08;
const TEXT = 10;
const ZERO_LINE = "#8a8a8a";

/** What differs between records, and between the moments of a player: a compiled spec serves them all. */
export function panelParams({ arms, updates, layers, top }: Panels, quantity: Quantity, row = ROW) {
  const ticks = shareTicks(top, row / 2 / Math.sqrt(STRIP));
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
export function layersSpec(panels: Panels, quantity: Quantity, { viewport, interactive }: View): TopLevelSpec {
  const { arms, updates, layers } = panels;
  const width = layersWidth(viewport);
  const row = interactive ? ROW_OF_ONE : ROW;
  const bands = { paddingInner: PADDING, paddingOuter: 0 };
  const x = {
    field: "layer_name",
    type: "nominal",
    sort: null,
    scale: { domain: { expr: "layers" }, ...bands },
    axis: { ...BARE_AXIS, orient: "top", labelAngle: 0, labelFontSize: 12, labelPadding: 8 },
  };
  const y = {
    field: "updates",
    type: "ordinal",
    scale: { domain: { expr: "shownUpdates" }, ...bands },
    axis: { ...BARE_AXIS, labelPadding: 40, labelExpr: `['update', ${countExpr("datum.value")}]` },
  };
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
  const fill = {
    field: "arm",
    type: "nominal",
    scale: { domain: { expr: "arms" }, range: [{ expr: "colors[0]" }, { expr: "colors[1]" }] },
    legend: { symbolType: "square", symbolSize: 140, symbolStrokeWidth: 0 },
  };
  const ink = { field: "ink", type: "nominal", scale: null };
  const arm = "indexof(arms, datum.arm)";
  const side = `(${arm} === 0 ? 1 : -1)`;
  const inks = { calculate: `inks[${arm}]`, as: "ink" };
  const drawn = {
    filter: `datum.quantity === quantity && ${arm} >= 0 && indexof(shownUpdates, datum.updates) >= 0 && indexof(layers, datum.layer_name) >= 0`,
  };
  /** Annotations come from the small table: Vega copies all rows for every branch that adds a field. */
  const notes = (filter: string, ...transform: object[]) => ({
    data: { name: "tails" },
    transform: [drawn, { filter: `datum.count > 0 && ${filter}` }, inks, ...transform],
  });
  const eachUpdate = (...transform: object[]) => ({
    data: { name: "tails" },
    transform: [drawn, { aggregate: [{ op: "count", as: "rows" }], groupby: ["updates"] }, ...transform],
  });
  const eachTick = eachUpdate({ calculate: "shares", as: "share" }, { flatten: ["share"] });
  const text = { type: "text", baseline: "middle", fontSize: TEXT, lineHeight: 13 };
  return {
    width,
    height: row * Math.max(1, updates.length),
    view: { stroke: null },
    params: paramsOf({ ...panelParams(panels, quantity, row), ...(interactive ? HOVER_PARAMS : {}) }),
    encoding: { x, y },
    layer: [
      {
        data: { name: "tails" },
        ...(interactive
          ? { name: "areas", transform: [drawn, ...toldLayers(arms.length)], encoding: areaLook({ byLayer: true }) }
          : { transform: [drawn, { aggregate: [{ op: "count", as: "rows" }], groupby: ["layer_name", "updates"] }] }),
        mark: {
          type: "rect",
          fill: interactive ? HIGHLIGHT : null,
          stroke: FRAME,
          strokeOpacity: 1,
          width: { expr: "bandwidth('x')" },
          height: { expr: "bandwidth('y')" },
        },
      },
      { ...eachTick, mark: { type: "rule", color: GRID }, encoding: { x: null, yOffset: yOffset("share") } },
      {
        data: { name: "histograms" },
        transform: [
          drawn,
          // The rows beyond the bins open and close each outline; the row of what is not a number breaks the line.
          { calculate: "datum.low === null ? datum.high : datum.low", as: "edge" },
          { calculate: "indexof(layers, datum.layer_name)", as: "axis" },
          {
            calculate: `datum.edge === null ? null : (datum.edge - lows[datum.axis][${arm}]) / (highs[datum.axis][${arm}] - lows[datum.axis][${arm}])`,
            as: "place",
          },
          {
            calculate: `datum.low === null || datum.high === null ? 0 : ${side} * min(datum.count / datum.total, top)`,
            as: "share",
          },
        ],
        mark: { type: "line", interpolate: "step-after", stroke: null, strokeWidth: 0, order: false },
        encoding: { xOffset, yOffset: yOffset("share"), fill },
      },
      {
        ...notes(
          "datum.side !== 'not finite'",
          { calculate: `datum.side === 'below' ? ${-MARGIN / 2} : ${1 + MARGIN / 2}`, as: "place" },
          { calculate: `[0, ${side} * min(datum.count / datum.total, top), null]`, as: "share" },
          { flatten: ["share"] },
        ),
        mark: { type: "line", strokeWidth: 6, strokeOpacity: 0.45, strokeCap: "butt", order: false },
        encoding: { xOffset, yOffset: yOffset("share"), stroke: fill },
      },
      { ...eachUpdate(), mark: { type: "rule", color: ZERO_LINE }, encoding: { x: null, yOffset: { datum: 0 } } },
      ...(["below", "above"] as const).map((where) => ({
        ...notes(
          `datum.side === '${where}'`,
          { calculate: String(where === "below" ? -MARGIN : 1 + MARGIN), as: "place" },
          { calculate: `${side} * strip`, as: "strip" },
          { calculate: shareExpr("(datum.count / datum.total)"), as: "text" },
        ),
        mark: {
          ...text,
          align: where === "below" ? "left" : "right",
          dx: where === "below" ? 2 : -2,
          dy: { expr: `${side} * 7` },
        },
        encoding: { xOffset, yOffset: yOffset("strip"), text: { field: "text" }, color: ink },
      })),
      {
        ...notes(
          "datum.side === 'not finite'",
          { calculate: "0.5", as: "place" },
          { calculate: `${side} * top / 4`, as: "middle" },
          {
            calculate: `['NaN or ∞:', ${countExpr("datum.count")} + ' of ' + ${countExpr("datum.total")}]`,
            as: "text",
          },
        ),
        mark: text,
        encoding: { xOffset, yOffset: yOffset("middle"), text: { field: "text" }, color: ink },
      },
      {
        data: { name: "tails" },
        transform: [
          drawn,
          ...(interactive
            ? [
                { filter: "datum.side === 'absent'" },
                { aggregate: [{ op: "count", as: "rows" }], groupby: ["arm", "updates"] },
              ]
            : [
                { aggregate: [{ op: "count", as: "rows" }], groupby: ["arm", "updates"] },
                { impute: "rows", key: "updates", keyvals: [...updates], groupby: ["arm"], value: 0 },
                { filter: "datum.rows === 0" },
              ]),
          { calculate: `${side} * top / 4`, as: "middle" },
          { calculate: ABSENCE, as: "text" },
        ],
        mark: { ...text, fontSize: LABEL_SIZE, color: QUIET_INK },
        encoding: { x: null, yOffset: yOffset("middle"), text: { field: "text" } },
      },
      {
        ...eachTick,
        mark: { ...text, align: "right", dx: -4 },
        encoding: {
          x: { datum: { expr: "layers[0]" }, type: "nominal" },
          xOffset: { datum: -MARGIN },
          yOffset: yOffset("share"),
          text: { value: { expr: "format(abs(datum.share) * 100, '~r') + '\u00a0%'" } },
        },
      },
      {
        data: {
          name: "layer-ticks",
          values: valueTicks(panels, viewport),
        },
        mark: { ...text, align: { expr: "datum.align" }, baseline: "top", dy: 5 },
        encoding: {
          xOffset,
          y: { datum: { expr: "peek(shownUpdates)" }, type: "ordinal" },
          yOffset: { datum: { expr: "-strip" }, type: "quantitative" },
          text: { field: "lines" },
        },
      },
      ...(interactive ? binAreas(drawn, arm, side, { xOffset, yOffset }) : []),
    ],
  } as unknown as TopLevelSpec;
}

const BARE_AXIS = { title: null, domain: false, ticks: false, labelFontWeight: "bold" };

/** "plain: diverged at update 1", or that there is no record. */
const END = "ends[indexof(arms, datum.arm)]";
const ABSENCE = `datum.arm + (isNumber(${END}) && datum.updates >= ${END} ? ': diverged at update ' + ${countExpr(END)} : ': not recorded')`;

/** The inner axes' texts below the last row. */
export function valueTicks({ layers }: Panels, viewport: Viewport): object[] {
  const width = (layersWidth(viewport) / layers.length) * (1 - PADDING) * (1 - 2 * MARGIN);
  return layers.flatMap((axis) =>
    fittingTicks(axis, width).map(({ place, lines }) => ({
      layer_name: axis.name,
      place,
      lines,
      align: axis.isSeparate ? (place === 0 ? "left" : "right") : "center",
    })),
  );
}

function layersWidth(viewport: Viewport): number {
  return viewport === "wide" ? WIDTH : NARROW_WIDTH - 38;
}

/** What is said of a layer: the note about each arm. */
function toldLayers(arms: number): object[] {
  const lines = Array.from(
    { length: arms },
    (_, place) => `'\\n' + arms[${place}] + ': ' + (isValid(datum.arm${place}) ? datum.arm${place} : 'not recorded')`,
  );
  return [
    { calculate: "'arm' + indexof(arms, datum.arm)", as: "slot" },
    { pivot: "slot", value: "note", groupby: ["layer_name", "updates"], op: "max" },
    { calculate: [`datum.layer_name + ', update ' + ${countExpr("datum.updates")}`, ...lines].join(" + "), as: "told" },
  ];
}

/** A transparent mark for each bin, and for what lies beyond the bins: as high as there is room on the arm's side. */
function binAreas(
  drawn: object,
  arm: string,
  side: string,
  { xOffset, yOffset }: { readonly xOffset: object; readonly yOffset: (field: string) => object },
): object[] {
  const heading = `datum.arm + ', ' + datum.layer_name + ', update ' + ${countExpr("datum.updates")}`;
  const share = `${shareExpr("(datum.count / datum.total)")} + ' (' + ${countExpr("round(datum.count)")} + ' of ' + ${countExpr("datum.total")} + ' values)'`;
  const note = "(isValid(datum.note) ? '\\n' + datum.note : '')";
  const area = (name: string, data: string, transform: readonly object[], what: string) => ({
    name,
    data: { name: data },
    transform: [
      drawn,
      ...transform,
      { calculate: `${side} * strip / 4`, as: "middle" },
      { calculate: `${heading} + '\\n' + ${what} + ': ' + ${share} + ${note}`, as: "told" },
    ],
    mark: {
      type: "tick",
      orient: "vertical",
      ...AREA_MARK,
      thickness: { expr: `datum.wide * bandwidth('x') / ${1 + 2 * MARGIN}` },
      size: { expr: "bandwidth('y') / 2" },
    },
    encoding: { xOffset, yOffset: yOffset("middle"), ...areaLook({}) },
  });
  const [low, high] = [`lows[datum.axis][${arm}]`, `highs[datum.axis][${arm}]`];
  return [
    area(
      "bins",
      "histograms",
      [
        { filter: "datum.low !== null && datum.high !== null" },
        { calculate: "indexof(layers, datum.layer_name)", as: "axis" },
        { calculate: `((datum.low + datum.high) / 2 - ${low}) / (${high} - ${low})`, as: "place" },
        { calculate: `(datum.high - datum.low) / (${high} - ${low})`, as: "wide" },
      ],
      `${numberExpr("datum.low")} + ' to ' + ${numberExpr("datum.high")}`,
    ),
    area(
      "beyond",
      "tails",
      [
        { filter: "(datum.side === 'below' || datum.side === 'above') && datum.count > 0" },
        { calculate: `datum.side === 'below' ? ${-MARGIN / 2} : ${1 + MARGIN / 2}`, as: "place" },
        { calculate: String(MARGIN), as: "wide" },
      ],
      "(datum.side === 'below' ? 'below the axis' : 'above the axis')",
    ),
  ];
}
