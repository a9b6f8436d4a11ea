import type { ArmResult, Result } from "../experiment/result.js";
import {
  costSeries,
  drawnLevels,
  type LogScale,
  logScale,
  type Reference,
  referenceCosts,
  type Series,
} from "./cost-series.js";
import { spreadLabels } from "./label-placement.js";
import { textWidth } from "./text-metrics.js";
import { armStyles, type Chart, LABEL_SIZE, QUIET_INK, titleBlock } from "./theme.js";
import { activationText, countText, lastUpdate, listText, numberText, runText } from "./wording.js";

const WIDTH = 800;
const HEIGHT = 400;
/** For each arm that diverged, a line of text above everything else in the plot, px. */
const NOTE_HEIGHT = 18;
const NOTE_SIZE = 12;
/** Above the notes, for triangles, px. */
const NOTE_TOP = 11;
/** Where the column of labels beside the plot starts, px from its right edge. */
const LABEL_OFFSET = 22;
const LABEL_GAP = 15;

/** Cost over updates, on a log scale: each arm with batch statistics (train) and with moving averages (inference). */
export function costsChart(result: Result): Chart {
  const series = costSeries(result);
  const updates = Math.max(1, lastUpdate(result));
  const references = referenceCosts(result);
  const notes = Object.values(result.arms).filter(({ status }) => status === "diverged").length;
  const scale = logScale(drawnLevels(series, references), HEIGHT, notes === 0 ? 0 : NOTE_TOP + notes * NOTE_HEIGHT);
  const top = scale.domain[1] ?? 1;
  const diverged = divergedArms(result, top);
  const offScale = series.flatMap(({ points, style }) => {
    const above = points.filter(({ cost }) => cost > top);
    return [...new Set([above[0], above.at(-1)])].flatMap((point) =>
      point === undefined ? [] : [{ update: point.update, color: style.color }],
    );
  });
  const labels = endLabels(series, references, lastUpdate(result), scale);
  const span: number[] = [0, updates];
  const x = { field: "update", type: "quantitative", scale: { domain: span, nice: false } } as const;
  const y = { field: "cost", type: "quantitative" } as const;
  const names = series.map(({ name }) => name);
  // Equal legends of two channels are drawn as one.
  const legend = { symbolType: "stroke", symbolSize: 1600, columns: 3 } as const;
  const colors = { domain: names, range: series.map(({ style }) => style.color) };
  const dashes = { domain: names, range: series.map(({ dash }) => [...dash]) };
  const color = { field: "series", type: "nominal", scale: colors, legend } as const;
  const strokeDash = { field: "series", type: "nominal", scale: dashes, legend } as const;
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null }) as const;
  const title = `Cost during training — ${activationText(result)}, ${listText(armStyles(Object.keys(result.arms)).map(({ longName }) => longName))}`;
  return {
    title,
    description: describeCosts(result, references),
    spec: {
      title: titleBlock(title, [subtitle(result, offScale.length > 0), runText(result)], WIDTH + 180),
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: references.map(({ cost }) => ({ cost })) },
          mark: { type: "rule", color: QUIET_INK, strokeDash: [2, 3], strokeWidth: 1 },
          encoding: { y },
        },
        {
          data: { values: diverged.map(({ update, style }) => ({ update, color: style.color })) },
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { x, stroke: { field: "color", type: "nominal", scale: null } },
        },
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
          data: { values: labels },
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
              mark: { type: "text", align: "left", baseline: "middle", fontSize: 12 },
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
          data: { values: diverged.map((arm, row) => noteBox(arm, row, updates)) },
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

function divergedArms(result: Result, top: number) {
  const arms = Object.entries(result.arms);
  const styles = armStyles(arms.map(([name]) => name));
  return arms.flatMap(([name, arm], index) => {
    const style = styles[index];
    if (arm.status !== "diverged" || style === undefined) return [];
    const { update } = arm.divergence;
    return [{ update, style, text: `${name} diverges at update ${update}${lastFinite(arm, top)}` }];
  });
}

/** The text beside the rule at which an arm diverges, on white, so that another arm's rule does not cross it; px. */
function noteBox({ update, style, text }: ReturnType<typeof divergedArms>[number], row: number, updates: number) {
  const rule = (update / updates) * WIDTH;
  const width = textWidth(text, NOTE_SIZE) + 6;
  const left = rule + 4 + width < WIDTH ? rule + 4 : rule - 4 - width;
  const top = NOTE_TOP + row * NOTE_HEIGHT;
  return {
    text,
    ink: style.ink,
    left,
    right: left + width,
    top,
    middle: top + NOTE_HEIGHT / 2,
    bottom: top + NOTE_HEIGHT,
  };
}

function lastFinite(arm: ArmResult, top: number): string {
  const entry = arm.costs.at(-1);
  if (entry === undefined) return "";
  const place = entry.train > top ? ", above the scale" : "";
  return ` (cost at update ${entry.update}: ${numberText(entry.train)}${place})`;
}

/** Labels beside the plot for the lines that reach its right edge and for the reference costs. */
function endLabels(series: readonly Series[], references: readonly Reference[], last: number, scale: LogScale) {
  const ends = series.flatMap(({ shortName, style, points }) => {
    const end = points.at(-1);
    // Without any update, the only entry stands at the other end of the plot.
    if (end === undefined || end.update !== last || last === 0) return [];
    return [{ level: scale.pixel(end.cost), color: style.ink, text: `${shortName}: ${numberText(end.cost)}` }];
  });
  const lines = references.map(({ name, cost }) => ({
    level: scale.pixel(cost),
    color: QUIET_INK,
    text: `${name}: ${numberText(cost)}`,
  }));
  const labels = [...ends, ...lines];
  const places = spreadLabels(
    labels.map(({ level }) => level),
    LABEL_GAP,
    LABEL_SIZE / 2,
    HEIGHT - LABEL_SIZE / 2,
  );
  return labels.map((label, index) => ({ ...label, place: places[index] ?? label.level }));
}

function subtitle(result: Result, offScale: boolean): string {
  const entries = Object.values(result.arms).flatMap((arm) => arm.costs);
  const zeros = entries.filter(
    ({ train, inference }) => train <= 0 || (typeof inference === "number" && inference <= 0),
  );
  const named = entries.filter(({ inference }) => typeof inference === "string");
  const left = [
    offScale ? "Triangles: costs above the scale." : "",
    zeros.length > 0 ? "Costs of 0 have no place on a log scale and are left out." : "",
    named.length > 0 ? "Costs that overflowed in inference mode are left out." : "",
  ].filter((text) => text !== "");
  const trained = lastUpdate(result) > 0 && Object.values(result.arms).some(({ status }) => status === "trained");
  const numbers = trained ? [`Numbers at the right: at update ${countText(lastUpdate(result))}.`] : [];
  return [`Measured on ${countText(result.data.evaluationSamples)} points.`, ...numbers, ...left].join(" ");
}

function describeCosts(result: Result, references: readonly Reference[]): string {
  const arms = Object.entries(result.arms).map(([name, arm]) => {
    const first = arm.costs[0];
    const start = first === undefined ? "" : ` from ${numberText(first.train)} at update ${first.update}`;
    if (arm.status === "diverged")
      return `The cost of ${name} starts${start.replace(" from ", " at ")} and diverges at update ${arm.divergence.update}.`;
    const { train, inference } = arm.final;
    const end =
      train === inference
        ? `${numberText(train)}`
        : `${numberText(train)} with batch statistics and ${numberText(inference)} with moving averages`;
    return `The cost of ${name} goes${start} to ${end} at update ${lastUpdate(result)}.`;
  });
  const lines = references.map(({ name, cost }) => `${name} at ${numberText(cost)}`);
  return [...arms, ...(lines.length > 0 ? [`Reference lines: ${listText(lines)}.`] : [])].join(" ");
}
