import type { Progress, TrainedEnding } from "../outcome/ending.js";
import type { ReferenceCosts } from "../record/arms.js";
import { NEAR_MEAN } from "../text/endings.js";
import { numberText, percentText } from "../text/numbers.js";

/** How far a net came on the way to the noise, or what error is left; undefined where the ending says something else. */
export function shareOf(ending: TrainedEnding, of: Progress["of"]): number | undefined {
  return "progress" in ending && ending.progress.of === of ? ending.progress.share : undefined;
}

/** Only all of it is 100 %, only none of it 0 %. */
export function wayText(share: number): string {
  if (share > 0.99 && share < 1) return "more than 99 %";
  return percentText(share);
}

/** The same behind a net's name. */
export function progressText(ending: TrainedEnding, { predictMean, noiseFloor, chance }: ReferenceCosts): string {
  const flat = `${chance === undefined ? "a flat line" : "predicting the classes' shares"} (${numberText(predictMean)})`;
  const floor = numberText(noiseFloor ?? 0);
  switch (ending.ending) {
    case "not-finite":
      return `predicts non-finite values (${ending.cost})`;
    case "did-not-learn":
      return ending.cost < predictMean ? `is within ${NEAR_MEAN} of ${flat}` : `fits no better than ${flat}`;
    case "below-the-noise":
      return `is below the noise (${floor}): it has begun to fit the noise`;
    case "at-the-noise":
      return `fits as closely as the noise allows (${floor})`;
    default:
      return ending.progress.of === "error"
        ? `has ${percentText(ending.progress.share)} of the error of ${flat}`
        : `has come ${wayText(ending.progress.share)} of the way from ${flat} to the true curve (${floor})`;
  }
}
