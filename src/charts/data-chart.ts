import type { TopLevelSpec } from "vega-lite";
import { parabola } from "../data/parabola.js";
import type { Result, Statistic } from "../experiment/result.js";
import { axisNumbers } from "./axis-numbers.js";
import { shortened, textWidth } from "./text-metrics.js";
import { type ArmStyle, armStyles, type Chart, INK, NARROW_LABEL, type Room } from "./theme.js";
import { titleBlock } from "./title.js";
import { activationText, countedText, countText, lastUpdate, nameText, numberText, runText } from "./wording.js";

/** Of the plot, px. */
const SIZES: Readonly<Record<Room, { readonly width: number; readonly height: number }>> = {
  wide: { width: 1000, height: 440 },
  narrow: { width: 266, height: 240 },
};
/** Around the data, as a share of their range. */
const MARGIN = 0.08;
const SAMPLES = "training samples";

interface Fit {
  readonly name: string;
  readonly style: ArmStyle;
  /** Predictions in inference mode; none for an arm that diverged. */
  readonly predictions?: readonly Statistic[];
  readonly legend: string;
}

/** The training data and what each trained arm makes of them: curves over x, or predicted against actual values. */
export function dataChart(result: Result, room: Room = "wide"): Chart {
  const fits = armFits(result);
  const { drawn, grid } = result.data;
  const title = `Data and fits after ${countedText(lastUpdate(result), "update")} — ${activationText(result)}`;
  const { spec, notes } =
    drawn.x !== undefined && grid !== undefined
      ? curvesSpec(result, fits, drawn.x, grid, title, room)
      : agreementSpec(result, fits, title);
  return { spec, title, description: describeData(result, fits, grid !== undefined), notes };
}

/** How much of an axis its title may take up: an offset of the labels follows the name. */
const TITLE_SHARE = 0.7;

/** Names of the axes, each for an axis of that many px; on given data those of the columns. */
export function columnNames({ data: { columns } }: Result, axes = { x: 400, y: 400 }): { x: string; y: string } {
  const named = (name = "", length: number) => shortened(nameText(name), TITLE_SHARE * length, 12, true);
  return columns === undefined
    ? { x: "x", y: "y" }
    : { x: named(columns.inputs[0], axes.x), y: named(columns.target, axes.y) };
}

function armFits(result: Result): Fit[] {
  const arms = Object.entries(result.arms);
  const styles = armStyles(arms.map(([name]) => name));
  return arms.flatMap(([name, arm], index) => {
    const style = styles[index];
    if (style === undefined) return [];
    const { label } = style;
    if (arm.status === "diverged") {
      return [{ name, style, legend: `${label}: diverged at update ${arm.divergence.update}, no fit` }];
    }
    return [{ name, style, predictions: arm.fit, legend: `${label}, fit` }];
  });
}

function curvesSpec(
  result: Result,
  fits: readonly Fit[],
  x: readonly number[],
  grid: readonly number[],
  title: string,
  room: Room,
): Pick<Chart, "spec" | "notes"> {
  const { width, height } = SIZES[room];
  const { drawn, truth } = result.data;
  const curve = truth === undefined ? [] : grid.map((at) => ({ x: at, y: parabola(at) }));
  const yDomain = domainAround([...drawn.y, ...curve.map(({ y }) => y)]);
  const xDomain = domainAround([...x, ...grid], 0.02);
  const axes = columnNames(result, { x: width, y: height });
  const [xNumbers, yNumbers] = [axisNumbers(xDomain), axisNumbers(yDomain)];
  const truthName = `truth: ${truth}`;
  const lines = [
    ...(truth === undefined ? [] : [{ name: truthName, color: INK, dash: [2, 3] }]),
    ...fits.map(({ legend, style }) => ({ name: legend, color: style.color, dash: [...style.dash] })),
  ];
  const names = lines.map(({ name }) => name);
  const widest = names.reduce((most, text) => Math.max(most, textWidth(text, 12)), 1);
  const columns = Math.max(1, Math.min(3, Math.floor((width * 1.1) / (widest + 70))));
  const shortNames = Object.fromEntries(names.map((name) => [name, shortened(name, NARROW_LABEL, 12)]));
  const labels = room === "wide" ? {} : { labelExpr: `${JSON.stringify(shortNames)}[datum.label]` };
  const legend = { symbolType: "stroke", symbolSize: 1600, columns, ...labels } as const;
  const colors = { domain: names, range: lines.map(({ color }) => color) };
  const dashes = { domain: names, range: lines.map(({ dash }) => dash) };
  const values = [
    ...curve.map((point) => ({ series: truthName, ...point })),
    ...fits.flatMap(({ legend, predictions }) =>
      nearby(predictions ?? [], yDomain).map((y, index) => ({ series: legend, x: grid[index] ?? null, y })),
    ),
  ];
  const xChannel = { field: "x", type: "quantitative", scale: { domain: xDomain, nice: false } } as const;
  const yChannel = { field: "y", type: "quantitative", scale: { domain: yDomain, nice: false } } as const;
  const notes = [subtitle(result, fits, yDomain)];
  const spec: TopLevelSpec = {
    title: titleBlock(title, [...notes, runText(result)], width),
    width,
    height,
    layer: [
      {
        data: { values: drawn.y.map((y, index) => ({ x: x[index] ?? null, y })) },
        mark: { type: "point", filled: true, color: "#8c8c8c", ...pointLook(drawn.y.length) },
        encoding: { x: xChannel, y: yChannel },
      },
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2.5, strokeJoin: "round", clip: true },
        encoding: {
          x: {
            ...xChannel,
            axis: {
              title: xNumbers.title(axes.x),
              grid: false,
              labelExpr: xNumbers.expr,
              tickCount: room === "wide" ? 15 : 5,
            },
          },
          y: { ...yChannel, axis: { title: yNumbers.title(axes.y), tickCount: 7, labelExpr: yNumbers.expr } },
          color: { field: "series", type: "nominal", scale: colors, legend },
          strokeDash: { field: "series", type: "nominal", scale: dashes, legend },
        },
      },
    ],
  };
  return { spec, notes };
}

/** Few points are drawn large enough to be seen behind the lines. */
function pointLook(count: number): { readonly size: number; readonly opacity: number } {
  if (count <= 30) return { size: 110, opacity: 0.9 };
  if (count <= 120) return { size: 36, opacity: 0.8 };
  return { size: 14, opacity: count > 1000 ? 0.4 : 0.7 };
}

/** With several input columns there is no curve to draw: one square per trained arm, points on its diagonal are right. */
function agreementSpec(result: Result, fits: readonly Fit[], title: string): Pick<Chart, "spec" | "notes"> {
  const { y } = result.data.drawn;
  const target = columnNames(result).y;
  const domain = domainAround(y);
  const numbers = axisNumbers(domain);
  const trained = fits.filter(({ predictions }) => predictions !== undefined);
  const size = trained.length > 3 ? 220 : trained.length > 2 ? 300 : 400;
  const columns = Math.min(4, trained.length);
  const diagonal = [
    { actual: domain[0] ?? 0, predicted: domain[0] ?? 0 },
    { actual: domain[1] ?? 1, predicted: domain[1] ?? 1 },
  ];
  const actual = { field: "actual", type: "quantitative", scale: { domain, nice: false } } as const;
  const predicted = { field: "predicted", type: "quantitative", scale: { domain, nice: false } } as const;
  const notes = [
    `Predicted against actual ${target}, one point a sample; dotted: predicted = actual. ${subtitle(result, fits, domain)}`,
  ];
  const block = titleBlock(title, [...notes, runText(result)], Math.max(700, columns * (size + 60)));
  const panels = trained.length > 0 ? trained : fits.slice(0, 1);
  const spec: TopLevelSpec = {
    title: block,
    spacing: 40,
    columns: Math.max(1, columns),
    concat: panels.map(({ name, style, predictions }, place) => ({
      title: {
        text:
          predictions === undefined
            ? "no arm has a fit: all diverged"
            : shortened(`${style.label}, fit`, size, 13, true),
        anchor: "middle",
        fontSize: 13,
        color: style.ink,
        offset: 6,
      },
      width: size,
      height: size,
      layer: [
        {
          data: { values: diagonal },
          mark: { type: "line", color: INK, strokeWidth: 1.5, strokeDash: [2, 3] },
          encoding: { x: actual, y: predicted },
        },
        {
          data: {
            values: (predictions ?? []).map((value, index) => ({
              actual: y[index] ?? null,
              predicted: isWithin(value, domain) ? value : null,
            })),
          },
          mark: {
            type: "point",
            filled: true,
            shape: name === "plain" ? "square" : "circle",
            size: 16,
            opacity: 0.6,
            color: style.color,
            clip: true,
          },
          encoding: {
            x: { ...actual, axis: { title: numbers.title(`actual ${target}`), tickCount: 6, labelExpr: numbers.expr } },
            y: {
              ...predicted,
              axis: {
                title: place % Math.max(1, columns) === 0 ? numbers.title(`predicted ${target}`) : null,
                tickCount: 6,
                labelExpr: numbers.expr,
              },
            },
          },
        },
      ],
    })),
  };
  return { spec, notes };
}

/**
 * Those values of a line whose neighborhood can be seen, at most fifty times the range away: where the line leaves the
 * picture is right to a fiftieth of the way between two points. Some programs that read SVG fail on coordinates of
 * millions of px, or on lines of which nothing is inside.
 */
function nearby(values: readonly Statistic[], [low = 0, high = 1]: readonly number[]): (number | null)[] {
  const far = 50 * (high - low);
  const side = (value: Statistic | undefined) =>
    typeof value !== "number" ? undefined : value < low ? -1 : value > high ? 1 : 0;
  return values.map((value, place) => {
    const own = side(value);
    const isSeen = [values[place - 1], values[place + 1]].some((other) => {
      const there = side(other);
      return there !== undefined && there !== own;
    });
    if (typeof value !== "number" || (own !== 0 && !isSeen)) return null;
    return Math.min(high + far, Math.max(low - far, value));
  });
}

/** The data's range and a margin, so that a fit far away is cut instead of pressing the data flat. */
function domainAround(values: readonly number[], margin = MARGIN): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [0, 1];
  const room = (high - low) * margin || Math.abs(high) * margin || 1;
  return [low - room, high + room];
}

function subtitle(result: Result, fits: readonly Fit[], domain: readonly number[]): string {
  const { drawn, trainingSamples } = result.data;
  const shown = drawn.y.length;
  const thinned = shown < trainingSamples ? ` of ${countText(trainingSamples)}` : "";
  const outside = fits.flatMap(({ style, predictions }) => {
    const away = (predictions ?? []).filter((value) => !isWithin(value, domain)).length;
    if (away === 0 || predictions === undefined) return [];
    return [
      `${countText(away)} of ${countText(predictions.length)} predictions of ${style.label} lie outside the picture.`,
    ];
  });
  const gone = fits.filter(({ predictions }) => predictions === undefined);
  const none = result.data.grid === undefined ? gone.map(({ legend }) => `${legend}.`) : [];
  return [`Points: ${countText(shown)}${thinned} ${SAMPLES}. Fits in inference mode.`, ...outside, ...none].join(" ");
}

function isWithin(value: Statistic, [low = 0, high = 0]: readonly number[]): boolean {
  return typeof value === "number" && value >= low && value <= high;
}

function describeData(result: Result, fits: readonly Fit[], curves: boolean): string {
  const { y } = result.data.drawn;
  const low = y.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = y.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const arms = fits.map(({ name, style, predictions, legend }) => {
    if (predictions === undefined) return `${legend}.`;
    const arm = result.arms[name];
    const cost =
      arm?.status === "trained" ? `, with a cost of ${numberText(arm.final.inference)} in inference mode` : "";
    return `${style.label} is drawn ${curves ? "as a curve" : "as predicted against actual values"}${cost}.`;
  });
  const { full } = axisNumbers([low, high]);
  const range = y.length > 0 ? `, ${columnNames(result).y} from ${full(low)} to ${full(high)}` : "";
  const truth = curves && result.data.truth !== undefined ? [`The true curve is ${result.data.truth}.`] : [];
  return [`${countText(y.length)} ${SAMPLES}${range}.`, ...truth, ...arms].join(" ");
}
