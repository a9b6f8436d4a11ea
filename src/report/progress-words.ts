import { NOTHING_LEARNED } from "../experiment/findings.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import { numberText, percentText } from "../text/numbers.js";

/** What a final cost means beside those of knowing nothing and of knowing the truth. */
export type Progress =
  | { readonly kind: "lost"; readonly cost: string }
  | { readonly kind: "none"; readonly cost: number }
  | { readonly kind: "way"; readonly share: number }
  | { readonly kind: "noise" }
  | { readonly kind: "overfit" }
  | { readonly kind: "error"; readonly share: number };

/** Costs this near to the noise's are as good as it; below the lower one the net follows the noise itself. */
const [NEAR_NOISE, BELOW_NOISE] = [1.1, 0.85];

/** How near to predicting the mean is as good as it: "2 %". */
export const NEAR_MEAN = percentText(1 - NOTHING_LEARNED);

export function progressOf(cost: Statistic, { predictMean, noiseFloor }: Result["referenceCosts"]): Progress {
  if (typeof cost === "string") return { kind: "lost", cost };
  if (cost >= NOTHING_LEARNED * predictMean) return { kind: "none", cost };
  if (noiseFloor === undefined) return { kind: "error", share: cost / predictMean };
  if (cost < BELOW_NOISE * noiseFloor) return { kind: "overfit" };
  const way = (predictMean - cost) / (predictMean - noiseFloor);
  // Where the mean is as good as the truth, nearness to the noise tells nothing.
  const isTold = predictMean > 2 * noiseFloor;
  return isTold && cost < NEAR_NOISE * noiseFloor
    ? { kind: "noise" }
    : { kind: "way", share: Math.max(0, Math.min(1, way)) };
}

/** Only all of it is 100 %, only none of it 0 %. */
export function wayText(share: number): string {
  if (share > 0.99 && share < 1) return "more than 99 %";
  return percentText(share);
}

/** The same behind a net's name. */
export function progressText(progress: Progress, { predictMean, noiseFloor }: Result["referenceCosts"]): string {
  const flat = `a flat line at the mean (${numberText(predictMean)})`;
  const floor = numberText(noiseFloor ?? 0);
  switch (progress.kind) {
    case "lost":
      return `predicts values beyond all numbers (${progress.cost})`;
    case "none":
      return progress.cost < predictMean ? `is within ${NEAR_MEAN} of ${flat}` : `fits no better than ${flat}`;
    case "overfit":
      return `is below the noise (${floor}): it has begun to fit the noise itself`;
    case "noise":
      return `is as close as the noise allows (${floor})`;
    case "error":
      return `has ${percentText(progress.share)} of the error of ${flat}`;
    case "way":
      return `has come ${wayText(progress.share)} of the way from ${flat} to the true curve (${floor})`;
  }
}
