import type { Warning } from "../record/warnings.js";
import { excerpt } from "./excerpt.js";
import { distanceText, inputScaleText, singlePointText } from "./findings.js";
import { t } from "./language.js";
import { countedText, digitsText, NBSP, numberText } from "./numbers.js";
import { type Layers, layerName, listedLayer, unitWord, verdictWord } from "./places.js";

type Of<Code extends Warning["code"]> = Extract<Warning, { code: Code }>;

/**
 * A warning as a sentence without its full stop: what is so, what follows, and what would change it. `config` is that of the
 * run, for the kinds of its layers.
 */
export function warningText(warning: Warning, config: Layers = {}): string {
  switch (warning.code) {
    case "decay-too-slow":
      return slowDecayText(warning);
    case "inference-gap":
      return gapText(warning);
    case "input-scale":
      return scaleText(warning);
    case "constant-column":
      return t`${columnText(warning.column)} is ${decimalText(warning.value)} on every training point: it carries no information, and BN divides its float32 rounding errors by √ε; leave it out`;
    case "batch-of-one":
      return batchOfOneText(warning);
    case "evaluation-of-one":
      return t`${warning.arm}: its cost in training mode is measured on ${warning.value === 1 ? t`a single point` : t`single points`}, where ${singlePointText(warning)}; use more test points`;
    case "zero-variance":
      return zeroVarianceText(warning, config);
    case "large-targets":
      return targetsText(warning);
    case "float32-rounding":
      return roundingText(warning);
    case "float32-overflow":
      return overflowText(warning);
  }
}

function slowDecayText({ arm, value, decay, updates, decayWithin }: Of<"decay-too-slow">): string {
  const share = `${digitsText(100 * value, 2)}${NBSP}%`;
  const over = countedText(updates, "update");
  return t`${arm}: decay ${decay} is too slow for ${over}: the moving averages start at zero, which still has a weight of ${share} in them; use a decay of at most ${decayWithin}, more updates, or debias`;
}

function gapText({ arm, inference, train }: Of<"inference-gap">): string {
  if (typeof inference === "string") return t`${arm}: its cost in inference mode is ${inference}`;
  const costs = t`${numberText(inference)} against ${numberText(train)}`;
  const distance = train === 0 ? t`above` : distanceText(inference, train);
  return t`${arm}: its cost in inference mode is ${distance} that in training mode (${costs})`;
}

function scaleText({ arm, column, value, limit, verdict, update, layer, layers }: Of<"input-scale">): string {
  const why = `${inputScaleText({ value, limit })} (${columnText(column)})`;
  return t`${arm}: ${layerName(layer, layers)} is ${verdictWord(verdict)} at update ${update} because of ${why}; standardizeInputs (--standardize-inputs) gives every column a mean of 0 and a deviation of 1`;
}

function batchOfOneText({ arm, value, size, samples, ...warning }: Of<"batch-of-one">): string {
  const isGhost = warning.kind === "ghost-batch";
  const [kind, kinds] = isGhost ? [t`ghost batch`, t`ghost batches`] : [t`batch`, t`batches`];
  const what = singlePointText(warning);
  if (size === 1)
    return t`${arm}: every ${kind} holds one point: with its own mean and variance ${what}; use batches of at least two points`;
  const holds = value === 1 ? t`one ${kind} holds` : t`${value} ${kinds} hold`;
  return t`${arm}: in every pass ${holds} a single point (${samples} points in ${kinds} of ${size}): there ${what}, and its variance of 0 enters the moving averages; use a size that leaves no single point over`;
}

function zeroVarianceText({ arm, update, column, unit: place }: Of<"zero-variance">, config: Layers): string {
  const unitText = ({ layer, unit, layers }: NonNullable<typeof place>) =>
    t`${unitWord(config, layer)} ${unit + 1} of ${listedLayer(config, layer, layerName(layer, layers))}`;
  const of = place === undefined ? columnText(column ?? "") : unitText(place);
  return t`${arm}: epsilon is 0, and ${of} is the same on every point of the batch at update ${update}, so BN divides 0 by 0; use an epsilon above 0`;
}

function targetsText({ arm, value, failed, standardized, smallerRate }: Of<"large-targets">): string {
  const why = t`${arm}: the targets have a root mean square of ${numberText(value)}, and the gradient grows with them`;
  const ways = [
    ...(standardized === undefined
      ? []
      : [
          t`with standardizeTargets (--standardize-targets) it ends at a cost of ${numberText(standardized.inference)}`,
        ]),
    ...(smallerRate === undefined
      ? []
      : [t`with a learning rate of ${smallerRate.learningRate} at ${numberText(smallerRate.inference)}`]),
  ];
  if (ways.length > 0) return t`${why}; ${ways.join(", ")} (inference mode)`;
  return t`${why}, but they are not the only reason why it ${failed === "diverged" ? t`diverged` : t`did not learn`}: it also fails on standardized targets, and at every smaller learning rate that was tried`;
}

function roundingText({ column, distinct, kept, equal, subtract }: Of<"float32-rounding">): string {
  const remedy =
    subtract === undefined
      ? t`leave the column out, or use values whose differences are larger relative to their size`
      : t`subtract ${subtract}, its smallest value, from the column in the file`;
  return t`${columnText(column)}: float32, in which the networks are trained, keeps ${kept} of its ${distinct} different values (${equal[0]} and ${equal[1]} become equal); ${remedy}`;
}

function overflowText({ column, role, statistic, largest }: Of<"float32-overflow">): string {
  const unit = `1e${Number(largest.toExponential().split("e")[1])}`;
  const key = role === "target" ? "standardizeTargets" : "standardizeInputs";
  return t`${columnText(column)}: with values up to ${numberText(largest)}, the ${statistic === "sum" ? t`sum` : t`variance`} of its points exceeds float32's largest number, 3.4e38; divide the column by ${unit} in the file, or set ${key}`;
}

/** The shortest decimal number that is this float32 number: 0.1, not 0.10000000149011612. */
function decimalText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

function columnText(name: string): string {
  return t`column "${excerpt(name)}"`;
}
