import type { TopLevelSpec } from "vega-lite";
import type { Quantity } from "../../tables/histograms.js";
import { BROKEN_LINE } from "../broken-lines.js";
import type { View, Viewport } from "../chart.js";
import { areaLook, HOVER_PARAMS } from "../hover.js";
import { paramsOf } from "../params.js";
import { FRAME, GRID, HIGHLIGHT, LABEL_SIZE, NARROW_WIDTH, QUIET_INK } from "../theme.js";
import { countExpr, shareExpr } from "../vega-text.js";
import { binAreas, toldLayers } from "./areas.js";
import { fittingTicks, MARGIN, type Panels, shareTicks } from "./panels.js";

/** Of all panels, px. */
const WIDTH = 1076;
const ROW = 126;
const ROW_OF_ONE = 250;
/** On a phone a player has its layers in so many columns, each panel so much higher with its name and ticks, px. */
const WRAPPED = { columns: 2, height: 132, between: 46 } as const;
/** Where the strips of text end, as a multiple of the largest share on the square-root scale. */
const STRIP = 1.25 ** 2;
const PADDING = 0.08;
const TEXT = 10;
const ZERO_LINE = "#8a8a8a";

/** What differs between records, and between the moments of a player: a compiled spec serves them all. */
export function panelParams({ arms, updates, layers, top }: Panels, quantity: Quantity, view: View) {
  const row = isWrapped(view) ? WRAPPED.height : view.interactive ? ROW_OF_ONE : ROW;
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
export function layersSpec(panels: Panels, quantity: Quantity, view: View): TopLevelSpec {
  const { viewport, interactive } = view;
  const { arms, layers } = panels;
  const shown = interactive ? { ...panels, updates: panels.updates.slice(-1) } : panels;
  const width = layersWidth(viewport);
  const wrapped = isWrapped(view);
  const rows = wrapped ? Math.ceil(layers.length / WRAPPED.columns) : Math.max(1, shown.updates.length);
  const row = wrapped ? WRAPPED.height + WRAPPED.between : interactive ? ROW_OF_ONE : ROW;
  const between = wrapped ? WRAPPED.between / row : PADDING;
  /** The fields that x and y have their bands by. */
  const [across, down] = wrapped ? ["column", "row"] : ["layer_name", "updates"];
  const x = {
    field: across,
    type: "nominal",
    sort: null,
    scale: {
      domain: wrapped ? [...Array(Math.min(WRAPPED.columns, layers.length)).keys()] : { expr: "layers" },
      paddingInner: PADDING,
      paddingOuter: 0,
    },
    axis: wrapped ? null : { ...BARE_AXIS, orient: "top", labelAngle: 0, labelFontSize: 12, labelPadding: 8 },
  };
  const y = {
    field: down,
    type: "ordinal",
    scale: {
      domain: wrapped ? [...Array(rows).keys()] : { expr: "shownUpdates" },
      paddingInner: between,
      paddingOuter: wrapped ? between / 2 : 0,
    },
    axis: wrapped ? null : { ...BARE_AXIS, labelPadding: 40, labelExpr: `['update', ${countExpr("datum.value")}]` },
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
  const places = wrapped ? [across, down] : [];
  const drawn = [
    {
      filter: `datum.quantity === quantity && ${arm} >= 0 && indexof(shownUpdates, datum.updates) >= 0 && indexof(layers, datum.layer_name) >= 0`,
    },
    ...(wrapped ? WRAPPED_PLACES : []),
  ];
  /** Annotations come from the small table: Vega copies all rows for every branch that adds a field. */
  const notes = (filter: string, ...transform: object[]) => ({
    data: { name: "tails" },
    transform: [...drawn, { filter: `datum.count > 0 && ${filter}` }, inks, ...transform],
  });
  const each = (groupby: readonly string[], ...transform: object[]) => ({
    data: { name: "tails" },
    transform: [...drawn, { aggregate: [{ op: "count", as: "rows" }], groupby }, ...transform],
  });
  const eachTick = each([down], { calculate: "shares", as: "share" }, { flatten: ["share"] });
  const text = { type: "text", baseline: "middle", fontSize: TEXT, lineHeight: 13 };
  return {
    width,
    height: row * rows,
    view: { stroke: null },
    params: paramsOf({ ...panelParams(shown, quantity, view), ...(interactive ? HOVER_PARAMS : {}) }),
    encoding: { x, y },
    layer: [
      {
        ...each(["layer_name", "updates"]),
        ...(interactive
          ? {
              name: "areas",
              transform: [...drawn, ...toldLayers(arms.length, places)],
              encoding: areaLook({ byLayer: true }),
            }
          : {}),
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
        name: `${BROKEN_LINE}outlines`,
        data: { name: "histograms" },
        transform: [
          ...drawn,
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
        name: `${BROKEN_LINE}beyond`,
        ...notes(
          "datum.side !== 'not finite'",
          { calculate: `datum.side === 'below' ? ${-MARGIN / 2} : ${1 + MARGIN / 2}`, as: "place" },
          { calculate: `[0, ${side} * min(datum.count / datum.total, top), null]`, as: "share" },
          { flatten: ["share"] },
        ),
        mark: { type: "line", strokeWidth: 6, strokeOpacity: 0.45, strokeCap: "butt", order: false },
        encoding: { xOffset, yOffset: yOffset("share"), stroke: fill },
      },
      { ...each([down]), mark: { type: "rule", color: ZERO_LINE }, encoding: { x: null, yOffset: { datum: 0 } } },
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
          // Before updates are chosen, since an arm without a row there would be in no group.
          { filter: `datum.quantity === quantity && ${arm} >= 0` },
          { calculate: "datum.side === 'absent' ? 0 : 1", as: "record" },
          { aggregate: [{ op: "sum", field: "record", as: "records" }], groupby: ["arm", "updates"] },
          { impute: "records", key: "updates", keyvals: [...panels.allUpdates], groupby: ["arm"], value: 0 },
          { filter: "datum.records === 0 && indexof(shownUpdates, datum.updates) >= 0" },
          { calculate: `${side} * top / 4`, as: "middle" },
          { calculate: ABSENCE, as: "text" },
          ...(wrapped ? [{ calculate: "0", as: "row" }] : []),
        ],
        mark: { ...text, fontSize: LABEL_SIZE, color: QUIET_INK },
        encoding: { x: null, yOffset: yOffset("middle"), text: { field: "text" } },
      },
      {
        ...eachTick,
        mark: { ...text, align: "right", dx: -4 },
        encoding: {
          x: { datum: wrapped ? 0 : { expr: "layers[0]" }, type: "nominal" },
          xOffset: { datum: -MARGIN },
          yOffset: yOffset("share"),
          text: { value: { expr: "format(abs(datum.share) * 100, '~r') + '\u00a0%'" } },
        },
      },
      {
        data: {
          name: "layer-ticks",
          values: valueTicks(panels, view),
        },
        ...(wrapped ? { transform: WRAPPED_PLACES } : {}),
        mark: { ...text, align: { expr: "datum.align" }, baseline: "top", dy: 5 },
        encoding: {
          xOffset,
          y: wrapped ? y : { datum: { expr: "peek(shownUpdates)" }, type: "ordinal" },
          yOffset: { datum: { expr: "-strip" }, type: "quantitative" },
          text: { field: "lines" },
        },
      },
      ...(wrapped
        ? [
            {
              ...each(["layer_name", ...places]),
              mark: { ...text, fontSize: 12, fontWeight: "bold", dy: -10 },
              encoding: {
                xOffset: { datum: 0.5 },
                yOffset: { datum: { expr: "strip" }, type: "quantitative" },
                text: { field: "layer_name" },
              },
            },
          ]
        : []),
      ...(interactive ? binAreas(drawn, arm, side, { xOffset, yOffset }) : []),
    ],
  } as unknown as TopLevelSpec;
}

const BARE_AXIS = { title: null, domain: false, ticks: false, labelFontWeight: "bold" };

/** "plain: diverged at update 1", or that there is no record. */
const END = "ends[indexof(arms, datum.arm)]";
const ABSENCE = `datum.arm + (isNumber(${END}) && datum.updates >= ${END} ? ': diverged at update ' + ${countExpr(END)} : ': not recorded')`;

/** Whether the layers of one update stand in several rows. */
function isWrapped({ viewport, interactive }: View): boolean {
  return viewport === "narrow" && interactive === true;
}

const WRAPPED_PLACES = [
  { calculate: `indexof(layers, datum.layer_name) % ${WRAPPED.columns}`, as: "column" },
  { calculate: `floor(indexof(layers, datum.layer_name) / ${WRAPPED.columns})`, as: "row" },
];

/** The inner axes' texts: below the last row, or where there is a row of layers below each. */
export function valueTicks({ layers }: Panels, view: View): object[] {
  const columns = isWrapped(view) ? Math.min(WRAPPED.columns, layers.length) : layers.length;
  const width = (layersWidth(view.viewport) / columns) * (1 - PADDING) * (1 - 2 * MARGIN);
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
