import { limit } from "../outcome/limits.js";
import type { Evidence } from "../record/layers.js";
import { statistic } from "../record/statistic.js";
import type { Rule, Verdict } from "../record/verdicts.js";
import { t } from "../text/language.js";

/** What was measured of a layer, as the rules ask for it. */
export interface Signals {
  readonly isOutput: boolean;
  /** Mean over units and samples of the squared pre-activation. */
  readonly secondMoment: number;
  /** `secondMoment` over that of the layer before. */
  readonly growth: number | undefined;
  /** Shares of the layer's values and units; 0 where the activation has no such state. */
  readonly saturated: number;
  readonly silent: number;
  readonly constant: number;
  /** ‖∂C/∂(pre-activation)‖ over that of the output layer. */
  readonly arriving: number | undefined;
  /** Mean of the squared targets; undefined where they have no scale. */
  readonly targetSquare: number | undefined;
}

interface VerdictRule {
  readonly rule: Rule;
  readonly verdict: Exclude<Verdict, "healthy">;
  /** When it holds, as documents and reports print it. */
  readonly when: string;
  /** The number that the rule judged and the limit that it is beyond, where the rule holds. */
  readonly holds: (signals: Signals) => { readonly value: number; readonly limit?: number } | undefined;
}

const [share, constant, most] = [limit("units"), limit("constant-unit"), limit("growth")];
const [large, tiny, gradientShare] = [
  limit("large-second-moment"),
  limit("small-second-moment"),
  limit("small-gradient"),
];
const percent = (part: number) => `${100 * part} %`;

function above(value: number, most: number) {
  return value > most ? { value, limit: most } : undefined;
}

/**
 * Every rule that a verdict comes from. They are asked in this order and the first that holds gives the verdict: a
 * saturating activation bounds what grows, so there growth is saturation.
 */
export const VERDICT_RULES: readonly VerdictRule[] = [
  {
    rule: "not-finite",
    verdict: "exploding",
    when: t`its second moment (the mean of its squared values) is not finite`,
    holds: ({ secondMoment }) => (Number.isFinite(secondMoment) ? undefined : { value: secondMoment }),
  },
  {
    rule: "saturated-values",
    verdict: "saturated",
    when: t`more than ${percent(share)} of its values lie where the activation is nearly flat: |tanh| above 0.97, sigmoid outside 0.03 to 0.97`,
    holds: ({ saturated }) => above(saturated, share),
  },
  {
    rule: "growth",
    verdict: "exploding",
    when: t`it is a hidden layer, its second moment is more than ${most} times that of the layer before, and above ${large}`,
    holds: ({ isOutput, secondMoment, growth }) =>
      !isOutput && growth !== undefined && growth > most ? above(secondMoment, large) : undefined,
  },
  {
    rule: "output-scale",
    verdict: "exploding",
    when: t`it is the output layer, which is linear, and its second moment is more than ${large} times that of the targets`,
    holds: ({ isOutput, secondMoment, targetSquare }) =>
      isOutput && targetSquare !== undefined ? above(secondMoment, large * targetSquare) : undefined,
  },
  {
    rule: "silent-units",
    verdict: "dead",
    when: t`more than ${percent(share)} of its ReLU units output 0 on every point`,
    holds: ({ silent }) => above(silent, share),
  },
  {
    rule: "constant-units",
    verdict: "constant",
    when: t`more than ${percent(share)} of its units have the same value on every point (to ${constant} of the largest)`,
    holds: ({ constant: constantShare }) => above(constantShare, share),
  },
  {
    rule: "small-values",
    verdict: "vanishing",
    when: t`its second moment is less than 1/${most} of that of the layer before, and below ${tiny}`,
    holds: ({ secondMoment, growth }) =>
      growth !== undefined && growth < 1 / most && secondMoment < tiny
        ? { value: secondMoment, limit: tiny }
        : undefined,
  },
  {
    rule: "small-gradient",
    verdict: "vanishing",
    when: t`less than ${gradientShare} of the output layer's gradient norm arrives at it`,
    holds: ({ arriving }) =>
      arriving !== undefined && arriving < gradientShare ? { value: arriving, limit: gradientShare } : undefined,
  },
];

export type Judgment =
  | { readonly verdict: "healthy" }
  | { readonly verdict: Exclude<Verdict, "healthy">; readonly evidence: Evidence };

export function judge(signals: Signals): Judgment {
  for (const { rule: name, verdict, holds } of VERDICT_RULES) {
    const found = holds(signals);
    if (found !== undefined) return { verdict, evidence: { rule: name, ...found, value: statistic(found.value) } };
  }
  return { verdict: "healthy" };
}
