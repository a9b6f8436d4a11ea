import type { TopLevelSpec } from "vega-lite";
import { divergedAt } from "../../outcome/ending.js";
import type { Result } from "../../record/result.js";
import type { Statistic } from "../../record/values.js";
import { layerName } from "../../tables/table.js";
import { armPanels } from "../arm-panels.js";
import type { View } from "../chart.js";
import { chooseEvenly } from "../choose.js";
import { HOVER_PARAMS, layerAreas } from "../hover.js";
import { flattens, logAxis, logDomain } from "../log-axis.js";
import { paramsOf } from "../params.js";
import { countExpr, numberExpr } from "../vega-text.js";

/** More lines in a panel could not be told apart. */
const MOST_LINES = 12;
const HEIGHT = 210;
/** Of an axis and a gap beside each panel, px. */
const SIDE = 68;
/** From the first update to the last: a scale of growing darkness that color-blind people see too (viridis). */
const EARLY_TO_LATE = ["#7AD151", "#22A884", "#2A788E", "#414487", "#440154"];

/** What is drawn of a record, and the norms of each arm that a log scale has a place for. */
export function drawnGradients({ arms }: Result) {
  const all = Object.values(arms);
  const checkpoints = all.flatMap((arm) => arm.checkpoints);
  const recorded = [...new Set(checkpoints.map(({ update }) => update))].sort((a, b) => a - b);
  const ends = all.flatMap((arm) => divergedAt(arm) ?? []);
  const updates = chooseEvenly(recorded, MOST_LINES, ends);
  const layerCount = checkpoints.reduce((most, { layers }) => Math.max(most, layers.length), 0);
  const norms = Object.entries(arms).map(([name, arm]) => ({
    name,
    norms: arm.checkpoints
      .filter(({ update }) => updates.includes(update))
      .flatMap(({ layers }) => layers.map(({ gradientNorms }) => gradientNorms.preActivation)),
  }));
  return { updates, recorded: recorded.length, layerCount, norms };
}

/** Whether a log scale has a place for it. */
function isDrawn(norm: Statistic): boolean {
  return typeof norm === "number" && norm > 0;
}

/** Whether on one scale at least one arm would lie flat: then each panel has its own. */
export function hasOwnScales({ norms }: ReturnType<typeof drawnGradients>): boolean {
  return flattens(norms.map((arm) => arm.norms.filter((norm) => typeof norm === "number")));
}

/** A panel per arm, a line per recorded update, the layers from input to output. */
export function gradientsSpec(record: Result, view: View): TopLevelSpec | undefined {
  const drawn = drawnGradients(record);
  const { updates, layerCount, norms } = drawn;
  const names = norms.filter((arm) => arm.norms.some(isDrawn)).map(({ name }) => name);
  if (names.length === 0) return undefined;
  const panels = armPanels(record, names, view, { narrowest: names.length > 6 ? 220 : 300, widest: 480, side: SIDE });
  const isOwn = hasOwnScales(drawn);
  const layers = Array.from({ length: layerCount }, (_, layer) => layerName(layer, layerCount));
  const domain = logDomain(norms.flatMap((arm) => arm.norms.filter((norm) => typeof norm === "number")));
  const x = {
    field: "layer_name",
    type: "nominal",
    scale: { type: "point", domain: { expr: "layers" }, padding: 0.4 },
    axis: {
      title: "layer",
      labelAngle: 0,
      labelOverlap: "greedy",
      labelExpr: "replace(datum.label, 'layer ', '')",
    },
  };
  return {
    data: { name: "gradients" },
    params: paramsOf({
      ...panels.params,
      layers,
      shownUpdates: updates,
      ...(isOwn ? {} : { domain }),
      ...(view.interactive ? HOVER_PARAMS : {}),
    }),
    transform: [
      panels.order,
      {
        filter:
          "datum.respect === 'preActivation' && indexof(arms, datum.arm) >= 0 && indexof(shownUpdates, datum.updates) >= 0",
      },
      { calculate: "datum.norm > 0 ? datum.norm : null", as: "norm" },
    ],
    facet: panels.facet,
    columns: panels.columns,
    spacing: { row: 16, column: 16 },
    resolve: { axis: { x: "independent", y: "independent" }, ...(isOwn ? { scale: { y: "independent" } } : {}) },
    spec: {
      width: panels.width,
      height: HEIGHT,
      encoding: {
        x,
        y: {
          field: "norm",
          type: "quantitative",
          scale: {
            type: "log",
            nice: false,
            ...(isOwn ? { padding: 8 } : { domain: { expr: "domain" } }),
          },
          axis: { title: null, minExtent: 44, ...logAxis(isOwn ? undefined : "domain", HEIGHT) },
        },
        color: {
          field: "updates",
          type: "ordinal",
          scale: { domain: { expr: "shownUpdates" }, range: updates.map((_, place) => colorAt(place, updates.length)) },
          legend: {
            symbolType: "stroke",
            columns: view.viewport === "wide" ? 12 : 3,
            symbolSize: 400,
            symbolStrokeWidth: 2.4,
            labelExpr: `(datum.index === 0 ? 'update ' : '') + ${countExpr("datum.value")}`,
          },
        },
      },
      layer: [
        {
          mark: { type: "line", strokeWidth: 1.8, strokeJoin: "round", point: { size: 16, filled: true, opacity: 1 } },
        },
        ...(view.interactive
          ? layerAreas(toldNorms(updates.length), x, panels.width / Math.max(1, layerCount - 0.2))
          : []),
      ],
    },
  } as unknown as TopLevelSpec;
}

/** What is said of a layer: its norm at each update. */
function toldNorms(count: number) {
  return {
    transform: [{ filter: "datum.norm !== null" }],
    field: "layer_name",
    groupby: ["arm"],
    place: "indexof(shownUpdates, datum.updates)",
    count,
    line: `'update ' + ${countExpr("datum.updates")} + ': ' + ${numberExpr("datum.norm")}`,
    heading: "datum.arm + ', ' + datum.layer_name + ': gradient norm'",
  };
}

/** Evenly spaced on the color scale; whole numbers per channel, so the same everywhere. */
function colorAt(place: number, count: number): string {
  const at = (count < 2 ? 1 : place / (count - 1)) * (EARLY_TO_LATE.length - 1);
  const from = Math.min(Math.floor(at), EARLY_TO_LATE.length - 2);
  const [before, after] = [EARLY_TO_LATE[from] ?? "", EARLY_TO_LATE[from + 1] ?? ""];
  const channel = (start: number) => {
    const [low = 0, high = 0] = [before, after].map((color) => Number.parseInt(color.slice(start, start + 2), 16));
    return Math.round(low + (high - low) * (at - from))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
