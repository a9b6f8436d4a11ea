import { costSeries, referenceCosts, type Series } from "../charts/cost-series.js";
import { spreadLabels } from "../charts/label-placement.js";
import { chooseEvenly } from "../charts/layer-panels.js";
import { decadesOf, type LogScale, logScale } from "../charts/log-scale.js";
import { joinScenes, label, type Mark, rule, type Scene } from "../charts/scene.js";
import { countDivergences, type DivergenceCount, hasSeveralSeeds } from "../charts/seed-costs.js";
import { FRAME, GRID, QUIET_INK, type Room } from "../charts/theme.js";
import { roundNumbers } from "../charts/ticks.js";
import { countText, lastUpdate, listText, numberText } from "../charts/wording.js";
import {
  type ComparedChart,
  gridChart,
  inkOf,
  lookOf,
  PANEL_HEIGHT,
  panelFrame,
  panelGrid,
  TEXT,
} from "./compare-panels.js";
import type { Area } from "./drawing.js";
import type { NamedRun } from "./named-runs.js";
import { columns, type Spot } from "./spots.js";

/** Right of each panel, for the costs at the end, px. */
const RIGHT = 60;

/** On a common scale no panel may take less of it than one part in so many. */
const FLATTEST = 3;

/** One arm in one mode, of every run that has it. */
interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
}

interface Curve {
  readonly run: number;
  readonly series: Series;
  readonly divergences: DivergenceCount;
}

/** Costs of several runs over each other: a panel for each arm and mode, a line for each run. */
export function compareCosts(runs: readonly NamedRun[], room: Room = "wide"): ComparedChart {
  const panels = panelsOf(runs);
  const updates = Math.max(1, ...runs.map(({ result }) => lastUpdate(result)));
  const references = commonReferences(runs);
  const shared = scaleOf(panels, references);
  const own = panels.map((panel) => scaleOf([panel], references));
  const isShared = own.every(({ domain }) => decadesOf(domain) > decadesOf(shared.domain) / FLATTEST);
  const scales = panels.map((_, place) => (isShared ? shared : (own[place] ?? shared)));
  const grid = panelGrid(runs, panels.length, room, RIGHT);
  const scenes = panels.map((panel, place) => {
    const area = grid.areas[place];
    return area === undefined ? {} : panelScene(panel, area, scales[place] ?? shared, updates, references);
  });
  const several = runs.some(({ result }) => hasSeveralSeeds(result))
    ? " Of several seeds, the median of those that are left."
    : "";
  const isOff = panels.some(({ curves }, place) =>
    curves.some(({ series }) => series.points.some(({ cost }) => cost > top(scales[place] ?? shared))),
  );
  const triangles = isOff ? " Triangles: costs above the scale." : "";
  const isCrossed = ({ series }: Curve, scale: LogScale) => {
    const end = series.points.at(-1);
    return series.diverged && end !== undefined && end.cost <= top(scale);
  };
  const crosses = panels.some(({ curves }, place) => curves.some((curve) => isCrossed(curve, scales[place] ?? shared)))
    ? " A cross ends a run that diverged."
    : "";
  const dotted =
    references.length === 0
      ? ""
      : ` Dotted: ${listText(references.map(({ name, cost }) => `${name} (${numberText(cost)})`))}.`;
  const reading = `A panel for each arm and mode, a line for each run, on ${isShared ? "one log scale" : "log scales of their own"}.${several}${crosses}${triangles}${dotted}`;
  return {
    chart: gridChart(grid, scenes, {
      title: `Cost during training — ${runs.length} runs`,
      description: describe(runs, panels),
      notes: [reading],
    }),
    spots: panels.flatMap((panel, place) => spotsOf(panel, grid.areas[place], updates, runs)),
  };
}

function panelsOf(runs: readonly NamedRun[]): Panel[] {
  const panels = new Map<string, Curve[]>();
  for (const [run, { result }] of runs.entries()) {
    for (const series of costSeries(result)) {
      const key = `${series.mode} ${series.style.name}`;
      const curve = { run, series, divergences: countDivergences(result, series.style.name) };
      const there = panels.get(key);
      if (there === undefined) panels.set(key, [curve]);
      else there.push(curve);
    }
  }
  return [...panels.values()].map((curves) => {
    // A run that draws one mode of an arm names none; one that draws both does.
    const suffix = curves.find(({ series }) => series.suffix !== "")?.series.suffix ?? "";
    return { title: `${curves[0]?.series.style.label ?? ""}${suffix}`, curves };
  });
}

/** Reference costs that all runs have in common. */
function commonReferences(runs: readonly NamedRun[]) {
  const [first, ...others] = runs.map(({ result }) => referenceCosts(result));
  return (first ?? []).filter(({ name, cost }) =>
    others.every((other) => other.some((reference) => reference.name === name && reference.cost === cost)),
  );
}

/** Runs on their way to divergence may leave the scale, as in a run's own chart. */
function scaleOf(panels: readonly Panel[], references: readonly { readonly cost: number }[]): LogScale {
  const costs = (wanted: (curve: Curve) => boolean) => [
    ...panels.flatMap(({ curves }) =>
      curves.filter(wanted).flatMap(({ series }) => series.points.map(({ cost }) => cost)),
    ),
    ...references.map(({ cost }) => cost),
  ];
  const [all, steady] = [costs(() => true), costs(({ series }) => !series.diverged)];
  const isTooWide = steady.length > references.length && decadesOf(all) > 3 * Math.max(1, decadesOf(steady));
  return logScale(isTooWide ? steady : all, PANEL_HEIGHT, 0);
}

function top({ domain }: LogScale): number {
  return domain[1] ?? Number.POSITIVE_INFINITY;
}

function panelScene(
  { title, curves }: Panel,
  { x, y, x2, y2 }: Area,
  scale: LogScale,
  updates: number,
  references: readonly { readonly cost: number }[],
): Partial<Scene> {
  const at = (update: number) => x + (update / updates) * (x2 - x);
  const level = (cost: number) => y + Math.max(0, scale.pixel(cost));
  const ends = curves.flatMap(({ run, series }) => {
    const end = series.points.at(-1);
    return end === undefined || series.diverged || end.cost > top(scale) ? [] : [{ run, ...end }];
  });
  const places = spreadLabels(
    ends.map(({ cost }) => level(cost)),
    TEXT + 3,
    y + TEXT / 2,
    y2 - TEXT / 2,
  );
  const foot = { align: "center", size: TEXT } as const;
  const ticks = roundNumbers(updates, 6);
  return joinScenes([
    panelFrame({ x, y, x2, y2 }, title),
    { lines: scale.ticks.map((tick) => rule({ x, y: level(tick) }, { x: x2, y: level(tick) }, GRID)) },
    {
      lines: references.map(({ cost }) => rule({ x, y: level(cost) }, { x: x2, y: level(cost) }, QUIET_INK, 1, [2, 3])),
    },
    {
      lines: curves.map(({ run, series }) => ({
        ...lookOf(run),
        points: series.points
          .filter(({ cost }) => cost <= top(scale))
          .map(({ update, cost }) => ({ x: at(update), y: level(cost) })),
      })),
    },
    { marks: beneath(curves.flatMap((curve) => endMarks(curve, at, level, top(scale), y))) },
    { labels: scale.ticks.map((tick) => label(numberText(tick), x - 6, level(tick), { align: "right", size: TEXT })) },
    {
      labels: ends.map(({ run, cost }, place) =>
        label(numberText(cost), x2 + 8, places[place] ?? level(cost), { size: TEXT, ink: inkOf(run) }),
      ),
    },
    { lines: ticks.map((tick) => rule({ x: at(tick), y: y2 }, { x: at(tick), y: y2 + 4 }, FRAME)) },
    { labels: ticks.map((tick) => label(countText(tick), at(tick), y2 + 12, foot)) },
    { labels: [label("update", (x + x2) / 2, y2 + 28, foot)] },
  ]);
}

/** A cross where a run that diverged has its last finite cost; a triangle where that lies above the scale. */
function endMarks(
  { run, series: { points, diverged } }: Curve,
  at: (update: number) => number,
  level: (cost: number) => number,
  highest: number,
  edge: number,
) {
  const { color } = lookOf(run);
  const above = points.filter(({ cost }) => cost > highest).map(({ update }) => update);
  const triangles = [...new Set([above[0], above.at(-1)])].flatMap((update) =>
    update === undefined ? [] : [{ x: at(update), y: edge + 6, shape: "triangle-up", size: 70, color }],
  );
  const end = points.at(-1);
  const cross =
    !diverged || end === undefined || end.cost > highest
      ? []
      : [{ x: at(end.update), y: level(end.cost), shape: CROSS, size: 50, color }];
  return [...triangles, ...cross];
}

/** Marks of several runs at one place, each below the one before. */
function beneath(marks: readonly Mark[]): Mark[] {
  return marks.map((mark, place) => {
    const before = marks.slice(0, place).filter(({ x, y }) => x === mark.x && y === mark.y).length;
    return { ...mark, y: mark.y + 10 * before };
  });
}

const CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z";

function spotsOf({ title, curves }: Panel, area: Area | undefined, updates: number, runs: readonly NamedRun[]): Spot[] {
  if (area === undefined) return [];
  const costs = curves.map(({ run, series }) => ({
    name: runs[run]?.label ?? "",
    byUpdate: new Map(series.points.map(({ update, cost }) => [update, cost])),
  }));
  const recorded = [...new Set(costs.flatMap(({ byUpdate }) => [...byUpdate.keys()]))].sort((a, b) => a - b);
  const places = chooseEvenly(recorded, 160).map((update) => ({
    at: area.x + (update / updates) * (area.x2 - area.x),
    lines: [
      `${title}, update ${countText(update)}`,
      ...costs.flatMap(({ name, byUpdate }) => {
        const cost = byUpdate.get(update);
        return cost === undefined ? [] : [`${name}: ${numberText(cost)}`];
      }),
    ],
  }));
  return columns(places, area);
}

function describe(runs: readonly NamedRun[], panels: readonly Panel[]): string {
  return panels
    .map(({ title, curves }) => {
      const ends = curves.map((curve) => `${runs[curve.run]?.label ?? ""} ${endText(curve)}`);
      return `${title}: ${ends.join("; ")}.`;
    })
    .join(" ");
}

function endText({ series, divergences }: Curve): string {
  const { last, measuredTo, remaining } = series;
  const { first, of } = divergences;
  if (series.diverged) {
    const when = `at update ${countText(first ?? 0)}`;
    return of > 1 ? `diverges in all ${of} seeds, first ${when}` : `diverges ${when}`;
  }
  if (last === undefined) return "has no finite cost";
  if (last.update < measuredTo)
    return `has no finite cost at the end (${numberText(last.cost)} at update ${countText(last.update)})`;
  return `ends at ${numberText(last.cost)}${remaining === undefined ? "" : ` in ${remaining}`}`;
}
