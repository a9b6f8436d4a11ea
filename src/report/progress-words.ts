import type { Progress, TrainedEnding } from "../outcome/ending.js";
import type { Result } from "../record/result.js";
import { NEAR_MEAN } from "../text/endings.js";
import { t } from "../text/language.js";
import { lossWords } from "../text/losses.js";
import { foldText, numberText, percentText } from "../text/numbers.js";
import { changeVerb } from "./net-state.js";

/** How far a net came on the way to the noise, or what error is left; undefined where the ending says something else. */
export function shareOf(ending: TrainedEnding, of: Progress["of"]): number | undefined {
  return "progress" in ending && ending.progress.of === of ? ending.progress.share : undefined;
}

/** Only all of it is 100 %, only none of it 0 %. */
export function wayText(share: number): string {
  if (share > 0.99 && share < 1) return t`more than 99 %`;
  return percentText(share);
}

/** What a net starts from and where it should get: a curve where it has one input. */
export function wayEnds({ data, referenceCosts }: Result): { readonly from: string; readonly to: string } {
  return data.grid === undefined
    ? { from: lossWords(referenceCosts).constant, to: t`the noise floor` }
    : { from: t`a flat line`, to: t`the true curve` };
}

/** The same behind a net's name. */
export function progressText(ending: TrainedEnding, result: Result): string {
  const { predictMean, noiseFloor } = result.referenceCosts;
  const { from, to } = wayEnds(result);
  const flat = `${from} (${numberText(predictMean)})`;
  const floor = numberText(noiseFloor ?? 0);
  switch (ending.ending) {
    case "not-finite":
      return t`predicts non-finite values (${ending.cost})`;
    case "did-not-learn":
      return ending.cost < predictMean ? t`is within ${NEAR_MEAN} of ${flat}` : t`fits no better than ${flat}`;
    case "below-the-noise":
      return t`is below the noise (${floor}): it has begun to fit the noise`;
    case "at-the-noise":
      return t`fits as closely as the noise allows (${floor})`;
    default:
      return ending.progress.of === "error"
        ? t`has ${percentText(ending.progress.share)} of the error of ${flat}`
        : t`has come ${wayText(ending.progress.share)} of the way from ${flat} to ${to} (${floor})`;
  }
}

/** What becomes of gradients in nets, by factors: "grow 23-fold in plain", "66-fold in bn". */
export function changeTexts(all: readonly { readonly mark: string; readonly factor: number }[]): string[] {
  return all.map(({ mark, factor }, place) => {
    const verb = verbOf(factor);
    if (verb === "keep") return t`keep their size in ${mark}`;
    const before = all[place - 1];
    const isAgain = before !== undefined && verbOf(before.factor) === verb;
    return t`${isAgain ? "" : `${changeVerb(verb === "grow")} `}${foldText(factor)} in ${mark}`;
  });
}

function verbOf(factor: number): "keep" | "grow" | "shrink" {
  if (numberText(factor) === "1") return "keep";
  return factor > 1 ? "grow" : "shrink";
}
