import { listText } from "../charts/wording.js";
import { endingAt, fateOf } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { digitsText, foldText, numberText, percentText } from "../text/numbers.js";
import { layerName } from "../text/places.js";
import { labeledArms } from "./labeled-arms.js";
import { modeEnds } from "./mode-gap.js";
import { boundOf, isHalfFlat, type NetState, netStates, slopeAtBound } from "./net-state.js";
import { progressText, shareOf, wayText } from "./progress-words.js";

/** One of the four steps from what the layers compute to what the net can still learn, with this run's numbers. */
interface Step {
  readonly id: StepId;
  /** Names of arms stand in it as their marks. */
  readonly sentence: string;
}

/** Why the run ended as it did, in a sentence and in four steps: of its first two arms. */
export interface Story {
  readonly lead: string;
  readonly steps: readonly Step[];
}

/** The steps in their order, each under its anchor on the page. */
export const STEPS = {
  values: { title: "1. What the activations receive", charts: ["signal"] },
  layers: { title: "2. How steep the activations are there", charts: ["histograms"] },
  gradients: { title: "3. How much gradient reaches each layer", charts: ["gradients"] },
  fits: { title: "4. What the fit can still do", charts: ["data"] },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly charts: readonly string[] }>>;

/** The arms that a story is about. */
const PAIR = 2;

/** A run as if it had no other arms than its story; `isBrief`: and no records but those that it speaks of. */
export function ofStory(result: Result, isBrief = false): Result {
  if (!isBrief && Object.keys(result.arms).length <= PAIR) return result;
  const states = netStates(result, labeledArms(result).slice(0, PAIR));
  const told = new Set(states.map(({ update }) => update));
  const arms = states.map(({ name, arm }) => {
    const checkpoints = arm.checkpoints.filter(({ update }) => !isBrief || told.has(update));
    return [name, { ...arm, checkpoints }];
  });
  return { ...result, arms: Object.fromEntries(arms) };
}

export type StepId = keyof typeof STEPS;

export function drawsStep(id: StepId, chart: string): boolean {
  return STEPS[id].charts.some((name) => name === chart);
}

/** Whether a chart is a step's picture. */
export function isStepChart(chart: string): boolean {
  return Object.keys(STEPS).some((id) => drawsStep(id as StepId, chart));
}

export function storyOf(result: Result): Story | undefined {
  const nets = netStates(result, labeledArms(result).slice(0, PAIR));
  if (nets.length === 0) return undefined;
  const hasLayers = nets.every(({ sizes }) => sizes.length > 0);
  const steps: Step[] = [
    ...(hasLayers
      ? ([
          { id: "values", sentence: valuesText(nets) },
          { id: "layers", sentence: slopeText(nets) },
          { id: "gradients", sentence: gradientText(nets) },
        ] as const)
      : []),
    { id: "fits", sentence: fitText(result, nets) },
  ];
  return {
    lead: capital(`${scopeText(result, nets)}${leadText(result, nets)}`),
    steps: steps.map(({ id, sentence }) => ({ id, sentence: capital(sentence) })),
  };
}

/** Which seed and arms it is about, where there are more. */
function scopeText({ seeds, config, arms }: Result, nets: readonly NetState[]): string {
  const isSome = Object.keys(arms).length > nets.length;
  const whose = isSome ? ` of ${listText(nets.map(({ mark }) => mark))}` : "";
  const seed = seeds.length > 1 ? `seed ${config.seed}` : "";
  return seed === "" && whose === "" ? "" : `${seed}${seed === "" ? whose.slice(1) : whose}: `;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function rangeText(numbers: readonly number[]): string {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map(shortText);
  return low === high ? String(low) : `${low}–${high}`;
}

/** Two digits carry a story. */
function shortText(number: number): string {
  return digitsText(number, 2);
}

// 1: values

function valuesText(nets: readonly NetState[]): string {
  return `${nets.map((net, place) => sizeText(net, place === 0)).join("; ")}.`;
}

function sizeText(net: NetState, isFirst: boolean): string {
  const { mark, sizes, perLayer, way, activation, blind } = net;
  if (blind !== undefined) return `in ${mark} every batch holds a single point, for which ${blind}`;
  const whose = isFirst ? `the values in ${mark}` : `those in ${mark}`;
  if (!sizes.every(Number.isFinite)) return `${whose} are not finite before any training`;
  const unit = isFirst ? " (root mean square)" : "";
  const size = `${rangeText(sizes)}${unit} before training`;
  const bound = shortText(boundOf(activation) ?? 0);
  switch (way) {
    case "grow":
    case "shrink":
      return `${whose} ${way} ${foldText(perLayer)} per layer before training${theoryText(net)}: ${shortText(sizes[0] ?? 0)} in layer 1, ${shortText(sizes.at(-1) ?? 0)} in layer ${sizes.length}${unit}`;
    case "outside":
      return `${whose} leave the range in which ${activation} responds (±${bound}): ${size}${laterText(net)}`;
    default: {
      const later = laterText(net);
      const within =
        isFirst && boundOf(activation) !== undefined ? ` within ±${bound}, where ${activation} responds` : "";
      return later === ""
        ? `${whose} keep their size${within}: ${size}`
        : `${whose} start${within} at ${rangeText(sizes)}${unit}${later.replace(", and", " and grow")}`;
    }
  }
}

function theoryText({ arm }: NetState): string {
  if (arm.status !== "diverged") return "";
  const { growth } = arm.divergence;
  if (growth?.predicted === undefined || growth.update !== arm.checkpoints[0]?.update) return "";
  return ` (theory: ${shortText(Math.sqrt(growth.predicted))})`;
}

/** Where the largest size has grown since by as much as counts from layer to layer. */
function laterText({ largest, sizes, arm }: NetState): string {
  if (largest === undefined || largest.update === arm.checkpoints[0]?.update) return "";
  if (!(largest.size > Math.sqrt(limit("growth")) * Math.max(...sizes))) return "";
  return `, and up to ${shortText(largest.size)} at update ${largest.update} (layer ${largest.layer + 1})`;
}

// 2: slope

function slopeText(nets: readonly NetState[]): string {
  const said = nets.map((net, place) => flatText(net, nets[place - 1]?.activation === net.activation));
  return `${said.filter((text) => text !== "").join("; ")}.`;
}

/** `isKnown`: of the activation that has just been described. */
function flatText(net: NetState, isKnown: boolean): string {
  const { activation, flat, mark, silent, way } = net;
  if (isHalfFlat(activation)) {
    const growth = way === "grow" ? ", so nothing damps the growth" : "";
    const what = isKnown ? "" : `the slope of ${activation} is 1 for every positive value, however large${growth}; `;
    const none =
      silent !== undefined && silent.units > limit("units") * silent.of
        ? `, and ${silent.units} of ${silent.of} units of layer ${silent.layer + 1} are silent on every point`
        : "";
    return `${what}${isKnown ? "" : `at update ${net.update} it is 0 for `}${flatRange(flat)} in ${mark}${none}`;
  }
  if (boundOf(activation) === undefined)
    return isKnown ? "" : `${activation} has no region that counts as flat, so slopes hold no gradient back`;
  const { share, layer } = mostFlat(net);
  const slope = isKnown ? "" : ` (slope below ${shortText(slopeAtBound(activation))})`;
  const where = share === 0 ? "" : ` (layer ${layer + 1})`;
  const most = share === 0 ? "none" : `at most ${percentText(share)}${where}`;
  if (share > limit("units"))
    return `${isKnown ? "it" : activation} is flat${slope} for most values in ${mark}: up to ${percentText(share)}${where} at update ${net.update}`;
  return isKnown
    ? `in ${mark} for ${most}`
    : `${activation} responds to most values in ${mark}: it is flat${slope} for ${most}`;
}

function flatRange(flat: readonly number[]): string {
  if (flat.length === 0) return "the others";
  const [low, high] = [percentText(Math.min(...flat)), percentText(Math.max(...flat))];
  return `${low === high ? low : `${low.replace(/\D+$/, "")}–${high}`} of the values`;
}

function mostFlat({ flat }: NetState): { readonly share: number; readonly layer: number } {
  const share = Math.max(0, ...flat);
  return { share, layer: flat.indexOf(share) };
}

// 3: gradient

function gradientText(nets: readonly NetState[]): string {
  const measured = nets.flatMap(({ mark, gradient }) =>
    gradient !== undefined && "factor" in gradient ? [{ mark, ...gradient }] : [],
  );
  const named = (is: boolean) =>
    listText(measured.filter(({ isVanishing }) => isVanishing === is).map(({ mark }) => mark));
  const updates = new Set(measured.map(({ update }) => update));
  const at = updates.size === 1 ? ` at update ${[...updates][0]}` : "";
  const [gone, kept] = [named(true), named(false)];
  const vanish = gone === "" ? `do not vanish in ${kept}` : `vanish in ${gone}${kept && ` but not in ${kept}`}`;
  const changes = measured.map(({ mark, update, factor }, place) => {
    const verb = verbOf(factor);
    const before = measured[place - 1];
    const again = before !== undefined && verbOf(before.factor) === verb;
    const change = verb === "keep" ? "keep their size" : `${again ? "" : `${verb} `}${foldText(factor)}`;
    return `${change} in ${mark}${updates.size > 1 ? ` (update ${update})` : ""}`;
  });
  const flat = nets.find((net) => mostFlat(net).share > limit("units") && boundOf(net.activation) !== undefined);
  const though = flat === undefined || gone !== "" ? "" : `flat as ${flat.activation} is, `;
  const step = gone === "" ? stepText(nets) : undefined;
  const head = step ?? `${though}gradients ${vanish}`;
  const whole = measured.length === 0 ? [] : [`${head}${at}: toward the input they ${listText(changes)}`];
  const rest = nets.flatMap(({ mark, gradient }) => {
    if (gradient === undefined) return [`${mark} has no gradients to compare`];
    return "reaches" in gradient ? [`${mark} ${reachText(gradient)}`] : [];
  });
  return `${[...whole, ...rest].join("; ")}.`;
}

function reachText({ update, reaches, layers }: { update: number; reaches: number; layers: number }): string {
  if (reaches < 0) return `at update ${update} has no gradient left in any layer`;
  if (reaches === layers - 1) return `at update ${update} has no gradient in any hidden layer: none of them can learn`;
  return `at update ${update} has no gradient before ${layerName(reaches, layers)}: what lies before it cannot learn`;
}

function verbOf(factor: number): "keep" | "grow" | "shrink" {
  if (numberText(factor) === "1") return "keep";
  return factor > 1 ? "grow" : "shrink";
}

/** How far the first step goes, where it goes too far in one of the nets. */
function stepText(nets: readonly NetState[]): string | undefined {
  const large = nets.filter(hasLargeStep);
  if (large.length === 0) return undefined;
  const lengths = nets.flatMap(({ firstStep, mark }) =>
    firstStep === undefined ? [] : [`${shortText(firstStep.length)} in ${mark}`],
  );
  return `gradients are too large for the learning rate in ${listText(large.map(({ mark }) => mark))} (one step moves a layer's weights by up to ${listText(lengths)})`;
}

function hasLargeStep({ firstStep }: NetState): boolean {
  return firstStep !== undefined && firstStep.length > limit("large-step");
}

// 4: fit

function fitText(result: Result, nets: readonly NetState[]): string {
  const ends = nets.map(({ mark, arm }) =>
    arm.status === "trained"
      ? { mark, cost: arm.final.inference, ending: endingAt(arm.final.inference, result.referenceCosts) }
      : { mark, diverged: arm.divergence.update },
  );
  const firstOnTheWay = ends.findIndex((end) => "ending" in end && shareOf(end.ending, "way") !== undefined);
  const said = ends.map((end, place) => {
    if ("diverged" in end) return `${end.mark} ${divergedText(end.diverged ?? 0)} and has no fit`;
    const { mark, cost, ending } = end;
    const way = shareOf(ending, "way");
    const isAgain = way !== undefined && place > firstOnTheWay;
    const told = isAgain ? `has come ${wayText(way)} of it` : progressText(ending, result.referenceCosts);
    return `${mark} ${told}${typeof cost === "number" ? `, at a cost of ${numberText(cost)}` : ""}`;
  });
  return `${[...alikeText(nets), ...said].join("; ")}.`;
}

/** A unit at an end of its range answers alike for different points: of nets that do not end lower than the other. */
function alikeText(nets: readonly NetState[]): string[] {
  const piled = nets.filter(
    (net) =>
      boundOf(net.activation) !== undefined &&
      (net.piled?.share ?? 0) > limit("units") &&
      nets.every((other) => costOf(net) >= costOf(other)),
  );
  if (piled.length === 0) return [];
  const where = piled.map(({ piled, mark, sizes }) => {
    const layer = layerName(piled?.layer ?? 0, sizes.length + 1);
    return `${percentText(piled?.share ?? 0)} of what ${layer} receives in ${mark}`;
  });
  return [`units at the ends of their range no longer tell points apart (${listText(where)})`];
}

/** The final cost of prediction; to diverge costs more than anything. */
function costOf({ arm }: NetState): number {
  const cost = arm.status === "trained" ? Number(arm.final.inference) : Number.POSITIVE_INFINITY;
  return Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost;
}

// The lead

function leadText(result: Result, [one, other]: readonly NetState[]): string {
  if (one === undefined) return "";
  if (other === undefined) {
    const trouble = troubleOf(one);
    return `${one.mark} ${fateText(result, one)}: ${trouble?.text ?? noTrouble(one)}.`;
  }
  if ([one, other].every((net) => isLost(result, net))) {
    const reasons = [one, other].map((net) => troubleOf(net)?.text ?? noTrouble(net));
    const isDiverged = [one, other].every(({ arm }) => arm.status === "diverged");
    return `${isDiverged ? "both nets diverge" : "neither net learns"}: ${reasons.join("; ")}.`;
  }
  const [cost, otherCost] = [costOf(one), costOf(other)];
  if (otherCost * limit("equal-ends") < cost) return aheadText(result, other, one);
  if (cost * limit("equal-ends") < otherCost) return behindText(result, other, one);
  return `${one.mark} and ${other.mark} end at about the same cost (${numberText(cost)} and ${numberText(otherCost)}).`;
}

function isLost({ referenceCosts }: Result, { arm }: NetState): boolean {
  return arm.status === "diverged" || fateOf(endingAt(arm.final.inference, referenceCosts)) === "did-not-learn";
}

function noTrouble({ mark }: NetState): string {
  return `in ${mark} values stay in range, slopes are not flat and gradients do not vanish`;
}

/** What went wrong in the worse net and not in the better one. */
function aheadText(result: Result, better: NetState, worse: NetState): string {
  const ends = endsText(result, worse, better);
  const trouble = troubleOf(worse);
  if (trouble === undefined) return `${ends}, and not for the usual reasons: ${noTrouble(worse)}.`;
  return `${ends}: ${trouble.text}${trouble.against(better)}.`;
}

/** What went wrong in the net that was to do better. */
function behindText(result: Result, treated: NetState, control: NetState): string {
  const ends = endsText(result, treated, control);
  const { train, inference, isFar } = modeEnds(result, treated.name);
  if (
    treated.arm.status === "trained" &&
    isFar &&
    result.seeds.length === 1 &&
    train !== undefined &&
    inference !== undefined
  )
    return `${ends}, and loses in prediction: it costs ${numberText(train)} in training mode and ${numberText(inference)} with its moving averages.`;
  const [trouble, other] = [troubleOf(treated), troubleOf(control)];
  if (trouble === undefined) return `${ends}, although ${noTrouble(treated)}: the four steps do not decide this run.`;
  const isShared = trouble.kind === other?.kind ? ": the four steps do not decide this run" : "";
  return `${ends}${isShared}: ${trouble.text}${trouble.against(control)}.`;
}

/** "plain diverges and bn learns (62.7)". */
function endsText(result: Result, subject: NetState, other: NetState): string {
  const [fate, otherFate] = [fateText(result, subject), fateText(result, other)];
  const [verb, otherVerb] = [fate, otherFate].map((text) => text.split(" (")[0]);
  if (verb !== otherVerb) return `${subject.mark} ${fate} and ${other.mark} ${otherFate}`;
  const side = costOf(subject) > costOf(other) ? "above" : "below";
  return `${subject.mark} ends ${side} ${other.mark} (${numberText(costOf(subject))} against ${numberText(costOf(other))})`;
}

const FATES = {
  learned: "learns",
  "learned-little": "learns little",
  "did-not-learn": "does not learn",
  diverged: "diverges",
} as const;

function fateText({ referenceCosts }: Result, { arm }: NetState): string {
  if (arm.status === "diverged") return FATES.diverged;
  const { inference } = arm.final;
  return `${FATES[fateOf(endingAt(inference, referenceCosts))]} (${numberText(inference)})`;
}

interface Trouble {
  readonly kind: "blind" | "growth" | "flat" | "silent" | "gradient" | "step" | "shrink";
  readonly text: string;
  /** How it is in the other net. */
  readonly against: (net: NetState) => string;
}

/** The first of the usual reasons that a net has. */
function troubleOf(net: NetState): Trouble | undefined {
  const { mark, way, perLayer, activation, silent, gradient, firstStep, blind } = net;
  const { share } = mostFlat(net);
  const byLayer = {
    text: `the values in ${mark} ${way} ${foldText(perLayer)} per layer before training`,
    against: (other: NetState) => `, those in ${other.mark} are ${rangeText(other.sizes)}`,
  };
  if (blind !== undefined)
    return {
      kind: "blind",
      text: `every batch of ${mark} holds a single point, for which ${blind}`,
      against: () => "",
    };
  if (way === "grow") return { kind: "growth", ...byLayer };
  if (boundOf(activation) !== undefined && share > limit("units"))
    return {
      kind: "flat",
      text: `up to ${percentText(share)} of a layer's values in ${mark} lie where ${activation} is flat`,
      against: (other) => {
        const { share } = mostFlat(other);
        return `, ${share === 0 ? "none" : share > limit("units") ? `up to ${percentText(share)}` : `at most ${percentText(share)}`} in ${other.mark}`;
      },
    };
  if (silent !== undefined && silent.units > limit("units") * silent.of)
    return {
      kind: "silent",
      text: `${silent.units} of ${silent.of} units of layer ${silent.layer + 1} in ${mark} are silent on every point`,
      against: (other) => `, at most ${other.silent?.units ?? 0} of a layer in ${other.mark}`,
    };
  if (gradient !== undefined && ("reaches" in gradient || gradient.isVanishing))
    return {
      kind: "gradient",
      text: `hardly any gradient reaches the first layers of ${mark}`,
      against: ({ gradient, mark }) =>
        gradient !== undefined && "factor" in gradient
          ? `, while layer 1 of ${mark} gets ${shortText(gradient.factor)} times the output layer's`
          : "",
    };
  if (hasLargeStep(net))
    return {
      kind: "step",
      text: `the first step at the learning rate ${numberText(firstStep?.rate ?? 0)} moves a layer's weights in ${mark} by ${shortText(firstStep?.length ?? 0)}`,
      against: (other) =>
        other.firstStep === undefined ? "" : `, in ${other.mark} by ${shortText(other.firstStep.length)}`,
    };
  return way === "shrink" ? { kind: "shrink", ...byLayer } : undefined;
}
