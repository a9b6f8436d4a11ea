import type { Points } from "../data/points.js";
import type { Observation } from "../engines/engine.js";
import type { TensorMap } from "../model/tensors.js";
import { statistic } from "../record/statistic.js";
import type { Units } from "../record/units.js";

const MOST_POINTS = 25;
const MOST_UNITS = 40;
/** Digits of the numbers, and of what lies between a unit's ends. */
const DIGITS = 6;
const STEPS = 255;

/** Places among the points: evenly along a single input, else in their own order. */
export function unitPlaces({ samples, inputs, x }: Points): number[] {
  const order = [...Array(samples).keys()];
  if (inputs === 1) order.sort((one, other) => (x[one] ?? 0) - (x[other] ?? 0));
  const count = Math.min(MOST_POINTS, samples);
  return Array.from(
    { length: count },
    (_, at) => order[Math.round((at * (samples - 1)) / Math.max(1, count - 1))] ?? 0,
  );
}

/** What the units of the hidden layers receive at some of the observed points; undefined where that is not all numbers. */
export function unitsOf(
  { update, layers }: Observation,
  { samples, inputs, x, image }: Points,
  places: readonly number[],
  tensors: TensorMap,
): Units | undefined {
  // A channel has many values of a sample, and none of them stands for it.
  if (image !== undefined) return undefined;
  const hidden = layers.slice(0, -1).map(({ preActivation }, layer) => {
    const units = Math.min(MOST_UNITS, preActivation.length / samples);
    const seen = Array.from({ length: units }, (_, unit) =>
      places.map((place) => short(preActivation[unit * samples + place] ?? 0)),
    );
    const trained = ["gamma", "beta"].flatMap((name): [string, unknown][] => {
      const tensor = tensors.get(`norms.${layer + 1}.${name}`);
      return tensor === undefined
        ? []
        : [[name, Array.from(tensor.data.subarray(0, units), (v) => statistic(short(v)))]];
    });
    const [low, high] = [seen.map((values) => Math.min(...values)), seen.map((values) => Math.max(...values))];
    const digits = seen.flatMap((values, unit) =>
      values.map((value) => shareOf(value, low[unit] ?? 0, high[unit] ?? 0)),
    );
    return { ...Object.fromEntries(trained), low, high, values: digits.map(twoDigits).join("") };
  });
  if (!hidden.every(({ low, high }) => [...low, ...high].every(Number.isFinite))) return undefined;
  return { update, ...(inputs === 1 ? { x: places.map((place) => short(x[place] ?? 0)) } : {}), layers: hidden };
}

/** To six significant digits. */
export function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** Of 255 steps from `low` to `high` the nearest to a value. */
export function shareOf(value: number, low: number, high: number): number {
  return high > low ? Math.round(STEPS * ((value - low) / (high - low))) : 0;
}

/** The same in hex. */
export function twoDigits(share: number): string {
  return (Number.isFinite(share) ? share : 0).toString(16).padStart(2, "0");
}
