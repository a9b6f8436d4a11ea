import type { ArmResult } from "../record/arms.js";
import type { Checkpoint, Evidence, Health, Layer } from "../record/layers.js";
import type { Verdict } from "../record/verdicts.js";
import { limit as limitOf } from "./limits.js";

/** Where an arm first failed, and why. */
export interface Failure {
  readonly update: number;
  /** 0 is the first hidden layer; the last is the output layer. */
  readonly layer: number;
  readonly layers: number;
  readonly verdict: Exclude<Verdict, "healthy">;
  readonly evidence: Evidence;
  readonly health: Health;
  /** Layers in front of it whose gradient it cuts off. */
  readonly cutsOff: readonly number[];
  /** The input's own mean square and its limit, where the layer fails for nothing but that. */
  readonly inputScale?: { readonly value: number; readonly limit: number };
}

/**
 * The cause of failing at the first record in which a layer fails. A gradient comes from behind, so a layer that
 * receives none of it did not fail by itself: a layer behind it that is saturated, dead or constant is the cause. Where
 * there is none, the gradient fades, and the layer it reaches first on its way back is named. Everything else comes from
 * the front: the layer nearest to the input is the cause, or the input itself.
 */
export function firstFailure({ checkpoints }: Pick<ArmResult, "checkpoints">): Failure | undefined {
  const [atStart] = checkpoints;
  for (const checkpoint of checkpoints) {
    const failing = checkpoint.layers.filter(({ health }) => health.verdict !== "healthy");
    const starved = failing.filter(({ health }) => health.evidence?.rule === "small-gradient");
    const cause = failing.find((layer) => !starved.includes(layer)) ?? starved.at(-1);
    if (cause === undefined) continue;
    const { layer, health } = cause;
    const { verdict, evidence } = health;
    if (verdict === "healthy" || evidence === undefined) continue;
    const inputScale = inputScaleOf(atStart ?? checkpoint, cause, evidence);
    return {
      update: checkpoint.update,
      layer,
      layers: checkpoint.layers.length,
      verdict,
      evidence,
      health,
      cutsOff: blocksGradient(verdict) ? starved.flatMap((other) => (other.layer < layer ? [other.layer] : [])) : [],
      ...(inputScale === undefined ? {} : { inputScale }),
    };
  }
  return undefined;
}

function blocksGradient(verdict: Verdict): boolean {
  return verdict === "saturated" || verdict === "dead" || verdict === "constant";
}

/**
 * The input's mean square where that alone makes a layer fail: what the layer computes is large because the input is, and
 * over the input's mean square it would be within the limit. Values that all lie far from zero also leave a unit on one
 * side of zero, or where the activation is flat, on every point. The input is that of update 0: what a BN of the input
 * passes on later has the scale of its gamma, which training chose.
 */
function inputScaleOf({ layers }: Checkpoint, { health }: Layer, { rule, limit }: Evidence): Failure["inputScale"] {
  const input = layers[0]?.layerInput;
  const square = Number(input?.variance) + Number(input?.mean) ** 2;
  const most = limitOf("large-second-moment");
  const secondMoment = Number(health.secondMoment);
  if (rule === "small-gradient" || rule === "small-values" || !(square > most && secondMoment > most)) return undefined;
  const isCause = secondMoment / square <= (rule === "output-scale" ? (limit ?? most) : most);
  return isCause ? { value: square, limit: most } : undefined;
}
