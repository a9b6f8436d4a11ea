import type { Result } from "../experiment/result.js";
import { drawnNorms, type GradientPanel, type GradientPanels, gradientPanels } from "./gradient-lines.js";
import { legend } from "./legend.js";
import { flattens, type LogScale, logScale } from "./log-scale.js";
import { headingHeight, headingLabels, panelHeading } from "./panel-heading.js";
import { joinScenes, label, type Place, rule, type Scene, sceneSpec, wrapPanels } from "./scene.js";
import { type Chart, FRAME, GRID, NARROW_WIDTH, type Room } from "./theme.js";
import { layerTitle, spacedTicks } from "./ticks.js";
import { titleBlock } from "./title.js";
import { activationText, countText, listText, numberText, runText } from "./wording.js";

/** Of the whole drawing, px. */
const WIDTHS: Readonly<Record<Room, number>> = { wide: 1168, narrow: NARROW_WIDTH };
/** Left of each panel, for its axis. */
const LEFT = 46;
const PANEL_HEIGHT = 210;
/** Below a panel, for its axis. */
const FOOT = 38;
const GAP: Place = { x: 24, y: 14 };
const TEXT = 10;
const LINE_WIDTH = 1.8;

/** From the first update to the last: a scale of growing darkness that colour-blind people see too (viridis). */
const EARLY_TO_LATE = ["#7AD151", "#22A884", "#2A788E", "#414487", "#440154"] as const;

/** How large each layer's gradient is: a panel per arm, a line per recorded update, the layers from input to output. */
export function gradientsChart(result: Result, room: Room = "wide"): Chart {
  const panels = gradientPanels(result);
  const norms = panels.arms.map(drawnNorms);
  const isShared = !flattens(norms);
  const panelWidth = room === "narrow" ? NARROW_WIDTH - LEFT : panelWidthFor(panels.arms.length);
  const head = headingHeight(panels.arms.map((arm) => panelHeading(arm.label, arm.divergedAt, panelWidth)));
  const layout = wrapPanels(panels.arms.length, LEFT + panelWidth, head + PANEL_HEIGHT + FOOT, WIDTHS[room], GAP);
  const width = room === "narrow" ? NARROW_WIDTH : Math.max(layout.width, 560);
  const title = `Gradient norms per layer — ${activationText(result)}`;
  const notes = [reading(panels, isShared), omissions(panels)];
  const block = titleBlock(title, [...notes, runText(result)], Math.max(width, 760));
  const key = legend(legendEntries(panels), { x: 0, y: 0 }, width);
  const shared = logScale(norms.flat(), PANEL_HEIGHT, 0, 6);
  const scenes = panels.arms.map((panel, place) => {
    const at = layout.places[place] ?? { x: 0, y: 0 };
    const scale = isShared ? shared : logScale(norms[place] ?? [], PANEL_HEIGHT, 0, 6);
    const corner = { x: LEFT + at.x, y: key.height + GAP.y + at.y + head };
    return panelScene(panel, panels, scale, corner, panelWidth);
  });
  return {
    title,
    description: describe(panels),
    notes,
    spec: sceneSpec(joinScenes([...key.scenes, ...scenes]), {
      title: block,
      width,
      height: key.height + GAP.y + layout.height,
    }),
  };
}

/** Two, three or four in a row. */
function panelWidthFor(arms: number): number {
  return arms > 6 ? 224 : arms > 2 ? 324 : 480;
}

function panelScene(
  panel: GradientPanel,
  { updates, layerCount }: GradientPanels,
  scale: LogScale,
  { x, y }: Place,
  width: number,
): Scene {
  const bottom = y + PANEL_HEIGHT;
  const margin = 16;
  const step = (width - 2 * margin) / Math.max(1, layerCount - 1);
  const layerX = (layer: number) => x + margin + layer * step;
  const placed = panel.lines.flatMap(({ update, runs }) =>
    runs.map((run) => ({
      color: updateColor(updates.indexOf(update), updates.length),
      points: run.map(({ layer, norm }) => ({ x: layerX(layer), y: y + scale.pixel(norm) })),
    })),
  );
  const layerTicks = spacedTicks(
    Array.from({ length: layerCount }, (_, layer) => ({
      at: layerX(layer),
      text: layerTitle(layer, layerCount).replace("layer ", ""),
    })),
    TEXT,
    4,
  );
  const foot = { align: "center", size: TEXT } as const;
  const levels = placed.length === 0 ? [] : scale.ticks;
  return joinScenes([
    { boxes: [{ x, y, x2: x + width, y2: bottom, fill: null, stroke: FRAME }] },
    {
      lines: levels.map((tick) =>
        rule({ x, y: y + scale.pixel(tick) }, { x: x + width, y: y + scale.pixel(tick) }, GRID),
      ),
    },
    { lines: placed.map(({ color, points }) => ({ color, points, width: LINE_WIDTH, dash: [] })) },
    {
      // A line needs two points.
      marks: placed.flatMap(({ color, points: [only, ...others] }) =>
        only === undefined || others.length > 0 ? [] : [{ ...only, color, shape: "circle", size: 30 }],
      ),
    },
    { labels: headingLabels(panelHeading(panel.label, panel.divergedAt, width), { x, y }) },
    {
      labels: levels.map((tick) =>
        label(numberText(tick), x - 6, y + scale.pixel(tick), { align: "right", size: TEXT }),
      ),
    },
    { lines: layerTicks.map(({ at }) => rule({ x: at, y: bottom }, { x: at, y: bottom + 4 }, FRAME)) },
    { labels: layerTicks.map(({ at, text }) => label(text, at, bottom + 11, foot)) },
    layerCount === 0 ? {} : { labels: [label("layer", x + width / 2, bottom + 25, foot)] },
    placed.length > 0 ? {} : { labels: [label(emptyText(panel), x + width / 2, y + PANEL_HEIGHT / 2, foot)] },
  ]);
}

function emptyText({ zeros, nonFinite }: GradientPanel): string {
  if (zeros + nonFinite === 0) return "nothing recorded";
  return nonFinite === 0 ? "every norm is 0" : zeros === 0 ? "no norm is finite" : "every norm is 0 or not finite";
}

/** An entry for each update that has a line in some panel. */
function legendEntries({ updates, arms }: GradientPanels) {
  const isDrawn = (update: number) =>
    arms.some(({ lines }) => lines.some((line) => line.update === update && line.runs.length > 0));
  return updates.filter(isDrawn).map((update, place) => ({
    text: `${place === 0 ? "update " : ""}${countText(update)}`,
    width: 22,
    draw: ({ x, y }: Place) => ({
      lines: [rule({ x, y }, { x: x + 22, y }, updateColor(updates.indexOf(update), updates.length), LINE_WIDTH + 0.6)],
    }),
  }));
}

/** Evenly spaced on the colour scale; whole numbers per channel, so the same everywhere. */
function updateColor(place: number, count: number): string {
  const at = (count < 2 ? 1 : place / (count - 1)) * (EARLY_TO_LATE.length - 1);
  const from = Math.min(Math.floor(at), EARLY_TO_LATE.length - 2);
  const [before, after] = [EARLY_TO_LATE[from] ?? "", EARLY_TO_LATE[from + 1] ?? ""];
  const channel = (start: number) => {
    const [low, high] = [before, after].map((color) => Number.parseInt(color.slice(start, start + 2), 16));
    return Math.round((low ?? 0) + ((high ?? 0) - (low ?? 0)) * (at - from))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

function reading({ arms }: GradientPanels, isShared: boolean): string {
  const scales =
    isShared || arms.length < 2
      ? ""
      : " Each panel has a scale of its own: on a common one at least one arm would lie flat.";
  return `L2 norm of the cost's gradient by each layer's pre-activation, log scale; the input side is at the left.${scales}`;
}

function omissions({ arms, updates, recorded }: GradientPanels): string {
  const thinned = updates.length < recorded ? [`Drawn: ${updates.length} of ${recorded} recorded updates.`] : [];
  const left = arms.flatMap(({ label: name, zeros, nonFinite }) => {
    const counts = [...(zeros > 0 ? [`${zeros} zero`] : []), ...(nonFinite > 0 ? [`${nonFinite} not finite`] : [])];
    return counts.length === 0 ? [] : [`${name}: ${listText(counts)}`];
  });
  return [...thinned, ...(left.length > 0 ? [`Norms left out: ${left.join("; ")}.`] : [])].join(" ");
}

function describe({ arms, updates, layerCount }: GradientPanels): string {
  const each = arms.map((arm) => {
    const line = arm.lines.at(-1);
    const points = line?.runs.flat() ?? [];
    const [first, last] = [points[0], points.at(-1)];
    const end = arm.divergedAt === undefined ? "" : ` ${arm.label} diverged at update ${countText(arm.divergedAt)}.`;
    if (line === undefined || first === undefined || last === undefined) {
      return `${arm.label}: no norm to draw at its last recorded update.${end}`;
    }
    const place = (layer: number) => layerTitle(layer, layerCount);
    return `${arm.label} at update ${countText(line.update)}: ${numberText(first.norm)} in ${place(first.layer)}, ${numberText(last.norm)} in ${place(last.layer)}.${end}`;
  });
  return [`A line for each of ${updates.length} updates over ${layerCount} layers.`, ...each].join(" ");
}
