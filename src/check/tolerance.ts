import { digitsText, NBSP } from "../text/numbers.js";

/** How much worse a quantity may get: a share of the baseline's value, or an amount in its own unit. */
export type Tolerance =
  | { readonly kind: "relative"; readonly share: number }
  | { readonly kind: "absolute"; readonly amount: number };

/** Reads `5%`, `"2.5 %"` or `3`; undefined for anything else. */
export function readTolerance(value: unknown): Tolerance | undefined {
  if (typeof value === "number")
    return value >= 0 && Number.isFinite(value) ? { kind: "absolute", amount: value } : undefined;
  const percent = typeof value === "string" ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim())?.[1] : undefined;
  return percent === undefined ? undefined : { kind: "relative", share: Number(percent) / 100 };
}

export function toleranceText(tolerance: Tolerance): string {
  return tolerance.kind === "relative"
    ? `${digitsText(100 * tolerance.share, 12)}${NBSP}%`
    : digitsText(tolerance.amount, 12);
}
