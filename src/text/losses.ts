import type { ReferenceCosts } from "../record/arms.js";
import { t } from "./language.js";

/** How a run's cost is called, and the cost of answering every point alike. */
export interface LossWords {
  readonly cost: string;
  readonly constant: string;
}

export function lossWords({ chance }: Pick<ReferenceCosts, "chance">): LossWords {
  return chance === undefined
    ? { cost: t`mean squared error`, constant: t`predicting the mean` }
    : { cost: t`cross-entropy`, constant: t`predicting the classes' shares` };
}
