import { textWidth } from "./text-metrics.js";

export interface Tick {
  /** px along the axis. */
  readonly at: number;
  readonly text: string;
}

/** Every tick, or every second, fifth … and the last, such that no two centred texts touch. */
export function spacedTicks(ticks: readonly Tick[], size: number, gap = 6): Tick[] {
  const half = ({ text }: Tick) => textWidth(text, size) / 2;
  const touches = (one: Tick, other: Tick | undefined) =>
    other !== undefined && other !== one && Math.abs(other.at - one.at) < half(one) + half(other) + gap;
  const last = ticks.at(-1);
  if (last === undefined) return [];
  for (let unit = 1; unit < ticks.length; unit *= 10) {
    for (const stride of [unit, 2 * unit, 5 * unit]) {
      const shown = ticks.filter((tick, index) => tick === last || (index % stride === 0 && !touches(tick, last)));
      if (shown.every((tick, index) => !touches(tick, shown[index + 1]))) return shown;
    }
  }
  return [last];
}

/** About `most` round numbers from 0 to `end`. */
export function roundNumbers(end: number, most: number): number[] {
  for (let unit = 1; unit <= end; unit *= 10) {
    for (const step of [unit, 2 * unit, 5 * unit]) {
      if (end / step <= most) return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
    }
  }
  return end > 0 ? [0, end] : [0];
}

/** At most `most` round numbers within a range. */
export function roundTicks([low, high]: readonly [low: number, high: number], most: number): number[] {
  if (!(high > low)) return [];
  const decade = Math.floor(Math.log10(high - low)) - 1;
  for (const factor of [1, 2, 5, 10, 20, 50, 100]) {
    // From text: a power's last bit is left to the machine.
    const step = Number(`${factor}e${decade}`);
    const first = Math.ceil(low / step);
    const count = Math.floor(high / step) - first + 1;
    if (count <= most)
      return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(15)));
  }
  return [];
}

/** A tick's text as a Vega expression: as `numberText` writes it. */
export const NUMBER_LABEL =
  "datum.value === 0 ? '0' : abs(datum.value) >= 1e5 || abs(datum.value) < 1e-3 ? replace(format(datum.value, '.1~e'), '+', '') : replace(format(datum.value, ',~r'), /,/g, abs(datum.value) < 1e4 ? '' : '\u00a0')";

/** "layer 1" is the first hidden layer, as in every chart. */
export function layerTitle(layer: number, layerCount: number): string {
  return layer === layerCount - 1 ? "output" : `layer ${layer + 1}`;
}
