import { t } from "../text/language.js";
import type { AxisNumbers } from "./axis-numbers.js";
import type { View } from "./chart.js";
import { logAxis } from "./log-axis.js";
import type { Param, Spec } from "./spec.js";
import { type ArmStyle, INK } from "./theme.js";
import { countExpr } from "./vega-text.js";

/** What the specs of several charts are made of: positions by fields, looks of lines, and layers. */

/**
 * What a page's script sets: `pointed` is what is said about the area that is pointed at, `layer` the name of the layer
 * that is highlighted in every chart, and `clockUpdate` the update that everything which moves shows.
 */
const HOVER_PARAMS = { pointed: null, layer: null, clockUpdate: null } as const;

/** Named values of a spec that differ between records: a compiled spec serves every record, and a reader can change them. */
export function paramsOf({ interactive }: View, values: Readonly<Record<string, unknown>>): Param[] {
  const all = interactive ? { ...values, ...HOVER_PARAMS } : values;
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}

/** A scale's range, whose entries are those of a parameter that holds a list. */
export function rangeFrom(param: string, count: number): Spec[] {
  return Array.from({ length: count }, (_, place) => ({ expr: `${param}[${place}]` }));
}

/** Arms told apart by color alone: parameters with their looks, and the channel that uses them. */
export function armLooks(styles: readonly ArmStyle[]) {
  return {
    params: { arms: styles.map(({ label }) => label), colors: styles.map(({ color }) => color) },
    color: {
      field: "arm",
      type: "nominal",
      scale: { domain: { expr: "arms" }, range: rangeFrom("colors", styles.length) },
      legend: null,
    },
  };
}

/** A log scale of factors over the parameter `domain`. */
export function factorX(field: string, axis: Spec): Spec {
  return {
    field,
    type: "quantitative",
    scale: { type: "log", base: 2, domain: { expr: "domain" }, nice: false },
    axis: { labelOverlap: "greedy", labelSeparation: 8, ...axis },
  };
}

/** Across all rows of a plot a line at the factor 1. */
export function noEffect(x: (field: string) => Spec): Spec {
  return {
    data: { values: [{ none: 1 }], name: "no-effect" },
    mark: { type: "rule", color: INK, strokeWidth: 1.5 },
    encoding: { x: x("none"), y: null },
  };
}

/** Along x the updates, up to the parameter `lastUpdate`. */
export function updatesX(field: string, tickCount: number, padding?: number): Spec {
  return {
    field,
    type: "quantitative",
    scale: { domain: { expr: "[0, lastUpdate]" }, nice: false, ...(padding === undefined ? {} : { padding }) },
    axis: { title: t`update`, grid: false, tickMinStep: 1, tickCount, labelExpr: countExpr("datum.value") },
  };
}

/** A log scale over the domain in a parameter; without one each panel has a scale of its own. */
export function logY(field: string, domain: string | undefined, height: number, title: string | null = null): Spec {
  const extent = domain === undefined ? { padding: 8 } : { domain: { expr: domain } };
  const aligned = title === null ? { minExtent: 44 } : {};
  return {
    field,
    type: "quantitative",
    scale: { type: "log", nice: false, ...extent },
    axis: { title, ...aligned, ...logAxis(domain, height) },
  };
}

/** A linear scale over the domain in a parameter, whose labels tell neighboring ticks apart. */
export function linear(field: string, domain: string, numbers: AxisNumbers, name: string, axis: Spec): Spec {
  return {
    field,
    type: "quantitative",
    scale: { type: "linear", domain: { expr: domain }, nice: false, zero: false },
    axis: { title: numbers.title(name), labelExpr: numbers.expr, ...axis },
  };
}

/** A line in the legend: its value in the field that tells lines apart, and what it looks like. */
export interface Look {
  readonly key: string;
  readonly text: string;
  readonly color: string;
  readonly dash: readonly number[];
}

/** Lines told apart by a field: parameters with their looks, and the channels that use them. */
export interface Looks {
  readonly params: Readonly<Record<"lines" | "texts" | "colors" | "dashes", readonly unknown[]>>;
  readonly color: Spec;
  readonly strokeDash: Spec;
}

export function lineLooks(field: string, looks: readonly Look[], legend: Spec): Looks {
  const channel = (range: string): Spec => ({
    field,
    type: "nominal",
    scale: { domain: { expr: "lines" }, range: rangeFrom(range, looks.length) },
    legend: { symbolType: "stroke", symbolSize: 1100, labelExpr: "texts[indexof(lines, datum.value)]", ...legend },
  });
  return {
    params: {
      lines: looks.map(({ key }) => key),
      texts: looks.map(({ text }) => text),
      colors: looks.map(({ color }) => color),
      dashes: looks.map(({ dash }) => [...dash]),
    },
    color: channel("colors"),
    strokeDash: channel("dashes"),
  };
}

/** A field along a band each, in the order of its rows or of a domain; without an axis where it is null. */
export function band(field: string, domain: unknown, paddingInner: number, axis: Spec | null, paddingOuter = 0): Spec {
  return {
    field,
    type: "nominal",
    sort: null,
    scale: { domain, paddingInner, paddingOuter },
    axis: axis && { title: null, domain: false, ticks: false, labelAngle: 0, ...axis },
  };
}

/** A row for each group of rows. */
export function oneOf(...groupby: string[]): Spec {
  return { aggregate: [{ op: "count", as: "rows" }], groupby };
}

/** Lines with much to say: beside the plot, on a phone below it. */
export function listLegend({ viewport }: View): Spec {
  const place = viewport === "wide" ? { orient: "right", offset: 14 } : { orient: "bottom", offset: 8 };
  return { ...place, direction: "vertical", rowPadding: 5, columns: 1 };
}

/** A mark over rows of a table. */
export function layer(data: string | undefined, mark: Spec, encoding: Spec, transform: readonly Spec[] = []): Spec {
  return { ...(data === undefined ? {} : { data: { name: data } }), transform, mark, encoding };
}

/** A line that may leave the plot. */
export const LINE: Spec = { type: "line", clip: true, strokeWidth: 2, strokeJoin: "round" };

export function calculate(as: string, calculate: string): Spec {
  return { calculate, as };
}

/** Null where a log scale has no place for the field. */
export function positive(...fields: string[]): Spec[] {
  return fields.map((field) => calculate(field, `datum.${field} > 0 ? datum.${field} : null`));
}
