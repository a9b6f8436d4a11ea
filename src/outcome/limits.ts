/** Every threshold of judgment, with what it says. The documents print this table. */
const LIMITS = {
  learned: [0.5, "an arm learned if its final cost is below this share of the cost of predicting the mean"],
  "learned-little": [0.98, "it learned little if below this share, and otherwise did not learn"],
  "at-the-noise": [1.1, "a final cost below this multiple of the noise floor is as good as the noise allows"],
  "below-the-noise": [0.85, "below this share of the noise floor, a fit follows the noise itself"],
  "told-noise": [
    2,
    "a cost is compared with the noise floor only if predicting the mean costs more than this multiple of it",
  ],
  "enough-seeds": [
    20,
    "number of seeds from which an interval covers about what it promises: a 95 % interval covers 93 %, by simulation",
  ],
  "first-seeds": [5, "seeds to begin with if a single one cannot decide"],
  "start-weight": [0.01, "weight that the initial zero may still have in the moving averages after the last update"],
  "inference-gap": [0.1, "share by which the final costs in the two modes may differ"],
  "modes-far": [
    1.25,
    "factor between the costs in the two modes, over the last updates, from which the report mentions it",
  ],
  "small-gap": [0.01, "moving averages this close to the training set's statistics need no explanation"],
  "main-part": [0.7, "share of the squared gaps from which one part is called the cause"],
  "equal-ends": [1.02, "final costs within this factor of each other count as equal when runs are compared"],
  "near-ends": [1.1, "and within this factor as close: then the report gives no reason for the difference"],
  "large-targets": [1000, "root mean square of the targets above which a failure may be due to them"],
  "lost-values": [0.01, "share of a column's distinct values that float32 makes equal"],
  "coarse-values": [1e-5, "step of float32 at a column's largest value, as a share of the column's range"],
  units: [0.5, "share of a layer's values that are saturated, or of its units that output only 0 or are constant"],
  "constant-unit": [1e-6, "a unit is constant if its values differ by at most this share of the largest"],
  growth: [4, "factor by which the second moment grows, or shrinks, from one layer to the next"],
  "large-second-moment": [
    100,
    "second moment of an exploding layer: ten times the scale of a normalized layer, squared",
  ],
  "small-second-moment": [1e-4, "second moment of a vanishing layer"],
  "small-gradient": [1e-3, "share of the output layer's gradient norm that arrives at a layer"],
  "large-step": [10, "norm of a layer's first step above which the report calls the step large"],
  "still-falling": [0.02, "share by which a cost falls over the last fifth of the updates to count as still improving"],
  risen: [1.25, "multiple of its lowest cost at which an arm's final cost counts as risen again"],
  "epsilon-share": [0.5, "share of epsilon in σ² + ε, which BN divides by, from which it is too large"],
  "small-batch": [
    16,
    "points sharing statistics below which a batch is small: its mean is off by a quarter of a standard deviation",
  ],
  "way-left": [
    0.02,
    "share of the cost of predicting the mean by which a cost falls over the last fifth of the updates if there are too few of them",
  ],
  "rate-gain": [
    1.25,
    "factor by which BN's advantage must grow, with each arm at its best rate, to blame the run's rate",
  ],
  "all-right": [0.99, "accuracy of the plain net from which little is left to gain, …"],
  "no-error": [0.01, "… and the share of the cost of predicting the mean below which little is left"],
  "kept-size": [2, "factor by which the second moment may grow or shrink per layer, on average, in a good start"],
  "nearly-all": [0.9, "share of an effect, in logarithms, from which a single change does nearly all of it, …"],
  most: [0.5, "… from which it does most of it, …"],
  "hardly-any": [0.15, "… and up to which it does almost nothing"],
  "same-cost": [1e-5, "relative difference of costs, from the same state, that rounding alone explains"],
  "same-step": [1e-4, "difference of a step that rounding alone explains, relative to the tensor's largest one"],
  "corner-step": [0.05, "the same at the kink of a relu, …"],
  "corner-tensors": [0.1, "… for at most this share of the tensors"],
} as const satisfies Record<string, readonly [limit: number, meaning: string]>;

export type LimitName = keyof typeof LIMITS;

/** A threshold by its name. */
export function limit(name: LimitName): number {
  return LIMITS[name][0];
}

/** Every threshold with its name and what it says, for the documents. */
export function limitRows(): { readonly name: string; readonly limit: number; readonly meaning: string }[] {
  return Object.entries(LIMITS).map(([name, [value, meaning]]) => ({ name, limit: value, meaning }));
}
