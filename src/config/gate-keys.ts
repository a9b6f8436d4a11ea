import { t } from "../text/language.js";
import { isAmount, isWhole, MAX_SEEDS } from "./fits.js";
import type { CheckSettings } from "./keys.js";

export const SHARE = /^\s*\d+(?:\.\d+)?\s*%\s*$/;
export const TOLERANCE_TEXT = t`a share such as "5%", or a number ≥ 0 in the unit of the cost`;
export const EXPECTED_TOLERANCE = t`a tolerance is ${TOLERANCE_TEXT}`;

/** Keys of the section `check`: what each may hold, and what is said where it holds something else. */
export const GATE_KEYS: Readonly<
  Record<keyof CheckSettings, { readonly holds: (value: unknown) => boolean; readonly expected: string }>
> = {
  maxIncrease: { holds: isTolerance, expected: EXPECTED_TOLERANCE },
  gates: {
    holds: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    expected: t`gates is a list of quantities, each with a tolerance or none`,
  },
  steps: { holds: (value) => value === "gate" || value === "note", expected: t`steps is one of gate, note` },
  seeds: { holds: isSeedCount, expected: t`seeds is a whole number from 1 to ${MAX_SEEDS}` },
  maxSeeds: { holds: isSeedCount, expected: t`maxSeeds is a whole number from 1 to ${MAX_SEEDS}` },
};

export function isTolerance(value: unknown): boolean {
  return typeof value === "string" ? SHARE.test(value) : isAmount(value, 0);
}

function isSeedCount(value: unknown): boolean {
  return isWhole(value, 1, MAX_SEEDS);
}
