import type { Factor, Sweep } from "../record/sweep.js";
import type { Outline } from "../sweep/outline.js";
import { countedText, countText, numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";
import { bold, type ScreenText, screen } from "../text/screen.js";
import { fittingTable } from "../text/screen-table.js";

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
  const axes = Object.entries(grid.axes).map(([name, values]) => [name, `${values.length} values`]);
  const seconds = cellMs === undefined ? undefined : (missing * cellMs) / 1000 / slots;
  return {
    head: ["", "planned"],
    rows: [
      ...axes,
      ["arms", grid.arms.join(", ")],
      ["seeds", String(grid.seeds.length)],
      ["cells", `${countText(cells)}, of which ${countText(missing)} are missing`],
      ["time", seconds === undefined ? "–" : `about ${durationText(seconds)} with ${slots} workers`],
      ["disk", `about ${numberText((missing * CELL_BYTES) / 1e6)} MB`],
    ],
    left: 2,
  };
}

function durationText(seconds: number): string {
  if (seconds < 100) return `${numberText(seconds)} s`;
  return seconds < 6000 ? `${numberText(seconds / 60)} min` : `${numberText(seconds / 3600)} h`;
}

/** The grid as a table, and each arm at its best beside the others. */
export function sweepText(sweep: Sweep, columns: number): ScreenText {
  const parts = [fittingTable(pointRows(sweep), columns), ...bestLines(sweep), ...widthLines(sweep)];
  return screen`${screen.joined(parts, "\n\n")}\n\n`;
}

function pointRows({ axes, arms, points, seeds }: Sweep): Rows {
  const names = Object.keys(axes);
  const ends = (arm: Sweep["points"][number]["arms"][string] | undefined) => {
    if (arm === undefined) return "–";
    const said = Object.entries(arm.ends)
      .filter(([, count]) => count > 0)
      .map(([fate, count]) => [count, fate.replaceAll("-", " ")] as const);
    const only = said.length === 1 && seeds.length > 1 ? said[0] : undefined;
    const all = only === undefined ? said.map((each) => each.join(" ")).join(", ") : `all ${only[1]}`;
    return arm.median === undefined || arm.median === "Infinity" ? all : `${numberText(arm.median)} (${all})`;
  };
  return {
    head: [...names, ...arms.map((arm) => `${arm}: median cost`)],
    rows: points.map(({ values, arms: byArm }) => [
      ...names.map((name) => String(values[name])),
      ...arms.map((arm) => ends(byArm[arm])),
    ]),
    left: names.length + arms.length,
  };
}

function bestLines({ best, against, points }: Sweep): ScreenText[] {
  if (best === undefined) return [];
  return Object.entries(against).flatMap(([arm, control]) => {
    const own = best.effects[arm];
    const [chosen, other] = [best.arms[arm], best.arms[control]];
    if (own === undefined || chosen === undefined || other === undefined) return [];
    const same = points.find(({ values }) => JSON.stringify(values) === JSON.stringify(other.value))?.effects[arm];
    const at = (value: typeof chosen.value) =>
      Object.entries(value)
        .map((pair) => pair.join(" "))
        .join(", ");
    const first =
      same === undefined
        ? ""
        : `At ${control}'s best values (${at(other.value)}) ${arm} divides the cost by ${factorText(same)}. `;
    return [
      screen`${bold(
        `${first}Each at its own best (${arm}: ${at(chosen.value)}), chosen on ${chosen.chosenOn.length} seeds and measured on ${best.measuredOn.length} others, by ${factorText(own)}.`,
      )}`,
    ];
  });
}

/** Over how many decades of the axis each arm learns. */
function widthLines({ axes, arms, learnedOver }: Sweep): ScreenText[] {
  const [axis] = Object.keys(axes);
  if (learnedOver === undefined || axis === undefined) return [];
  const said = arms.map((arm) => {
    const own = learnedOver[arm];
    if (own === undefined) return `${arm} at none`;
    const { from, to, decades } = own;
    if (from === to) return `${arm} at ${from} alone`;
    return `${arm} over ${countedText(Number(decades.toFixed(2)), "decade")}, from ${from} to ${to}`;
  });
  return [screen`${`Of the values of ${axis} tried, at least half of the seeds learn: ${said.join("; ")}.`}`];
}

function factorText({ factor, low, high }: Factor): string {
  if (low === undefined || high === undefined) return numberText(factor);
  return `${numberText(factor)} (95 % CI ${numberText(low)}–${numberText(high)})`;
}
