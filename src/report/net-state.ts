import { nameText } from "../charts/wording.js";
import { type Activation, type ActivationName, activations } from "../model/activations.js";
import { divergedAt } from "../outcome/ending.js";
import { limit } from "../outcome/limits.js";
import type { ArmResult } from "../record/arms.js";
import type { ResolvedConfig } from "../record/config.js";
import type { Checkpoint, Distribution } from "../record/layers.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { singlePointText } from "../text/findings.js";
import { t } from "../text/language.js";
import { unitNoun } from "../text/places.js";
import type { LabeledArm } from "./labeled-arms.js";

/** What becomes of the values on their way through the hidden layers before training. */
type Way = "grow" | "shrink" | "outside" | "keep";

/** The gradient with respect to what the layers compute. */
export type GradientWay =
  | { readonly update: number; readonly factor: number; readonly isVanishing: boolean }
  | { readonly update: number; readonly reaches: number; readonly layers: number };

/** A net's record as the four steps read it: every number is one of `result.json`, or follows from those of one checkpoint. */
export interface NetState extends LabeledArm {
  readonly activation: string;
  /** Root mean squares of what the activations receive before training, by hidden layer. */
  readonly sizes: readonly number[];
  /** Factor of those from layer to layer, geometric mean. */
  readonly perLayer: number;
  readonly way: Way;
  /** The largest of them at the last record in which all are numbers. */
  readonly largest: { readonly update: number; readonly size: number; readonly layer: number } | undefined;
  /** The update of the last record that both nets have, before one of them diverged: what follows is of that one. */
  readonly update: number | undefined;
  /** Share of the values where the activation is flat, by hidden layer; empty where it nowhere is. */
  readonly flat: readonly number[];
  readonly silent:
    | { readonly count: number; readonly of: number; readonly layer: number; readonly units: string }
    | undefined;
  readonly gradient: GradientWay | undefined;
  /** How far the first step of plain gradient descent moves the weights of one layer, at most. */
  readonly firstStep: { readonly length: number; readonly layer: number; readonly rate: number } | undefined;
  /** Of what a hidden layer or the output layer receives, the share at the ends of the activation's range. */
  readonly piled: { readonly share: number; readonly layer: number; readonly units: string } | undefined;
  readonly isMirrored: boolean;
  /** What is left of a normalization's input where every batch is one point. */
  readonly blind: string | undefined;
}

/** The states of arms, compared at the last records that all of them have in full. */
export function netStates(result: Result, arms: readonly LabeledArm[]): NetState[] {
  const common = (isFull: (checkpoint: Checkpoint, arm: ArmResult) => boolean) => {
    const updates = arms.map(({ arm }) => arm.checkpoints.flatMap((each) => (isFull(each, arm) ? [each.update] : [])));
    return updates[0]?.findLast((update) => updates.every((own) => own.includes(update)));
  };
  const [end, gradients] = [common(isWhole), common(hasGradients)];
  return arms.map((arm) => netState(result, arm, { end, gradients }));
}

/** Whether a record is of a state before the arm diverged, and its hidden layers hold numbers. */
function isWhole(checkpoint: Checkpoint, arm: ArmResult): boolean {
  return (
    checkpoint.update < (divergedAt(arm) ?? Number.POSITIVE_INFINITY) && sizesOf(checkpoint).every(Number.isFinite)
  );
}

type Ends = Readonly<Record<"end" | "gradients", number | undefined>>;

function netState(result: Result, labeled: LabeledArm, at: Ends): NetState {
  const { arm, name } = labeled;
  const [start] = arm.checkpoints;
  const sizes = start === undefined ? [] : sizesOf(start);
  const last = arm.checkpoints.findLast((checkpoint) => sizesOf(checkpoint).every(Number.isFinite));
  const end = arm.checkpoints.findLast((each) => each.update === (at.end ?? each.update) && isWhole(each, arm));
  const activation = nameText(String(settingOf(result, name, "activation")));
  const perLayer = sizes.length < 2 ? 1 : ((sizes.at(-1) ?? 1) / (sizes[0] ?? 1)) ** (1 / (sizes.length - 1));
  const silent = end === undefined ? undefined : mostOf(end.layers, ({ health }) => health.silentUnits ?? 0);
  const largest = mostOf(last === undefined ? [] : sizesOf(last), (size) => size);
  const piled = end && piledOf(end);
  const single = result.warnings.find((warning) => warning.code === "batch-of-one" && warning.arm === name);
  return {
    ...labeled,
    activation,
    sizes,
    perLayer,
    way: wayOf(sizes, perLayer, boundOf(activation)),
    largest: last && largest && { update: last.update, size: largest.value, layer: largest.place },
    update: end?.update,
    flat: end === undefined ? [] : flatOf(end),
    silent: end &&
      silent && {
        count: silent.value,
        of: end.layers[silent.place]?.health.units ?? 0,
        layer: silent.place,
        units: unitsOf(result, silent.place),
      },
    gradient: gradientOf(arm, at.gradients),
    firstStep: start?.update === 0 ? stepOf(result, name, start) : undefined,
    piled: piled && { ...piled, units: unitsOf(result, piled.layer - 1) },
    isMirrored: isMirroredArm(result, labeled),
    blind:
      single?.code === "batch-of-one" && single.value >= result.data.trainingSamples
        ? singlePointText(single)
        : undefined,
  };
}

function unitsOf({ config }: Result, layer: number): string {
  return unitNoun(config, layer) === "unit" ? t`units` : t`channels`;
}

/** What values, or gradients, do from layer to layer. */
export function changeVerb(isGrowing: boolean): string {
  return isGrowing ? t`grow` : t`shrink`;
}

/** Where the largest size has grown since by as much as counts from layer to layer. */
export function grownTo({ largest, sizes, arm }: NetState): NetState["largest"] {
  const hasGrown = largest !== undefined && largest.update !== arm.checkpoints[0]?.update;
  return hasGrown && largest.size > Math.sqrt(limit("growth")) * Math.max(...sizes) ? largest : undefined;
}

/** Where the activation is flat for most of a layer's values, and for how many. */
export function mostFlat({ flat }: NetState): { readonly share: number; readonly layer: number } {
  const share = Math.max(0, ...flat);
  return { share, layer: flat.indexOf(share) };
}

/** Whether a normalization without beta keeps every hidden layer as full above 0 as it is below it, at every record. */
function isMirroredArm(result: Result, { name, arm }: LabeledArm): boolean {
  return (
    settingOf(result, name, "normalize") !== "none" &&
    settingOf(result, name, "affine") === false &&
    arm.checkpoints.length > 1 &&
    arm.checkpoints.every(
      ({ layers }) => layers.length > 1 && hiddenOf(layers).every(({ preActivation }) => isEven(preActivation)),
    )
  );
}

/** Values that rounding may put into the bin beside their own. */
const ASTRAY = 0.02;

function isEven({ counts, edges, underflow, overflow }: Distribution): boolean {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const unlike = counts.reduce(
    (sum, count, place) => sum + Math.abs(count - (counts[counts.length - 1 - place] ?? 0)),
    0,
  );
  return edges[0] === -(edges.at(-1) ?? 0) && underflow === overflow && unlike / 2 <= ASTRAY * total;
}

export function settingOf<K extends keyof ResolvedConfig>({ config }: Result, arm: string, key: K) {
  const own: Readonly<Record<string, unknown>> = ownEntry(config.arms, arm) ?? {};
  return own[key] ?? config[key];
}

/** Undefined of a name that a newer or a made-up record has. */
function activationNamed(name: string): Activation | undefined {
  return Object.hasOwn(activations, name) ? activations[name as ActivationName] : undefined;
}

/** Half the width of the region in which a saturating activation responds. */
export function boundOf(activation: string): number | undefined {
  return activationNamed(activation)?.saturatedBeyond?.[1];
}

/** The slope where that region ends. */
export function slopeAtBound(activation: string): number {
  return activationNamed(activation)?.derivative(boundOf(activation) ?? 0) ?? 0;
}

/** Whether the activation has a region without slope on one side and none on the other. */
export function isHalfFlat(activation: string): boolean {
  return activationNamed(activation)?.silentBelowZero ?? false;
}

function hiddenOf<T>(layers: readonly T[]): readonly T[] {
  return layers.slice(0, -1);
}

function sizesOf({ layers }: Checkpoint): number[] {
  return hiddenOf(layers).map(({ health }) => Math.sqrt(Number(health.secondMoment)));
}

function wayOf(sizes: readonly number[], perLayer: number, bound: number | undefined): Way {
  // The limit is of second moments.
  const most = Math.sqrt(limit("growth"));
  if (perLayer > most) return "grow";
  if (perLayer < 1 / most) return "shrink";
  return bound !== undefined && Math.max(...sizes) > bound ? "outside" : "keep";
}

function mostOf<T>(
  items: readonly T[],
  value: (item: T) => number,
): { readonly place: number; readonly value: number } | undefined {
  const all = items.map((item, place) => ({ place, value: value(item) }));
  return all.sort((one, other) => other.value - one.value || one.place - other.place)[0];
}

function flatOf({ layers }: Checkpoint): number[] {
  return hiddenOf(layers).flatMap(({ health }) => health.flatShare ?? health.saturatedShare ?? []);
}

function hasGradients({ layers }: Checkpoint): boolean {
  return layers.every(({ gradientNorms }) => typeof gradientNorms.preActivation === "number");
}

/** At this update, or at the last record in which all of it is a number. */
function gradientOf({ checkpoints }: ArmResult, at: number | undefined): GradientWay | undefined {
  const record = checkpoints.findLast(
    (checkpoint) => checkpoint.update === (at ?? checkpoint.update) && hasGradients(checkpoint),
  );
  const norms = record?.layers.map(({ gradientNorms }) => Number(gradientNorms.preActivation)) ?? [];
  const [first, last] = [norms[0], norms.at(-1)];
  if (record === undefined || first === undefined || last === undefined || norms.length < 2) return undefined;
  const { update } = record;
  if (first === 0 || last === 0)
    return { update, reaches: norms.findIndex((norm) => norm !== 0), layers: norms.length };
  return { update, factor: first / last, isVanishing: norms.some((norm) => norm < limit("small-gradient") * last) };
}

/** How far a step of plain gradient descent moves the weights of one layer, at most. */
export function stepOf(result: Result, name: string, { layers }: Checkpoint): NetState["firstStep"] {
  const isDescent = (settingOf(result, name, "optimizer") ?? "sgd") === "sgd";
  const steepest = mostOf(layers, ({ gradientNorms }) => Number(gradientNorms.kernel));
  if (!isDescent || steepest === undefined || !Number.isFinite(steepest.value)) return undefined;
  const rate = Number(settingOf(result, name, "learningRate"));
  return { length: rate * steepest.value, layer: steepest.place, rate };
}

/** The axis of what layers receive is the activation's range, cut to so much at both ends. */
const CUT = 8;

function piledOf({ layers }: Checkpoint) {
  const most = mostOf(layers.slice(1), ({ layerInput }) => pileOf(layerInput).share);
  return most && { share: most.value, layer: most.place + 1 };
}

/** Values in the outermost bins, at an end beyond which the activation gives nothing. */
export function pileOf(distribution: Distribution): { readonly share: number; readonly where: string } {
  const { counts, edges, underflow, overflow, nonFinite } = distribution;
  const [start, end] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const total = counts.reduce((sum, count) => sum + count, underflow + overflow + nonFinite);
  const low = start > -CUT ? (counts[0] ?? 0) / total : 0;
  const high = end < CUT ? (counts.at(-1) ?? 0) / total : 0;
  if (start === 0 && end >= CUT) return { share: low, where: t`are zero or next to it` };
  const isBoth = Math.min(low, high) > 0.2 * Math.max(low, high);
  const ends = isBoth ? t`the two ends` : low >= high ? t`the lower end` : t`the upper end`;
  return { share: low + high, where: t`lie at ${ends} of the activation's range` };
}
