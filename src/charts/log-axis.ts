import { numberExpr } from "./vega-text.js";

/** How many powers of ten lie between the smallest and the largest of positive numbers. */
export function decadesOf(values: Iterable<number>): number {
  const [low, high] = positiveExtent(values) ?? [1, 1];
  return Math.log10(high) - Math.log10(low);
}

/** Whether one group of positive numbers would lie all but flat on a scale that holds them all. */
export function flattens(groups: readonly (readonly number[])[]): boolean {
  const total = decadesOf(groups.flat());
  return groups.some((group) => group.length > 0 && Math.max(0.5, decadesOf(group)) < total / 8);
}

/** The least and the largest of some numbers; undefined of none. */
export function extentOf(values: Iterable<number>): [low: number, high: number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : undefined;
}

function positiveExtent(values: Iterable<number>) {
  return extentOf([...values].filter((value) => value > 0 && value < Number.POSITIVE_INFINITY));
}

/** A log scale's domain that holds all positive finite values, with room below and above them. */
export function logDomain(values: Iterable<number>): [low: number, high: number] {
  const [low, high] = positiveExtent(values) ?? [1, 10];
  // Rounded: it is what people read in a specification.
  return [Number(clamped(low / 1.4).toPrecision(6)), Number(clamped(high * 1.25).toPrecision(6))];
}

/** Room beyond the largest or the smallest number that there is, there is not. */
function clamped(end: number): number {
  return Math.min(Math.max(end, Number.MIN_VALUE), 1.79769e308);
}

/**
 * The axis of a log scale. Vega offers every leading digit or powers of ten alone: of the former those are shown that are
 * apart. `domain` is the parameter that holds the scale's domain, where it has one.
 */
export function logAxis(domain: string | undefined, height: number): object {
  const leading = "datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9))";
  const isOneOf = (digits: readonly number[]) => `indexof(${JSON.stringify(digits)}, round(${leading})) >= 0`;
  const decades = domain === undefined ? "1" : `(log(${domain}[1] / ${domain}[0]) / LN10)`;
  const isShown = `${decades} < 0.8 || ${isOneOf([1])} || (${decades} < ${Math.max(1, height / 75)} && ${isOneOf([2, 5])})`;
  const shown = { condition: { test: isShown, value: 1 }, value: 0 };
  return {
    tickCount: Math.max(3, Math.round(height / 40)),
    gridOpacity: shown,
    tickOpacity: shown,
    labelOverlap: "greedy",
    labelExpr: `${isShown} ? ${numberExpr("datum.value")} : ''`,
  };
}
