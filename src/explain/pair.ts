import type { NetworkSpec } from "../model/network.js";
import type { ArmResult } from "../record/arms.js";
import type { ProbedRate, Unmeasured } from "../record/explanation.js";
import type { Result } from "../record/result.js";

/** An arm of the first seed, as it was recorded. */
export interface ExplainedArm {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly arm: ArmResult;
  /** Its own learning rate and those around it; absent without a probe. */
  readonly rates?: readonly ProbedRate[];
}

/** An arm that normalizes, and its control. */
export interface Pair extends ExplainedArm {
  readonly result: Result;
  readonly control: ExplainedArm;
}

/** What a cause's rule found in a pair. */
export type Measured =
  | {
      readonly holds: boolean;
      readonly value: number;
      readonly limit: number;
      /** The numbers in a sentence, without its period. */
      readonly text: string;
    }
  /** What it is about is not in this arm. */
  | { readonly absent: string }
  | { readonly unmeasured: Unmeasured };

/** One cause of “BN gave no improvement”. */
export interface Cause {
  readonly code: string;
  /** Its name in a heading. */
  readonly title: string;
  /** When it holds, as the documents print it. */
  readonly when: string;
  readonly measure: (pair: Pair) => Measured;
  /** What would change it, as a sentence. */
  readonly remedy: string;
}
