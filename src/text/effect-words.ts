import type { PairedEffect } from "../record/effects.js";
import { t } from "./language.js";
import { numberText } from "./numbers.js";

/** "7.08 times lower", of a logarithm of control over arm; where that rounds to 1, "equal" or "about equal". */
export function timesText(logRatio: number): string {
  const times = factorOf(logRatio);
  if (times === "1") return logRatio === 0 ? t`equal` : t`about equal`;
  return logRatio < 0 ? t`${times} times higher` : t`${times} times lower`;
}

/** "bn ends 7.08 times lower than plain", or that both end at the same cost. */
export function endsText(arm: string, control: string, logRatio: number): string {
  if (logRatio === 0) return t`${arm} ends at the same cost as ${control}`;
  if (factorOf(logRatio) === "1") return t`${arm} ends at about the same cost as ${control}`;
  return t`${arm} ends ${timesText(logRatio)} than ${control}`;
}

/** "6.44 to 7.56": an interval of such logarithms that holds one direction alone, from the end nearer to no effect. */
export function factorsText(low: number, high: number, between = t` to `): string {
  const [near, far] = Math.abs(low) < Math.abs(high) ? [low, high] : [high, low];
  return `${factorOf(near)}${between}${factorOf(far)}`;
}

/** "7.08 times lower (6.44–7.56)"; an interval that holds both directions has both. */
export function meanText({ estimate, low, high }: NonNullable<PairedEffect["mean"]>): string {
  if (low === undefined || high === undefined) return timesText(estimate);
  const isBoth = low < 0 !== high < 0;
  return `${timesText(estimate)} (${isBoth ? t`${timesText(low)} to ${timesText(high)}` : factorsText(low, high, "–")})`;
}

/** " over 5 seeds", or those in which both arms have a final cost. */
export function overText({ defined }: PairedEffect, seeds: number): string {
  if (defined === seeds) return t`over ${seeds} seeds`;
  return defined === 1
    ? t`in the one of ${seeds} seeds in which both end`
    : t`over the ${defined} of ${seeds} seeds in which both end`;
}

function factorOf(logRatio: number): string {
  return numberText(Math.exp(Math.abs(logRatio)));
}
