import type { TopLevelSpec } from "vega-lite";
import { compileDrawing, type DrawingLayer, drawingOf, type Row, specOf } from "../charts/compile.js";
import { type PackedTable, packed } from "./payload.js";
import type { Spot } from "./spots.js";

/** Drawn over a spot that is pointed at; the same on a light and on a dark page. */
const HIGHLIGHT = "#8a8a8a";

/**
 * The chart with its spots drawn over it, each invisible until the signal `spot` holds its number or `layer` its layer.
 * Undefined for a chart that is no single plot.
 */
export function withSpots(spec: TopLevelSpec, spots: readonly Spot[]): TopLevelSpec | undefined {
  const drawing = drawingOf(spec);
  if (drawing === undefined) return undefined;
  const rows = spots.map(({ x, x2, y, y2, at, layer }, spot) => ({
    spot,
    x: hundredths(x),
    x2: hundredths(x2),
    y: hundredths(y),
    y2: hundredths(y2),
    at: at === undefined ? null : hundredths(at),
    layer: layer ?? -1,
  }));
  const px = (field: string) => ({ field, type: "quantitative", scale: null, axis: null });
  const isLinked = "layer >= 0 && datum.layer === layer";
  const isPointedAt = "datum.spot === spot";
  const overlay: DrawingLayer[] = [
    {
      name: "spots",
      data: { name: "spots", values: rows },
      mark: { type: "rect", fill: HIGHLIGHT, stroke: null, opacity: 1, cursor: "crosshair", tooltip: null },
      encoding: {
        x: px("x"),
        x2: { field: "x2" },
        y: px("y"),
        y2: { field: "y2" },
        fillOpacity: {
          condition: { test: `${isLinked} || (${isPointedAt} && datum.at === null)`, value: 0.16 },
          value: 0,
        },
      },
    },
    {
      data: { values: rows.filter(({ at }) => at !== null) },
      mark: { type: "rule", stroke: HIGHLIGHT, strokeWidth: 1.5, tooltip: null },
      encoding: {
        x: px("at"),
        y: px("y"),
        y2: { field: "y2" },
        opacity: { condition: { test: isPointedAt, value: 1 }, value: 0 },
      },
    },
  ];
  const params = [
    { name: "spot", value: -1 },
    { name: "layer", value: -1 },
  ];
  return specOf({ ...drawing, params, layer: [...drawing.layer, ...overlay] });
}

/** The tables of a page's charts; equal ones are kept once. */
export interface Tables {
  readonly packed: PackedTable[];
  readonly add: (rows: readonly Row[]) => number;
  /** Forgets all but the first ones. */
  readonly keep: (count: number) => void;
}

export function startTables(): Tables {
  const places = new Map<string, number>();
  const all: PackedTable[] = [];
  return {
    packed: all,
    add(rows) {
      const table = packed(rows);
      const key = JSON.stringify(table);
      const place = places.get(key) ?? all.push(table) - 1;
      places.set(key, place);
      return place;
    },
    keep(count) {
      all.length = count;
      for (const [key, place] of places) if (place >= count) places.delete(key);
    },
  };
}

/** A Vega spec without a title, whose data sets hold numbers of tables; its expressions are still text. */
export function compiled(spec: TopLevelSpec, tables: Tables): Record<string, unknown> {
  const drawing = drawingOf(spec);
  if (drawing === undefined) throw new Error("not a single plot");
  return { ...compileDrawing(drawing, (rows) => tables.add(rows)) };
}

function hundredths(length: number): number {
  return Math.round(length * 100) / 100;
}
