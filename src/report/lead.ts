import { listText } from "../charts/wording.js";
import { quartiles } from "../metrics/quantiles.js";
import { endingAt, FATES, type Fate, fateOf } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { SeedArm } from "../record/arms.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { foldText, numberText, percentText, rangeText, shortText } from "../text/numbers.js";
import { modeEnds } from "./mode-gap.js";
import { boundOf, changeVerb, grownTo, mostFlat, type NetState } from "./net-state.js";
import { ownPaceText, paceText } from "./pace.js";
import { changeTexts } from "./progress-words.js";

/** Why a run ended as it did, in a sentence: the ends over all its seeds, the reason by the layers of the first one. */
export function leadText(result: Result, [one, other]: readonly NetState[]): string {
  if (one === undefined) return "";
  const whose = seedText(result);
  if (other === undefined) {
    return `${one.mark} ${fateText(result, one)}: ${whose}${ownTrouble(result, one)}.`;
  }
  const [ends, otherEnds] = [endsOf(result, one), endsOf(result, other)];
  if (isLost(ends.fate) && isLost(otherEnds.fate)) {
    const reasons = [one, other].map((net) => ownTrouble(result, net));
    const isDiverged = ends.fate === "diverged" && otherEnds.fate === "diverged";
    const both = isDiverged ? t`both nets diverge` : t`neither net learns`;
    const each = [one, other].map((net) => `${net.mark} ${fateText(result, net)}`);
    const fates = result.seeds.length > 1 ? listText(each) : both;
    return `${fates}: ${whose}${reasons.join("; ")}.`;
  }
  const [better, worse] = otherEnds.median < ends.median ? [other, one] : [one, other];
  const [low, high] = [Math.min(ends.median, otherEnds.median), Math.max(ends.median, otherEnds.median)];
  if (low * limit("near-ends") < high || lostOf(ends) !== lostOf(otherEnds)) return apartText(result, better, worse);
  const over = result.seeds.length > 1 ? t`, in the median of ${result.seeds.length} seeds` : "";
  if (low * limit("equal-ends") < high)
    return t`${worse.mark} ends close to ${better.mark}${over} (${numberText(high)} against ${numberText(low)})${althoughText(result, better, worse)}.`;
  return t`${one.mark} and ${other.mark} end at about the same cost${over} (${numberText(ends.median)} and ${numberText(otherEnds.median)}).`;
}

/** What is wrong with a net that ends nearly as low as one in which it is not. */
function althoughText(result: Result, better: NetState, worse: NetState): string {
  const [trouble, other] = [troubleOf(worse), troubleOf(better)];
  if (trouble === undefined || trouble.kind === other?.kind) return "";
  return t`, although ${seedText(result)}${trouble.text}${trouble.against(better)}`;
}

/** In front of what only the first of several seeds shows. */
export function seedText({ seeds, config }: Result): string {
  return seeds.length > 1 ? t`in seed ${config.seed}, ` : "";
}

/** The worse net first, and what went wrong in it: in the better one it did not, or does not matter. */
function apartText(result: Result, better: NetState, worse: NetState): string {
  const all = endsText(result, worse, better);
  const noise = noiseText(result, better, worse);
  if (noise !== undefined) return `${all}: ${noise}.`;
  const ends = `${all}: ${seedText(result)}`;
  const gap = gapText(result, worse);
  if (gap !== undefined) return `${ends}${gap}.`;
  const [trouble, other] = [troubleOf(worse), troubleOf(better)];
  if (trouble !== undefined && trouble.kind !== other?.kind) return `${ends}${trouble.text}${trouble.against(better)}.`;
  const pace = paceText(result, worse, better);
  if (pace !== undefined) return `${ends}${pace}.`;
  if (trouble !== undefined)
    return t`${ends}the four steps do not explain the difference: ${trouble.text}${trouble.against(better)}.`;
  return t`${ends}none of the usual reasons applies${contrastText(better, worse) ?? `; ${noTrouble(worse)}`}.`;
}

/** Where the lower cost is that of a fit which follows the noise, and the higher one is as low as it should be. */
function noiseText({ referenceCosts, ...result }: Result, better: NetState, worse: NetState): string | undefined {
  const [low, high] = [better, worse].map(
    (net) => endingAt(endsOf({ referenceCosts, ...result }, net).median, referenceCosts).ending,
  );
  if (low !== "below-the-noise" || (high !== "below-the-noise" && high !== "at-the-noise")) return undefined;
  return t`${better.mark} has begun to fit the noise (${numberText(referenceCosts.noiseFloor ?? 0)}), so its lower cost is not a better fit`;
}

/** What sets the nets apart although neither shows a fault: sizes before training, and what becomes of gradients. */
function contrastText(better: NetState, worse: NetState): string | undefined {
  const isApart = (one: number, other: number) => Math.max(one / other, other / one) > Math.sqrt(limit("growth"));
  const mean = ({ sizes }: NetState) => sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const sizes = isApart(mean(worse), mean(better))
    ? [
        t`values are ${rangeText(worse.sizes)} before training in ${worse.mark} and ${rangeText(better.sizes)} in ${better.mark}`,
      ]
    : [];
  const measured = [worse, better].flatMap(({ mark, gradient }) =>
    gradient !== undefined && "factor" in gradient ? [{ mark, factor: gradient.factor }] : [],
  );
  const [own, other] = measured;
  const gradients =
    own !== undefined && other !== undefined && isApart(own.factor, other.factor)
      ? [t`toward the input gradients ${listText(changeTexts(measured))}`]
      : [];
  const all = [...sizes, ...gradients];
  return all.length === 0 ? undefined : t`, but ${all.join(t`, and `)}`;
}

/** What is wrong with a net, whatever the other one does. */
function ownTrouble(result: Result, net: NetState): string {
  return net.blind === undefined
    ? (gapText(result, net) ?? troubleOf(net)?.text ?? ownPaceText(net) ?? noTrouble(net))
    : blindText(net);
}

function noTrouble(net: NetState): string {
  const { mark, arm, way } = net;
  const grown = grownTo(net);
  if (grown !== undefined)
    return t`${mark} starts without a fault, then its values reach ${shortText(grown.size)} at update ${grown.update} (layer ${grown.layer + 1})`;
  if (arm.status === "diverged") return t`${mark} starts without a fault and diverges in training`;
  const range = way === "outside" ? t`most slopes` : t`values stay in range, slopes`;
  return t`in ${mark} ${range} are not flat and gradients do not vanish`;
}

function blindText({ mark, blind }: NetState): string {
  return t`every batch of ${mark} holds a single point, for which ${blind}`;
}

/** A net that loses in prediction alone. */
function gapText(result: Result, { mark, name, blind }: NetState): string | undefined {
  const { train, inference, isFar } = modeEnds(result, name);
  if (blind !== undefined || !isFar || train === undefined || inference === undefined || inference < train)
    return undefined;
  const median = result.seeds.length > 1 ? t`, in the median` : "";
  return t`${mark} loses in prediction (${numberText(inference)} with its moving averages, ${numberText(train)} in training mode${median})`;
}

/** How a net ended in every seed, in inference mode. To diverge costs more than anything. */
interface Ends {
  /** That of the median. */
  readonly fate: Fate;
  readonly median: number;
  /** Those that are numbers, from the lowest on. */
  readonly costs: readonly number[];
  readonly counts: readonly (readonly [fate: Fate, seeds: number])[];
}

function endsOf({ seeds }: Result, { name }: Pick<NetState, "name">): Ends {
  const all = seeds.flatMap(({ arms, referenceCosts }) => {
    const arm = ownEntry(arms, name);
    if (arm === undefined) return [];
    const fate: Fate = arm.status === "diverged" ? "diverged" : fateOf(endingAt(arm.final.inference, referenceCosts));
    return [{ fate, cost: costOf(arm) }];
  });
  const sorted = all.toSorted(
    (one, other) => one.cost - other.cost || FATES.indexOf(one.fate) - FATES.indexOf(other.fate),
  );
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return {
    fate: high?.fate ?? "diverged",
    median:
      low?.cost === high?.cost ? (low?.cost ?? Number.POSITIVE_INFINITY) : ((low?.cost ?? 0) + (high?.cost ?? 0)) / 2,
    costs: sorted.map(({ cost }) => cost).filter(Number.isFinite),
    counts: FATES.flatMap((fate) => {
      const count = all.filter((end) => end.fate === fate).length;
      return count === 0 ? [] : [[fate, count] as const];
    }),
  };
}

/** The final cost of prediction; to diverge costs more than anything. */
export function costOf(arm: SeedArm): number {
  const cost = arm.status === "trained" ? Number(arm.final.inference) : Number.POSITIVE_INFINITY;
  return Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost;
}

function isLost(fate: Fate): boolean {
  return fate === "diverged" || fate === "did-not-learn";
}

const VERBS: Readonly<Record<Fate, string>> = {
  learned: t`learns`,
  "learned-little": t`learns little`,
  "did-not-learn": t`does not learn`,
  diverged: t`diverges`,
};

/** "plain diverges and bn learns (62.7)", "plain learns little in all 30 seeds (612–690, median 654) and …". */
function endsText(result: Result, subject: NetState, other: NetState): string {
  const [ends, otherEnds] = [endsOf(result, subject), endsOf(result, other)];
  if (ends.fate !== otherEnds.fate)
    return t`${subject.mark} ${fateText(result, subject)} and ${other.mark} ${fateText(result, other)}`;
  const isAbove = ends.median > otherEnds.median;
  const side = isAbove ? t`above` : t`below`;
  const count = result.seeds.length;
  if (count === 1)
    return t`${subject.mark} ends ${side} ${other.mark} (${numberText(ends.median)} against ${numberText(otherEnds.median)})`;
  const [higher, lower] = isAbove ? [subject, other] : [other, subject];
  const wins = result.seeds.filter(({ arms }) => {
    const costIn = ({ name }: NetState) => costOf(ownEntry(arms, name) as SeedArm);
    return costIn(higher) > costIn(lower);
  }).length;
  return t`${subject.mark} ends ${side} ${other.mark} in ${wins === count ? allText(count) : t`${wins} of ${count}`} seeds (${spreadText(ends)}${lostText(ends)}, against ${spreadText(otherEnds)}${lostText(otherEnds)})`;
}

function lostOf({ counts }: Ends): number {
  return counts.find(([fate]) => fate === "diverged")?.[1] ?? 0;
}

function lostText(ends: Ends): string {
  const lost = lostOf(ends);
  return lost === 0 ? "" : t`, ${lost} diverged`;
}

/** "all 30", "both". */
function allText(count: number): string {
  return count === 2 ? t`both` : t`all ${count}`;
}

function fateText(result: Result, net: NetState): string {
  const ends = endsOf(result, net);
  const { counts, costs, fate } = ends;
  const count = result.seeds.length;
  const spread = costs.length === 0 ? "" : ` (${spreadText(ends)})`;
  if (count === 1) return `${VERBS[fate]}${spread}`;
  if (counts.length === 1 && fate === "did-not-learn")
    return t`learns in ${count === 2 ? t`neither of 2` : t`none of ${count}`} seeds${spread}`;
  const all = counts.map(([fate, seeds]) => t`${VERBS[fate]} in ${counts.length === 1 ? allText(count) : seeds}`);
  return t`${listText(all)}${counts.length === 1 ? "" : t` of ${count}`} seeds${spread}`;
}

/** "62.7", "612–690, median 654": of the seeds that did not diverge. */
function spreadText({ costs }: Ends): string {
  const [low = Number.POSITIVE_INFINITY, high = low] = [costs[0], costs.at(-1)];
  if (numberText(low) === numberText(high)) return numberText(low);
  return t`${numberText(low)}–${numberText(high)}, median ${numberText(quartiles(costs)?.median ?? low)}`;
}

interface Trouble {
  readonly kind: "blind" | "growth" | "flat" | "silent" | "gradient" | "step" | "shrink" | "mirrored";
  readonly text: string;
  /** How it is in the other net. */
  readonly against: (net: NetState) => string;
}

/** The first of the usual reasons that a net has. */
function troubleOf(net: NetState): Trouble | undefined {
  const { mark, way, perLayer, activation, silent, gradient, firstStep, blind, isMirrored } = net;
  const { share } = mostFlat(net);
  const byLayer = {
    text: t`the values in ${mark} ${changeVerb(way === "grow")} ${foldText(perLayer)} per layer before training`,
    against: (other: NetState) => t`, while those in ${other.mark} are ${rangeText(other.sizes)}`,
  };
  if (blind !== undefined) return { kind: "blind", text: blindText(net), against: () => "" };
  if (way === "grow") return { kind: "growth", ...byLayer };
  if (boundOf(activation) !== undefined && share > limit("units"))
    return {
      kind: "flat",
      text: t`up to ${percentText(share)} of a layer's values in ${mark} lie where ${activation} is flat`,
      against: (other) => {
        const { share } = mostFlat(other);
        return t`, ${share === 0 ? t`none` : share > limit("units") ? t`up to ${percentText(share)}` : t`at most ${percentText(share)}`} in ${other.mark}`;
      },
    };
  if (silent !== undefined && silent.count > limit("units") * silent.of)
    return {
      kind: "silent",
      text: t`${silent.count} of ${silent.of} ${silent.units} of layer ${silent.layer + 1} in ${mark} output 0 on every point`,
      against: (other) => t`, at most ${other.silent?.count ?? 0} per layer in ${other.mark}`,
    };
  if (gradient !== undefined && ("reaches" in gradient || gradient.isVanishing))
    return {
      kind: "gradient",
      text: t`hardly any gradient reaches the first layers of ${mark}`,
      against: ({ gradient, mark }) =>
        gradient !== undefined && "factor" in gradient
          ? t`, while layer 1 of ${mark} gets ${shortText(gradient.factor)} times the output layer's`
          : "",
    };
  if ((firstStep?.length ?? 0) > limit("large-step"))
    return {
      kind: "step",
      text: t`the first step at the learning rate ${numberText(firstStep?.rate ?? 0)} moves a layer's weights in ${mark} by ${shortText(firstStep?.length ?? 0)}`,
      against: (other) =>
        other.firstStep === undefined ? "" : t`, in ${other.mark} by ${shortText(other.firstStep.length)}`,
    };
  if (way === "shrink") return { kind: "shrink", ...byLayer };
  if (!isMirrored) return undefined;
  return {
    kind: "mirrored",
    text: t`without beta, the values in every layer of ${mark} are symmetric about 0, so its fit rises as far above its middle on one side as it falls below it on the other`,
    against: () => "",
  };
}
