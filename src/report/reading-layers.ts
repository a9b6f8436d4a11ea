import { listText } from "../charts/wording.js";
import { type Failure, firstFailure } from "../experiment/failure.js";
import { cutOffText, evidenceOf, inputScaleText, layerName } from "../experiment/findings.js";
import { THRESHOLDS } from "../metrics/verdict-rules.js";
import type { ArmResult } from "../record/arms.js";
import type { Checkpoint, Distribution, Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import type { Quantity } from "../tables/histograms.js";
import { numberText, percentText } from "../text/numbers.js";
import { labeledArms, MOST_TOLD, type Reading } from "./labeled-arms.js";

export function readingOfLayers(result: Result, quantity: Quantity): Reading {
  const [above, below] = labeledArms(result);
  const place =
    below === undefined
      ? `${above?.mark ?? ""} stands above the axis`
      : `${above?.mark ?? ""} stands above the axis and ${below.mark} hangs below it`;
  const how =
    quantity === "preActivation"
      ? `Each panel is a histogram of the values that one layer's activation function receives at one update: ${place}, and open bars at the edges count the values that are too large for the axis.`
      : `Each panel is a histogram of the values that one layer receives at one update: ${place}, and values piled up at an end of the activation's range or at one single place tell the layer little about the data.`;
  return [how, lastStates(result, quantity)];
}

/** What the first two arms' layers look like at the last record of each. */
function lastStates(result: Result, quantity: Quantity): string {
  const told = labeledArms(result)
    .slice(0, 2)
    .map(({ mark, arm }) => `${mark} ${stateAt(arm, quantity)}`);
  const rest = labeledArms(result).length - 2;
  const more =
    rest > 0 ? [`the other ${rest} ${rest === 1 ? "arm is" : "arms are"} judged in the chart of verdicts`] : [];
  return `${[...told, ...more].join("; ")}.`;
}

/** What an arm's layers look like at an update, or at its last record: a clause behind its name. */
export function stateAt(arm: ArmResult | undefined, quantity: Quantity, update?: number): string {
  const record = arm?.checkpoints.findLast((candidate) => update === undefined || candidate.update === update);
  if (arm !== undefined && record !== undefined) return stateOf(arm, quantity, record);
  const isGone = arm?.status === "diverged" && (update ?? 0) >= arm.divergence.update;
  return isGone ? `diverged at update ${arm.divergence.update}` : "has no record here";
}

/** A record in one clause: what is worst in it. */
function stateOf(arm: ArmResult, quantity: Quantity, record: Checkpoint): string {
  const isEnd = arm.status === "diverged" && record.update === arm.divergence.update;
  const { layers, update } = record;
  const name = (layer: Layer) => layerName(layer.layer, layers.length);
  const when = isEnd ? `diverged at update ${update}, and there` : `at update ${update}`;
  const lost = layers.filter((layer) => layer[quantity].nonFinite > 0);
  if (lost[0] !== undefined) return `${when} holds values that are no numbers any more, first in ${name(lost[0])}`;
  // The output layer answers in the targets' scale and has bins of its own.
  const hidden = layers.length > 1 ? layers.slice(0, -1) : layers;
  const saturated = quantity === "preActivation" ? most(hidden, ({ health }) => health.saturatedShare ?? 0) : undefined;
  if (saturated !== undefined && saturated.share > 0.005) {
    return `${when} is most saturated in ${name(saturated.layer)}, where ${percentText(saturated.share)} of the values lie where the activation is all but flat`;
  }
  const piled = quantity === "layerInput" ? most(layers.slice(1), (layer) => pileOf(layer[quantity]).share) : undefined;
  if (piled !== undefined && piled.share > 0.05) {
    const { where } = pileOf(piled.layer[quantity]);
    return `${when} is most piled up in what ${name(piled.layer)} receives, where ${percentText(piled.share)} of the values ${where}`;
  }
  const outside = most(hidden, (layer) => outsideShare(layer[quantity]));
  if (outside !== undefined && outside.share > 0) {
    return `${when} is widest in ${name(outside.layer)}, where ${percentText(outside.share)} of the values lie beyond the axis`;
  }
  const spreads = hidden.map((layer) => Math.sqrt(Number(layer[quantity].variance)));
  return `${when} has every hidden layer's values on the axis, with standard deviations from ${numberText(Math.min(...spreads))} to ${numberText(Math.max(...spreads))}`;
}

function most(layers: readonly Layer[], share: (layer: Layer) => number): { layer: Layer; share: number } | undefined {
  const all = layers.map((layer) => ({ layer, share: share(layer) }));
  return all.sort((one, other) => other.share - one.share)[0];
}

/** The axis of what layers receive is the activation's range, cut to so much at both ends. */
const CUT = 8;

/** Values in the outermost bins, at an end beyond which the activation gives nothing. */
function pileOf(distribution: Distribution): { readonly share: number; readonly where: string } {
  const { counts, edges } = distribution;
  const [start, end] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const low = start > -CUT ? (counts[0] ?? 0) / total(distribution) : 0;
  const high = end < CUT ? (counts.at(-1) ?? 0) / total(distribution) : 0;
  if (start === 0 && end >= CUT) return { share: low, where: "are zero or next to it" };
  const isBoth = Math.min(low, high) > 0.2 * Math.max(low, high);
  const ends = isBoth ? "the two ends" : low >= high ? "the lower end" : "the upper end";
  return { share: low + high, where: `lie at ${ends} of the activation's range` };
}

function total({ counts, underflow, overflow, nonFinite }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
}

function outsideShare(distribution: Distribution): number {
  return (distribution.underflow + distribution.overflow) / total(distribution);
}

export function readingOfVerdicts(result: Result): Reading {
  const how =
    "Each mark judges one layer at one recorded update, with the input side at the top: a small gray dot is a healthy layer, and any other shape one that fails in the way the key names; a net whose layers are healthy may still not have learned.";
  const arms = labeledArms(result);
  const told = arms.slice(0, MOST_TOLD).map(({ mark, arm }) => `${mark} ends with ${tally(arm)}${firstFault(arm)}`);
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  return [how, `${[...told, ...more].join("; ")}.`];
}

/** "5 saturated and 3 healthy of 8 layers", of the last record. */
function tally({ checkpoints }: ArmResult): string {
  const layers = checkpoints.at(-1)?.layers ?? [];
  const counts = new Map<string, number>();
  for (const { health } of layers) counts.set(health.verdict, (counts.get(health.verdict) ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  const [only, ...others] = sorted;
  if (only === undefined) return "no record";
  if (others.length === 0 && layers.length === 1) return `its one layer ${only[0]}`;
  if (others.length === 0) return `${layers.length === 2 ? "both" : `all ${layers.length}`} layers ${only[0]}`;
  return `${listText(sorted.map(([verdict, count]) => `${count} ${verdict}`))} of ${layers.length} layers`;
}

function firstFault(arm: ArmResult): string {
  const fault = firstFailure(arm);
  return fault === undefined
    ? " and none that failed at any recorded update"
    : `, and ${layerName(fault.layer, fault.layers)} failed first (${faultText(fault)})`;
}

/** "saturated at update 0: 60 % of its values". */
export function faultText(fault: Failure): string {
  const { verdict, update, health, inputScale } = fault;
  const scale = inputScale === undefined ? "" : `, because of ${inputScaleText(inputScale)}`;
  return `${verdict} at update ${update}: ${evidenceOf(health)}${cutOffText(fault)}${scale}`;
}

export function readingOfGradients(result: Result): Reading {
  const how = `The height of a line is how strongly the cost reacts to what each layer computes: where it is level all layers get as much gradient, where it rises towards the input (left) the gradient grows on its way back, and where it falls there it fades; a layer that gets less than ${THRESHOLDS.gradientShare} of the output layer's counts as vanishing.`;
  const arms = labeledArms(result);
  const told = arms.slice(0, MOST_TOLD).map(({ mark, arm }) => `${mark} ${gradientText(arm)}`);
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  return [how, `${[...told, ...more].join("; ")}.`];
}

/** The last record whose gradients are numbers: how they change between the ends of the net, or where they end. */
function gradientText({ checkpoints }: ArmResult): string {
  const records = checkpoints.map(({ update, layers }) => ({
    update,
    norms: layers.map(({ gradientNorms }) => gradientNorms.preActivation),
  }));
  const place = records.findLastIndex(({ norms }) => norms.every((norm) => typeof norm === "number"));
  const record = records[place];
  const norms = record?.norms.map(Number) ?? [];
  const [first, last] = [norms[0], norms.at(-1)];
  if (record === undefined || first === undefined || last === undefined || norms.length < 2)
    return "has no gradients to compare";
  const { update } = record;
  const name = (layer: number) => layerName(layer, norms.length);
  if (last === 0) return `at update ${update} has no gradient left in any layer`;
  if (norms.slice(0, -1).every((norm) => norm === 0)) {
    const since = records.findLastIndex(
      (earlier, index) => index <= place && earlier.norms.slice(0, -1).some((norm) => norm !== 0),
    );
    return `from update ${records[since + 1]?.update ?? update} on has no gradient in any hidden layer: none of them can learn`;
  }
  if (first === 0) {
    const reached = norms.findIndex((norm) => norm !== 0);
    return `at update ${update} has no gradient before ${name(reached)}: what lies before it cannot learn`;
  }
  const way = `at update ${update} has a gradient that is ${largerText(first / last)} in ${name(0)} than in ${name(norms.length - 1)}`;
  const kernels = checkpoints[place]?.layers.map(({ gradientNorms }) => Number(gradientNorms.kernel)) ?? [];
  const ofKernels = (kernels[0] ?? 0) / (kernels.at(-1) ?? 0);
  // What a layer receives is multiplied in: the two may go opposite ways, and weights follow the second.
  return ofKernels > 0 && ofKernels < Number.POSITIVE_INFINITY
    ? `${way}, while the gradient of its weights is ${largerText(ofKernels)} there`
    : way;
}

function largerText(factor: number): string {
  return factor >= 1 ? `${numberText(factor)} times larger` : `${numberText(1 / factor)} times smaller`;
}
