import type { ColumnRounding } from "../data/float32-columns.js";
import { limit } from "../outcome/limits.js";
import type { ResolvedConfig } from "../record/config.js";
import type { Warning } from "../record/warnings.js";

type Rounding = Extract<Warning, { code: "float32-rounding" }>;
type Overflow = Extract<Warning, { code: "float32-overflow" }>;

/** What float32, in which networks are trained, does to the columns of given data. */
export function float32Warnings(
  columns: readonly ColumnRounding[],
  config: Partial<ResolvedConfig>,
): (Rounding | Overflow)[] {
  return columns.flatMap((column) => {
    const isStandardized = column.role === "target" ? config.standardizeTargets : config.standardizeInputs;
    // The moments of standardization are in float64, and its values are small.
    return [...rounding(column), ...(isStandardized ? [] : overflow(column))];
  });
}

function rounding({ name, distinct, kept, equal, shifted, min, range, step }: ColumnRounding): Rounding[] {
  const lost = distinct - kept;
  if (equal === undefined || (lost < limit("lost-values") * distinct && step < limit("coarse-values") * range))
    return [];
  const helps = shifted - kept >= lost / 2;
  return [
    {
      code: "float32-rounding",
      column: name,
      distinct,
      kept,
      equal: [...equal],
      ...(helps ? { subtract: min } : {}),
    },
  ];
}

function overflow({ name, role, overflow: statistic, largest }: ColumnRounding): Overflow[] {
  return statistic === undefined ? [] : [{ code: "float32-overflow", column: name, role, statistic, largest }];
}
