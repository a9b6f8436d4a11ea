import type { Result } from "../experiment/result.js";
import { type FactorAxis, factorAxis } from "./effect-axis.js";
import { type EffectLayout, effectLayout, LANE } from "./effect-layout.js";
import { type EffectLane, type EffectRow, effectRows } from "./effect-rows.js";
import { chooseEvenly } from "./layer-panels.js";
import { legend } from "./legend.js";
import { joinScenes, label, type Place, rule, type Scene, sceneSpec } from "./scene.js";
import { textWidth } from "./text-metrics.js";
import { type Chart, FRAME, GRID, INK, LABEL_SIZE, QUIET_INK, type Room } from "./theme.js";
import { titleBlock } from "./title.js";
import { activationText, listText, runText, shareText } from "./wording.js";

const ROW_GAP = 8;
const FOOT = 54;
const TICK_SIZE = 10;
/** More would run into a bar; the texts are of all. */
export const MOST_DOTS = 200;

/** What each arm does to the final cost against its control; nothing where one seed and two arms leave no spread to show. */
export function effectChart(result: Result, room: Room = "wide"): Chart | undefined {
  const rows = effectRows(result);
  if (rows.length === 0 || (result.seeds.length < 2 && Object.keys(result.arms).length < 3)) return undefined;
  const layout = effectLayout(rows, room);
  const lanes = rows.flatMap((row) => row.lanes);
  const axis = factorAxis(
    lanes.flatMap(({ logRatios, interval = [] }) => [...logRatios, ...interval]),
    layout.plot,
  );
  const title = `Effect on the final cost — ${activationText(result)}, ${result.seeds.length === 1 ? "1 seed" : `${result.seeds.length} seeds`}`;
  const notes = [reading(result, rows)];
  const block = titleBlock(title, [...notes, runText(result, "every seed")], Math.max(layout.width, 760));
  const key = legend(legendEntries(result, rows), { x: layout.plotLeft, y: 0 }, layout.width - layout.plotLeft);
  const top = key.height + 12;
  let y = top;
  const scenes = rows.map((row) => {
    const scene = rowScene(row, y, axis, layout);
    y += layout.rowHeight(row) + ROW_GAP;
    return scene;
  });
  const bottom = y - ROW_GAP + 4;
  const bands = layout.isBroken ? lanesOf(rows, layout, top) : [{ top: top - 6, bottom }];
  return {
    title,
    description: describe(rows),
    notes,
    spec: sceneSpec(joinScenes([frameScene(axis, layout, top - 6, bottom, bands), ...key.scenes, ...scenes]), {
      title: block,
      width: layout.width,
      height: bottom + FOOT,
    }),
  };
}

function rowScene(row: EffectRow, top: number, axis: FactorAxis, layout: EffectLayout): Scene {
  let y = top + layout.head(row);
  const lanes = row.lanes.map((lane) => {
    const scene = laneScene(lane, row.color, y, axis, layout);
    y += layout.laneHeight(lane);
    return scene;
  });
  // Names and texts in ink: the colour of the dots says whose they are.
  return joinScenes([{ labels: layout.names(row, top) }, ...lanes]);
}

function laneScene(lane: EffectLane, color: string, top: number, axis: FactorAxis, layout: EffectLayout): Scene {
  const { logRatios, mean, interval } = lane;
  const y = top + layout.middle(lane);
  const at = (logRatio: number) => layout.plotLeft + axis.pixel(logRatio);
  const none = logRatios.length === 0 ? [emptyLabel(at(0), y, layout)] : [];
  return joinScenes([
    { labels: [...layout.texts(lane, top), ...none] },
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
function emptyLabel(zero: number, y: number, { plotLeft, plot }: EffectLayout) {
  const text = "no defined pair";
  const fits = zero + 8 + textWidth(text, LABEL_SIZE) < plotLeft + plot;
  return fits
    ? label(text, zero + 8, y, { ink: QUIET_INK })
    : label(text, zero - 8, y, { ink: QUIET_INK, align: "right" });
}

interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** Where each lane's dots and bar stand. */
function lanesOf(rows: readonly EffectRow[], layout: EffectLayout, start: number): Band[] {
  let rowTop = start;
  return rows.flatMap((row) => {
    let y = rowTop + layout.head(row);
    rowTop += layout.rowHeight(row) + ROW_GAP;
    return row.lanes.map((lane) => {
      const middle = y + layout.middle(lane);
      y += layout.laneHeight(lane);
      return { top: middle - LANE / 2, bottom: middle + LANE / 2 };
    });
  });
}

function frameScene(
  axis: FactorAxis,
  { plotLeft, plot }: EffectLayout,
  top: number,
  bottom: number,
  bands: readonly Band[],
): Scene {
  const at = (logRatio: number) => plotLeft + axis.pixel(logRatio);
  const down = (x: number, color: string, width: number) =>
    bands.map((band) => rule({ x, y: band.top }, { x, y: band.bottom }, color, width));
  const foot = { align: "center", size: TICK_SIZE } as const;
  return joinScenes([
    { boxes: [{ x: plotLeft, y: top, x2: plotLeft + plot, y2: bottom, fill: null, stroke: FRAME }] },
    { lines: axis.ticks.flatMap((tick) => down(at(tick.at), tick.at === 0 ? INK : GRID, tick.at === 0 ? 1.5 : 1)) },
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
