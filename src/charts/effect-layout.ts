import type { EffectLane, EffectRow } from "./effect-rows.js";
import { type Label, label } from "./scene.js";
import { shortened, textWidth, wrapText } from "./text-metrics.js";
import { LABEL_SIZE, NARROW_WIDTH, QUIET_INK, type Room } from "./theme.js";

/** Where the plot stands and what is written around it, px. */
export interface EffectLayout {
  readonly width: number;
  readonly plotLeft: number;
  readonly plot: number;
  /** What an arm takes from top to bottom. */
  readonly rowHeight: (row: EffectRow) => number;
  readonly laneHeight: (lane: EffectLane) => number;
  /** From the top of a row to its first lane. */
  readonly head: (row: EffectRow) => number;
  /** From the top of a lane to the middle of its dots and bar. */
  readonly middle: (lane: EffectLane) => number;
  /** Whether the lines of the axis stop where a lane's texts stand. */
  readonly isBroken: boolean;
  /** An arm's name and its control; `top` is the row's. */
  readonly names: (row: EffectRow, top: number) => Label[];
  /** A lane's mode and numbers; `top` is the lane's. */
  readonly texts: (lane: EffectLane, top: number) => Label[];
}

const WIDTH = 1168;
const SMALLEST_PLOT = 300;
const LARGEST_PLOT = 640;
/** Dots above a bar. */
export const LANE = 26;
/** An arm's name and its control need two lines. */
const SMALLEST_ROW = 36;
const COLUMN_GAP = 14;
const LINE = 15;
const NAME_SIZE = 12;
const NAME_LIMIT = 180;
const NUMBERS = ["factor", "wins", "undefinedPairs"] as const;

export function effectLayout(rows: readonly EffectRow[], room: Room): EffectLayout {
  return room === "wide" ? inColumns(rows) : inLines();
}

/** Names, modes, plot and numbers beside each other. */
function inColumns(rows: readonly EffectRow[]): EffectLayout {
  const lanes = rows.flatMap((row) => row.lanes);
  const names = Math.max(widest(rows.map(nameText), NAME_SIZE, true), widest(rows.map(controlText), LABEL_SIZE));
  const mode = names + COLUMN_GAP;
  const modes = widest(
    lanes.map((lane) => lane.mode),
    LABEL_SIZE,
  );
  const plotLeft = mode + modes + COLUMN_GAP;
  const widths = NUMBERS.map((column) =>
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
  const rowHeight = (row: EffectRow) => Math.max(SMALLEST_ROW, row.lanes.length * LANE);
  return {
    width: x - COLUMN_GAP,
    plotLeft,
    plot,
    rowHeight,
    laneHeight: () => LANE,
    head: (row) => (rowHeight(row) - row.lanes.length * LANE) / 2,
    middle: () => LANE / 2,
    isBroken: false,
    names: (row, top) => {
      const middle = top + rowHeight(row) / 2;
      return [
        label(nameText(row), 0, middle - 8, { size: NAME_SIZE, weight: "bold" }),
        label(controlText(row), 0, middle + 8, { ink: QUIET_INK }),
      ];
    },
    texts: (lane, top) => [
      label(lane.mode, mode, top + LANE / 2),
      ...NUMBERS.map((column, place) => label(lane[column], starts[place] ?? 0, top + LANE / 2)).filter(isWritten),
    ],
  };
}

/** On a phone names and numbers stand above the dots they belong to. */
function inLines(): EffectLayout {
  const linesOf = (lane: EffectLane) => [
    lane.mode,
    ...NUMBERS.flatMap((number) => (lane[number] === "" ? [] : wrapText(lane[number], NARROW_WIDTH - 16, LABEL_SIZE))),
  ];
  const head = (lane: EffectLane) => linesOf(lane).length * LINE + 6;
  const laneHeight = (lane: EffectLane) => head(lane) + LANE;
  return {
    width: NARROW_WIDTH,
    plotLeft: 0,
    plot: NARROW_WIDTH,
    rowHeight: ({ lanes }) => 2 * LINE + 4 + lanes.reduce((sum, lane) => sum + laneHeight(lane), 0),
    laneHeight,
    head: () => 2 * LINE + 4,
    middle: (lane) => head(lane) + LANE / 2,
    isBroken: true,
    names: (row, top) => [
      label(nameText(row), 6, top + LINE / 2, { size: NAME_SIZE, weight: "bold" }),
      label(controlText(row), 6, top + 1.5 * LINE, { ink: QUIET_INK }),
    ],
    texts: (lane, top) =>
      linesOf(lane).map((text, line) =>
        label(text, 6, top + (line + 0.5) * LINE + 2, line === 0 ? { weight: "bold" } : {}),
      ),
  };
}

function widest(texts: readonly string[], size: number, bold = false): number {
  return Math.ceil(texts.reduce((most, text) => Math.max(most, textWidth(text, size, bold)), 0));
}

function isWritten({ text }: Label): boolean {
  return text !== "";
}

function nameText(row: EffectRow): string {
  return shortened(row.label, NAME_LIMIT, NAME_SIZE, true);
}

function controlText({ against }: EffectRow): string {
  return shortened(`against ${against}`, NAME_LIMIT, LABEL_SIZE);
}
