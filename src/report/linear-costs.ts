import { axisNumbers } from "../charts/axis-numbers.js";
import type { Drawing, DrawingLayer } from "../charts/compile.js";
import { divergenceNotes, endLabels, fitIntoPlot, LABEL_GAP, NOTE_HEIGHT, NOTE_TOP } from "../charts/cost-notes.js";
import { costSeries, drawnLevels, referenceCosts } from "../charts/cost-series.js";
import type { LogScale } from "../charts/log-scale.js";
import { trianglesAbove } from "../charts/seed-layers.js";
import { lastUpdate } from "../charts/wording.js";
import type { Result } from "../experiment/result.js";

/** The drawing of costs on a linear scale from 0: the same lines, with what stands at places of the other scale moved. */
export function onLinearScale(result: Result, drawing: Drawing): Drawing {
  const [series, references] = [costSeries(result), referenceCosts(result)];
  const notes = divergenceNotes(result);
  const headroom = fitIntoPlot(notes) && notes.length > 0 ? NOTE_TOP + notes.length * NOTE_HEIGHT : LABEL_GAP / 2;
  const { height } = drawing;
  const levels = drawnLevels(series, references);
  const most = Math.min(largestOf(levels), readableTop(result)) || 1;
  const top = Number((most * (height / (height - headroom))).toPrecision(6));
  const scale: LogScale = { domain: [0, top], ticks: [], pixel: (cost) => (1 - cost / top) * height };
  const labels = endLabels(series, references, lastUpdate(result), scale, height);
  const triangles = trianglesAbove(series, top);
  const moved = (layer: DrawingLayer): DrawingLayer => {
    const [first] = layer.data?.values ?? [];
    const at = (values: readonly object[]) => ({ ...layer, data: { values: values as never } });
    if (first !== undefined && "place" in first) return at(labels);
    if (layer.encoding?.["y"]?.["value"] === 5) return at(triangles);
    return rescaled(layer, top);
  };
  return { ...drawing, layer: drawing.layer.map(moved) };
}

/** Costs far above those that matter in the end would press these flat; they get triangles. */
function readableTop(result: Result): number {
  const finals = costSeries(result).flatMap(({ points }) => points.slice(-1).map(({ cost }) => cost));
  return Math.max(TOP_IN_MEANS * result.anchors.predictMean, 1.2 * largestOf(finals.filter(isOrdinary(result))));
}

/** Times the cost of predicting the mean. */
const TOP_IN_MEANS = 3;

function isOrdinary({ anchors }: Result) {
  return (cost: number) => cost < 100 * anchors.predictMean;
}

function largestOf(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}

/** With the y scale and its axis replaced wherever they are set. */
function rescaled(layer: DrawingLayer, top: number): DrawingLayer {
  const y = layer.encoding?.["y"];
  const inner = layer.layer === undefined ? {} : { layer: layer.layer.map((part) => rescaled(part, top)) };
  if ((y?.["scale"] as { type?: string } | undefined)?.type !== "log") return { ...layer, ...inner };
  const { values: _, ...before } = (y?.["axis"] ?? {}) as Readonly<Record<string, unknown>>;
  const axis = { ...before, title: "cost (mean squared error)", labelExpr: axisNumbers([0, top]).expr };
  const linear = { ...y, scale: { type: "linear", domain: [0, top], nice: false }, axis };
  return { ...layer, ...inner, encoding: { ...layer.encoding, y: linear } };
}
