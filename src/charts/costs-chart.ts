import type { Result } from "../experiment/result.js";
import {
  costsSubtitle,
  describeCosts,
  divergenceNotes,
  endLabels,
  fitIntoPlot,
  LABEL_FONT,
  LABEL_GAP,
  lastFiniteText,
  NOTE_HEIGHT,
  NOTE_SIZE,
  NOTE_TOP,
  noteBox,
} from "./cost-notes.js";
import { costSeries, drawnLevels, referenceCosts } from "./cost-series.js";
import { logScale } from "./log-scale.js";
import { bandLayers, threadLayers, trianglesAbove } from "./seed-layers.js";
import { textWidth } from "./text-metrics.js";
import { armStyles, type Chart, QUIET_INK, titleBlock } from "./theme.js";
import { activationText, lastUpdate, listText, runText } from "./wording.js";

const WIDTH = 800;
/** Where the column of labels beside the plot starts, px from its right edge. */
const LABEL_OFFSET = 22;
/** Room for the legend, and for a line's symbol in it, px. */
const LEGEND_WIDTH = 1000;
const LEGEND_SYMBOL = 70;

/**
 * Cost over updates, on a log scale: each arm with batch statistics (train) and with moving averages (inference). Of
 * several seeds the median, the middle half and each seed as a thin line.
 */
export function costsChart(result: Result): Chart {
  const series = costSeries(result);
  const updates = Math.max(1, lastUpdate(result));
  const references = referenceCosts(result);
  const notes = divergenceNotes(result);
  const written = fitIntoPlot(notes) ? notes : [];
  const height = Math.max(400, LABEL_GAP * (series.length + references.length + 1));
  const headroom = written.length === 0 ? 0 : NOTE_TOP + written.length * NOTE_HEIGHT;
  const scale = logScale(drawnLevels(series, references), height, headroom);
  const top = scale.domain[1] ?? 1;
  const offScale = trianglesAbove(series, top);
  const span: number[] = [0, updates];
  const x = { field: "update", type: "quantitative", scale: { domain: span, nice: false } } as const;
  const y = { field: "cost", type: "quantitative" } as const;
  const names = series.map(({ name }) => name);
  // Equal legends of two channels are drawn as one.
  const widest = names.reduce((most, name) => Math.max(most, textWidth(name, 12)), 1);
  const columns = Math.max(1, Math.min(names.length > 6 ? 6 : 3, Math.floor(LEGEND_WIDTH / (widest + LEGEND_SYMBOL))));
  const legend = { symbolType: "stroke", symbolSize: 1600, columns } as const;
  const colors = { domain: names, range: series.map(({ style }) => style.color) };
  const dashes = { domain: names, range: series.map(({ dash }) => [...dash]) };
  const color = { field: "series", type: "nominal", scale: colors, legend } as const;
  const strokeDash = { field: "series", type: "nominal", scale: dashes, legend } as const;
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  const armNames = armStyles(Object.keys(result.arms)).map(({ longName }) => longName);
  const compared = armNames.length > 4 ? `${armNames.length} arms` : listText(armNames);
  const title = `Cost during training — ${activationText(result)}, ${compared}`;
  return {
    title,
    description: describeCosts(result, references, series),
    spec: {
      title: titleBlock(
        title,
        [costsSubtitle(result, offScale.length > 0), runText(result, "every seed")],
        WIDTH + 180,
      ),
      width: WIDTH,
      height,
      layer: [
        {
          data: { values: references.map(({ cost }) => ({ cost })) },
          mark: { type: "rule", color: QUIET_INK, strokeDash: [2, 3], strokeWidth: 1 },
          encoding: { y },
        },
        {
          data: { values: notes.map(({ update, style }) => ({ update, color: style.color })) },
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { x, stroke: { field: "color", type: "nominal", scale: null } },
        },
        ...bandLayers(series, x),
        ...threadLayers(series, x, top),
        {
          data: {
            values: series.flatMap(({ name, style, points }) =>
              points.map((point) => ({ series: name, color: style.color, ...point })),
            ),
          },
          layer: [
            {
              mark: { type: "line", strokeWidth: 2, strokeJoin: "round", clip: true },
              encoding: { x, y, color, strokeDash },
            },
            {
              transform: [
                { joinaggregate: [{ op: "count", as: "entries" }], groupby: ["series"] },
                { filter: `datum.entries <= 12 && datum.cost <= ${top}` },
              ],
              mark: { type: "point", filled: true, size: 45, opacity: 1 },
              encoding: { x, y, fill: { field: "color", type: "nominal", scale: null } },
            },
          ],
          encoding: {
            x: { axis: { title: "update", grid: false, tickMinStep: 1, tickCount: 6, format: "d" } },
            y: {
              scale: { type: "log", domain: scale.domain, nice: false },
              axis: { title: "cost (mean squared error, log scale)", values: scale.ticks, labelExpr: TICK_LABEL },
            },
          },
        },
        {
          data: { values: offScale },
          mark: { type: "point", shape: "triangle-up", filled: true, size: 70, opacity: 1 },
          encoding: { x, y: { value: 5 }, fill: { field: "color", type: "nominal", scale: null } },
        },
        {
          data: { values: endLabels(series, references, lastUpdate(result), scale, height) },
          layer: [
            {
              mark: { type: "rule", strokeWidth: 1, clip: false },
              encoding: {
                x: { value: WIDTH + 2 },
                x2: { value: WIDTH + LABEL_OFFSET - 4 },
                y: px("level"),
                y2: { field: "place" },
                stroke: { field: "color", type: "nominal", scale: null },
              },
            },
            {
              mark: { type: "text", align: "left", baseline: "middle", fontSize: LABEL_FONT },
              encoding: {
                x: { value: WIDTH + LABEL_OFFSET },
                y: px("place"),
                text: { field: "text" },
                fill: { field: "color", type: "nominal", scale: null },
              },
            },
          ],
        },
        {
          data: {
            values: written.map((note, row) => {
              const text = `${note.text}${lastFiniteText(result, note.style.name, top)}`;
              return noteBox({ ...note, text }, row, updates, WIDTH);
            }),
          },
          layer: [
            {
              mark: { type: "rect", fill: "white", opacity: 1 },
              encoding: { x: px("left"), x2: { field: "right" }, y: px("top"), y2: { field: "bottom" } },
            },
            {
              mark: { type: "text", align: "left", baseline: "middle", fontSize: NOTE_SIZE, dx: 3 },
              encoding: {
                x: px("left"),
                y: px("middle"),
                text: { field: "text" },
                fill: { field: "ink", type: "nominal", scale: null },
              },
            },
          ],
        },
      ],
    },
  };
}

/** 10, 1 000, 100 000, 1e6: as numberText writes them. */
const TICK_LABEL =
  "datum.value >= 1e6 || datum.value < 1e-3 ? replace(format(datum.value, '.0e'), '+', '') : replace(format(datum.value, ',~r'), /,/g, '\u00a0')";
