import { type Decision, decide, decideDivergence, type Outcome, worstOf } from "./decide.js";
import type { Gate } from "./gates.js";
import { type Finals, measure } from "./quantities.js";

/** All gates' answers over the same seeds: every arm's divergence, then each gated quantity. */
export function decideGates(
  arms: readonly string[],
  gates: readonly Gate[],
  finals: readonly Finals[],
  { confidence, roundingOf = () => 0 }: { readonly confidence: number; readonly roundingOf?: (gate: Gate) => number },
): Decision[] {
  return [
    ...arms.map((arm) => decideDivergence(arm, finals)),
    ...gates.map((gate) => decide(gate.quantity, gate.tolerance, finals, { confidence, rounding: roundingOf(gate) })),
  ];
}

/** Validity comes first: identical to a value that is none is no pass. */
export function identicalDecisions(
  arms: readonly string[],
  gates: readonly Gate[],
  finals: readonly Finals[],
): Decision[] {
  const confidence = 0.95;
  const measured = ({ quantity }: Gate) =>
    finals.every((ends) => [ends.baseline, ends.current].every((one) => "value" in measure(quantity, one)));
  const identical = gates.map((gate): Decision => {
    const decision = decide(gate.quantity, gate.tolerance, finals, { confidence, rounding: 0 });
    return measured(gate) ? { ...decision, outcome: "pass", message: "identical" } : decision;
  });
  return [...arms.map((arm) => decideDivergence(arm, finals)), ...identical];
}

/**
 * Decides at the planned numbers of seeds in turn, and stops where the gate as a whole is decided. Returns the last
 * answers and the seeds that they rest on.
 */
export async function lookInTurn(
  looks: readonly number[],
  decideAt: (seeds: number) => Decision[] | Promise<Decision[]>,
): Promise<{ readonly decisions: Decision[]; readonly seeds: number; readonly outcome: Outcome }> {
  for (const [i, seeds] of looks.entries()) {
    const decisions = await decideAt(seeds);
    const outcome = worstOf(decisions.map((decision) => decision.outcome));
    if (outcome !== "inconclusive" || i === looks.length - 1) return { decisions, seeds, outcome };
  }
  throw new Error("a gate looks at least once");
}
