import type { CheckReport } from "../check/check.js";
import type { Decision } from "../check/decide.js";
import { t } from "../text/language.js";
import { digitsText, NBSP, numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";

/** What a check says, in the words that its table, its Markdown and its JUnit file share. */

export const OUTCOME_TEXT = { pass: t`PASS`, regression: t`REGRESSION`, inconclusive: t`INCONCLUSIVE` } as const;

/** One row a gated quantity. */
export function decisionRows({ decisions }: CheckReport): Rows {
  return {
    head: [t`gate`, t`answer`, t`baseline`, t`now`, t`difference`, t`tolerance`],
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
  if (message === "identical") return t`identical`;
  if (difference === undefined) return "–";
  const { mean, low, high } = difference;
  return t`${signed(mean)} (${signed(low)} to ${signed(high)})`;
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
      : t`: ${numberText(baseline)} in the baseline, ${numberText(current)} now`;
  const interval =
    difference === undefined
      ? ""
      : t`; mean difference ${differenceText(decision)}, ${`${digitsText(100 * difference.confidence, 4)}${NBSP}%`} interval over ${difference.values} seeds` +
        (difference.rounding > 0 ? t`, ±${numberText(difference.rounding)} of it for rounding` : "") +
        t`, tolerance ${toleranceText(decision)}`;
  const said = message === "identical" ? t`identical` : message;
  return `${OUTCOME_TEXT[outcome]} ${quantity}${numbers}${interval}. ${said[0]?.toUpperCase()}${said.slice(1)}.`;
}

/** What is below the table: where the bytes part, why, and notes. */
export function findingLines({ identical, location, cause, notes, seeds, engine }: CheckReport): string[] {
  return [
    ...(identical ? [t`identical to the baseline: ${seeds} seeds, engine ${engine.name} (${engine.backend})`] : []),
    ...(location === undefined
      ? []
      : [t`first different state: update ${location.update}, ${location.arm}, ${location.layer}, ${location.tensor}`]),
    ...(cause === undefined ? [] : [t`cause: ${cause.text}`]),
    ...notes.map((note) => t`note: ${note}`),
  ];
}
