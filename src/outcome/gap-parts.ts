import type { ArmResult } from "../record/arms.js";
import type { Gap } from "../record/layers.js";
import { limit } from "./limits.js";

const MOMENTS = ["mean", "variance"] as const;
const PARTS = ["initializationBias", "lag", "noise", "rounding"] as const;

export type GapPart = (typeof PARTS)[number];

/** The gaps of an arm's norms at its last record. */
export function lastGaps({ checkpoints }: Pick<ArmResult, "checkpoints">): Gap[] {
  const last = checkpoints.at(-1);
  return [last?.inputNorm?.gap, ...(last?.layers ?? []).map(({ gap }) => gap)].filter((gap) => gap !== undefined);
}

/**
 * The part that makes up most of the gaps at the last record, over all normalized layers, means in standard deviations
 * and variances as shares; the largest two where no part is most of it. Empty where the averages are as good as what they
 * stand for; undefined of an arm that ended early, and where the gaps are not finite.
 */
export function mainGapParts(arm: ArmResult): readonly GapPart[] | undefined {
  if (arm.status === "diverged") return undefined;
  const moments = lastGaps(arm).flatMap((gap) => MOMENTS.map((moment) => gap[moment]));
  const largest = Math.max(...moments.map(({ total }) => Number(total)));
  if (moments.length === 0 || !Number.isFinite(largest)) return undefined;
  if (largest < limit("small-gap")) return [];
  const sizes = PARTS.map((part) => ({
    part,
    size: moments.reduce((sum, moment) => sum + Number(moment[part]) ** 2, 0),
  })).sort((one, other) => other.size - one.size);
  const all = sizes.reduce((sum, { size }) => sum + size, 0);
  if (!Number.isFinite(all)) return undefined;
  const parts = sizes.map(({ part }) => part);
  return parts.slice(0, (sizes[0]?.size ?? 0) > limit("main-part") * all ? 1 : 2);
}
