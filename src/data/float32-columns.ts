/** What float32 makes of a column's values, which were read in float64. */
export interface ColumnRounding {
  readonly name: string;
  readonly role: "input" | "target";
  /** Different values in the file, and how many of them float32 keeps apart. */
  readonly distinct: number;
  readonly kept: number;
  /** How many it would keep apart after subtracting the smallest. */
  readonly shifted: number;
  /** Two values of the file that become equal. */
  readonly equal?: readonly [number, number];
  /** Smallest value, largest minus smallest, and the value farthest from zero. */
  readonly min: number;
  readonly range: number;
  readonly largest: number;
  /** From one float32 number to the next at the value farthest from zero. */
  readonly step: number;
  /** A statistic that is beyond float32; absent where all are within. */
  readonly overflow?: "sum" | "variance";
}

/** The largest finite float32. */
const LARGEST = 2 ** 128 - 2 ** 104;

/** Compares a column's values, in float64 as the file has them, with what float32 keeps of them. Sorts a copy. */
export function roundingOf(name: string, role: ColumnRounding["role"], values: Float64Array): ColumnRounding {
  const sorted = values.slice().sort();
  let distinct = 0;
  let kept = 0;
  let shifted = 0;
  let equal: readonly [number, number] | undefined;
  let sum = 0;
  const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number;
    sum += value;
    const before = sorted[i - 1];
    if (value === before) continue;
    distinct++;
    if (before === undefined || Math.fround(value - min) !== Math.fround(before - min)) shifted++;
    if (before === undefined || Math.fround(value) !== Math.fround(before)) kept++;
    else equal ??= [before, value];
  }
  const mean = sum / sorted.length;
  const squares = sorted.reduce((total, value) => total + (value - mean) * (value - mean), 0);
  const largest = Math.abs(min) > Math.abs(max) ? min : max;
  return {
    name,
    role,
    distinct,
    kept,
    shifted,
    ...(equal === undefined ? {} : { equal }),
    min,
    range: max - min,
    largest,
    step: stepAt(largest),
    // Sums are what a batch's statistics are made of; the moments themselves are smaller.
    ...(Math.abs(sum) > LARGEST
      ? { overflow: "sum" as const }
      : squares > LARGEST
        ? { overflow: "variance" as const }
        : {}),
  };
}

/** From the float32 number nearest to a value to the next one away from zero. */
function stepAt(value: number): number {
  const number = Float32Array.of(Math.abs(value));
  const word = new Uint32Array(number.buffer);
  const [here = 0] = number;
  word[0] = (word[0] as number) + 1;
  return (number[0] as number) - here;
}
