import { GUTTER, largestDrawn, type ShareScale, STRIP, shareScale, valuePixel, valueTicks } from "./layer-axes.js";
import { type Column, PANEL_TEXT, type Panels } from "./layer-panels.js";
import { textWidth } from "./text-metrics.js";
import { type ArmStyle, FRAME, GRID, INK, LABEL_SIZE, QUIET_INK } from "./theme.js";
import { countText } from "./wording.js";

/** Between panels, px. */
const GAP = 12;
const ROW_GAP = 8;
const TICK = 4;
const LINE_HEIGHT = 13;

/** A corner of an outline. The outlines of an arm, here by its label, are one line, broken where a corner has no place. */
interface Corner {
  readonly arm: string;
  readonly x: number | null;
  readonly y: number | null;
}

/** A rule from one point to the other, or the box between them. */
interface Span {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly color: string | null;
}

interface Label {
  readonly x: number;
  /** Of the line's middle. */
  readonly y: number;
  readonly text: string;
  readonly ink: string;
  readonly align: "left" | "center" | "right";
  readonly size: number;
  readonly weight: "normal" | "bold";
}

/** What a chart of layers consists of, px from the upper left corner of its first panel. */
export interface LayerMarks {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Span[];
  /** Grid lines and ticks. */
  readonly rules: readonly Span[];
  readonly outlines: readonly Corner[];
  readonly boxes: readonly Span[];
  /** Where the two halves of a panel meet. */
  readonly zeros: readonly Span[];
  readonly labels: readonly Label[];
}

/** How panels stand: a column per layer, and a new row of columns where there is no room for all beside each other. */
export interface PanelLayout {
  /** Of a panel, px. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  /** Whether the first panel of a row has its update beside it. */
  readonly namesUpdates: boolean;
}

/** The width of a panel when `columns` of them share `room` px. */
export function panelWidthFor(room: number, columns: number): number {
  return Math.min(260, Math.floor((room - GAP * (columns - 1)) / columns));
}

/** Below a row of columns, for its axis and the titles of the next one, px. */
const BAND_GAP = 52;

/**
 * Places every mark of every panel in one coordinate system. Vega would do this from a facet of rows in each column,
 * and take ten times as long: it builds a dataflow for every panel.
 */
export function layerMarks(panels: Panels, styles: readonly ArmStyle[], layout: PanelLayout): LayerMarks {
  const { width, height } = layout;
  const perBand = Math.max(1, Math.min(layout.columns, panels.columns.length));
  const bands = Math.max(1, Math.ceil(panels.columns.length / perBand));
  const bandHeight = Math.max(1, panels.updates.length) * (height + ROW_GAP) - ROW_GAP;
  const bandTop = (band: number) => band * (bandHeight + BAND_GAP);
  const columnLeft = (place: number) => (place % perBand) * (width + GAP);
  const rowTop = (row: number) => row * (height + ROW_GAP);
  const shares = shareScale(largestDrawn(panels), height);
  const cells = panels.columns.flatMap((column, place) =>
    panels.updates.map((update, row) => ({
      column,
      update,
      left: columnLeft(place),
      top: bandTop(Math.floor(place / perBand)) + rowTop(row),
    })),
  );
  const drawn = cells.map((cell) => panelMarks(cell, panels, styles, layout, shares));
  const feet = panels.columns.map((column, place) =>
    valueAxis(column, columnLeft(place), width, bandTop(Math.floor(place / perBand)), bandHeight),
  );
  const sides = Array.from({ length: bands }, (_, band) =>
    panels.updates.map((update, row) => shareAxis(update, bandTop(band) + rowTop(row), layout, shares)),
  ).flat();
  const axes = [...sides, ...feet];
  return {
    width: perBand * (width + GAP) - GAP,
    height: bandTop(bands) - BAND_GAP,
    frames: cells.map(({ left, top }) => box(left + 0.5, top + 0.5, width, height, FRAME)),
    rules: [...cells.flatMap(({ left, top }) => gridLines(left, top, width, shares)), ...axes.flatMap((a) => a.rules)],
    outlines: drawn.flatMap(({ outlines }) => outlines),
    boxes: drawn.flatMap(({ boxes }) => boxes),
    zeros: cells.map(({ left, top }) => box(left, top + height / 2, width, 0, "#8a8a8a")),
    labels: [...axes.flatMap(({ labels }) => labels), ...drawn.flatMap(({ labels }) => labels)],
  };
}

interface Cell {
  readonly column: Column;
  readonly update: number;
  readonly left: number;
  readonly top: number;
}

/** One panel: outlines, open bars for what lies beyond the axis, and notes. */
function panelMarks(
  { column, update, left, top }: Cell,
  panels: Panels,
  styles: readonly ArmStyle[],
  { width, height }: PanelLayout,
  shares: ShareScale,
): Pick<LayerMarks, "outlines" | "boxes" | "labels"> {
  const half = height / 2;
  const isAbove = (arm: string) => arm === panels.arms[0];
  const styleOf = (arm: string) => styles.find(({ name }) => name === arm);
  const here = <Mark extends { readonly update: number }>(marks: readonly Mark[]) =>
    marks.filter((mark) => mark.update === update);
  const outlines: Corner[] = [];
  for (const { arm, corners } of here(column.outlines)) {
    for (const { x, share } of corners) {
      const place = { x: left + valuePixel(column, x, width), y: top + shares.pixel(share) };
      outlines.push({ arm: styleOf(arm)?.label ?? arm, x: hundredths(place.x), y: hundredths(place.y) });
    }
    outlines.push({ arm: styleOf(arm)?.label ?? arm, x: null, y: null });
  }
  const bars = here(column.outside).map(({ arm, side, share }) => {
    const x = side === "left" ? 1 : width - GUTTER + 2;
    const end = shares.pixel(share);
    return box(left + x, top + half, GUTTER - 3, end - half, styleOf(arm)?.color ?? INK);
  });
  const shareLabels = here(column.outside).map(({ arm, side, text }) => ({
    x: left + (side === "left" ? 2 : width - 2),
    y: top + (isAbove(arm) ? STRIP / 2 + 1 : height - STRIP / 2),
    text,
    ink: styleOf(arm)?.ink ?? INK,
    align: side,
    size: PANEL_TEXT,
    weight: "normal" as const,
  }));
  const notes = here(column.notes).map(({ arm, kind, lines }) => {
    const middle = top + (isAbove(arm) ? (half + STRIP) / 2 : height - (half + STRIP) / 2);
    const room = Math.max(...lines.map((line) => textWidth(line, PANEL_TEXT))) + 8;
    const ink = kind === "nonFinite" ? (styleOf(arm)?.ink ?? INK) : QUIET_INK;
    const center = left + width / 2;
    return {
      ground: box(center - room / 2, middle - LINE_HEIGHT, room, 2 * LINE_HEIGHT, null),
      labels: textLines(lines, center, middle, { ink, align: "center", size: PANEL_TEXT, weight: "normal" }),
    };
  });
  return {
    outlines,
    boxes: [...bars, ...notes.map(({ ground }) => ground)],
    labels: [...shareLabels, ...notes.flatMap(({ labels }) => labels)],
  };
}

function gridLines(left: number, top: number, width: number, shares: ShareScale): Span[] {
  return shareTicks(shares).map(({ y }) => box(left + GUTTER, top + y, width - 2 * GUTTER, 0, GRID));
}

/** Lines of 1 px are sharp in the middle of a pixel. */
function shareTicks({ ticks, pixel }: ShareScale): { share: number; y: number }[] {
  return ticks.flatMap((share) => [
    { share, y: Math.round(pixel(share)) + 0.5 },
    { share, y: Math.round(pixel(-share)) + 0.5 },
  ]);
}

/** Beside the first panel of a row: its update, and ticks with their shares. */
function shareAxis(
  update: number,
  top: number,
  { height, namesUpdates }: PanelLayout,
  shares: ShareScale,
): Pick<LayerMarks, "rules" | "labels"> {
  const ticks = shareTicks(shares);
  const name = { ink: INK, align: "right", size: LABEL_SIZE, weight: "bold" } as const;
  const shareLabel = { x: -TICK - 2, ink: INK, align: "right", size: PANEL_TEXT, weight: "normal" } as const;
  return {
    rules: ticks.map(({ y }) => box(-TICK, top + y, TICK, 0, FRAME)),
    labels: [
      ...(namesUpdates ? textLines(["update", countText(update)], -44, top + height / 2, name) : []),
      ...ticks.map(({ share, y }) => ({
        ...shareLabel,
        y: top + y,
        text: `${Number((share * 100).toPrecision(3))}\u00a0%`,
      })),
    ],
  };
}

/** A column's title above its first panel, and the values below its last one. */
function valueAxis(
  column: Column,
  left: number,
  width: number,
  top: number,
  height: number,
): Pick<LayerMarks, "rules" | "labels"> {
  const bottom = top + height;
  const ticks = valueTicks(column, width).map((tick) => ({ ...tick, x: left + valuePixel(column, tick.value, width) }));
  const title = { x: left + width / 2, y: top - 11, text: column.title, ink: INK, align: "center", size: 12 } as const;
  return {
    rules: ticks.map(({ x }) => box(Math.round(x) + 0.5, bottom, 0, TICK, FRAME)),
    labels: [
      { ...title, weight: "bold" },
      ...ticks.flatMap(({ x, lines, align }) => {
        const middle = bottom + TICK + 2 + (lines.length * LINE_HEIGHT - 3) / 2;
        return textLines(lines, x, middle, { ink: INK, align, size: PANEL_TEXT, weight: "normal" });
      }),
    ],
  };
}

/** Each line a label of its own, around `middle`. */
function textLines(
  lines: readonly string[],
  x: number,
  middle: number,
  look: Pick<Label, "ink" | "align" | "size" | "weight">,
): Label[] {
  const first = middle - ((lines.length - 1) * LINE_HEIGHT) / 2;
  return lines.map((text, index) => ({ ...look, text, x, y: first + index * LINE_HEIGHT }));
}

function box(x: number, y: number, width: number, height: number, color: string | null): Span {
  return { x, x2: x + width, y, y2: y + height, color };
}

/** As fine as pictures are written; what is short already needs no rounding there. */
function hundredths(length: number): number {
  return Math.round(length * 100) / 100;
}
