import { countText } from "../text/numbers.js";

/** A range this many times narrower than its numbers are large has labels that are differences from an offset. */
const OFFSET_FROM = 1000;
/** The same for numbers that are written with all their digits instead of as powers of ten. */
const PLAIN_FROM = 20;
/** Ticks of one axis, at most: neighbors differ by at least this part of the range. */
const MOST_TICKS = 50;

/** How the numbers of one axis are written: with the digits that tell neighboring ticks apart. */
export interface AxisNumbers {
  /** Subtracted from every label; 0 where full numbers are short enough. */
  readonly offset: number;
  /** The label of the tick at `datum.value`, as a Vega expression. */
  readonly expr: string;
  /** The same text, for labels that Vega does not write. */
  readonly text: (value: number) => string;
  /** The axis title of a quantity: "x", or "x − 20 240 100" where labels are differences from that. */
  readonly title: (name: string) => string;
  /** A number of the range without the offset, with the digits that tell it from its neighbors. */
  readonly full: (value: number) => string;
}

/** How numbers are written: significant digits, what counts as 0, and from where on powers of ten are used. */
interface Form {
  readonly digits: number;
  readonly zero: number;
  readonly powersFrom: number;
}

/** The rule for an axis that reaches from `low` to `high`. */
export function axisNumbers([low, high]: readonly [low: number, high: number]): AxisNumbers {
  const span = high - low;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const isRange = span > 0 && Number.isFinite(span);
  const offset = isRange && largest >= OFFSET_FROM * span ? offsetOf(low, high) : 0;
  const powersFrom = largest >= PLAIN_FROM * span ? 1e9 : 1e5;
  const formOf = (size: number): Form =>
    isRange
      ? { digits: digitsBetween(size, span / MOST_TICKS), zero: span * 1e-9, powersFrom }
      : { digits: 15, zero: 0, powersFrom };
  const difference = formOf(Math.max(Math.abs(low - offset), Math.abs(high - offset)));
  const full = formOf(largest);
  const sign = offset < 0 ? "+" : "−";
  return {
    offset,
    expr: expressionOf(offset, difference),
    text: (value) => written(value - offset, difference),
    title: (name) => (offset === 0 ? name : `${name} ${sign} ${written(Math.abs(offset), { ...full, digits: 15 })}`),
    full: (value) => written(value, full),
  };
}

/** The roundest number near the range: a multiple of the power of ten that covers it, inside or else toward 0. */
function offsetOf(low: number, high: number): number {
  // From text: a power's last bit is left to the machine.
  const unit = Number(`1e${decadeOf(high - low) + 1}`);
  const below = Math.floor(high / unit);
  const isInside = below * unit >= low;
  return Number(((isInside || low > 0 ? below : below + 1) * unit).toPrecision(15));
}

function digitsBetween(size: number, step: number): number {
  return Math.min(15, Math.max(2, decadeOf(size) - decadeOf(step) + 1));
}

/** The exponent of a positive number in scientific notation. */
function decadeOf(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

function written(value: number, { digits, zero, powersFrom }: Form): string {
  const size = Math.abs(value);
  if (size <= zero) return "0";
  const rounded = Number(size.toPrecision(digits));
  const sign = value < 0 ? "−" : "";
  if (size >= powersFrom || size < 1e-3) return sign + rounded.toExponential().replace("e+", "e");
  const [whole = "", fraction] = String(rounded).split(".");
  return `${sign}${countText(Number(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** The same as a Vega expression. Vega writes minus signs itself, and thousands with commas. */
function expressionOf(offset: number, { digits, zero, powersFrom }: Form): string {
  const value = offset === 0 ? "datum.value" : `(datum.value - ${offset})`.replace("- -", "+ ");
  const power = `replace(format(${value}, '.${digits - 1}~e'), 'e+', 'e')`;
  const plain = `replace(format(${value}, ',.${digits}~r'), /,/g, abs(${value}) < 1e4 ? '' : '\u00a0')`;
  return `abs(${value}) <= ${zero} ? '0' : abs(${value}) >= ${powersFrom} || abs(${value}) < 1e-3 ? ${power} : ${plain}`;
}
