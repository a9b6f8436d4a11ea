import { axisNumbers } from "../charts/axis-numbers.js";
import type { Drawing } from "../charts/compile.js";
import { costSeries } from "../charts/cost-series.js";
import { columnNames } from "../charts/data-chart.js";
import { MOST_DOTS } from "../charts/effect-chart.js";
import { effectRows } from "../charts/effect-rows.js";
import { gapX } from "../charts/gap-chart.js";
import { gapArms, MOMENTS, type Moment, PARTS, type Part } from "../charts/gap-series.js";
import { drawnNorms, gradientPanels } from "../charts/gradient-lines.js";
import { chooseEvenly } from "../charts/layer-panels.js";
import { armStyles, FRAME, GRID } from "../charts/theme.js";
import { layerTitle } from "../charts/ticks.js";
import { verdictPanels } from "../charts/verdict-panels.js";
import { countText, lastUpdate, numberText } from "../charts/wording.js";
import { parabola } from "../data/parabola.js";
import { timesText } from "../experiment/effect-words.js";
import { evidenceOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { type Area, panelsOf, rowsWith } from "./drawing.js";

/** A part of a chart about which there is something to say when one points at it. */
export interface Spot extends Area {
  /** The exact place, where the part around it only makes it easy to hit. */
  readonly at?: number;
  readonly lines: readonly string[];
  /** 0 is the first hidden layer. */
  readonly layer?: number;
}

/** More columns than these are narrower than a pointer. */
const MOST_COLUMNS = 240;

/** At each recorded update, every line's cost. */
export function costSpots(result: Result, { width, height }: Drawing): Spot[] {
  const series = costSeries(result).map(({ style, suffix, points, quartiles }) => ({
    name: `${style.label}${suffix}`,
    costs: new Map(points.map(({ update, cost }) => [update, cost])),
    spread: new Map(quartiles.map(({ update, low, high }) => [update, `${numberText(low)}–${numberText(high)}`])),
  }));
  const updates = [...new Set(series.flatMap(({ costs }) => [...costs.keys()]))].sort((a, b) => a - b);
  const last = Math.max(1, lastUpdate(result));
  const places = chooseEvenly(updates, MOST_COLUMNS).map((update) => ({
    at: (update / last) * width,
    lines: [
      `update ${countText(update)}`,
      ...series.flatMap(({ name, costs, spread }) => {
        const cost = costs.get(update);
        const range = spread.get(update);
        return cost === undefined
          ? []
          : [`${name}: ${numberText(cost)}${range === undefined ? "" : ` (middle half ${range})`}`];
      }),
    ],
  }));
  return columns(places, { x: 0, x2: width, y: 0, y2: height });
}

/** Along x, the truth and every arm's prediction; none with several input columns. */
export function dataSpots(result: Result, drawing: Drawing): Spot[] {
  const { grid, truth } = result.data;
  const scale = drawing.layer[0]?.encoding?.["x"]?.["scale"] as { readonly domain?: readonly number[] } | undefined;
  const [low, high] = scale?.domain ?? [];
  if (grid === undefined || low === undefined || high === undefined) return [];
  const fits = armStyles(Object.keys(result.arms)).flatMap(({ name, label }) => {
    const arm = result.arms[name];
    return arm?.status === "trained" ? [{ label, fit: arm.fit }] : [];
  });
  const { width, height } = drawing;
  const { full } = axisNumbers([low, high]);
  const chosen = chooseEvenly([...grid.keys()], 120);
  const places = chosen.map((point) => {
    const x = grid[point] ?? 0;
    return {
      at: ((x - low) / (high - low)) * width,
      lines: [
        `${columnNames(result).x} = ${full(x)}`,
        ...(truth === undefined ? [] : [`truth: ${numberText(parabola(x))}`]),
        ...fits.map(({ label, fit }) => `${label}: ${numberText(fit[point] ?? "NaN")}`),
      ],
    };
  });
  return columns(places, { x: 0, x2: width, y: 0, y2: height });
}

/** Each layer's verdict at each update, and the number behind it. */
export function verdictSpots(result: Result, drawing: Drawing): Spot[] {
  const { arms, layers, layerCount } = verdictPanels(result);
  const panels = panelsOf(drawing);
  const marks = rowsWith(drawing, ["shape", "size", "color"]) as readonly { x: number; y: number }[];
  const names = armStyles(Object.keys(result.arms)).filter(({ name }) => result.arms[name] !== undefined);
  return arms.flatMap(({ label, cells, updates }, place) => {
    const panel = panels[place];
    const inside = panel === undefined ? [] : marks.filter((mark) => isInside(mark, panel));
    if (panel === undefined || inside.length !== cells.length) return [];
    const row = (panel.y2 - panel.y) / Math.max(1, layers.length) / 2;
    const across = updates.length < 2 ? 12 : distance(inside) / 2;
    return cells.map(({ layer, update, verdict }, cell) => {
      const { x, y } = inside[cell] ?? panel;
      const arm = result.arms[names[place]?.name ?? ""];
      const health = arm?.checkpoints.find((checkpoint) => checkpoint.update === update)?.layers[layer]?.health;
      return {
        x: x - across,
        x2: x + across,
        y: y - row,
        y2: y + row,
        layer,
        lines: [
          `${label}, ${layerTitle(layer, layerCount)}, update ${countText(update)}`,
          health === undefined ? verdict : `${verdict}: ${evidenceOf(health)}`,
        ],
      };
    });
  });
}

/** Each layer's gradient norm at each drawn update. */
export function gradientSpots(result: Result, drawing: Drawing): Spot[] {
  const { arms, layerCount } = gradientPanels(result);
  const panels = panelsOf(drawing);
  const corners = rowsWith(drawing, ["line", "color", "width"]) as readonly { x: number; y: number; color: string }[];
  return arms.flatMap((panel, place) => {
    const area = panels[place];
    if (area === undefined) return [];
    const { label, lines } = panel;
    const points = lines.flatMap(({ update, runs }) => runs.flat().map((point) => ({ ...point, update })));
    const inside = corners.filter(
      (corner) => corner.color !== GRID && corner.color !== FRAME && isInside(corner, area),
    );
    if (inside.length !== points.length || points.length !== drawnNorms(panel).length) return [];
    const across = Math.min(14, (area.x2 - area.x) / Math.max(1, layerCount) / 2);
    // Every layer's points at one place: what is pointed at is the layer, and all its updates are said.
    return [...new Set(points.map(({ layer }) => layer))].map((layer) => {
      const here = points.flatMap((point, index) => (point.layer === layer ? [{ ...point, ...inside[index] }] : []));
      const x = here[0]?.x ?? area.x;
      return {
        x: x - across,
        x2: x + across,
        y: area.y,
        y2: area.y2,
        at: x,
        layer,
        lines: [
          `${label}, ${layerTitle(layer, layerCount)}: gradient norm`,
          ...here.map(({ update, norm }) => `update ${countText(update)}: ${numberText(norm)}`),
        ],
      };
    });
  });
}

const PART_NAMES: Readonly<Record<Part, string>> = {
  total: "total",
  startUp: "initialization bias",
  lag: "lag",
  noise: "batch noise",
  rounding: "rounding",
};

const MOMENT_NAMES: Readonly<Record<Moment, string>> = { mean: "gap of the means", variance: "gap of the variances" };

/** For each normalising arm the costs in both modes, and the gap with its parts. */
export function gapSpots(result: Result, drawing: Drawing): Spot[] {
  const panels = panelsOf(drawing);
  const last = Math.max(1, lastUpdate(result));
  return gapArms(result).flatMap(({ label, costs, gaps }, place) => {
    const [costPanel, ...momentPanels] = panels.slice(3 * place, 3 * place + 3);
    if (costPanel === undefined || momentPanels.length < 2) return [];
    const placed = (panel: Area, update: number) => gapX(panel, update, last);
    const inference = new Map(costs.inference.map(({ update, cost }) => [update, cost]));
    const costColumns = chooseEvenly([...costs.train.keys()], MOST_COLUMNS).flatMap((index) => {
      const point = costs.train[index];
      if (point === undefined) return [];
      const moving = inference.get(point.update);
      return {
        at: placed(costPanel, point.update),
        lines: [
          `${label}, update ${countText(point.update)}`,
          `batch statistics: ${numberText(point.cost)}`,
          ...(moving === undefined ? [] : [`moving averages: ${numberText(moving)}`]),
        ],
      };
    });
    const momentColumns = MOMENTS.map((moment, index) => {
      const panel = momentPanels[index] ?? costPanel;
      const parts = PARTS.map((part) => ({
        name: PART_NAMES[part],
        gaps: new Map(gaps[moment][part].flat().map(({ update, gap }) => [update, gap])),
      }));
      const updates = [...new Set(parts.flatMap((part) => [...part.gaps.keys()]))].sort((a, b) => a - b);
      const places = chooseEvenly(updates, MOST_COLUMNS).map((update) => ({
        at: placed(panel, update),
        lines: [
          `${label}, ${MOMENT_NAMES[moment]}, update ${countText(update)}`,
          ...parts.flatMap((part) => {
            const gap = part.gaps.get(update);
            return gap === undefined ? [] : [`${part.name}: ${numberText(gap)}`];
          }),
        ],
      }));
      return columns(places, panel);
    });
    return [...columns(costColumns, costPanel), ...momentColumns.flat()];
  });
}

/** Each seed's ratio of final costs. */
export function effectSpots(result: Result, drawing: Drawing): Spot[] {
  const [panel] = panelsOf(drawing);
  const marks = rowsWith(drawing, ["shape", "size", "color"]) as readonly { x: number; y: number }[];
  const inside = panel === undefined ? [] : marks.filter((mark) => isInside(mark, panel));
  const dots = effectRows(result).flatMap(({ label, against, lanes }, row) => {
    const effect = Object.values(result.effects)[row];
    return lanes.flatMap(({ mode, logRatios }, lane) =>
      chooseEvenly([...logRatios.keys()], MOST_DOTS).map((place) => {
        const logRatio = logRatios[place] ?? 0;
        const seed = (lane === 0 ? effect?.train : effect?.inference)?.logRatios[place]?.seed;
        return [`${label} against ${against}, seed ${seed}`, `${mode}: final cost ${timesText(logRatio)}`];
      }),
    );
  });
  if (inside.length !== dots.length) return [];
  return dots.map((lines, place) => {
    const { x = 0, y = 0 } = inside[place] ?? {};
    return { x: x - 5, x2: x + 5, y: y - 5, y2: y + 5, lines };
  });
}

/** Each place with the room halfway to its neighbours. */
export function columns(
  places: readonly { readonly at: number; readonly lines: readonly string[] }[],
  area: Area,
): Spot[] {
  const halfway = (one: number, other: number | undefined, end: number) =>
    other === undefined ? end : (one + other) / 2;
  return places.map(({ at, lines }, index) => ({
    x: halfway(at, places[index - 1]?.at, area.x),
    x2: halfway(at, places[index + 1]?.at, area.x2),
    y: area.y,
    y2: area.y2,
    at,
    lines,
  }));
}

function isInside({ x, y }: { readonly x: number; readonly y: number }, area: Area): boolean {
  return x >= area.x && x <= area.x2 && y >= area.y && y <= area.y2;
}

/** From the first mark to the nearest one beside it. */
function distance(marks: readonly { readonly x: number }[]): number {
  const xs = [...new Set(marks.map(({ x }) => x))].sort((a, b) => a - b);
  return xs.reduce((least, x, index) => Math.min(least, x - (xs[index - 1] ?? Number.NEGATIVE_INFINITY)), 24);
}
