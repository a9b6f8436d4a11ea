import type { ArmResult, Divergence } from "../record/arms.js";
import type { PairedEffect } from "../record/effects.js";
import type { Health } from "../record/layers.js";
import type { Result } from "../record/result.js";
import type { Statistic } from "../record/values.js";
import type { Verdict } from "../record/verdicts.js";
import { numberText, percentRange, percentText } from "../text/numbers.js";
import { meanText, overText } from "./effect-words.js";
import { type Failure, firstFailure } from "./failure.js";

/** A trained arm has learned when it leaves less than this share of the cost of predicting the mean. */
export const LEARNED = 0.5;
/** So near to the cost of predicting the mean it is no better. */
export const NOTHING_LEARNED = 0.98;
/** With more arms than these, a sentence about each layer's fate would be a page. */
const ARMS_IN_DETAIL = 3;

/** What happened, every claim with its number: each arm in turn, and over the seeds where there are several. */
export function sentenceOf(result: Result): string {
  const arms = Object.entries(result.arms);
  const first = result.seeds.length > 1 ? `Seed ${result.config.seed}: ` : "";
  if (arms.length > ARMS_IN_DETAIL) return `${first}${inShort(result).join("; ")} (costs in inference mode).`;
  const happened = arms.map(
    ([name, arm]) =>
      `${name} ${whatHappened(arm, result.referenceCosts.predictMean)}${batchOfOneText(result, name) || failureText(arm)}`,
  );
  return [`${first}${happened.join("; ")}.`, ...overSeeds(result)].join(" ");
}

/** Many arms by what happened to them: those that learned from the best on, then the others. */
function inShort({ arms, referenceCosts: { predictMean } }: Result): string[] {
  const groups = { learned: [], "learned little": [], "did not learn": [], diverged: [] } as Record<
    string,
    [number, string][]
  >;
  for (const [name, arm] of Object.entries(arms)) {
    if (arm.status === "diverged")
      groups["diverged"]?.push([arm.divergence.update, `${name} at update ${arm.divergence.update}`]);
    else {
      const { inference } = arm.final;
      groups[successOf(inference, predictMean)]?.push([sizeOf(inference), `${name} ${numberText(inference)}`]);
    }
  }
  return Object.entries(groups).flatMap(([group, members]) => {
    const sorted = members.sort(([a], [b]) => a - b).map(([, text]) => text);
    return sorted.length === 0 ? [] : [`${group}: ${sorted.join(", ")}`];
  });
}

/** By the cost of prediction, since that is what a net is for. */
export function successOf(inference: Statistic, predictMean: number): "learned" | "learned little" | "did not learn" {
  const cost = sizeOf(inference);
  if (cost < LEARNED * predictMean) return "learned";
  return cost < NOTHING_LEARNED * predictMean ? "learned little" : "did not learn";
}

/** A cost that is not finite is larger than any other. */
function sizeOf(cost: Statistic): number {
  return typeof cost === "number" ? cost : Number.POSITIVE_INFINITY;
}

function whatHappened(arm: ArmResult, predictMean: number): string {
  if (arm.status === "diverged") return divergenceText(arm.divergence, arm.checkpoints.at(-1)?.layers.length ?? 0);
  const { train, inference } = arm.final;
  const mean = numberText(predictMean);
  const costs = train === inference ? numberText(inference) : `${numberText(inference)} in inference mode`;
  if (typeof inference === "string") return `predicts nothing finite: ${costs}`;
  switch (successOf(inference, predictMean)) {
    case "learned":
      return `learned: ${costs}`;
    case "learned little":
      return `learned little: ${costs}, where predicting the mean costs ${mean}`;
    default: {
      const beside =
        inference < predictMean
          ? `within ${percentText(1 - NOTHING_LEARNED)} of predicting the mean at`
          : "no better than predicting the mean at";
      return `did not learn: ${costs}, ${beside} ${mean}`;
    }
  }
}

/** "diverged at update 1 in the forward pass, at the output layer's pre-activation; at update 0 …". */
function divergenceText({ update, layer, tensor, pass, growth, cause }: Divergence, layers: number): string {
  if (cause !== undefined) {
    const norm = tensor === "layerInput" ? layer - 1 : layer;
    return `diverged at update ${update}: with an epsilon of 0, ${norm < 0 ? "the input" : layerName(norm, layers)}'s BN divided 0 by 0`;
  }
  const place = `diverged at update ${update} in the ${pass} pass, at ${layerName(layer, layers)}'s ${tensorWords(tensor)}`;
  if (growth === undefined) return place;
  const theory = growth.predicted === undefined ? "" : `, by theory ${numberText(growth.predicted)}`;
  return `${place}; at update ${growth.update} the second moment grew ${numberText(growth.measured)} times per layer${theory}`;
}

/** What became of an arm that diverged, in a few words. */
export function divergedShortly({ update, cause }: Divergence): string {
  return cause === undefined
    ? `blew up at update ${update}`
    : `has no number left at update ${update}: without epsilon, BN divided 0 by 0`;
}

/** preActivation → "pre-activation", batchVariance → "batch variance". */
function tensorWords(tensor: string): string {
  return tensor.replace("preActivation", "pre-activation").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const FAILING: Readonly<Record<Exclude<Verdict, "healthy">, string>> = {
  saturated: "saturates",
  dead: "dies",
  exploding: "explodes",
  vanishing: "vanishes",
  constant: "is constant",
};

/** Batches of one point explain whatever else an arm does. */
function batchOfOneText({ warnings, data }: Result, name: string): string {
  const warning = warnings.find((each) => each.code === "batch-of-one" && each.arm === name);
  if (warning === undefined || !("outputs" in warning)) return "";
  const which = Number(warning.value) < data.trainingSamples ? "some batches hold" : "every batch holds";
  return ` (${which} a single point, for which ${singlePointText(warning)})`;
}

/** What BN makes of a batch of one point. */
export function singlePointText({ outputs }: { readonly outputs: "beta" | "zero" | "sign" | "undefined" }): string {
  if (outputs === "sign") return "BN outputs nothing of its input but the sign";
  if (outputs === "undefined") return "BN divides 0 by 0";
  return `BN outputs ${outputs === "zero" ? "0" : "beta"} whatever its input`;
}

function failureText(arm: ArmResult): string {
  const failure = firstFailure(arm);
  if (failure === undefined || (arm.status === "diverged" && arm.divergence.cause !== undefined)) return "";
  const { layer, layers, verdict, update, health, inputScale } = failure;
  const name = layerName(layer, layers);
  const [when, evidence] = [`at update ${update}`, `${evidenceOf(health)}${cutOffText(failure)}`];
  if (inputScale === undefined) return ` (${name} ${FAILING[verdict]} first, ${when}: ${evidence})`;
  return ` (because of ${inputScaleText(inputScale)}, ${name} ${FAILING[verdict]} ${when}: ${evidence})`;
}

/** "the input's own scale, a mean square of 1e10 where 100 is the limit". */
export function inputScaleText({ value, limit }: NonNullable<Failure["inputScale"]>): string {
  return `the input's own scale, a mean square of ${numberText(value)} where ${limit} is the limit`;
}

/** ", which cuts off the gradient of layers 1 to 7". */
export function cutOffText({ cutsOff }: Failure): string {
  const [first, last] = [cutsOff[0], cutsOff.at(-1)];
  if (first === undefined || last === undefined) return "";
  const all =
    last - first + 1 === cutsOff.length
      ? ` ${first + 1} to ${last + 1}`
      : ` ${cutsOff.map((layer) => layer + 1).join(", ")}`;
  return `, which cuts off the gradient of ${cutsOff.length === 1 ? `layer ${first + 1}` : `layers${all}`}`;
}

/** The number that the verdict's rule used, in words. */
export function evidenceOf({ evidence, units, silentUnits, constantUnits, secondMoment, growth }: Health): string {
  const grown = growth === undefined ? "" : `, × ${numberText(growth)} from the layer before`;
  switch (evidence?.rule) {
    case "saturated-values":
      return `${percentText(Number(evidence.value))} of its values`;
    case "silent-units":
      return `${silentUnits} of ${units} ${units === 1 ? "unit" : "units"}`;
    case "constant-units":
      return `${constantUnits} of ${units} ${units === 1 ? "unit" : "units"}`;
    case "small-gradient":
      return `${evidence.value === 0 ? "nothing" : percentText(Number(evidence.value))} of the output layer's gradient arrives`;
    case "output-scale":
      return `second moment ${numberText(evidence.value)}, where the targets' allows ${numberText(evidence.limit ?? 0)}`;
    case "growth":
    case "small-values":
    case "not-finite":
      return `second moment ${numberText(evidence.value)}${grown}`;
    default:
      return `second moment ${numberText(secondMoment)}${grown}`;
  }
}

/** "layer 1" is the first hidden layer; the last is the output layer. */
export function layerName(layer: number, layers: number): string {
  return layer === layers - 1 ? "the output layer" : `layer ${layer + 1}`;
}

/** Where a tensor belongs, in words: `norms.I` normalizes what layer I − 1 gives, or the input. */
export function tensorPlace(tensor: string, layers: number): string {
  const [kind, index] = tensor.split(".");
  if (kind === "layers") return layerName(Number(index), layers);
  if (kind !== "norms") return "every layer";
  return index === "0" ? "the input's normalization" : layerName(Number(index) - 1, layers);
}

function overSeeds({ seeds, effects }: Result): string[] {
  if (seeds.length < 2) return [];
  return Object.entries(effects).map(([arm, { against, inference }]) => {
    const { wins, mean } = inference;
    const won =
      wins === undefined
        ? ""
        : `${arm} ends lower than ${against} in ${wins.treated} of ${wins.of} (${percentRange(wins)})`;
    const whose = inference.defined < seeds.length ? ` ${overText(inference, seeds.length)}` : "";
    const average = inference.defined === 1 ? "" : "on average ";
    const effect = mean === undefined ? "; no pair has two final costs" : `, ${average}${meanText(mean)}${whose}`;
    return `Over ${seeds.length} seeds, in inference mode, ${won}${effect}.`;
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
  if (ratio >= 2) return `${numberText(ratio)} times`;
  return `${percentText(Math.abs(ratio - 1))} ${ratio > 1 ? "above" : "below"}`;
}
