/** How many powers of ten lie between the smallest and the largest of positive numbers. */
export function decadesOf(values: readonly number[]): number {
  const [low, high] = extent(values);
  return high > low ? Math.log10(high) - Math.log10(low) : 0;
}

/** 1 and 1 of no values. */
function extent(values: readonly number[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
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
  return {
    // Rounded: a power's last bits are left to the machine.
    domain: [10 ** low, 10 ** high].map((end) => Number(end.toPrecision(6))),
    ticks: round.length > 1 ? round : ticksAt([1, 1.5, 2, 3, 4, 5, 7]),
    pixel: (value: number) => ((high - Math.log10(value)) / (high - low)) * height,
  };
}
