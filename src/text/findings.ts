import { type Failure, firstFailure } from "../outcome/failure.js";
import type { ArmResult } from "../record/arms.js";
import type { PairedEffect } from "../record/effects.js";
import type { Evidence, Health } from "../record/layers.js";
import type { Result } from "../record/result.js";
import type { Verdict } from "../record/verdicts.js";
import { meanText, overText } from "./effect-words.js";
import { endingsInShort, endingText } from "./endings.js";
import { t } from "./language.js";
import { countedText, numberText, percentRange, percentText } from "./numbers.js";
import { layerName, type UnitNoun, unitNoun, verdictWord } from "./places.js";

/** With more arms than these, a sentence about each layer's fate would be a page. */
const ARMS_IN_DETAIL = 3;

/** What happened, every claim with its number: each arm in turn, and over the seeds where there are several. */
export function sentenceOf(result: Result): string {
  const arms = Object.entries(result.arms);
  const first = result.seeds.length > 1 ? t`Seed ${result.config.seed}: ` : "";
  if (arms.length > ARMS_IN_DETAIL) return t`${first}${endingsInShort(result).join("; ")} (costs in inference mode).`;
  const happened = arms.map(
    ([name, arm]) =>
      `${name} ${endingText(arm, result.referenceCosts)}${batchOfOneText(result, name) || failureText(arm, result.config)}`,
  );
  return [`${first}${happened.join("; ")}.`, ...overSeeds(result)].join(" ");
}

/** Verdicts that have a verb; any other one is what a layer is: "is constant". */
const FAILING: Readonly<Partial<Record<Verdict, string>>> = {
  saturated: t`saturates`,
  dead: t`dies`,
  exploding: t`explodes`,
  vanishing: t`vanishes`,
};

/** Batches of one point explain whatever else an arm does. */
function batchOfOneText({ warnings, data }: Result, name: string): string {
  const warning = warnings.find((each) => each.code === "batch-of-one" && each.arm === name);
  if (warning === undefined || !("outputs" in warning)) return "";
  const which = Number(warning.value) < data.trainingSamples ? t`some batches hold` : t`every batch holds`;
  return t` (${which} a single point, for which ${singlePointText(warning)})`;
}

/** What BN makes of a batch of one point. */
export function singlePointText({ outputs }: { readonly outputs: "beta" | "zero" | "sign" | "undefined" }): string {
  if (outputs === "sign") return t`BN outputs only the sign of its input`;
  if (outputs === "undefined") return t`BN divides 0 by 0`;
  return outputs === "zero" ? t`BN outputs 0 regardless of its input` : t`BN outputs beta regardless of its input`;
}

function failureText(arm: ArmResult, config: Result["config"]): string {
  const failure = firstFailure(arm);
  if (failure === undefined || (arm.status === "diverged" && arm.divergence.cause !== undefined)) return "";
  const { layer, layers, verdict, update, health, inputScale } = failure;
  const name = layerName(layer, layers);
  const when = t`at update ${update}`;
  const evidence = `${evidenceOf(health, unitNoun(config, layer))}${cutOffText(failure)}`;
  const failing = FAILING[verdict] ?? t`is ${verdictWord(verdict)}`;
  if (inputScale === undefined) return t` (${name} ${failing} first, ${when}: ${evidence})`;
  return t` (because of ${inputScaleText(inputScale)}, ${name} ${failing} ${when}: ${evidence})`;
}

/** "the input's own scale, a mean square of 1e10 where 100 is the limit". */
export function inputScaleText({ value, limit }: NonNullable<Failure["inputScale"]>): string {
  return t`the input's own scale, a mean square of ${numberText(value)} against a limit of ${limit}`;
}

/** ", which cuts off the gradient of layers 1 to 7". */
export function cutOffText({ cutsOff }: Failure): string {
  const [first, last] = [cutsOff[0], cutsOff.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (cutsOff.length === 1) return t`, which cuts off the gradient of layer ${first + 1}`;
  const isRun = last - first + 1 === cutsOff.length;
  const all = isRun ? t`${first + 1} to ${last + 1}` : cutsOff.map((layer) => layer + 1).join(", ");
  return t`, which cuts off the gradient of layers ${all}`;
}

/** The number that the verdict's rule used, in words; `unit` is what the layer has. */
export function evidenceOf(
  { evidence, units, silentUnits, constantUnits, secondMoment, growth }: Health,
  unit: UnitNoun,
): string {
  const grown = growth === undefined ? "" : t`, × ${numberText(growth)} from the layer before`;
  if (evidence === undefined) return t`second moment ${numberText(secondMoment)}${grown}`;
  switch (evidence.rule) {
    case "saturated-values":
      return t`${percentText(Number(evidence.value))} of its values`;
    case "silent-units":
      return t`${silentUnits} of ${countedText(units, unit)}`;
    case "constant-units":
      return t`${constantUnits} of ${countedText(units, unit)}`;
    case "small-gradient":
      return t`${evidence.value === 0 ? t`nothing` : percentText(Number(evidence.value))} of the output layer's gradient arrives`;
    case "output-scale":
      return t`second moment ${numberText(evidence.value)}, against a limit of ${numberText(evidence.limit ?? 0)} from the targets`;
    case "growth":
    case "small-values":
    case "not-finite":
      return t`second moment ${numberText(evidence.value)}${grown}`;
    default:
      return ruleText(evidence);
  }
}

/** A rule without words of its own: its name, and what it judged. */
function ruleText({ rule, value, limit }: Evidence): string {
  const beyond = limit === undefined ? "" : t`, against a limit of ${limit}`;
  return `${rule.replaceAll("-", " ")} ${numberText(value)}${beyond}`;
}

function overSeeds({ seeds, effects }: Result): string[] {
  if (seeds.length < 2) return [];
  return Object.entries(effects).map(([arm, { against, inference }]) => {
    const { wins, mean } = inference;
    const won =
      wins === undefined
        ? ""
        : t`${arm} ends lower than ${against} in ${wins.treated} of ${wins.of} (${percentRange(wins)})`;
    const whose = inference.defined < seeds.length ? ` ${overText(inference, seeds.length)}` : "";
    const average = inference.defined === 1 ? "" : t`on average `;
    const effect = mean === undefined ? t`; no pair has two final costs` : `, ${average}${meanText(mean)}${whose}`;
    return t`Over ${seeds.length} seeds, in inference mode, ${won}${effect}.`;
  });
}

/** "6.9 (6.2–7.6)": the geometric mean of the cost ratios and its interval. */
export function factorText({ estimate, low, high }: NonNullable<PairedEffect["mean"]>): string {
  const factor = (log: number) => numberText(Math.exp(log));
  return `${factor(estimate)}${low === undefined || high === undefined ? "" : ` (${factor(low)}–${factor(high)})`}`;
}

/** How far one cost is from another: "29 % above", "12 % below", and from double on "6.23 times". */
export function distanceText(cost: number, other: number): string {
  const ratio = cost / other;
  if (ratio >= 2) return t`${numberText(ratio)} times`;
  const share = percentText(Math.abs(ratio - 1));
  return ratio > 1 ? t`${share} above` : t`${share} below`;
}
