import { gradientPanels } from "../charts/gradient-lines.js";
import type { Quantity } from "../charts/layer-panels.js";
import { type VerdictPanel, verdictPanels } from "../charts/verdict-panels.js";
import { listText } from "../charts/wording.js";
import { evidenceOf, layerName, percentText, shortNumber } from "../experiment/findings.js";
import type { ArmResult, Distribution, Layer, Result } from "../experiment/result.js";
import { labelledArms, MOST_TOLD, type Reading } from "./labelled-arms.js";

export function readingOfLayers(result: Result, quantity: Quantity): Reading {
  const [above, below] = labelledArms(result);
  const place =
    below === undefined
      ? `${above?.mark ?? ""} stands above the axis`
      : `${above?.mark ?? ""} stands above the axis and ${below.mark} hangs below it`;
  const how =
    quantity === "preActivation"
      ? `Each panel shows the values that one layer's activation function receives at one update: ${place}, a hill in the middle is a layer that works, and open bars at the edges are values beyond the axis.`
      : `Each panel shows the values that one layer hands its kernel at one update: ${place}, and values piled up at the ends or at a single place say little about the input.`;
  const told = [above, below].flatMap((entry) =>
    entry === undefined ? [] : [`${entry.mark} ${stateOf(entry.arm, quantity)}`],
  );
  const rest = labelledArms(result).length - 2;
  const more = rest > 0 ? [`the other ${rest} arms are judged in the chart of verdicts`] : [];
  return [how, `${[...told, ...more].join("; ")}.`];
}

/** The last record in one clause: what is worst in it. */
function stateOf(arm: ArmResult, quantity: Quantity): string {
  const last = arm.checkpoints.at(-1);
  if (last === undefined) return "has no record";
  const end = arm.status === "diverged" ? `diverged at update ${arm.divergence.update}` : "";
  const { layers, update } = last;
  const name = (layer: Layer) => layerName(layer.layer, layers.length);
  const lost = layers.filter((layer) => layer[quantity].nonFinite > 0);
  if (lost[0] !== undefined) {
    return `${end === "" ? "holds" : `${end} and then holds`} values that are no numbers any more, first in ${name(lost[0])}`;
  }
  const when = end === "" ? `at update ${update}` : `${end}, and there`;
  // The output layer answers in the targets' scale and has bins of its own.
  const hidden = layers.length > 1 ? layers.slice(0, -1) : layers;
  const saturated = quantity === "preActivation" ? most(hidden, ({ health }) => health.saturatedShare ?? 0) : undefined;
  if (saturated !== undefined && saturated.share > 0.005) {
    return `${when} has its most saturated layer in ${name(saturated.layer)}, with ${percentText(saturated.share)} of the values where the activation hardly answers`;
  }
  const piled = quantity === "layerInput" ? most(layers.slice(1), (layer) => endShare(layer[quantity])) : undefined;
  if (piled !== undefined && piled.share > 0.05) {
    const where =
      (piled.layer[quantity].edges[0] ?? 0) === 0 ? "at zero or all but zero" : "at the two ends of the axis";
    return `${when} hands ${name(piled.layer)} ${percentText(piled.share)} of its values ${where}`;
  }
  const outside = most(hidden, (layer) => outsideShare(layer[quantity]));
  if (outside !== undefined && outside.share > 0) {
    return `${when} has up to ${percentText(outside.share)} of its values beyond the axis, in ${name(outside.layer)}`;
  }
  const spreads = hidden.map((layer) => Math.sqrt(Number(layer[quantity].variance)));
  return `${when} keeps every hidden layer's values on the axis, with standard deviations from ${shortNumber(Math.min(...spreads))} to ${shortNumber(Math.max(...spreads))}`;
}

function most(layers: readonly Layer[], share: (layer: Layer) => number): { layer: Layer; share: number } | undefined {
  const all = layers.map((layer) => ({ layer, share: share(layer) }));
  return all.sort((one, other) => other.share - one.share)[0];
}

/** In the outermost bins: at both ends of a bounded activation's range, or at zero where it starts there. */
function endShare(distribution: Distribution): number {
  const { counts, edges } = distribution;
  const low = counts[0] ?? 0;
  const high = (edges[0] ?? 0) === 0 ? 0 : (counts.at(-1) ?? 0);
  return (low + high) / total(distribution);
}

function total({ counts, underflow, overflow, nonFinite }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
}

function outsideShare(distribution: Distribution): number {
  return (distribution.underflow + distribution.overflow) / total(distribution);
}

export function readingOfVerdicts(result: Result): Reading {
  const how =
    "Each mark judges one layer at one recorded update, the input side at the top: a small grey dot is a healthy layer, any other shape one that fails in the way the key says.";
  const { arms, layers } = verdictPanels(result);
  const entries = labelledArms(result);
  const told = arms.slice(0, MOST_TOLD).flatMap((panel, place) => {
    const entry = entries[place];
    if (entry === undefined) return [];
    return [`${entry.mark} ends with ${tally(panel)} of ${layers.length} layers${firstFault(entry.arm)}`];
  });
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  return [how, `${[...told, ...more].join("; ")}.`];
}

/** "5 saturated and 3 healthy". */
function tally({ cells, updates }: VerdictPanel): string {
  const counts = new Map<string, number>();
  for (const { update, verdict } of cells) {
    if (update === updates.at(-1)) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.length === 0 ? "no record" : listText(sorted.map(([verdict, count]) => `${count} ${verdict}`));
}

function firstFault(arm: ArmResult): string {
  const fault = firstFailure(arm);
  return fault === undefined
    ? ", and none failed at any record"
    : `, and ${fault.layer} was the first to fail (${fault.text})`;
}

/** The first layer that failed, with the number that says so. */
export function firstFailure({
  checkpoints,
}: ArmResult): { readonly layer: string; readonly text: string } | undefined {
  for (const { update, layers } of checkpoints) {
    const failing = layers.find(({ health }) => health.verdict !== "healthy");
    if (failing === undefined) continue;
    const text = `${failing.health.verdict} at update ${update}: ${evidenceOf(failing.health)}`;
    return { layer: layerName(failing.layer, layers.length), text };
  }
  return undefined;
}

export function readingOfGradients(result: Result): Reading {
  const how =
    "The height is how strongly the cost still depends on a layer: a level line trains all layers at a like pace, one that rises towards the input (left) explodes on its way back, one that falls there vanishes.";
  const { arms, layerCount } = gradientPanels(result);
  const entries = labelledArms(result);
  const told = arms.slice(0, MOST_TOLD).map(({ lines }, place) => {
    const mark = entries[place]?.mark ?? "";
    const line = lines.findLast(({ runs }) => runs.flat().length > 1);
    const points = line?.runs.flat() ?? [];
    const [first, last] = [points[0], points.at(-1)];
    if (line === undefined || first === undefined || last === undefined) return `${mark} has no gradients to compare`;
    const factor = first.norm / last.norm;
    const way = factor >= 1 ? `${shortNumber(factor)} times larger` : `${shortNumber(1 / factor)} times smaller`;
    return `${mark} at update ${line.update} has a gradient ${way} in ${layerName(first.layer, layerCount)} than in ${layerName(last.layer, layerCount)}`;
  });
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  return [how, `${[...told, ...more].join("; ")}.`];
}
