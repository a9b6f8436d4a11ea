import { listText } from "../charts/wording.js";
import { limit } from "../outcome/limits.js";
import type { PairedEffect } from "../record/effects.js";
import type { Result } from "../record/result.js";
import { endsText, factorsText, timesText } from "../text/effect-words.js";
import { t } from "../text/language.js";
import { numberText, percentText } from "../text/numbers.js";
import { conclusionOf } from "./conclusion.js";
import { labeledArms } from "./labeled-arms.js";
import { predictedApart } from "./mode-gap.js";

interface Effect {
  readonly arm: string;
  readonly control: string;
  readonly train: PairedEffect;
  readonly inference: PairedEffect;
}

/** More effects than these are sorted by what they show. */
const MOST_EXPLAINED = 2;

export function effectHere(result: Result): string {
  const marks = new Map(labeledArms(result).map(({ name, mark }) => [name, mark]));
  const effects = Object.entries(result.effects).map(([name, { against, train, inference }]) => ({
    arm: marks.get(name) ?? "",
    control: marks.get(against) ?? "",
    train,
    inference,
  }));
  const isSorted = effects.length > MOST_EXPLAINED;
  const conclusion = conclusionOf(result, "all");
  if (conclusion !== undefined) return conclusion;
  const said = isSorted ? sortedEffects(effects) : effects.map(explainedEffect).join("; ");
  const apart = effects.flatMap(({ arm, ...effect }) => {
    const trained = predictedApart(effect) === undefined ? undefined : effect.train.mean;
    return trained === undefined ? [] : [`${arm} ${timesText(trained.estimate)}`];
  });
  const inTraining = apart.length === 0 ? "" : t` In training mode: ${listText(apart)}.`;
  const over = isSorted && result.seeds.length > 1 ? t` over ${result.seeds.length} seeds,` : "";
  return t`In inference mode,${over} ${said}.${inTraining}`;
}

type Finding = "lower" | "higher" | "open" | "single" | "none";

function findingOf({ mean }: PairedEffect): Finding {
  if (mean === undefined) return "none";
  if (mean.low === undefined || mean.high === undefined) return "single";
  return mean.low > 0 ? "lower" : mean.high < 0 ? "higher" : "open";
}

function explainedEffect({ arm, control, inference }: Effect): string {
  const { mean, pairs, defined } = inference;
  const lost = pairs - defined;
  const without = lost === 0 ? "" : t` (${lost} of ${pairs} pairs have no ratio, since an arm diverged)`;
  if (mean === undefined) return t`no seed has a final cost for both ${arm} and ${control}, so there is no ratio`;
  const finding = findingOf(inference);
  const { estimate, confidence, low = 0, high = 0 } = mean;
  const ends = endsText(arm, control, estimate);
  if (finding === "single") return t`${ends} in one seed, which says nothing about others${without}`;
  if (low === high) return t`${ends} in each of ${defined} seeds${without}`;
  const interval = low < 0 !== high < 0 ? t`from ${timesText(low)} to ${timesText(high)}` : factorsText(low, high, "–");
  const sure =
    finding === "open"
      ? t`so these seeds do not show which ends lower`
      : t`which chance among ${defined < limit("enough-seeds") ? t`so few seeds hardly explains` : t`the seeds does not explain`}`;
  return t`${ends} (geometric mean over ${defined} seeds, ${percentText(confidence)} CI ${interval}), ${sure}${without}`;
}

/** Each arm under what its interval shows, with its mean factor. */
function sortedEffects(effects: readonly Effect[]): string {
  const surely =
    Math.max(...effects.map(({ inference }) => inference.pairs)) < limit("enough-seeds") ? t`probably` : t`clearly`;
  const factor = (logRatio: number) => {
    const times = numberText(Math.exp(Math.abs(logRatio)));
    return times === "1" ? timesText(logRatio) : t`${times} times`;
  };
  const groups: readonly (readonly [Finding, string, (logRatio: number) => string])[] = [
    ["lower", t`${surely} lower than their controls:`, factor],
    ["higher", t`${surely} higher than their controls:`, factor],
    ["open", t`undecided:`, timesText],
    ["single", t`in a single seed, which says nothing about others:`, timesText],
    ["none", t`without a ratio, as no seed has both final costs:`, timesText],
  ];
  return groups
    .flatMap(([finding, what, text]) => {
      const arms = effects
        .filter(({ inference }) => findingOf(inference) === finding)
        .map(({ arm, inference: { mean } }) => (mean === undefined ? arm : `${arm} (${text(mean.estimate)})`));
      return arms.length === 0 ? [] : [`${what} ${listText(arms)}`];
    })
    .join("; ");
}
