const BARS = [..."▁▂▃▄▅▆▇█"];

/** Stands for what is beyond every number. */
const BEYOND = "×";

/** The values as bars from `low` to `high`, one character each; values beyond have the lowest or the highest bar. */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const steps = BARS.length - 1;
  const bar = (value: number) => {
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return BEYOND;
    const share = high > low ? (value - low) / (high - low) : 0;
    return BARS[Math.round(Math.min(1, Math.max(0, share)) * steps)] ?? BEYOND;
  };
  return values.map(bar).join("");
}

/** At most `count` of the values, evenly, with the first and the last. */
export function thinned<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  const step = (values.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, place) => values[Math.round(place * step)]).filter(
    (value) => value !== undefined,
  );
}
