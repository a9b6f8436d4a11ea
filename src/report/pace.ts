import { limit } from "../outcome/limits.js";
import type { Result } from "../record/result.js";
import { countText, numberText, shortText } from "../text/numbers.js";
import { type FiniteCost, finiteCosts } from "./mode-gap.js";
import { type NetState, stepOf } from "./net-state.js";

/** Of the updates, the last ones by which a cost is called falling. */
const STRETCH = 0.2;

/**
 * Why a net ends higher whose layers show no fault: its cost still falls where the other's has settled, or has risen again
 * from where it was lower. Of the first seed.
 */
export function paceText(result: Result, worse: NetState, better: NetState): string | undefined {
  const [own, other] = [finiteCosts(worse.arm, "inference"), finiteCosts(better.arm, "inference")];
  const [last, end] = [own.at(-1), other.at(-1)];
  if (last === undefined || end === undefined) return undefined;
  const before = startOf(own);
  const fallen = 1 - last.cost / before.cost;
  if (fallen > limit("still-falling") && fallen > 1 - end.cost / startOf(other).cost)
    return `${worse.mark} is still improving, its cost falling to the end (${costText(before)}, ${costText(last)})${outputText(worse, better)}`;
  const lowest = own.reduce((low, each) => (each.cost < low.cost ? each : low), last);
  if (last.cost < limit("risen") * lowest.cost) return undefined;
  const ahead = own.findLast(({ update, cost }) => cost < (other.find((each) => each.update === update)?.cost ?? 0));
  const was = ahead === undefined ? "" : `${worse.mark} is ahead up to update ${countText(ahead.update)}, then `;
  return `${was}its cost rises again, from ${costText(lowest)} to ${numberText(last.cost)}${stepText(result, worse, better)}`;
}

function startOf(costs: readonly FiniteCost[]): FiniteCost {
  const from = (1 - STRETCH) * (costs.at(-1)?.update ?? 0);
  return costs.findLast(({ update }) => update <= from) ?? (costs[0] as FiniteCost);
}

function costText({ update, cost }: FiniteCost): string {
  return `${numberText(cost)} at update ${countText(update)}`;
}

/** How far the predictions have grown, where it is not as far as the other net's. */
function outputText(worse: NetState, better: NetState): string {
  const sizes = [worse, better].map(({ arm, update }) => {
    const output = arm.checkpoints.find((each) => each.update === update)?.layers.at(-1);
    return Math.sqrt(Number(output?.health.secondMoment));
  });
  const [own = 0, other = 0] = sizes;
  return own * Math.sqrt(limit("growth")) < other
    ? `: its predictions have reached a size of ${shortText(own)} (root mean square), those of ${better.mark} to ${shortText(other)}`
    : "";
}

/** How far a step goes at the last record that both have, where it goes further than the other net's. */
function stepText(result: Result, worse: NetState, better: NetState): string {
  const [own, other] = [worse, better].map(({ arm, name, update }) => {
    const checkpoint = arm.checkpoints.find((each) => each.update === update);
    return checkpoint && stepOf(result, name, checkpoint);
  });
  if (own === undefined || other === undefined || own.length < Math.sqrt(limit("growth")) * other.length) return "";
  return `: at update ${countText(worse.update ?? 0)} a step at the learning rate ${numberText(own.rate)} moves a layer's weights by ${shortText(own.length)} in ${worse.mark}, by ${shortText(other.length)} in ${better.mark}`;
}
