import { legend } from "../charts/legend.js";
import { joinScenes, type Line, label, type Place, type Scene, sceneSpec, wrapPanels } from "../charts/scene.js";
import { type Chart, FRAME, NARROW_WIDTH, QUIET_INK, type Room } from "../charts/theme.js";
import { titleBlock } from "../charts/title.js";
import type { Area } from "./drawing.js";
import type { NamedRun } from "./named-runs.js";
import { RUN_STYLES } from "./run-styles.js";
import type { Spot } from "./spots.js";

/** A chart of several runs, and what can be pointed at in it. */
export interface ComparedChart {
  readonly chart: Chart;
  readonly spots: readonly Spot[];
}

const WIDTH = 1168;
const LEFT = 56;
const PANEL = { width: 450, height: 260 };
const HEAD = 26;
const FOOT = 42;
const SPACE: Place = { x: 20, y: 16 };
export const TEXT = 11;

/** Where the panels of a chart over all runs stand, below a legend that names the runs. */
export interface PanelGrid {
  readonly areas: readonly Area[];
  readonly width: number;
  readonly height: number;
  readonly key: Partial<Scene>[];
}

/** `right` px are kept free beside each panel. */
export function panelGrid(runs: readonly NamedRun[], panels: number, room: Room, right: number): PanelGrid {
  const isWide = room === "wide";
  const panelWidth = isWide ? PANEL.width : NARROW_WIDTH - LEFT - right;
  const cell = { width: LEFT + panelWidth + right, height: HEAD + PANEL.height + FOOT };
  const layout = wrapPanels(panels, cell.width, cell.height, isWide ? WIDTH : NARROW_WIDTH, SPACE);
  const width = isWide ? Math.max(layout.width, 560) : NARROW_WIDTH;
  const entries = runs.map(({ label: text }, run) => ({
    text,
    width: 34,
    draw: ({ x, y }: Place) => ({
      lines: [
        {
          ...lookOf(run),
          points: [
            { x, y },
            { x: x + 34, y },
          ],
        },
      ],
    }),
  }));
  const key = legend(entries, { x: 0, y: 0 }, width);
  const areas = layout.places.map(({ x, y }): Area => {
    const corner = { x: x + LEFT, y: key.height + SPACE.y + y + HEAD };
    return { ...corner, x2: corner.x + panelWidth, y2: corner.y + PANEL.height };
  });
  return { areas, width, height: key.height + SPACE.y + layout.height, key: key.scenes };
}

export const PANEL_HEIGHT = PANEL.height;

/** A panel's frame and its name. */
export function panelFrame({ x, y, x2, y2 }: Area, title: string): Partial<Scene> {
  return {
    boxes: [{ x, y, x2, y2, fill: null, stroke: FRAME }],
    labels: [label(title, x, y - 12, { weight: "bold", size: 12 })],
  };
}

/** The chart of a grid's panels. */
export function gridChart(
  { width, height, key }: PanelGrid,
  scenes: readonly Partial<Scene>[],
  { title, description, notes }: Omit<Chart, "spec">,
): Chart {
  return {
    title,
    description,
    notes,
    spec: sceneSpec(joinScenes([...key, ...scenes]), {
      title: titleBlock(title, notes, Math.max(width, 700)),
      width,
      height,
    }),
  };
}

export function lookOf(run: number): Omit<Line, "points"> {
  const count = RUN_STYLES.length;
  const { color } = RUN_STYLES[run % count] ?? { color: QUIET_INK };
  // Runs of the same colour differ in dash.
  const { dash } = RUN_STYLES[(run + Math.floor(run / count)) % count] ?? { dash: [] };
  return { color, dash, width: 2 };
}

export function inkOf(run: number): string {
  return RUN_STYLES[run % RUN_STYLES.length]?.ink ?? QUIET_INK;
}
