import { textWidth } from "./text-metrics.js";

export interface Tick {
  /** px along the axis. */
  readonly at: number;
  readonly text: string;
}

/** The ticks whose centred texts do not touch: the first, the last, and of those between as many as fit in order. */
export function spacedTicks(ticks: readonly Tick[], size: number, gap = 6): Tick[] {
  const half = ({ text }: Tick) => textWidth(text, size) / 2;
  const touches = (one: Tick, other: Tick) => Math.abs(other.at - one.at) < half(one) + half(other) + gap;
  const first = ticks[0];
  const last = ticks.at(-1);
  if (first === undefined || last === undefined) return [];
  if (first === last) return [first];
  if (touches(first, last)) return [last];
  const shown = [first];
  for (const tick of ticks.slice(1, -1)) {
    const before = shown.at(-1) ?? first;
    if (!touches(before, tick) && !touches(tick, last)) shown.push(tick);
  }
  return [...shown, last];
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

/** "layer 1" is the first hidden layer, as in every chart. */
export function layerTitle(layer: number, layerCount: number): string {
  return layer === layerCount - 1 ? "output" : `layer ${layer + 1}`;
}
