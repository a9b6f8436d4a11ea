import type { Result } from "../experiment/result.js";
import {
  costsSubtitle,
  type DivergenceNote,
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
import { costSeries, drawnLevels, type Reference, referenceCosts, type Series } from "./cost-series.js";
import { logScale } from "./log-scale.js";
import { bandLayers, type LayerSpecs, threadLayers, trianglesAbove } from "./seed-layers.js";
import { shortened, textWidth } from "./text-metrics.js";
import { armStyles, type Chart, NARROW_LABEL, QUIET_INK, type Room } from "./theme.js";
import { NUMBER_LABEL } from "./ticks.js";
import { titleBlock } from "./title.js";
import { activationText, lastUpdate, listText, numberText, runText } from "./wording.js";

/** Of the plot, px. */
const WIDTHS: Readonly<Record<Room, number>> = { wide: 840, narrow: 262 };
const HEIGHTS: Readonly<Record<Room, number>> = { wide: 400, narrow: 260 };
/** Where the column of labels beside the plot starts, px from its right edge. */
const LABEL_OFFSET = 22;
/** Room for the legend, and for a line's symbol in it, px. */
const LEGEND_WIDTH = 1050;
const LEGEND_SYMBOL = 70;
const REFERENCE_DASH: readonly number[] = [2, 3];

/**
 * Cost over updates, on a log scale: each arm with batch statistics (train) and with moving averages (inference). Of
 * several seeds the median, the middle half and each seed as a thin line. What stands beside the plot where there is room
 * for it, the legend says on a phone.
 */
export function costsChart(result: Result, room: Room = "wide"): Chart {
  const isWide = room === "wide";
  const width = WIDTHS[room];
  const series = costSeries(result);
  const updates = Math.max(1, lastUpdate(result));
  const references = referenceCosts(result);
  const notes = divergenceNotes(result);
  const written = writtenNotes(notes, room);
  const beside = isWide ? LABEL_GAP * (series.length + references.length + 1) : 0;
  const height = Math.max(HEIGHTS[room], beside);
  const headroom = written.length === 0 ? 0 : NOTE_TOP + written.length * NOTE_HEIGHT;
  const scale = logScale(drawnLevels(series, references), height, headroom);
  const top = scale.domain[1] ?? 1;
  const offScale = trianglesAbove(series, top);
  const span: number[] = [0, updates];
  const x = { field: "update", type: "quantitative", scale: { domain: span, nice: false } } as const;
  const y = { field: "cost", type: "quantitative" } as const;
  const entries = isWide ? series.map(lineOf) : [...series.map(lineOf), ...references.map(referenceLine)];
  const names = entries.map(({ name }) => name);
  // Equal legends of two channels are drawn as one.
  const widest = names.reduce((most, name) => Math.max(most, textWidth(name, 12)), 1);
  const most = Math.min(names.length > 6 ? 6 : 3, Math.floor(LEGEND_WIDTH / (widest + LEGEND_SYMBOL)));
  const columns = isWide ? Math.max(1, most) : 1;
  // On a phone the title of the axis stands between legend and plot.
  const labels = isWide ? {} : { labelExpr: labelsWithCosts(result, series, references), offset: 30 };
  const legend = { symbolType: "stroke", symbolSize: 1600, columns, ...labels } as const;
  const colors = { domain: names, range: entries.map(({ color }) => color) };
  const dashes = { domain: names, range: entries.map(({ dash }) => [...dash]) };
  const color = { field: "series", type: "nominal", scale: colors, legend } as const;
  const strokeDash = { field: "series", type: "nominal", scale: dashes, legend } as const;
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  const armNames = armStyles(Object.keys(result.arms)).map(({ longName }) => longName);
  const compared = armNames.length > 4 ? `${armNames.length} arms` : listText(armNames);
  const title = `Cost during training — ${activationText(result)}, ${compared}`;
  const subtitle = costsSubtitle(result, offScale.length > 0);
  const costTitle = "cost (mean squared error, log scale)";
  return {
    title,
    description: describeCosts(result, references, series),
    notes: [subtitle],
    spec: {
      title: titleBlock(title, [subtitle, runText(result, "every seed")], width + 180),
      width,
      height,
      layer: [
        {
          data: { values: references.map(({ cost }) => ({ cost })) },
          mark: { type: "rule", color: QUIET_INK, strokeDash: [...REFERENCE_DASH], strokeWidth: 1 },
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
              axis: {
                ...(isWide ? { title: costTitle } : titleAbove(costTitle)),
                values: scale.ticks,
                labelExpr: NUMBER_LABEL,
              },
            },
          },
        },
        {
          data: { values: offScale },
          mark: { type: "point", shape: "triangle-up", filled: true, size: 70, opacity: 1 },
          encoding: { x, y: { value: 5 }, fill: { field: "color", type: "nominal", scale: null } },
        },
        ...(isWide ? [labelsBeside(endLabels(series, references, lastUpdate(result), scale, height), width)] : []),
        {
          data: {
            values: written.map((note, row) => {
              const where = isWide ? lastFiniteText(result, note.style.name, top) : "";
              return noteBox({ ...note, text: `${note.text}${where}` }, row, updates, width);
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

/** Numbers at the right of the plot, with a rule from where they belong. */
function labelsBeside(labels: ReturnType<typeof endLabels>, width: number): LayerSpecs[number] {
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  return {
    data: { values: labels },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 1, clip: false },
        encoding: {
          x: { value: width + 2 },
          x2: { value: width + LABEL_OFFSET - 4 },
          y: px("level"),
          y2: { field: "place" },
          stroke: { field: "color", type: "nominal", scale: null },
        },
      },
      {
        mark: { type: "text", align: "left", baseline: "middle", fontSize: LABEL_FONT },
        encoding: {
          x: { value: width + LABEL_OFFSET },
          y: px("place"),
          text: { field: "text" },
          fill: { field: "color", type: "nominal", scale: null },
        },
      },
    ],
  };
}

/** On a phone notes have less room, and those that are too long for it are left to the page. */
function writtenNotes(notes: readonly DivergenceNote[], room: Room): readonly DivergenceNote[] {
  if (!fitIntoPlot(notes)) return [];
  return room === "wide" ? notes : notes.filter(({ text }) => textWidth(text, NOTE_SIZE) + 12 < WIDTHS.narrow);
}

function lineOf({ name, style, dash }: Series) {
  return { name, color: style.color, dash };
}

function referenceLine({ name }: Reference) {
  return { name, color: QUIET_INK, dash: REFERENCE_DASH };
}

/** The title of an axis above it instead of beside it. */
export function titleAbove(title: string) {
  return {
    title,
    titleAngle: 0,
    titleAlign: "left",
    titleAnchor: "end",
    titleBaseline: "bottom",
    titleX: 0,
    titleY: -8,
  } as const;
}

/** An expression that gives each name of the legend its cost at the last update. */
function labelsWithCosts(result: Result, series: readonly Series[], references: readonly Reference[]): string {
  const last = lastUpdate(result);
  const short = (name: string, cost = "") =>
    shortened(name, NARROW_LABEL - textWidth(cost, LABEL_FONT), LABEL_FONT) + cost;
  const ends = series.map(({ name, points, remaining }) => {
    const end = points.at(-1);
    if (end === undefined || end.update !== last || last === 0) return [name, short(name)];
    return [name, short(name, `: ${numberText(end.cost)}${remaining === undefined ? "" : ` (${remaining})`}`)];
  });
  const levels = references.map(({ name, cost }) => [name, short(name, `: ${numberText(cost)}`)]);
  return `${JSON.stringify(Object.fromEntries([...ends, ...levels]))}[datum.label]`;
}
