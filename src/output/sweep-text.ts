import type { CellFate, Sweep } from "../record/sweep.js";
import type { Outline } from "../sweep/outline.js";
import { t } from "../text/language.js";
import { countedText, countText, numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";
import { bold, type ScreenText, screen } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";
import { bestSentences, fateWords, keyWords, widthSentence } from "../text/sweep-words.js";

/** About what a cell's file takes of the disk, bytes: its costs, a line each, and a block of the file system. */
const CELL_BYTES = 8192;

interface Plan {
  readonly grid: Outline;
  readonly cells: number;
  readonly missing: number;
  readonly slots: number;
  /** Of a cell that was trained to see, ms; absent where none is missing. */
  readonly cellMs?: number;
}

/** What a sweep would do. */
export function planRows({ grid, cells, missing, slots, cellMs }: Plan): Rows {
  const axes = Object.entries(grid.axes).map(([name, values]) => [name, t`${values.length} values`]);
  const seconds = cellMs === undefined ? undefined : (missing * cellMs) / 1000 / slots;
  return {
    head: ["", t`planned`],
    rows: [
      ...axes,
      [t`arms`, grid.arms.join(", ")],
      [t`seeds`, String(grid.seeds.length)],
      [t`cells`, t`${countText(cells)}, ${countText(missing)} still to train`],
      [t`time`, seconds === undefined ? "–" : t`about ${durationText(seconds)} with ${countedText(slots, "worker")}`],
      [t`disk`, t`about ${numberText((missing * CELL_BYTES) / 1e6)} MB`],
    ],
    left: 2,
  };
}

function durationText(seconds: number): string {
  if (seconds < 100) return `${numberText(seconds)} s`;
  return seconds < 6000 ? t`${numberText(seconds / 60)} min` : t`${numberText(seconds / 3600)} h`;
}

/** The grid as a table, and each arm at its best beside the others. */
export function sweepText(sweep: Sweep, columns: number): ScreenText {
  const width = widthSentence(sweep);
  const parts = [
    fittingTable(pointRows(sweep), columns),
    ...bestSentences(sweep).map((sentence) => bold(sentence)),
    ...(width === undefined ? [] : [screen`${width}`]),
  ];
  return screen`${screen.joined(parts, "\n\n")}\n\n`;
}

/** A row for each point: what each arm costs there and how it ends. */
export function pointRows({ axes, arms, points, seeds }: Sweep): Rows {
  const names = Object.keys(axes);
  const ends = (arm: Sweep["points"][number]["arms"][string] | undefined) => {
    if (arm === undefined) return "–";
    const said = Object.entries(arm.ends)
      .filter(([, count]) => count > 0)
      .map(([fate, count]) => [count, fateWords(fate as CellFate)] as const);
    const only = said.length === 1 && seeds.length > 1 ? said[0] : undefined;
    const all = only === undefined ? said.map((each) => each.join(" ")).join(", ") : t`all ${only[1]}`;
    return arm.median === undefined || arm.median === "Infinity" ? all : `${numberText(arm.median)} (${all})`;
  };
  return {
    head: [...names.map(keyWords), ...arms.map((arm) => t`${arm}: median cost`)],
    rows: points.map(({ values, arms: byArm }) => [
      ...names.map((name) => String(values[name])),
      ...arms.map((arm) => ends(byArm[arm])),
    ]),
    left: names.length + arms.length,
  };
}
