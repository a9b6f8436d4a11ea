import type { Statistic } from "../../record/values.js";
import type { View } from "../chart.js";
import { layerAreas } from "../hover.js";
import { flattens, logDomain } from "../log-axis.js";
import { armOfRow, armPanels, panelsOf } from "../panels.js";
import { layer, logY, paramsOf, positive } from "../parts.js";
import { drawnRecords } from "../records.js";
import { armResults, type Runs, titledArms } from "../runs.js";
import type { Spec } from "../spec.js";
import { countExpr, numberExpr } from "../vega-text.js";

const HEIGHT = 210;
/** Of an axis and a gap beside each panel, px. */
const SIDE = 68;
/** From the first update to the last: a scale of growing darkness that color-blind people see too (viridis). */
const EARLY_TO_LATE = ["#7AD151", "#22A884", "#2A788E", "#414487", "#440154"];

/** What is drawn, and the norms of each arm that a log scale has a place for. More lines could not be told apart. */
export function drawnGradients(runs: Runs) {
  const drawn = drawnRecords(armResults(runs), { updates: 12, layers: Number.POSITIVE_INFINITY });
  const norms = titledArms(runs).map((titled) => ({
    ...titled,
    norms: titled.arm.checkpoints
      .filter(({ update }) => drawn.updates.includes(update))
      .flatMap(({ layers }) => layers.map(({ gradientNorms }) => gradientNorms.preActivation)),
  }));
  return { ...drawn, norms };
}

type DrawnGradients = ReturnType<typeof drawnGradients>;

function numbers(norms: readonly Statistic[]): number[] {
  return norms.flatMap((norm) => (typeof norm === "number" ? [norm] : []));
}

/** Whether on one scale at least one arm would lie flat: then each panel has its own. */
export function hasOwnScales({ norms }: DrawnGradients): boolean {
  return flattens(norms.map((arm) => numbers(arm.norms)));
}

/** A panel per arm, a line per recorded update, the layers from input to output. */
export function gradientsSpec(runs: Runs, view: View): Spec | undefined {
  const drawn = drawnGradients(runs);
  const { updates, names, norms } = drawn;
  const arms = armPanels(norms.filter((arm) => numbers(arm.norms).some((norm) => norm > 0)));
  if (arms.length === 0) return undefined;
  const panels = panelsOf(arms, view, { narrowest: arms.length > 6 ? 220 : 300, widest: 480, side: SIDE });
  const isOwn = hasOwnScales(drawn);
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
  const color = {
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
  };
  const line = { type: "line", strokeWidth: 1.8, strokeJoin: "round", point: { size: 16, filled: true, opacity: 1 } };
  const told = {
    transform: [{ filter: "datum.norm !== null" }],
    field: "layer_name",
    groupby: ["panel"],
    place: "indexof(shownUpdates, datum.updates)",
    count: updates.length,
    line: `'update ' + ${countExpr("datum.updates")} + ': ' + ${numberExpr("datum.norm")}`,
    heading: "datum.panel + ', ' + datum.layer_name + ': gradient norm'",
  };
  return {
    data: { name: "gradients" },
    params: paramsOf(view, {
      ...panels.params,
      layers: names,
      shownUpdates: updates,
      ...(isOwn ? {} : { domain: logDomain(norms.flatMap((arm) => numbers(arm.norms))) }),
    }),
    transform: [
      armOfRow(runs),
      ...panels.transform,
      { filter: "datum.respect === 'preActivation' && indexof(shownUpdates, datum.updates) >= 0" },
      ...positive("norm"),
    ],
    ...panels.of(
      {
        height: HEIGHT,
        encoding: { x, y: logY("norm", isOwn ? undefined : "domain", HEIGHT), color },
        layer: [
          layer(undefined, line, {}),
          ...layerAreas(view, told, x, panels.width / Math.max(1, names.length - 0.2)),
        ],
      },
      isOwn ? { y: "independent" } : {},
    ),
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
