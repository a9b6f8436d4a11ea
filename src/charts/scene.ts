import type { TopLevelSpec } from "vega-lite";
import { INK, LABEL_SIZE } from "./theme.js";

/** A place, px from the upper left corner of the drawing. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** One line of text; `y` is its middle. */
export interface Label extends Place {
  readonly text: string;
  readonly ink: string;
  readonly align: "left" | "center" | "right";
  readonly size: number;
  readonly weight: "normal" | "bold";
}

/** A rectangle. */
export interface Box extends Place {
  readonly x2: number;
  readonly y2: number;
  readonly fill: string | null;
  readonly stroke: string | null;
}

export interface Line {
  readonly points: readonly Place[];
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
}

/** A symbol; `shape` is a name of Vega's or an SVG path within ±1. */
export interface Mark extends Place {
  readonly shape: string;
  /** Area, px². */
  readonly size: number;
  readonly color: string;
}

/** A drawing whose marks all come with their places, in the order they are drawn in. */
export interface Scene {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly labels: readonly Label[];
}

export function joinScenes(scenes: readonly Partial<Scene>[]): Scene {
  return {
    boxes: scenes.flatMap(({ boxes = [] }) => boxes),
    lines: scenes.flatMap(({ lines = [] }) => lines),
    marks: scenes.flatMap(({ marks = [] }) => marks),
    labels: scenes.flatMap(({ labels = [] }) => labels),
  };
}

/** The spec of a drawing under its title; one coordinate system, since Vega builds a dataflow for every panel of its own. */
export function sceneSpec(
  { boxes, lines, marks, labels }: Scene,
  { title, width, height }: { title: Extract<TopLevelSpec["title"], object>; width: number; height: number },
): TopLevelSpec {
  // Without a scale, Vega-Lite would not take the places as they are.
  const pixels = { domain: [0, 1], range: [0, 1], nice: false, zero: false };
  const raw = (field: string) => ({ field, type: "nominal", scale: null, legend: null }) as const;
  const corners = lines.flatMap(({ points, color, width, dash }, line) =>
    points.map(({ x, y }) => ({
      x: hundredths(x),
      y: hundredths(y),
      line,
      color,
      width,
      dash: dash.length > 0 ? [...dash] : null,
    })),
  );
  return {
    title,
    width,
    height,
    view: { stroke: null },
    encoding: {
      x: { field: "x", type: "quantitative", axis: null, scale: pixels },
      y: { field: "y", type: "quantitative", axis: null, scale: pixels },
    },
    layer: [
      {
        data: { values: [...boxes] },
        mark: { type: "rect", opacity: 1 },
        encoding: { x2: { field: "x2" }, y2: { field: "y2" }, fill: raw("fill"), stroke: raw("stroke") },
      },
      {
        data: { values: corners },
        mark: { type: "line", strokeJoin: "round", order: false },
        encoding: {
          detail: { field: "line", type: "nominal" },
          stroke: raw("color"),
          strokeWidth: { ...raw("width"), type: "quantitative" },
          strokeDash: raw("dash"),
        },
      },
      {
        data: { values: [...marks] },
        mark: { type: "point", filled: true, strokeWidth: 0, opacity: 1 },
        encoding: { shape: raw("shape"), size: { ...raw("size"), type: "quantitative" }, fill: raw("color") },
      },
      {
        data: { values: [...labels] },
        mark: {
          type: "text",
          baseline: "middle",
          align: { expr: "datum.align" },
          fontSize: { expr: "datum.size" },
          fontWeight: { expr: "datum.weight" },
        },
        encoding: { text: { field: "text" }, color: raw("ink") },
      },
    ],
  };
}

export function label(text: string, x: number, y: number, look: Partial<Label> = {}): Label {
  return { text, x, y, ink: INK, align: "left", size: LABEL_SIZE, weight: "normal", ...look };
}

/** A straight line. */
export function rule(from: Place, to: Place, color: string, width = 1, dash: readonly number[] = []): Line {
  return { points: [from, to], color, width, dash };
}

/** Where panels of a size stand when they are wrapped to a width, px. */
export function wrapPanels(count: number, panelWidth: number, panelHeight: number, room: number, gap: Place) {
  const columns = Math.max(1, Math.min(count, Math.floor((room + gap.x) / (panelWidth + gap.x))));
  const rows = Math.ceil(count / columns);
  return {
    columns,
    places: Array.from({ length: count }, (_, index) => ({
      x: (index % columns) * (panelWidth + gap.x),
      y: Math.floor(index / columns) * (panelHeight + gap.y),
    })),
    width: columns * (panelWidth + gap.x) - gap.x,
    height: Math.max(0, rows * (panelHeight + gap.y) - gap.y),
  };
}

/** As fine as pictures are written. */
function hundredths(length: number): number {
  return Math.round(length * 100) / 100;
}
