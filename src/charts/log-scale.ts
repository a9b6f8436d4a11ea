/** How many powers of ten lie between the smallest and the largest of positive numbers. */
export function decadesOf(values: readonly number[]): number {
  const [low, high] = extent(values);
  return high > low ? Math.log10(high) - Math.log10(low) : 0;
}

/** Whether one group of positive numbers would lie all but flat on a scale that holds them all. */
export function flattens(groups: readonly (readonly number[])[]): boolean {
  const total = decadesOf(groups.flat());
  return groups.some((group) => group.length > 0 && Math.max(0.5, decadesOf(group)) < total / 8);
}

/** Of the positive finite ones; 1 and 1 of none. */
function extent(values: readonly number[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [1, 1];
}

export interface LogScale {
  readonly domain: number[];
  readonly ticks: number[];
  /** px from the top of the plot. */
  readonly pixel: (value: number) => number;
}

/** Leading digits of ticks where powers of ten are too far apart, the most first. */
const FINER = [
  [1, 1.5, 2, 3, 4, 5, 7],
  [1, 2, 5],
  [1, 3],
] as const;
/** Between the middles of neighbouring ticks' texts, px. */
const TICK_DISTANCE = 15;

/** Room beyond the largest or the smallest number that there is, there is not. */
function clamped(end: number): number {
  return Math.min(Math.max(end, Number.MIN_VALUE), 1.79769e308);
}

/** Of positive numbers, with room of a factor below and above them, and `headroom` px more for notes. */
export function logScale(values: readonly number[], height: number, headroom: number, mostTicks = 9): LogScale {
  const [least, most] = values.length > 0 ? extent(values) : [1, 10];
  const low = Math.log10(least) - 0.15;
  const body = Math.log10(most) + 0.1 - low;
  const high = low + (body * height) / (height - headroom);
  const decades = Math.floor(high) - Math.ceil(low) + 1;
  const step = Math.max(1, Math.ceil(decades / mostTicks));
  const within = (tick: number) => Math.log10(tick) >= low && Math.log10(tick) <= high;
  const ticksAt = (leading: readonly number[]) => {
    const ticks: number[] = [];
    for (let exponent = Math.floor(low); exponent <= high; exponent += 1) {
      if (exponent % step !== 0) continue;
      // From text, since powers of ten computed by multiplication are not exact.
      for (const digit of leading) ticks.push(Number(`${digit}e${exponent}`));
    }
    return ticks.filter(within);
  };
  const round = ticksAt(decades <= 2 && mostTicks >= 6 ? [1, 2, 5] : [1]);
  const pixel = (value: number) => ((high - Math.log10(value)) / (high - low)) * height;
  const isReadable = (ticks: readonly number[]) =>
    ticks.every((tick, index) => index === 0 || pixel(ticks[index - 1] ?? tick) - pixel(tick) >= TICK_DISTANCE);
  return {
    // Rounded: a power's last bits are left to the machine.
    domain: [10 ** low, 10 ** high].map((end) => Number(clamped(end).toPrecision(6))),
    ticks: round.length > 1 ? round : (FINER.map(ticksAt).find(isReadable) ?? round),
    pixel,
  };
}
