import { limit } from "../outcome/limits.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { countText, numberText, shortText } from "../text/numbers.js";
import { type FiniteCost, finiteCosts } from "./mode-gap.js";
import { type NetState, stepOf } from "./net-state.js";

/** Of the updates, the last ones by which a cost is called falling. */
const STRETCH = 0.2;

/** That a net is on its way, regardless of the other one, or how far it has come. */
export function ownPaceText({ mark, arm }: NetState): string | undefined {
  const fall = fallOf(finiteCosts(arm, "inference"));
  if (fall !== undefined && shareOf(fall) > limit("still-falling"))
    return t`${mark} is still improving (${costText(fall.before)}, ${costText(fall.last)})`;
  const costs = finiteCosts(arm, "train");
  const [start, last] = [costs[0], costs.at(-1)];
  if (arm.status === "diverged" || start === undefined || last === undefined || !(last.cost < start.cost))
    return undefined;
  return t`in training mode the cost of ${mark} falls only from ${costText(start)} to ${costText(last)}`;
}

/**
 * Why a net ends higher whose layers show no fault: its cost still falls where the other's has settled, or has risen again
 * from where it was lower, or all that is known is that it fell less. Of the first seed.
 */
export function paceText(result: Result, worse: NetState, better: NetState): string | undefined {
  const [own, other] = [finiteCosts(worse.arm, "inference"), finiteCosts(better.arm, "inference")];
  const [last, end] = [own.at(-1), other.at(-1)];
  if (last === undefined || end === undefined) return undefined;
  const [fall, otherFall] = [fallOf(own), fallOf(other)];
  if (fall === undefined || otherFall === undefined) return slowerText(worse, better);
  if (shareOf(fall) > Math.max(limit("still-falling"), shareOf(otherFall)))
    return t`${worse.mark} is still improving, its cost falling to the end (${costText(fall.before)}, ${costText(last)})${outputText(worse, better)}`;
  const lowest = own.reduce((low, each) => (each.cost < low.cost ? each : low), last);
  if (last.cost < limit("risen") * lowest.cost) return undefined;
  const ahead = own.findLast(({ update, cost }) => cost < (other.find((each) => each.update === update)?.cost ?? 0));
  const was = ahead === undefined ? "" : t`${worse.mark} is ahead up to update ${countText(ahead.update)}, then `;
  return t`${was}its cost rises again, from ${costText(lowest)} to ${numberText(last.cost)}${stepText(result, worse, better)}`;
}

interface Fall {
  readonly before: FiniteCost;
  readonly last: FiniteCost;
}

/** A cost over the last stretch of the updates; undefined where too few are recorded to tell. */
function fallOf(costs: readonly FiniteCost[]): Fall | undefined {
  const last = costs.at(-1);
  if (last === undefined) return undefined;
  const before = costs.findLast(({ update }) => update <= (1 - STRETCH) * last.update);
  return before === undefined || before.update < last.update / 2 ? undefined : { before, last };
}

function shareOf({ before, last }: Fall): number {
  return 1 - last.cost / before.cost;
}

/** Which net comes further from its start, in the mode that has a cost there. */
function slowerText(worse: NetState, better: NetState): string | undefined {
  const [own, other] = [worse, better].map(({ arm }) => finiteCosts(arm, "train"));
  const [start, last, otherStart, otherLast] = [own?.[0], own?.at(-1), other?.[0], other?.at(-1)];
  if (start === undefined || last === undefined || otherStart === undefined || otherLast === undefined)
    return undefined;
  if (!(last.cost < start.cost && last.cost / start.cost > otherLast.cost / otherStart.cost)) return undefined;
  return t`${worse.mark} learns more slowly; in training mode its cost falls from ${costText(start)} to ${costText(last)}, that of ${better.mark} from ${numberText(otherStart.cost)} to ${numberText(otherLast.cost)}`;
}

function costText({ update, cost }: FiniteCost): string {
  return t`${numberText(cost)} at update ${countText(update)}`;
}

/** How far the predictions have grown, where it is not as far as the other net's. */
function outputText(worse: NetState, better: NetState): string {
  const sizes = [worse, better].map(({ arm, update }) => {
    const output = arm.checkpoints.find((each) => each.update === update)?.layers.at(-1);
    return Math.sqrt(Number(output?.health.secondMoment));
  });
  const [own = 0, other = 0] = sizes;
  return own * Math.sqrt(limit("growth")) < other
    ? t`: its predictions have reached a size of ${shortText(own)} (root mean square), those of ${better.mark} to ${shortText(other)}`
    : "";
}

/** How far a step goes at the last record that both have, where it goes further than the other net's. */
function stepText(result: Result, worse: NetState, better: NetState): string {
  const [own, other] = [worse, better].map(({ arm, name, update }) => {
    const checkpoint = arm.checkpoints.find((each) => each.update === update);
    return checkpoint && stepOf(result, name, checkpoint);
  });
  if (own === undefined || other === undefined || own.length < Math.sqrt(limit("growth")) * other.length) return "";
  return t`: at update ${countText(worse.update ?? 0)} a step at the learning rate ${numberText(own.rate)} moves a layer's weights by ${shortText(own.length)} in ${worse.mark}, by ${shortText(other.length)} in ${better.mark}`;
}
