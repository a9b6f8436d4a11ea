import type { ColumnRounding } from "../data/float32-columns.js";
import { excerpt } from "../text/excerpt.js";
import type { ResolvedConfig, Warning } from "./result.js";

/** Rounding is worth a word when this share of a column's different values is lost, … */
export const LOST = 0.01;
/** … or when a step of float32 at the largest value is this share of the column's range. */
export const COARSE = 1e-5;

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
  if (equal === undefined || (lost < LOST * distinct && step < COARSE * range)) return [];
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

/** One sentence with the remedy. */
export function float32Text(warning: Rounding | Overflow): string {
  const column = `column "${excerpt(warning.column)}"`;
  if (warning.code === "float32-rounding") {
    const { distinct, kept, equal, subtract } = warning;
    const remedy =
      subtract === undefined
        ? "leave the column out, or give differences that are larger beside its values"
        : `subtract ${subtract}, its smallest value, from the column in the file`;
    return (
      `${column}: float32, in which the networks are trained, keeps ${kept} of its ${distinct} different values ` +
      `(${equal[0]} and ${equal[1]} become equal); ${remedy}`
    );
  }
  const { role, statistic, largest } = warning;
  const unit = `1e${Number(largest.toExponential().split("e")[1])}`;
  return (
    `${column}: with values up to ${largest}, the ${statistic} of its points is beyond float32, which ends at 3.4e38; ` +
    `divide the column by ${unit} in the file, or set ${role === "target" ? "standardizeTargets" : "standardizeInputs"}`
  );
}
