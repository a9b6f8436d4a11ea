import type { AxisNumbers } from "./axis-numbers.js";
import type { View } from "./chart.js";
import { HOVER_PARAMS } from "./hover.js";
import { logAxis } from "./log-axis.js";
import type { Param, Spec } from "./spec.js";
import { countExpr } from "./vega-text.js";

/** What the specs of several charts are made of: positions by fields, looks of lines, and layers. */

/** Named values of a spec that differ between records: a compiled spec serves every record, and a reader can change them. */
export function paramsOf({ interactive }: View, values: Readonly<Record<string, unknown>>): Param[] {
  const all = interactive ? { ...values, ...HOVER_PARAMS } : values;
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}

/** A scale's range, whose entries are those of a parameter that holds a list. */
export function rangeFrom(param: string, count: number): Spec[] {
  return Array.from({ length: count }, (_, place) => ({ expr: `${param}[${place}]` }));
}

/** Along x the updates, up to the parameter `lastUpdate`. */
export function updatesX(field: string, tickCount: number, padding?: number): Spec {
  return {
    field,
    type: "quantitative",
    scale: { domain: { expr: "[0, lastUpdate]" }, nice: false, ...(padding === undefined ? {} : { padding }) },
    axis: { title: "update", grid: false, tickMinStep: 1, tickCount, labelExpr: countExpr("datum.value") },
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
