import { type Ending, endingOf, FATES, fateOf } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult, Divergence, ReferenceCosts } from "../record/arms.js";
import type { Result } from "../record/result.js";
import { t } from "./language.js";
import { lossWords } from "./losses.js";
import { countText, foldText, numberText, percentText } from "./numbers.js";
import { layerName, tensorWords } from "./places.js";

/** How near to predicting the mean is as good as it: "2 %". */
export const NEAR_MEAN = percentText(1 - limit("learned-little"));

/** "diverged at update 12": the ending wherever there is no room for more. */
export function divergedText(update: number): string {
  return t`diverged at update ${countText(update)}`;
}

/** An arm's ending behind its name: "learned: 57.6 in inference mode". */
export function endingText(arm: ArmResult, costs: ReferenceCosts): string {
  const ending = endingOf(arm, costs);
  const { constant } = lossWords(costs);
  switch (ending.ending) {
    case "diverged":
      return divergenceText(ending.divergence, arm.checkpoints.at(-1)?.layers.length ?? 0);
    case "not-finite":
      return t`predicts non-finite values: ${costText(arm, ending)}`;
    case "did-not-learn": {
      const beside = ending.cost < costs.predictMean ? t`within ${NEAR_MEAN} of` : t`no better than`;
      return t`did not learn: ${costText(arm, ending)}, ${beside} ${constant} at ${numberText(costs.predictMean)}`;
    }
    case "learned-little":
      return t`learned little: ${costText(arm, ending)}, where ${constant} costs ${numberText(costs.predictMean)}`;
    default:
      return t`learned: ${costText(arm, ending)}`;
  }
}

function costText(arm: ArmResult, { cost }: Exclude<Ending, { ending: "diverged" }>): string {
  const isBoth = arm.status === "trained" && arm.final.train === cost;
  return isBoth ? numberText(cost) : t`${numberText(cost)} in inference mode`;
}

/** How an arm ended, in a word or two. */
export const FATE_WORDS = {
  learned: t`learned`,
  "learned-little": t`learned little`,
  "did-not-learn": t`did not learn`,
  diverged: t`diverged`,
} as const;

/** Many arms by how they ended: those that learned from the best on, then the others. */
export function endingsInShort({ arms, referenceCosts }: Result): string[] {
  const all = Object.entries(arms).map(([name, arm]) => {
    const ending = endingOf(arm, referenceCosts);
    return ending.ending === "diverged"
      ? {
          fate: fateOf(ending),
          order: ending.divergence.update,
          text: t`${name} at update ${countText(ending.divergence.update)}`,
        }
      : { fate: fateOf(ending), order: sizeOf(ending), text: `${name} ${numberText(ending.cost)}` };
  });
  return FATES.flatMap((fate) => {
    const members = all.filter((each) => each.fate === fate).sort((one, other) => one.order - other.order);
    return members.length === 0 ? [] : [`${FATE_WORDS[fate]}: ${members.map(({ text }) => text).join(", ")}`];
  });
}

/** A cost that is not finite is larger than any other. */
function sizeOf({ cost }: Exclude<Ending, { ending: "diverged" }>): number {
  return typeof cost === "number" ? cost : Number.POSITIVE_INFINITY;
}

/** "diverged at update 1 in the forward pass, at the output layer's pre-activation; before any training, …". */
function divergenceText({ update, layer, tensor, pass, growth, cause }: Divergence, layers: number): string {
  if (cause !== undefined) {
    const norm = tensor === "layerInput" ? layer - 1 : layer;
    return t`${divergedText(update)}: with an epsilon of 0, ${norm < 0 ? t`the input` : layerName(norm, layers)}'s BN divided 0 by 0`;
  }
  const [when, where] = [divergedText(update), t`${layerName(layer, layers)}'s ${tensorWords(tensor)}`];
  const place =
    pass === "forward" ? t`${when} in the forward pass, at ${where}` : t`${when} in the backward pass, at ${where}`;
  return growth === undefined ? place : `${place}${growthText(growth)}`;
}

/** "; before any training, values grow 3.7-fold from layer to layer, against 3.9-fold in theory": sizes, where the record has second moments. */
function growthText({ update, measured, predicted }: NonNullable<Divergence["growth"]>): string {
  const factor = Math.sqrt(Number(measured));
  if (!(factor > 0 && Number.isFinite(factor))) return "";
  const when = update === 0 ? t`before any training` : t`at update ${countText(update)}`;
  const [fold, theory] = [factor, Math.sqrt(predicted ?? 1)].map(foldText);
  const isKept = fold === foldText(1);
  const change = isKept ? t`keep their size` : factor < 1 ? t`shrink ${fold}` : t`grow ${fold}`;
  const beside = predicted === undefined || (isKept && theory === fold) ? "" : t`, against ${theory} in theory`;
  return t`; ${when}, values ${change} from layer to layer${beside}`;
}

/** What became of an arm that diverged, in a few words. */
export function divergedShortly({ update, cause }: Divergence): string {
  return cause === undefined
    ? t`blew up at update ${update}`
    : t`became NaN at update ${update}: without epsilon, BN divided 0 by 0`;
}
