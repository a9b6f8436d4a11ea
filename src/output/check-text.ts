import type { CheckReport } from "../check/check.js";
import type { Decision } from "../check/decide.js";
import { digitsText, NBSP, numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";

/** What a check says, in the words that its table, its Markdown and its JUnit file share. */

export const OUTCOME_TEXT = { pass: "PASS", regression: "REGRESSION", inconclusive: "INCONCLUSIVE" } as const;

/** One row a gated quantity. */
export function decisionRows({ decisions }: CheckReport): Rows {
  return {
    head: ["gate", "answer", "baseline", "now", "difference", "tolerance"],
    rows: decisions.map((decision) => [
      decision.quantity,
      OUTCOME_TEXT[decision.outcome],
      numberOr(decision.baseline),
      numberOr(decision.current),
      differenceText(decision),
      toleranceText(decision),
    ]),
    left: 2,
  };
}

function numberOr(value: number | undefined): string {
  return value === undefined ? "–" : numberText(value);
}

function differenceText({ difference, message }: Decision): string {
  if (message === "identical") return "identical";
  if (difference === undefined) return "–";
  const { mean, low, high } = difference;
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
}

function toleranceText({ tolerance, limit }: Decision): string {
  if (limit === undefined) return tolerance === "none" ? "–" : tolerance;
  return tolerance.endsWith("%") ? `${tolerance} = ${numberText(limit)}` : tolerance;
}

/** With its sign, and 0 without. */
function signed(value: number): string {
  return value > 0 ? `+${numberText(value)}` : numberText(value).replace("-", "−");
}

/** A decision as a sentence, with every number that it rests on. */
export function decisionText(decision: Decision): string {
  const { quantity, outcome, baseline, current, difference, message } = decision;
  const numbers =
    baseline === undefined || current === undefined
      ? ""
      : `: ${numberText(baseline)} in the baseline, ${numberText(current)} now`;
  const interval =
    difference === undefined
      ? ""
      : `; mean difference ${differenceText(decision)}, ${digitsText(100 * difference.confidence, 4)}${NBSP}% interval over ${difference.values} seeds` +
        (difference.rounding > 0 ? `, ±${numberText(difference.rounding)} of it for rounding` : "") +
        `, tolerance ${toleranceText(decision)}`;
  return `${OUTCOME_TEXT[outcome]} ${quantity}${numbers}${interval}. ${message[0]?.toUpperCase()}${message.slice(1)}.`;
}

/** What is below the table: where the bytes part, why, and notes. */
export function findingLines({ identical, location, cause, notes, seeds, engine }: CheckReport): string[] {
  return [
    ...(identical ? [`identical to the baseline: ${seeds} seeds, engine ${engine.name} (${engine.backend})`] : []),
    ...(location === undefined
      ? []
      : [`first different state: update ${location.update}, ${location.arm}, ${location.layer}, ${location.tensor}`]),
    ...(cause === undefined ? [] : [`cause: ${cause.text}`]),
    ...notes.map((note) => `note: ${note}`),
  ];
}
