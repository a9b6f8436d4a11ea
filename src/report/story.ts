import { capitalized, listText } from "../charts/wording.js";
import { endingAt } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { Result } from "../record/result.js";
import { divergedText } from "../text/endings.js";
import { t } from "../text/language.js";
import { foldText, numberText, percentText, rangeText, shortText } from "../text/numbers.js";
import { layerName } from "../text/places.js";
import { labeledArms } from "./labeled-arms.js";
import { costOf, leadText, seedText } from "./lead.js";
import {
  boundOf,
  changeVerb,
  grownTo,
  isHalfFlat,
  mostFlat,
  type NetState,
  netStates,
  slopeAtBound,
} from "./net-state.js";
import { changeTexts, progressText, shareOf, wayText } from "./progress-words.js";

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
  values: { title: t`1. What the activations receive`, charts: ["signal"] },
  layers: { title: t`2. How steep the activations are there`, charts: ["histograms"] },
  gradients: { title: t`3. How much gradient reaches each layer`, charts: ["gradients"] },
  fits: { title: t`4. What the fit can still do`, charts: ["data"] },
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
  const isSome = Object.keys(result.arms).length > nets.length;
  const whose = isSome ? t`of ${listText(nets.map(({ mark }) => mark))}: ` : "";
  return {
    lead: capitalized(`${whose}${leadText(result, nets)}`),
    steps: steps.map(({ id, sentence }) => ({ id, sentence: capitalized(`${seedText(result)}${sentence}`) })),
  };
}

// 1: values

function valuesText(nets: readonly NetState[]): string {
  return `${nets.map((net, place) => sizeText(net, place === 0)).join("; ")}.`;
}

function sizeText(net: NetState, isFirst: boolean): string {
  const { mark, sizes, perLayer, way, activation, blind, isMirrored } = net;
  if (blind !== undefined) return t`in ${mark} every batch holds a single point, for which ${blind}`;
  const whose = isFirst ? t`the values in ${mark}` : t`those in ${mark}`;
  if (!sizes.every(Number.isFinite)) return t`${whose} are not finite before any training`;
  const unit = isFirst ? t` (root mean square)` : "";
  const size = t`${rangeText(sizes)}${unit} before training`;
  const bound = shortText(boundOf(activation) ?? 0);
  const later = laterText(net);
  switch (way) {
    case "grow":
    case "shrink":
      return t`${whose} ${changeVerb(way === "grow")} ${foldText(perLayer)} per layer before training${theoryText(net)}: ${shortText(sizes[0] ?? 0)} in layer 1, ${shortText(sizes.at(-1) ?? 0)} in layer ${sizes.length}${unit}`;
    case "outside":
      return t`${whose} leave the range in which ${activation} responds (±${bound}): ${size}${later === undefined ? "" : t`, and ${later}`}`;
    default: {
      const within =
        isFirst && boundOf(activation) !== undefined ? t` within ±${bound}, where ${activation} responds,` : "";
      return later === undefined
        ? t`${whose} keep their size${within.replace(/,$/, "")}: ${size}${isMirrored ? t`, and are symmetric about 0 in every layer` : ""}`
        : t`${whose} start${within} at ${rangeText(sizes)}${unit} and grow ${later}`;
    }
  }
}

function theoryText({ arm }: NetState): string {
  if (arm.status !== "diverged") return "";
  const { growth } = arm.divergence;
  if (growth?.predicted === undefined || growth.update !== arm.checkpoints[0]?.update) return "";
  return t` (theory: ${shortText(Math.sqrt(growth.predicted))})`;
}

function laterText(net: NetState): string | undefined {
  const grown = grownTo(net);
  return grown && t`up to ${shortText(grown.size)} at update ${grown.update} (layer ${grown.layer + 1})`;
}

// 2: slope

function slopeText(nets: readonly NetState[]): string {
  const said = nets.map((net, place) => flatText(net, nets[place - 1]?.activation === net.activation));
  return `${said.filter((text) => text !== "").join("; ")}.`;
}

/** `isKnown`: of the activation that has just been described. */
function flatText(net: NetState, isKnown: boolean): string {
  const { activation, flat, mark, silent, way, blind } = net;
  if (blind !== undefined)
    return t`of ${mark} the picture shows all points normalized together, as training never does`;
  if (isHalfFlat(activation)) {
    const growth = way === "grow" ? t`, so nothing damps the growth` : "";
    const what = t`the slope of ${activation} is 1 for every positive value, however large${growth}; `;
    const none =
      silent !== undefined && silent.count > limit("units") * silent.of
        ? t`, and ${silent.count} of ${silent.of} ${silent.units} of layer ${silent.layer + 1} output 0 on every point`
        : "";
    if (isKnown) return t`in ${mark}, for ${flatRange(flat)}${none}`;
    return t`${what}at update ${net.update} it is 0 for ${flatRange(flat)} in ${mark}${none}`;
  }
  if (boundOf(activation) === undefined)
    return isKnown ? "" : t`${activation} has no region that counts as flat, so its slope never blocks the gradient`;
  const { share, layer } = mostFlat(net);
  const slope = isKnown ? "" : t` (slope below ${shortText(slopeAtBound(activation))})`;
  const where = share === 0 ? "" : t` (layer ${layer + 1})`;
  const most = share === 0 ? t`none` : t`at most ${percentText(share)}${where}`;
  if (share > limit("units"))
    return t`${isKnown ? t`it` : activation} is flat${slope} for most values in ${mark}: up to ${percentText(share)}${where} at update ${net.update}`;
  return isKnown
    ? t`in ${mark}, for ${most}`
    : t`${activation} responds to most values in ${mark}: it is flat${slope} for ${most}`;
}

function flatRange(flat: readonly number[]): string {
  if (flat.length === 0) return t`the others`;
  const [low, high] = [percentText(Math.min(...flat)), percentText(Math.max(...flat))];
  return t`${low === high ? low : `${low.replace(/\D+$/, "")}–${high}`} of the values`;
}

// 3: gradient

function gradientText(nets: readonly NetState[]): string {
  const seeing = nets.filter(({ blind }) => blind === undefined);
  const measured = seeing.flatMap(({ mark, gradient }) =>
    gradient !== undefined && "factor" in gradient ? [{ mark, ...gradient }] : [],
  );
  const named = (is: boolean) =>
    listText(measured.filter(({ isVanishing }) => isVanishing === is).map(({ mark }) => mark));
  const updates = new Set(measured.map(({ update }) => update));
  const at = updates.size === 1 ? t` at update ${[...updates][0]}` : "";
  const [gone, kept] = [named(true), named(false)];
  const vanish =
    gone !== ""
      ? t`vanish in ${gone}${kept && t` but not in ${kept}`}`
      : measured.length > 1
        ? t`vanish in neither net`
        : t`do not vanish in ${kept}`;
  const changes = changeTexts(measured).map(
    (change, place) => `${change}${updates.size > 1 ? t` (update ${measured[place]?.update})` : ""}`,
  );
  const flat = seeing.find((net) => mostFlat(net).share > limit("units") && boundOf(net.activation) !== undefined);
  const though = flat === undefined || gone !== "" ? "" : t`although ${flat.activation} is flat in ${flat.mark}, `;
  const step = gone === "" ? stepText(seeing) : undefined;
  const said =
    step === undefined
      ? t`${though}gradients ${vanish}${at}: toward the input they ${listText(changes)}`
      : t`${step}; toward the input they ${listText(changes)}${at}`;
  const whole = measured.length === 0 ? [] : [said];
  const rest = nets.flatMap(({ mark, gradient, blind }) => {
    if (blind !== undefined)
      return [
        t`in ${mark} no gradient gets through the normalization of a single point: only what follows the last one learns`,
      ];
    if (gradient === undefined) return [t`${mark} has no gradients to compare`];
    return "reaches" in gradient ? [`${mark} ${reachText(gradient)}`] : [];
  });
  return `${[...whole, ...rest].join("; ")}.`;
}

function reachText({ update, reaches, layers }: { update: number; reaches: number; layers: number }): string {
  if (reaches < 0) return t`at update ${update} has no gradient left in any layer`;
  if (reaches === layers - 1) return t`at update ${update} has no gradient in any hidden layer: none of them can learn`;
  return t`at update ${update} has no gradient before ${layerName(reaches, layers)}: what comes before it cannot learn`;
}

/** How far the first step goes, where it goes too far in one of the nets. */
function stepText(nets: readonly NetState[]): string | undefined {
  const large = nets.filter(({ firstStep }) => firstStep !== undefined && firstStep.length > limit("large-step"));
  if (large.length === 0) return undefined;
  const lengths = nets.flatMap(({ firstStep, mark }) =>
    firstStep === undefined ? [] : [t`${shortText(firstStep.length)} in ${mark}`],
  );
  return t`gradients are too large for the learning rate in ${listText(large.map(({ mark }) => mark))} (the first step moves a layer's weights by up to ${listText(lengths)})`;
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
    if ("diverged" in end) return t`${end.mark} ${divergedText(end.diverged ?? 0)} and has no fit`;
    const { mark, cost, ending } = end;
    const way = shareOf(ending, "way");
    const isAgain = way !== undefined && place > firstOnTheWay;
    const told = isAgain ? t`has come ${wayText(way)} of it` : progressText(ending, result);
    return `${mark} ${told}${typeof cost === "number" ? t`, at a cost of ${numberText(cost)}` : ""}${mirrorText(result, nets[place])}`;
  });
  return `${[...alikeText(nets), ...said].join("; ")}.`;
}

/** Of a net whose layers are mirrored: how nearly its fit is, about the middle of the grid. */
function mirrorText({ data: { grid = [] } }: Result, net: NetState | undefined): string {
  const fit = net?.arm.status === "trained" && net.isMirrored ? net.arm.fit.map(Number) : [];
  const middle = (fit.length - 1) / 2;
  if (fit.length < 3 || grid.length !== fit.length || !Number.isInteger(middle)) return "";
  const [center = 0, height] = [fit[middle], Math.max(...fit) - Math.min(...fit)];
  const off = Math.max(...fit.map((value, place) => Math.abs(value + (fit[fit.length - 1 - place] ?? 0) - 2 * center)));
  return off <= MIRRORED * height
    ? t`: its fit is point-symmetric about x = ${numberText(grid[middle] ?? 0)}, to within ${percentText(off / height)} of its height`
    : "";
}

/** Of a fit's height, what may part it from its mirror image. */
const MIRRORED = 0.05;

/** A unit at an end of its range answers alike for different points: of nets that do not end lower than the other. */
function alikeText(nets: readonly NetState[]): string[] {
  const piled = nets.filter(
    (net) =>
      boundOf(net.activation) !== undefined &&
      (net.piled?.share ?? 0) > limit("units") &&
      nets.every((other) => costOf(net.arm) >= costOf(other.arm)),
  );
  if (piled.length === 0) return [];
  const where = piled.map(({ piled, mark, sizes }) => {
    const layer = layerName(piled?.layer ?? 0, sizes.length + 1);
    return t`${percentText(piled?.share ?? 0)} of the input of ${layer} in ${mark}`;
  });
  return [t`${piled[0]?.piled?.units} at the ends of their range no longer distinguish points (${listText(where)})`];
}
