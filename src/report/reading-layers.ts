import { listText } from "../charts/wording.js";
import { type Failure, firstFailure } from "../outcome/failure.js";
import type { ArmResult } from "../record/arms.js";
import type { Checkpoint, Distribution, Layer } from "../record/layers.js";
import type { Result } from "../record/result.js";
import type { Quantity } from "../tables/histograms.js";
import { divergedText } from "../text/endings.js";
import { cutOffText, evidenceOf, inputScaleText } from "../text/findings.js";
import { numberText, percentText } from "../text/numbers.js";
import { layerName } from "../text/places.js";
import { aboutArms, labeledArms } from "./labeled-arms.js";

/** What the first two arms' layers look like at the last record of each. */
export function layersHere(result: Result, quantity: Quantity): string {
  const arms = labeledArms(result);
  const said = arms.slice(0, 2).map(({ mark, arm }) => `${mark} ${stateAt(arm, quantity)}`);
  return `${said.join("; ")}.`;
}

/** What an arm's layers look like at an update, or at its last record: a clause behind its name. */
export function stateAt(arm: ArmResult | undefined, quantity: Quantity, update?: number): string {
  const record = arm?.checkpoints.findLast((candidate) => update === undefined || candidate.update === update);
  if (arm !== undefined && record !== undefined) return stateOf(arm, quantity, record);
  const isGone = arm?.status === "diverged" && (update ?? 0) >= arm.divergence.update;
  return isGone ? divergedText(arm.divergence.update) : "has no record here";
}

/** A record in one clause: what is worst in it. */
function stateOf(arm: ArmResult, quantity: Quantity, record: Checkpoint): string {
  const isEnd = arm.status === "diverged" && record.update === arm.divergence.update;
  const { layers, update } = record;
  const name = (layer: Layer) => layerName(layer.layer, layers.length);
  const when = isEnd ? `${divergedText(update)}, and there` : `at update ${update}`;
  const lost = layers.filter((layer) => layer[quantity].nonFinite > 0);
  if (lost[0] !== undefined) return `${when} contains NaN or ∞, first in ${name(lost[0])}`;
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

/** How many layers fail at the end, and which one failed first. */
export function verdictsHere(result: Result): string {
  return `${aboutArms(labeledArms(result), ({ arm }) => `ends with ${tally(arm)}${firstFault(arm)}`)}.`;
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
