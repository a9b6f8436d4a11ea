import { axisNumbers } from "../charts/axis-numbers.js";
import { columnNames } from "../charts/data-chart.js";
import { chooseEvenly } from "../charts/layer-panels.js";
import { type Line, label, type Place, rule, type Scene } from "../charts/scene.js";
import { hasSeveralSeeds } from "../charts/seed-costs.js";
import { armStyles, FRAME, GRID, INK, type Room } from "../charts/theme.js";
import { roundTicks } from "../charts/ticks.js";
import { countText, numberText } from "../charts/wording.js";
import { parabola } from "../data/parabola.js";
import { ownEntry } from "../experiment/own-entry.js";
import type { Statistic } from "../experiment/result.js";
import { type ComparedChart, gridChart, lookOf, panelFrame, panelGrid, TEXT } from "./compare-panels.js";
import type { Area } from "./drawing.js";
import type { NamedRun } from "./named-runs.js";
import { columns, type Spot } from "./spots.js";

/** Right of each panel, px: half the last tick's text. */
const RIGHT = 14;
/** Around the data, as a share of their range. */
const MARGIN = 0.08;
const POINT = "#b4b4b4";
/** More would be one grey cloud. */
const MOST_POINTS = 500;
const MOST_SPOTS = 120;

/** One arm of every run that has it: what it predicts, or that it has diverged. */
interface Panel {
  readonly title: string;
  readonly fits: readonly Fit[];
  readonly lost: readonly { readonly run: number; readonly update: number }[];
}

interface Fit {
  readonly run: number;
  readonly values: readonly Statistic[];
  readonly cost: Statistic;
}

/** Fits of several runs over their common points; undefined where the runs have other points, or none over one axis. */
export function compareFits(runs: readonly NamedRun[], room: Room = "wide"): ComparedChart | undefined {
  const [first] = runs;
  const { drawn, grid, truth } = first?.result.data ?? {};
  const xs = drawn?.x;
  const isCommon = runs.every(({ result }) => result.pairing.data === first?.result.pairing.data);
  if (drawn === undefined || xs === undefined || grid === undefined || !isCommon) return undefined;
  const names = columnNames((first as NamedRun).result);
  const panels = panelsOf(runs);
  const [xRange, yRange] = [rangeOf([...xs, ...grid], 0.02), rangeOf(drawn.y, MARGIN)];
  const layout = panelGrid(runs, panels.length, room, RIGHT);
  const chosen = chooseEvenly([...drawn.y.keys()], MOST_POINTS);
  const points = chosen.map((index) => ({ x: xs[index] ?? 0, y: drawn.y[index] ?? 0 }));
  const curve = truth === undefined ? [] : grid.map((x) => ({ x, y: parabola(x) }));
  const scenes = panels.map((panel, place) => {
    const area = layout.areas[place];
    return area === undefined ? {} : panelScene(panel, area, { xRange, yRange, grid, points, curve, names });
  });
  const all = first?.result.data.trainingSamples ?? 0;
  const thinned = points.length < all ? ` Points: ${countText(points.length)} of ${countText(all)}.` : "";
  const several = runs.some(({ result }) => hasSeveralSeeds(result)) ? " Of several seeds, the first one's nets." : "";
  const dotted = truth === undefined ? "" : ` Dotted: the true curve ${truth}.`;
  return {
    chart: gridChart(layout, scenes, {
      title: `Data and fits — ${runs.length} runs`,
      description: describe(runs, panels),
      notes: [
        `A panel for each arm, a line for each run's fit in inference mode; grey: training points.${dotted}${several}${thinned}`,
      ],
    }),
    spots: panels.flatMap((panel, place) => spotsOf(panel, layout.areas[place], { grid, xRange, name: names.x }, runs)),
  };
}

function panelsOf(runs: readonly NamedRun[]): Panel[] {
  const names = [...new Set(runs.flatMap(({ result }) => Object.keys(result.arms)))];
  return armStyles(names).map(({ name, label: title }) => {
    const arms = runs.flatMap(({ result }, run) => {
      const arm = ownEntry(result.arms, name);
      return arm === undefined ? [] : [{ run, arm }];
    });
    return {
      title,
      fits: arms.flatMap(({ run, arm }) =>
        arm.status === "trained" ? [{ run, values: arm.fit, cost: arm.final.inference }] : [],
      ),
      lost: arms.flatMap(({ run, arm }) => (arm.status === "diverged" ? [{ run, update: arm.divergence.update }] : [])),
    };
  });
}

type Range = readonly [low: number, high: number];

function rangeOf(values: readonly number[], margin: number): Range {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (!(low <= high)) return [0, 1];
  const room = (high - low) * margin || 1;
  return [low - room, high + room];
}

interface Drawn {
  readonly xRange: Range;
  readonly yRange: Range;
  readonly grid: readonly number[];
  readonly points: readonly Place[];
  readonly curve: readonly Place[];
  /** Of the axes. */
  readonly names: { readonly x: string; readonly y: string };
}

function panelScene({ title, fits, lost }: Panel, area: Area, drawn: Drawn): Partial<Scene> {
  const { x, y, x2, y2 } = area;
  const { xRange, yRange } = drawn;
  const placed = (at: Place): Place => ({
    x: x + ((at.x - xRange[0]) / (xRange[1] - xRange[0])) * (x2 - x),
    y: y2 - ((at.y - yRange[0]) / (yRange[1] - yRange[0])) * (y2 - y),
  });
  const lines = (points: readonly Place[], look: Omit<Line, "points">): Line[] =>
    clipped(points.map(placed), y, y2).map((part) => ({ ...look, points: part }));
  const [xTicks, yTicks] = [roundTicks(xRange, 8), roundTicks(yRange, 8)];
  const [xNumbers, yNumbers] = [axisNumbers(xRange), axisNumbers(yRange)];
  // The y axis has no title: only what is subtracted from its labels must be said.
  const frame = panelFrame(area, yNumbers.offset === 0 ? title : `${title}, ${yNumbers.title(drawn.names.y)}`);
  const note =
    fits.length > 0 || lost.length === 0
      ? []
      : [label("every run diverged: no fit", (x + x2) / 2, y + 16, { align: "center", size: TEXT })];
  return {
    boxes: [...(frame.boxes ?? [])],
    lines: [
      ...yTicks.map((tick) => {
        const at = placed({ x: xRange[0], y: tick }).y;
        return rule({ x, y: at }, { x: x2, y: at }, GRID);
      }),
      ...xTicks.map((tick) => {
        const at = placed({ x: tick, y: yRange[0] }).x;
        return rule({ x: at, y: y2 }, { x: at, y: y2 + 4 }, FRAME);
      }),
      ...lines(drawn.curve, { color: INK, width: 1.5, dash: [2, 3] }),
      ...fits.flatMap(({ run, values }) =>
        finiteRuns(drawn.grid, values).flatMap((points) => lines(points, lookOf(run))),
      ),
    ],
    marks: drawn.points.map((point) => ({ ...placed(point), shape: "circle", size: 9, color: POINT })),
    labels: [
      ...(frame.labels ?? []),
      ...note,
      ...yTicks.map((tick) =>
        label(yNumbers.text(tick), x - 6, placed({ x: xRange[0], y: tick }).y, { align: "right", size: TEXT }),
      ),
      ...xTicks.map((tick) =>
        label(xNumbers.text(tick), placed({ x: tick, y: yRange[0] }).x, y2 + 12, { align: "center", size: TEXT }),
      ),
      label(xNumbers.title(drawn.names.x), (x + x2) / 2, y2 + 28, { align: "center", size: TEXT }),
    ],
  };
}

/** The parts of a fit between values that are no numbers. */
function finiteRuns(grid: readonly number[], values: readonly Statistic[]): Place[][] {
  const runs: Place[][] = [[]];
  for (const [index, value] of values.entries()) {
    const x = grid[index];
    if (typeof value === "number" && x !== undefined) runs.at(-1)?.push({ x, y: value });
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** The parts of a line between two heights, cut exactly where it leaves them. */
function clipped(points: readonly Place[], top: number, bottom: number): Place[][] {
  const parts: Place[][] = [];
  let part: Place[] = [];
  const isInside = ({ y }: Place) => y >= top && y <= bottom;
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined) {
      const cuts = [top, bottom]
        .map((edge) => (edge - before.y) / (point.y - before.y))
        .filter((share) => share > 0 && share < 1)
        .sort((a, b) => a - b)
        .map((share) => ({ x: before.x + share * (point.x - before.x), y: before.y + share * (point.y - before.y) }));
      for (const cut of cuts) {
        part.push(cut);
        // A cut ends a part that is there, and starts one where there is none.
        if (part.length > 1) {
          parts.push(part);
          part = [];
        }
      }
    }
    if (isInside(point)) part.push(point);
  }
  if (part.length > 0) parts.push(part);
  return parts.filter(({ length }) => length > 1);
}

function spotsOf(
  { title, fits }: Panel,
  area: Area | undefined,
  { grid, xRange: [low, high], name }: Pick<Drawn, "grid" | "xRange"> & { readonly name: string },
  runs: readonly NamedRun[],
): Spot[] {
  if (area === undefined) return [];
  const { full } = axisNumbers([low, high]);
  const places = chooseEvenly([...grid.keys()], MOST_SPOTS).map((index) => {
    const x = grid[index] ?? 0;
    return {
      at: area.x + ((x - low) / (high - low)) * (area.x2 - area.x),
      lines: [
        `${title}, ${name} = ${full(x)}`,
        ...fits.map(({ run, values }) => `${runs[run]?.label ?? ""}: ${numberText(values[index] ?? "NaN")}`),
      ],
    };
  });
  return columns(places, area);
}

function describe(runs: readonly NamedRun[], panels: readonly Panel[]): string {
  return panels
    .map(({ title, fits, lost }) => {
      const told = [
        ...fits.map(({ run, cost }) => `${runs[run]?.label ?? ""} ends at a cost of ${numberText(cost)}`),
        ...lost.map(({ run, update }) => `${runs[run]?.label ?? ""} diverged at update ${update} and has no fit`),
      ];
      return `${title}: ${told.join("; ")}.`;
    })
    .join(" ");
}
