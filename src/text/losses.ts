import type { ReferenceCosts } from "../record/arms.js";

/** How a run's cost is called, and the cost of answering every point alike. */
export interface LossWords {
  readonly cost: string;
  readonly constant: string;
}

export function lossWords({ chance }: Pick<ReferenceCosts, "chance">): LossWords {
  return chance === undefined
    ? { cost: "mean squared error", constant: "predicting the mean" }
    : { cost: "cross-entropy", constant: "predicting the classes' shares" };
}
