import type { Sweep } from "../../record/sweep.js";
import { keyWords } from "../../text/sweep-words.js";
import { band, calculate, paramsOf } from "../parts.js";
import type { Spec } from "../spec.js";
import { textWidth } from "../text-metrics.js";
import { LABEL_SIZE } from "../theme.js";
import { numberExpr } from "../vega-text.js";

/** px of a point of the grid. */
const COLUMN = 34;
const ROW = 30;
/** A mark as large as a point of the grid, px². */
export const WHOLE = (COLUMN - 6) * (ROW - 6);

/** What the colors of a grid mean, above it and behind its title. */
export const GRADIENT_LEGEND = { titleOrient: "left", titleFontWeight: "normal", orient: "top", gradientLength: 160 };

/** More panels than these are no picture: its tables have all. */
export const MOST_PANELS = 36;

/** How a grid lies on paper: its longest axis along x, the next along y, a panel for each value of the others. */
export interface GridPlan {
  readonly x: string;
  readonly y: string | undefined;
  readonly others: readonly string[];
  /** Panels of one arm. */
  readonly panels: number;
}

export function gridPlan({ axes }: Pick<Sweep, "axes">): GridPlan {
  const [x = "", y, ...others] = Object.entries(axes)
    .map(([name, { length }], place) => ({ name, length, place }))
    .sort((a, b) => b.length - a.length || a.place - b.place)
    .map(({ name }) => name);
  return { x, y, others, panels: others.reduce((product, name) => product * (axes[name]?.length ?? 1), 1) };
}

interface GridLayers {
  /** The table. */
  readonly data: string;
  readonly arms: readonly string[];
  readonly layers: readonly Spec[];
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * Layers over the grid, once for each of `arms`: of one axis a row per arm, of two a panel per arm, of more a row of panels
 * per arm.
 */
export function gridSpec(sweep: Sweep, { data, arms, layers, params = {} }: GridLayers): Spec {
  const { x, y = "arm", others } = gridPlan(sweep);
  const values = (name: string) => (name === "arm" ? arms : (sweep.axes[name] ?? []).map(plain));
  const position = (name: string, isX: boolean) => {
    const axis = {
      title: name === "arm" ? null : keyWords(name),
      labelAngle: isX && values(name).some((value) => labelWidth(value) > COLUMN - 4) ? -60 : 0,
      labelExpr: `isNumber(datum.value) ? ${numberExpr("datum.value")} : datum.label`,
      // All of them: a point without its value says nothing.
      labelOverlap: false,
    };
    return band(name, { expr: isX ? "xs" : "ys" }, 0.06, axis, 0.06);
  };
  const inner = {
    width: COLUMN * values(x).length,
    height: ROW * values(y).length,
    encoding: { x: position(x, true), y: position(y, false) },
    layer: layers,
  };
  const common = {
    params: paramsOf({ viewport: "wide" }, { ...params, xs: values(x), ys: values(y) }),
    data: { name: data },
  };
  const isOne = others.length === 0 && (y === "arm" || arms.length === 1);
  if (isOne) return { ...common, ...inner };
  const header = { title: null, labelFontSize: LABEL_SIZE, labelFontWeight: "bold" };
  // Level, a value a line: a row may be lower than its name is long.
  const level = { ...header, labelAngle: 0, labelAlign: "left", labelExpr: "split(datum.value, ', ')" };
  const facet = {
    column: { field: "arm", type: "nominal", sort: arms, header },
    ...(others.length === 0
      ? {}
      : { row: { field: "others", type: "nominal", sort: otherValues(sweep.axes, others), header: level } }),
  };
  return {
    ...common,
    transform: others.length === 0 ? [] : [calculate("others", othersExpr(others))],
    facet,
    spec: inner,
    resolve: { scale: { color: "shared" } },
    spacing: 16,
  };
}

/** "width 30, init he". */
function othersExpr(others: readonly string[]): string {
  return others
    .map((name) => `${JSON.stringify(`${keyWords(name)} `)} + datum[${JSON.stringify(name)}]`)
    .join(" + ', ' + ");
}

/** The same in the grid's order. */
function otherValues(axes: Sweep["axes"], others: readonly string[]): string[] {
  return others
    .reduce<string[][]>(
      (rows, name) => rows.flatMap((row) => (axes[name] ?? []).map((value) => [...row, `${keyWords(name)} ${value}`])),
      [[]],
    )
    .map((row) => row.join(", "));
}

function labelWidth(value: unknown): number {
  return textWidth(typeof value === "number" ? String(Number(value.toPrecision(3))) : String(value), LABEL_SIZE);
}

function plain(value: string | number | boolean): string | number {
  return typeof value === "boolean" ? String(value) : value;
}
