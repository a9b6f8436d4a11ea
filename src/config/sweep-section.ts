import type { Problems } from "../problems.js";
import { t } from "../text/language.js";
import { fits } from "./fits.js";
import { type Axes, type AxisValue, expectation, type KeyName, keyNames, keyOf } from "./keys.js";

/** More values than these are a slip of the pen. */
const MOST_VALUES = 10_000;

/** Keys that are no axis: they name things, say what is written, or are what a cell is over anyway. */
const NO_AXES: ReadonlySet<string> = new Set<KeyName>(["preset", "name", "seed", "seeds", "roundingProbe"]);
const NO_AXIS_GROUPS: readonly string[] = ["Recording", "Engine", "Output"];

export function isAxis(name: string): name is KeyName {
  const key = keyNames.find((known) => known === name);
  if (key === undefined || NO_AXES.has(key)) return false;
  const { group, type } = keyOf(key);
  return !NO_AXIS_GROUPS.includes(group) && type !== "path" && type !== "columns" && type !== "layers";
}

/** Reads the section `sweep`; what is wrong goes to `problems`. */
export function checkAxes(value: unknown, locate: (key: string) => string, problems: Problems): Axes {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(t`${locate("sweep")}: give keys, each with its values: learningRate: log 1e-6..1 by half-decades`);
    return {};
  }
  const axes: Record<string, readonly AxisValue[]> = {};
  for (const [name, written] of Object.entries(value)) {
    const place = locate(`sweep.${name}`);
    if (!isAxis(name)) {
      problems.push(() => t`${place}: is not a key that a sweep can vary`);
      continue;
    }
    const values = Array.isArray(written) ? written : rangeOf(written);
    if (values === undefined || values.length === 0) {
      problems.push(`${place}: ${AXIS_FORMS}`);
      continue;
    }
    if (values.length > MOST_VALUES) {
      problems.push(t`${place}: ${values.length} values; give at most ${MOST_VALUES}`);
      continue;
    }
    if (new Set(values).size < values.length) problems.push(t`${place}: a value occurs twice`);
    const key = keyOf(name);
    const wrong = values.find((each) => !fits(key, each));
    if (wrong !== undefined) problems.push(() => t`${place}: ${JSON.stringify(wrong)} is not ${expectation(key)}`);
    axes[name] = values;
  }
  if (Object.keys(value).length === 0) problems.push(t`${locate("sweep")}: names no key to vary`);
  return axes;
}

const AXIS_FORMS = t`give a list, or a range such as 10..50 by 10, log 1e-6..1 by decades, by half-decades, or by 4 per decade`;

const NUMBER = "[-+]?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?";
const LINEAR = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER}) by (${NUMBER})$`, "i");
const LOGARITHMIC = new RegExp(`^log (${NUMBER})\\.\\.(${NUMBER}) by (?:(half-)?decades?|(\\d+) per decade)$`, "i");

/** `10..50 by 10` and `log 1e-6..1 by half-decades`; undefined of what is neither. */
function rangeOf(written: unknown): number[] | undefined {
  if (typeof written !== "string") return undefined;
  const text = written.trim().replace(/\s+/g, " ");
  const linear = LINEAR.exec(text);
  if (linear !== null) {
    const [from = 0, to = 0, step = 0] = linear.slice(1).map(Number);
    if (!(step > 0 && to >= from && (to - from) / step < MOST_VALUES)) return undefined;
    return stepsTo((to - from) / step).map((place) => rounded(from + place * step));
  }
  const logarithmic = LOGARITHMIC.exec(text);
  if (logarithmic === null) return undefined;
  const [, low, high, half, per] = logarithmic;
  const [from, to] = [Math.log10(Number(low)), Math.log10(Number(high))];
  const perDecade = per === undefined ? (half === undefined ? 1 : 2) : Number(per);
  if (!(perDecade > 0 && to >= from && (to - from) * perDecade < MOST_VALUES)) return undefined;
  return stepsTo((to - from) * perDecade).map((place) => rounded(10 ** (from + place / perDecade)));
}

function stepsTo(count: number): number[] {
  return Array.from({ length: Math.floor(count + 1e-9) + 1 }, (_, place) => place);
}

/** To six digits: a power's last bits are left to the machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
