import { type StyledArm, styledArms } from "../charts/runs.js";
import { capitalized, listText, nameText } from "../charts/wording.js";
import { finalsOver } from "../experiment/effects.js";
import { type Ending, endingAt, fateOf as groupOf, type TrainedEnding } from "../outcome/ending.js";
import type { PairedEffect } from "../record/effects.js";
import type { Result } from "../record/result.js";
import { endsText, factorsText, overText, timesText } from "../text/effect-words.js";
import { divergedShortly, NEAR_MEAN } from "../text/endings.js";
import { t } from "../text/language.js";
import { lossWords } from "../text/losses.js";
import { countText, numberText, percentText } from "../text/numbers.js";
import { conclusionOf } from "./conclusion.js";
import { type LabeledArm, labeledArms } from "./labeled-arms.js";
import { modeEnds, predictedApart } from "./mode-gap.js";
import { settingOf } from "./net-state.js";
import { hasTwoModes, normalizerNamed } from "./normalizers.js";
import { wayEnds, wayText } from "./progress-words.js";

/** With more arms a clause about each would be no headline. */
const MOST_IN_FULL = 2;

/** What came of it, in words that need no other part of the page: every claim is this run's, over all its seeds. */
export function headlineOf(result: Result): string {
  const arms = labeledArms(result);
  const names = titlesOf(result);
  const title = ({ name, label }: LabeledArm) => (arms.length > MOST_IN_FULL ? label : (names.get(name) ?? label));
  if (arms.length > MOST_IN_FULL) {
    const conclusion = conclusionOf(result, "parts");
    const effects = conclusion === undefined ? [] : [conclusion];
    return [...effects, `${inShort(result, arms)}.`, ...modesApart(result, arms, title)].join(" ");
  }
  const [one, other] = arms.map((arm) => ({ name: title(arm), fate: fateOf(result, arm) }));
  if (one === undefined) return t`No arm was trained.`;
  const isMedian = result.seeds.length > 1 && [one, other].every((arm) => arm?.fate.ending !== "diverged");
  const own = other === undefined ? `${one.name} ${fateText(one.fate, result)}` : bothText(one, other, result);
  const fates = isMedian ? t`in the median, ${own}` : own;
  const differ = differences(result, names);
  const apart = modesApart(result, arms, title, differ.length > 1);
  // Over several seeds the effect with its spread comes first.
  return (
    result.seeds.length > 1
      ? [...differ, ...apart, `${capitalized(fates)}.`]
      : [`${capitalized(fates)}.`, ...differ, ...apart]
  ).join(" ");
}

function isBatchNormalized({ name, longName, label }: StyledArm): boolean {
  return name === "bn" && longName !== label;
}

function titlesOf(result: Result): ReadonlyMap<string, string> {
  return new Map(
    styledArms(result).map(({ name, label, longName }) => {
      if (name === "plain" || longName !== label) return [name, t`the ${longName} net`];
      // An arm that has its name from its normalizer.
      const isNamed = settingOf(result, name, "normalizer") === name;
      return [name, isNamed ? t`the net with ${normalizerNamed(name).label}` : t`the net ${nameText(name)}`];
    }),
  );
}

type Fate = TrainedEnding | { readonly ending: "diverged"; readonly text: string; readonly update?: number };

/** Where an arm ended, by the cost of prediction: in the median over the seeds, unless one of them diverged. */
function fateOf(result: Result, { name, arm }: LabeledArm): Fate {
  const { referenceCosts, seeds } = result;
  const { diverged } = finalsOver(seeds, name, "train");
  if (diverged > 0 && seeds.length > 1) {
    const text = t`diverged in ${diverged === seeds.length ? t`all ` : t`${diverged} of `}${seeds.length} seeds`;
    return { ending: "diverged", text };
  }
  if (arm.status === "diverged") {
    const { update, cause } = arm.divergence;
    return { ending: "diverged", text: divergedShortly(arm.divergence), ...(cause === undefined ? { update } : {}) };
  }
  return endingAt(modeEnds(result, name).inference ?? "Infinity", referenceCosts);
}

function fateText(fate: Fate, result: Result): string {
  const { from, to } = wayEnds(result);
  switch (fate.ending) {
    case "diverged":
      return fate.text;
    case "not-finite":
      return t`predicts non-finite values`;
    case "did-not-learn":
      return t`ended ${nearMeanText([fate.cost], result)}`;
    case "below-the-noise":
      return t`ended below the cost of the noise alone, so it has begun to fit the noise`;
    case "at-the-noise":
      return t`learned the data as closely as the noise allows`;
    default:
      return fate.progress.of === "error"
        ? t`reduced its error to ${percentText(fate.progress.share)} of that of always ${lossWords(result.referenceCosts).constant}`
        : t`came ${wayText(fate.progress.share)} of the way from ${from} to ${to}`;
  }
}

/** "no better than always predicting the mean (800 against 751)", or how near to that. */
function nearMeanText(ends: readonly number[], { referenceCosts }: Result): string {
  const { predictMean } = referenceCosts;
  const how = ends.every((cost) => cost >= predictMean) ? t`no better than` : t`within ${NEAR_MEAN} of`;
  return t`${how} always ${lossWords(referenceCosts).constant} (${listText(ends.map(numberText))} against ${numberText(predictMean)})`;
}

interface Told {
  readonly name: string;
  readonly fate: Fate;
}

function bothText(one: Told, other: Told, result: Result): string {
  const [first, second] = [fateText(one.fate, result), fateText(other.fate, result)];
  if (first === second && one.fate.ending !== "below-the-noise")
    return t`both nets ${first.replace(t`its error`, t`their error`)}`;
  if ("progress" in one.fate && "progress" in other.fate && one.fate.progress.of === other.fate.progress.of) {
    const { of, share } = other.fate.progress;
    return `${one.name} ${first}, ${other.name} ${of === "way" ? wayText(share) : t`to ${percentText(share)}`}`;
  }
  if (one.fate.ending === "did-not-learn" && other.fate.ending === "did-not-learn") {
    const ends = [one.fate.cost, other.fate.cost];
    if (ends.every((cost) => cost >= result.referenceCosts.predictMean))
      return t`both nets ended ${nearMeanText(ends, result)}`;
  }
  if (one.fate.ending === "below-the-noise" && other.fate.ending === "below-the-noise")
    return t`both nets ended below the cost of the noise alone, so they have begun to fit the noise`;
  if (one.fate.ending === "diverged" && other.fate.ending === "diverged" && other.fate.update !== undefined)
    return t`both nets blew up, ${one.name} at update ${one.fate.update} and ${other.name} at update ${other.fate.update}`;
  return t`${one.name} ${first}, while ${other.name} ${second}`;
}

/**
 * The arms that predict lastingly worse than training says, or better: what they cost in training mode, of which the
 * sentence before may already speak.
 */
function modesApart(
  result: Result,
  arms: readonly LabeledArm[],
  title: (arm: LabeledArm) => string,
  isTraining = false,
): string[] {
  const seeds = result.seeds.length;
  const apart = arms.map((arm) => ({ name: title(arm), ...modeEnds(result, arm.name) })).filter(({ isFar }) => isFar);
  // Of many arms the other mode's costs are in no other sentence.
  const isAlone = arms.length > MOST_IN_FULL;
  const costs = apart.flatMap(({ name, train, inference }) => {
    if (train === undefined) return [];
    const other = isAlone && inference !== undefined ? t` (${numberText(inference)} in inference mode)` : "";
    return [t`${name} costs ${numberText(train)}${other}`];
  });
  const lost = apart.flatMap(({ name, lost, inference }) =>
    lost === 0 || inference === undefined ? [] : [t`${name} predicts non-finite values in ${lost} of ${seeds} seeds`],
  );
  const median = seeds > 1 ? t` in the median` : "";
  return [
    ...(lost.length === 0 ? [] : [`${capitalized(listText(lost))}.`]),
    ...(costs.length === 0 ? [] : [`${isTraining ? t`There` : t`In training mode`}, ${listText(costs)}${median}.`]),
  ];
}

/** How far apart the two arms end, where both do: in inference mode, and by itself in training mode where that is far from it. */
function differences(result: Result, names: ReadonlyMap<string, string>): string[] {
  const [first] = Object.entries(result.effects);
  if (first === undefined) return [];
  const [name, { against, train, inference }] = first;
  const isOfBn = against === "plain" && styledArms(result).some((arm) => arm.name === name && isBatchNormalized(arm));
  const subject = isOfBn ? t`With BN the final error is` : t`The final error of ${names.get(name)} is`;
  const predicted =
    inference.mean === undefined
      ? []
      : [
          `${subject} ${shareText(inference.mean.estimate, t`${names.get(against)}'s`)} (${evidenceText(result, [name, against], inference)})${chanceText(inference)}.`,
        ];
  if (train.mean === undefined) return predicted;
  const { estimate } = train.mean;
  if (predicted.length === 0)
    return [t`In training mode ${endsText(names.get(name) ?? "", names.get(against) ?? "", estimate)}.`];
  const isApart = predictedApart({ train, inference }) !== undefined;
  return isApart ? [...predicted, t`In training mode it is ${timesText(estimate)}.`] : predicted;
}

/** Behind "is": "about a sixth of the plain net's". */
function shareText(logRatio: number, whose: string): string {
  if (logRatio === 0) return t`the same as ${whose}`;
  const fold = Math.exp(Math.abs(logRatio));
  if (fold < SAME) return t`about the same as ${whose}`;
  const whole = Math.round(fold);
  if (fold < SHARE_IN_PERCENT) return t`${percentText(Math.exp(-logRatio))} of ${whose}`;
  if (logRatio > 0 && whole >= COUNTED) return t`${timesText(logRatio)} than ${whose}`;
  if (logRatio > 0) return t`about ${SHARES[whole] ?? `1/${countText(whole)}`} of ${whose}`;
  return t`about ${whole === 2 ? t`twice` : t`${numberText(Number(fold.toPrecision(2)))} times`} ${whose}`;
}

/** Nearer to equal than this factor, a share in percent would say nothing: ">99 %". */
const SAME = 1.015;
/** Nearer to equal than this factor, a share is better told in percent. */
const SHARE_IN_PERCENT = 1.75;
/** A fraction of as many parts is better told as a factor. */
const COUNTED = 1000;
const SHARES: Readonly<Record<number, string>> = {
  2: t`half`,
  3: t`a third`,
  4: t`a quarter`,
  5: t`a fifth`,
  6: t`a sixth`,
  7: t`a seventh`,
  8: t`an eighth`,
  9: t`a ninth`,
  10: t`a tenth`,
};

/** The two costs, or over several seeds the factor with what it rests on; and the mode. */
function evidenceText(result: Result, pair: readonly string[], effect: PairedEffect): string {
  const { seeds } = result;
  const { mean, defined } = effect;
  if (mean === undefined) return t`in inference mode`;
  const mode = hasTwoModes(result) ? [t`in inference mode`] : [];
  if (seeds.length < 2) {
    const costs = pair.map((arm) => finalsOver(seeds, arm, "inference").quartiles?.median ?? Number.NaN);
    return [costs.map(numberText).join(t` against `), ...mode].join(", ");
  }
  const { estimate, low, high, confidence } = mean;
  const factor = timesText(estimate);
  const over = defined === 1 ? overText(effect, seeds.length) : t`geometric mean ${overText(effect, seeds.length)}`;
  const isTold = low !== undefined && high !== undefined && low !== high && !isChance(effect);
  const interval = isTold ? [t`${percentText(confidence)} CI ${factorsText(low, high, "–")}`] : [];
  return [factor, over, ...interval, ...mode].join(", ");
}

function chanceText(effect: PairedEffect): string {
  return isChance(effect) ? t`, which chance among the seeds could explain` : "";
}

/** Whether the interval holds both directions. */
function isChance({ mean }: PairedEffect): boolean {
  const { low, high } = mean ?? {};
  return low !== undefined && high !== undefined && low !== high && low <= 0 && high >= 0;
}

/** Many arms, by what became of them. */
function inShort(result: Result, arms: readonly LabeledArm[]): string {
  const { referenceCosts, seeds } = result;
  const all = arms.map(({ name, label }) => ({
    label,
    trained: finalsOver(seeds, name, "train"),
    predicting: finalsOver(seeds, name, "inference"),
  }));
  const lost = all.filter(({ trained }) => trained.diverged > 0);
  const infinite = all.filter(({ trained, predicting }) => trained.diverged === 0 && predicting.diverged > 0);
  const ended = all.flatMap(({ label, predicting: { diverged, quartiles } }) =>
    quartiles === undefined || diverged > 0 ? [] : [{ label, cost: quartiles.median }],
  );
  const count = (fate: Ending["ending"]) =>
    ended.filter(({ cost }) => groupOf(endingAt(cost, referenceCosts)) === fate).length;
  const isPartly = lost.some(({ trained }) => trained.diverged < seeds.length);
  const groups = [
    { number: count("learned"), fate: t`learned the data` },
    { number: count("learned-little"), fate: t`learned little` },
    {
      number: count("did-not-learn"),
      fate: t`ended no better than always predicting the mean, or within ${NEAR_MEAN} of it`,
    },
    {
      number: infinite.length,
      fate: seeds.length > 1 ? t`predict non-finite values in some or all seeds` : t`predict non-finite values`,
    },
    { number: lost.length, fate: isPartly ? t`diverged in some or all seeds` : t`diverged` },
  ].filter(({ number }) => number > 0);
  const [best] = ended.sort((a, b) => a.cost - b.cost);
  const cost = seeds.length > 1 ? t`median final cost` : t`final cost`;
  const first = best === undefined ? "" : t`; ${best.label} predicts best, with a ${cost} of ${numberText(best.cost)}`;
  const [only, ...others] = groups;
  const fates =
    only !== undefined && others.length === 0
      ? t`All ${arms.length} nets ${only.fate}`
      : t`Of ${arms.length} nets, ${listText(groups.map(({ number, fate }) => `${number} ${fate}`))}`;
  return `${fates}${first}`;
}
