import { limit } from "../outcome/limits.js";
import { ownEntry } from "../record/own-entry.js";
import { t } from "../text/language.js";
import { numberText } from "../text/numbers.js";
import type { Cause } from "./cause.js";
import { type Interval, meanInterval, valuesNeeded } from "./interval.js";
import { type Finals, type Measured, measure, type Quantity, quantityName, type SeedFinals } from "./quantities.js";
import { type Tolerance, toleranceText } from "./tolerance.js";

/** One of three answers. */
export type Outcome = "pass" | "regression" | "inconclusive";

/** A gate's answer with its evidence. */
export interface Decision {
  readonly quantity: string;
  readonly outcome: Outcome;
  readonly message: string;
  /** Means over the seeds compared. */
  readonly baseline?: number;
  readonly current?: number;
  /** Of current − baseline over the seeds, positive is worse. */
  readonly difference?: Interval;
  /** The largest mean difference that is tolerated, in the quantity's unit. */
  readonly limit?: number;
  readonly tolerance: string;
  /** Seeds in all that would decide, as far as one can tell. */
  readonly seedsNeeded?: number;
}

/**
 * Decides one gate. First whether there is something to compare: a value that the baseline has and the current run has
 * not is a regression whatever the others say. Then the paired differences: their interval clear of the tolerance on the
 * good side passes, clear on the bad side regresses, else nothing is decided.
 */
export function decide(
  quantity: Quantity,
  tolerance: Tolerance,
  seeds: readonly Finals[],
  { confidence, rounding }: { readonly confidence: number; readonly rounding: number },
): Decision {
  const common = { quantity: quantityName(quantity), tolerance: toleranceText(tolerance) };
  const measured = seeds.map(({ seed, baseline, current }) => ({
    seed,
    before: measure(quantity, baseline),
    now: measure(quantity, current),
    divergenceExpected: [quantity.arm, quantity.control ?? ""].some(
      (arm) => ownEntry(baseline, arm)?.status === "diverged",
    ),
  }));
  const lost = measured.flatMap(({ seed, before, now }) =>
    "value" in before && "missing" in now ? [{ seed, was: before.value, why: now.missing }] : [],
  );
  const [worst] = lost;
  if (worst !== undefined) {
    const more = lost.length > 1 ? t`; the same holds for ${lost.length} of ${seeds.length} seeds` : "";
    return {
      ...common,
      outcome: "regression",
      message: t`seed ${worst.seed}: ${worst.why}, where the baseline has ${numberText(worst.was)}${more}`,
    };
  }
  // A divergence is an outcome that a baseline may expect; anything else that is missing from it leaves a hole.
  const hole = measured.find(({ before, divergenceExpected }) => "missing" in before && !divergenceExpected);
  if (hole !== undefined) {
    return {
      ...common,
      outcome: "inconclusive",
      message: t`seed ${hole.seed}: nothing to compare with: in the baseline ${reason(hole.before)}`,
    };
  }
  const pairs = measured.flatMap(({ before, now }) =>
    "value" in before && "value" in now ? [{ before: before.value, now: now.value }] : [],
  );
  if (pairs.length === 0) {
    const why = reason(measured[0]?.before ?? { missing: t`there is no seed` });
    return { ...common, outcome: "inconclusive", message: t`nothing to compare: in the baseline ${why}` };
  }
  const baseline = mean(pairs.map(({ before }) => before));
  const current = mean(pairs.map(({ now }) => now));
  const most = limitOf(tolerance, quantity, baseline);
  const values = { ...common, baseline, current, limit: most };
  const difference = meanInterval(
    pairs.map(({ before, now }) => now - before),
    confidence,
    rounding / Math.sqrt(pairs.length),
  );
  if (difference === undefined) {
    return {
      ...values,
      outcome: "inconclusive",
      seedsNeeded: limit("first-seeds"),
      message: t`one seed has no spread: a decision needs more, ${limit("first-seeds")} to begin with`,
    };
  }
  const found = { ...values, difference };
  if (difference.high <= most) return { ...found, outcome: "pass", message: t`the difference is within the tolerance` };
  if (difference.low > most)
    return { ...found, outcome: "regression", message: t`the difference is beyond the tolerance` };
  const seedsNeeded = valuesNeeded(difference, most);
  const needed =
    seedsNeeded === undefined
      ? t`no reasonable number of seeds would settle it`
      : t`about ${seedsNeeded - pairs.length} more seeds would settle it`;
  return {
    ...found,
    outcome: "inconclusive",
    ...(seedsNeeded === undefined ? {} : { seedsNeeded }),
    message: t`the confidence interval includes the tolerance; ${needed}`,
  };
}

/** In the quantity's unit. A share of a cost is a share of its mean; of a log ratio, the logarithm of that factor. */
function limitOf(tolerance: Tolerance, { kind }: Quantity, baseline: number): number {
  if (tolerance.kind === "absolute") return tolerance.amount;
  return kind === "effect" || kind === "gap" ? Math.log1p(tolerance.share) : tolerance.share * baseline;
}

function reason(measured: Measured): string {
  return "missing" in measured ? measured.missing : "";
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of several answers, the one that counts: a regression outranks inconclusive outranks pass. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes("regression")) return "regression";
  return outcomes.includes("inconclusive") ? "inconclusive" : "pass";
}

/**
 * Divergence is part of what a baseline expects. An arm that newly diverges regressed; one that no longer does, or
 * elsewhere, changed in a way that a person should see.
 */
export function decideDivergence(arm: string, seeds: readonly Finals[]): Decision {
  const common = { quantity: `${arm}.divergence`, tolerance: "none" };
  const lost = seeds.find(({ baseline, current }) => !Object.hasOwn(baseline, arm) || !Object.hasOwn(current, arm));
  if (lost !== undefined) {
    const [outcome, where] = !Object.hasOwn(lost.current, arm)
      ? (["regression", t`this run`] as const)
      : (["inconclusive", t`the baseline`] as const);
    return { ...common, outcome, message: t`seed ${lost.seed}: ${where} has no outcome of ${arm}` };
  }
  const found = seeds.map(({ seed, baseline, current }) => ({
    seed,
    before: updateOf(ownEntry(baseline, arm)),
    now: updateOf(ownEntry(current, arm)),
  }));
  const newly = found.find(({ before, now }) => before === undefined && now !== undefined);
  if (newly !== undefined) {
    return {
      ...common,
      outcome: "regression",
      message: t`seed ${newly.seed}: ${arm} newly diverges, at update ${newly.now}`,
    };
  }
  const other = found.find(({ before, now }) => before !== now);
  if (other !== undefined) {
    const now = other.now === undefined ? t`no longer diverges` : t`diverges at update ${other.now}`;
    return {
      ...common,
      outcome: "inconclusive",
      message: t`seed ${other.seed}: ${arm} ${now}, where the baseline diverged at update ${other.before}; if this is intended, check --update accepts it`,
    };
  }
  const diverged = found.filter(({ before }) => before !== undefined);
  const where = [...new Set(diverged.map(({ now }) => now))].join(", ");
  const message =
    diverged.length === 0
      ? t`no seed diverges`
      : t`${diverged.length} of ${seeds.length} seeds diverge as expected, at update ${where}`;
  return { ...common, outcome: "pass", message };
}

/**
 * Whether the code still makes the steps that the baseline's made. Costs may stay within tolerance while training has
 * changed: a person should know.
 */
export function decideSteps(cause: Cause | undefined): Decision {
  const common = { quantity: "steps", tolerance: "none" };
  if (cause === undefined) return { ...common, outcome: "pass", message: "identical" };
  if (cause.kind !== "code") return { ...common, outcome: "pass", message: cause.text };
  return {
    ...common,
    outcome: "inconclusive",
    message: t`training itself changed, even if the costs agree; if this is intended, check --update accepts it (${cause.text})`,
  };
}

function updateOf(final: SeedFinals[string]): number | undefined {
  return final?.status === "diverged" ? final.divergence.update : undefined;
}
