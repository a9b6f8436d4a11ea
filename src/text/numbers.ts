import type { Statistic } from "../record/values.js";
import { t } from "./language.js";

/** Numbers as every medium writes them: one minus sign, one separator of thousands, the same digits everywhere. */

/** No-break space: keeps a number together with its unit and its thousands. */
export const NBSP = "\u00a0";

/** 15000 → "15 000"; four digits stay together. */
export function countText(count: number): string {
  return count < 10_000 ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, NBSP);
}

/** Nouns that are counted, for one and for any other number of them. */
const COUNTED = {
  arm: [(n) => t`${n} arm`, (n) => t`${n} arms`],
  cell: [(n) => t`${n} cell`, (n) => t`${n} cells`],
  channel: [(n) => t`${n} channel`, (n) => t`${n} channels`],
  decade: [(n) => t`${n} decade`, (n) => t`${n} decades`],
  image: [(n) => t`${n} image`, (n) => t`${n} images`],
  normalization: [(n) => t`${n} normalization`, (n) => t`${n} normalizations`],
  number: [(n) => t`${n} number`, (n) => t`${n} numbers`],
  output: [(n) => t`${n} output`, (n) => t`${n} outputs`],
  run: [(n) => t`${n} run`, (n) => t`${n} runs`],
  sample: [(n) => t`${n} sample`, (n) => t`${n} samples`],
  seed: [(n) => t`${n} seed`, (n) => t`${n} seeds`],
  tensor: [(n) => t`${n} tensor`, (n) => t`${n} tensors`],
  unit: [(n) => t`${n} unit`, (n) => t`${n} units`],
  update: [(n) => t`${n} update`, (n) => t`${n} updates`],
  worker: [(n) => t`${n} worker`, (n) => t`${n} workers`],
} as const satisfies Record<string, readonly [one: (n: string) => string, many: (n: string) => string]>;

/** "1 update", "250 updates". */
export function countedText(count: number, noun: keyof typeof COUNTED): string {
  const [one, many] = COUNTED[noun];
  return (count === 1 ? one : many)(countText(count));
}

/** Three significant digits: "57.6", "0.0123", "1163", "25 837", "−9.9e8", "Infinity". */
export function numberText(value: Statistic): string {
  return digitsText(value, 3);
}

/** The same with another number of significant digits, at least two. */
export function digitsText(value: Statistic, digits: number): string {
  if (typeof value === "string" || !Number.isFinite(value)) return String(value).replace("-", "−");
  const size = Math.abs(value);
  if (size === 0) return "0";
  const sign = value < 0 ? "−" : "";
  if (size < 1e-3 || size >= 99_999.5) return sign + powerText(size, digits - 2);
  const rounded = Number(size >= 999.5 ? size.toFixed(Math.max(0, digits - 4)) : size.toPrecision(digits));
  const [whole = "", fraction] = String(rounded).split(".");
  return `${sign}${countText(Number(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Two digits carry a story. */
export function shortText(number: number): string {
  return digitsText(number, 2);
}

/** "0.97–1", or a number alone. */
export function rangeText(numbers: readonly number[]): string {
  const [low = "", high = ""] = [Math.min(...numbers), Math.max(...numbers)].map(shortText);
  return low === high ? low : `${low}–${high}`;
}

/** "3.7-fold" for a factor of 3.7 as for one of 1/3.7. */
export function foldText(factor: number): string {
  return t`${shortText(factor >= 1 ? factor : 1 / factor)}-fold`;
}

/** "9.9e8", "1e-7". */
function powerText(size: number, decimals: number): string {
  return size
    .toExponential(decimals)
    .replace("e+", "e")
    .replace(/\.?0+e/, "e");
}

/** A share in percent: "41 %", "0.4 %", "2e-5 %". Only all of it is 100 %, only none of it 0 %. */
export function percentText(share: number): string {
  return `${percentDigits(share)}${NBSP}%`;
}

/** "57–100 %". */
export function percentRange({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${percentDigits(low)}–${percentText(high)}`;
}

function percentDigits(share: number): string {
  const percent = 100 * share;
  if (percent > 99 && percent < 100) return ">99";
  if (percent <= 0 || percent >= 1) return String(Math.round(percent)).replace("-", "−");
  return percent < 1e-3 ? powerText(percent, 0) : String(Number(percent.toPrecision(1)));
}
