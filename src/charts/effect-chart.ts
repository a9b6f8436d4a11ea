import type { Result } from "../experiment/result.js";
import { type FactorAxis, factorAxis } from "./effect-axis.js";
import { type EffectLane, type EffectRow, effectRows } from "./effect-rows.js";
import { chooseEvenly } from "./layer-panels.js";
import { legend } from "./legend.js";
import { joinScenes, label, type Place, rule, type Scene, sceneSpec } from "./scene.js";
import { shortened, textWidth } from "./text-metrics.js";
import { type Chart, FRAME, GRID, INK, LABEL_SIZE, QUIET_INK, titleBlock } from "./theme.js";
import { activationText, listText, runText, shareText } from "./wording.js";

/** Of the whole drawing, px. */
const WIDTH = 1168;
const SMALLEST_PLOT = 300;
const LARGEST_PLOT = 520;
const LANE = 26;
/** An arm's name and its control need two lines. */
const SMALLEST_ROW = 36;
const ROW_GAP = 8;
const COLUMN_GAP = 14;
const FOOT = 54;
const NAME_SIZE = 12;
const NAME_LIMIT = 180;
const TICK_SIZE = 10;
/** More would run into a bar; the texts are of all. */
const MOST_DOTS = 200;

/** What each arm does to the final cost against its control; nothing where one seed and two arms leave no spread to show. */
export function effectChart(result: Result): Chart | undefined {
  const rows = effectRows(result);
  if (rows.length === 0 || (result.seeds.length < 2 && Object.keys(result.arms).length < 3)) return undefined;
  const columns = columnsOf(rows);
  const lanes = rows.flatMap((row) => row.lanes);
  const axis = factorAxis(
    lanes.flatMap(({ logRatios, interval = [] }) => [...logRatios, ...interval]),
    columns.plot,
  );
  const title = `Effect on the final cost — ${activationText(result)}, ${result.seeds.length === 1 ? "1 seed" : `${result.seeds.length} seeds`}`;
  const block = titleBlock(title, [reading(result, rows), runText(result, "every seed")], Math.max(columns.width, 760));
  const key = legend(legendEntries(result, rows), { x: columns.plotLeft, y: 0 }, columns.width - columns.plotLeft);
  const top = key.height + 12;
  let y = top;
  const scenes = rows.map((row) => {
    const height = rowHeight(row);
    const scene = rowScene(row, y, axis, columns);
    y += height + ROW_GAP;
    return scene;
  });
  const bottom = y - ROW_GAP + 4;
  return {
    title,
    description: describe(rows),
    spec: sceneSpec(joinScenes([frameScene(axis, columns, top - 6, bottom), ...key.scenes, ...scenes]), {
      title: block,
      width: columns.width,
      height: bottom + FOOT,
    }),
  };
}

/** Where each column starts and the plot ends, px. */
interface Columns {
  readonly mode: number;
  readonly plotLeft: number;
  readonly plot: number;
  readonly texts: readonly number[];
  readonly width: number;
}

const TEXTS = ["factor", "wins", "undefinedPairs"] as const;

function columnsOf(rows: readonly EffectRow[]): Columns {
  const lanes = rows.flatMap((row) => row.lanes);
  const widest = (texts: readonly string[], size: number, bold = false) =>
    Math.ceil(texts.reduce((most, text) => Math.max(most, textWidth(text, size, bold)), 0));
  const names = Math.max(widest(rows.map(nameText), NAME_SIZE, true), widest(rows.map(controlText), LABEL_SIZE));
  const mode = names + COLUMN_GAP;
  const plotLeft =
    mode +
    widest(
      lanes.map((lane) => lane.mode),
      LABEL_SIZE,
    ) +
    COLUMN_GAP;
  const widths = TEXTS.map((column) =>
    widest(
      lanes.map((lane) => lane[column]),
      LABEL_SIZE,
    ),
  );
  const texts = widths.filter((width) => width > 0).reduce((sum, width) => sum + width + COLUMN_GAP, 0);
  const plot = Math.min(LARGEST_PLOT, Math.max(SMALLEST_PLOT, WIDTH - plotLeft - texts));
  let x = plotLeft + plot + COLUMN_GAP;
  const starts = widths.map((width) => {
    const start = x;
    x += width > 0 ? width + COLUMN_GAP : 0;
    return start;
  });
  return { mode, plotLeft, plot, texts: starts, width: x - COLUMN_GAP };
}

function nameText(row: EffectRow): string {
  return shortened(row.label, NAME_LIMIT, NAME_SIZE, true);
}

function controlText({ against }: EffectRow): string {
  return shortened(`against ${against}`, NAME_LIMIT, LABEL_SIZE);
}

function rowHeight({ lanes }: EffectRow): number {
  return Math.max(SMALLEST_ROW, lanes.length * LANE);
}

/** Names and texts in ink: the colour of the dots says whose they are. */
function rowScene(row: EffectRow, top: number, axis: FactorAxis, columns: Columns): Scene {
  const middle = top + rowHeight(row) / 2;
  const names = [
    label(nameText(row), 0, middle - 8, { size: NAME_SIZE, weight: "bold" }),
    label(controlText(row), 0, middle + 8, { ink: QUIET_INK }),
  ];
  const first = middle - ((row.lanes.length - 1) * LANE) / 2;
  const lanes = row.lanes.map((lane, place) => laneScene(lane, row.color, first + place * LANE, axis, columns));
  return joinScenes([{ labels: names }, ...lanes]);
}

function laneScene(lane: EffectLane, color: string, y: number, axis: FactorAxis, columns: Columns): Scene {
  const { logRatios, mean, interval } = lane;
  const at = (logRatio: number) => columns.plotLeft + axis.pixel(logRatio);
  const texts = TEXTS.map((column, place) => label(lane[column], columns.texts[place] ?? 0, y));
  const none = logRatios.length === 0 ? [emptyLabel(at(0), y, columns)] : [];
  return joinScenes([
    { labels: [label(lane.mode, columns.mode, y), ...texts.filter(({ text }) => text !== ""), ...none] },
    interval === undefined
      ? {}
      : { lines: [rule({ x: at(interval[0]), y: y + 6 }, { x: at(interval[1]), y: y + 6 }, color, 6)] },
    {
      // At three heights, so that neighbours are seen apart.
      marks: chooseEvenly([...logRatios.keys()], MOST_DOTS).map((seed) => ({
        x: at(logRatios[seed] ?? 0),
        y: y - 5 + ((seed % 3) - 1) * 3,
        shape: "circle",
        size: 26,
        color,
      })),
    },
    mean === undefined || logRatios.length < 2
      ? {}
      : { lines: [rule({ x: at(mean), y: y + 1 }, { x: at(mean), y: y + 11 }, INK, 2)] },
  ]);
}

/** Beside the line of no effect, where there is room. */
function emptyLabel(zero: number, y: number, { plotLeft, plot }: Columns) {
  const text = "no defined pair";
  const fits = zero + 8 + textWidth(text, LABEL_SIZE) < plotLeft + plot;
  return fits
    ? label(text, zero + 8, y, { ink: QUIET_INK })
    : label(text, zero - 8, y, { ink: QUIET_INK, align: "right" });
}

function frameScene(axis: FactorAxis, { plotLeft, plot }: Columns, top: number, bottom: number): Scene {
  const at = (logRatio: number) => plotLeft + axis.pixel(logRatio);
  const down = (x: number, color: string, width: number) => rule({ x, y: top }, { x, y: bottom }, color, width);
  const foot = { align: "center", size: TICK_SIZE } as const;
  return joinScenes([
    { boxes: [{ x: plotLeft, y: top, x2: plotLeft + plot, y2: bottom, fill: null, stroke: FRAME }] },
    { lines: axis.ticks.map((tick) => down(at(tick.at), tick.at === 0 ? INK : GRID, tick.at === 0 ? 1.5 : 1)) },
    {
      labels: axis.ticks.flatMap((tick) =>
        tick.lines.map((line, row) => label(line, at(tick.at), bottom + 10 + row * 12, foot)),
      ),
    },
    {
      labels: [
        label("final cost against the control's (log scale)", plotLeft + plot / 2, bottom + 42, {
          align: "center",
          size: 12,
        }),
      ],
    },
  ]);
}

function legendEntries(result: Result, rows: readonly EffectRow[]) {
  const color = QUIET_INK;
  const confidences = Object.values(result.effects).flatMap(({ train, inference }) =>
    [train.mean, inference.mean].flatMap((mean) => (mean === undefined ? [] : [mean.confidence])),
  );
  const confidence = shareText(confidences[0] ?? 0.95);
  const lanes = rows.flatMap((row) => row.lanes);
  const most = lanes.reduce((most, { logRatios }) => Math.max(most, logRatios.length), 0);
  const mean = (x: number, y: number) => rule({ x, y: y - 5 }, { x, y: y + 5 }, INK, 2);
  const dot = {
    text: most > MOST_DOTS ? `one seed (at most ${MOST_DOTS} drawn)` : "one seed",
    width: 8,
    draw: ({ x, y }: Place) => ({ marks: [{ x: x + 4, y, shape: "circle", size: 30, color }] }),
  };
  const interval = {
    text: `mean over the seeds with its ${confidence} interval`,
    width: 34,
    draw: ({ x, y }: Place) => ({ lines: [rule({ x, y }, { x: x + 34, y }, color, 6), mean(x + 17, y)] }),
  };
  const alone = { text: "mean", width: 8, draw: ({ x, y }: Place) => ({ lines: [mean(x + 4, y)] }) };
  return [
    ...(lanes.some(({ logRatios }) => logRatios.length > 0) ? [dot] : []),
    ...(lanes.some((lane) => lane.interval !== undefined) ? [interval] : []),
    ...(lanes.every((lane) => lane.interval === undefined) && lanes.some(({ logRatios }) => logRatios.length > 1)
      ? [alone]
      : []),
  ];
}

function reading(result: Result, rows: readonly EffectRow[]): string {
  const undefinedSome = rows.some(({ lanes }) => lanes.some(({ undefinedPairs }) => undefinedPairs !== ""));
  return [
    "Final cost of the control over that of the arm, seed by seed: to the right the arm ends lower.",
    ...(result.seeds.length > 1 ? ["Wins are over all pairs, with a Wilson interval; to diverge is to lose."] : []),
    ...(undefinedSome ? ["Undefined pairs have no dot: an arm in them diverged or ends without a positive cost."] : []),
  ].join(" ");
}

function describe(rows: readonly EffectRow[]): string {
  const each = rows.map(({ label: name, against, lanes }) => {
    const parts = lanes.map(
      ({ mode, factor, wins, undefinedPairs }) =>
        `${mode} ${listText([factor === "" ? "no defined pair" : `cost ${factor}`, wins, undefinedPairs].filter((text) => text !== ""))}`,
    );
    return `${name} against ${against}: ${parts.join("; ")}.`;
  });
  return ["The factor between the final costs of each arm and its control.", ...each].join(" ");
}
