import type { Divergence, ReferenceCosts } from "../record/arms.js";
import type { Statistic } from "../record/values.js";
import { limit } from "./limits.js";

/** How far an arm came. */
export interface Progress {
  /** The way from predicting the mean to the noise floor; without one the error that is left of predicting the mean's. */
  readonly of: "way" | "error";
  readonly share: number;
}

/** How an arm that was trained to the end ended. */
export type TrainedEnding =
  | { readonly ending: "not-finite"; readonly cost: Exclude<Statistic, number> }
  | { readonly ending: "did-not-learn"; readonly cost: number }
  | { readonly ending: "learned-little" | "learned"; readonly cost: number; readonly progress: Progress }
  | { readonly ending: "at-the-noise" | "below-the-noise"; readonly cost: number };

/** How an arm ended. */
export type Ending = TrainedEnding | { readonly ending: "diverged"; readonly divergence: Divergence };

/** What is asked of an arm's record. */
type Ended =
  | { readonly status: "trained"; readonly final: { readonly inference: Statistic } }
  | { readonly status: "diverged"; readonly divergence: Divergence };

/** By the final cost in inference mode, since prediction is what a net is for. */
export function endingOf(arm: Ended, costs: ReferenceCosts): Ending {
  return arm.status === "diverged"
    ? { ending: "diverged", divergence: arm.divergence }
    : endingAt(arm.final.inference, costs);
}

/** The ending that a final cost in inference mode means. */
export function endingAt(cost: Statistic, { predictMean, noiseFloor }: ReferenceCosts): TrainedEnding {
  if (typeof cost === "string") return { ending: "not-finite", cost };
  if (!(cost < limit("learned-little") * predictMean)) return { ending: "did-not-learn", cost };
  const learned = cost < limit("learned") * predictMean ? "learned" : "learned-little";
  const error = { ending: learned, cost, progress: { of: "error", share: cost / predictMean } } as const;
  if (noiseFloor === undefined) return error;
  if (cost < limit("below-the-noise") * noiseFloor) return { ending: "below-the-noise", cost };
  // Where the mean is as good as the truth, nearness to the noise says nothing.
  if (!(predictMean > limit("told-noise") * noiseFloor)) return error;
  if (cost < limit("at-the-noise") * noiseFloor) return { ending: "at-the-noise", cost };
  const way = (predictMean - cost) / (predictMean - noiseFloor);
  return { ending: learned, cost, progress: { of: "way", share: Math.max(0, Math.min(1, way)) } };
}

/** Endings in four groups, from the best on. */
export const FATES = ["learned", "learned-little", "did-not-learn", "diverged"] as const;
export type Fate = (typeof FATES)[number];

/** As good as the noise allows is learned; to predict nothing finite is not to learn. */
export function fateOf({ ending }: Pick<Ending, "ending">): Fate {
  if (ending === "not-finite") return "did-not-learn";
  return ending === "at-the-noise" || ending === "below-the-noise" ? "learned" : ending;
}

/** The update at which an arm diverged; undefined of one that did not. */
export function divergedAt(
  arm:
    | { readonly status: "trained" }
    | { readonly status: "diverged"; readonly divergence: { readonly update: number } }
    | undefined,
): number | undefined {
  return arm?.status === "diverged" ? arm.divergence.update : undefined;
}
