import { isDeepStrictEqual } from "node:util";
import { activationText, nameText } from "../charts/wording.js";
import { shortest } from "../config/codec.js";
import { TUTORIAL_ARMS } from "../config/merge.js";
import { namedNormalizer } from "../model/normalizers/index.js";
import type { ResolvedConfig } from "../record/config.js";
import { ownEntry } from "../record/own-entry.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { countedText, countText, numberText } from "../text/numbers.js";
import type { Rows } from "../text/rows.js";
import { normalizerNamed } from "./normalizers.js";

/** What was run, for someone who has never seen it; every setting stands elsewhere on the page. */
export function setupOf(result: Result): string {
  const { config, seeds } = result;
  const hidden = config.sizes.slice(1, -1);
  const widths = [...new Set(hidden)];
  const count = Object.keys(result.arms).length;
  const number = [t`No`, t`One`, t`Two`, t`Three`, t`Four`][count] ?? String(count);
  const units = widths.length === 1 ? `${widths[0]}` : t`${Math.min(...widths)} to ${Math.max(...widths)}`;
  const layers =
    config.image !== undefined
      ? t`the layers ${(config.layers ?? []).join(", ")}`
      : hidden.length === 1
        ? t`1 hidden layer (${units} units)`
        : t`${hidden.length} hidden layers of ${units} units`;
  const isCut = seeds.some(({ arms }) => Object.values(arms).some(({ status }) => status === "diverged"));
  const trained = t`${count === 1 ? t`was` : t`were`} trained for ${isCut ? t`up to ` : ""}${countedText(config.updates, "update")}`;
  const weights =
    config.weights === undefined ? t`weights from the same random numbers` : t`the same weights from a file`;
  const own = isGiven(config) ? t`weights` : config.weights === undefined ? t`noise and weights` : t`noise`;
  const again = seeds.length > 1 ? t` This was repeated for ${seeds.length} seeds, each with its own ${own}.` : "";
  return t`${number} ${count === 1 ? t`network` : t`networks`} with ${layers} ${trained} on ${count === 1 ? "" : t`the same `}${pointsText(result)}${standardizedText(config)}, with ${weights}.${again} ${differenceOf(result)}`.trim();
}

function isGiven({ dataset }: ResolvedConfig): boolean {
  return dataset === undefined;
}

function pointsText({ config, data, referenceCosts }: Result): string {
  const count = countText(data.trainingSamples);
  if (config.image !== undefined) return `${count} ${imagesText(config.image)}`;
  if (isGiven(config)) return t`${count} points from a file`;
  const noisy = referenceCosts.noiseFloor === 0 ? "" : t`noisy `;
  return data.truth === undefined
    ? t`${count} ${noisy}points`
    : t`${count} ${noisy === "" ? t`points on` : t`noisy points around`} the curve ${data.truth}`;
}

function imagesText({ height, width }: NonNullable<ResolvedConfig["image"]>): string {
  return t`images of ${height} × ${width} pixels`;
}

/** Behind the points. */
function standardizedText({ standardizeInputs = false, standardizeTargets = false }: ResolvedConfig): string {
  const what = [...(standardizeInputs ? [t`inputs`] : []), ...(standardizeTargets ? [t`targets`] : [])];
  return what.length === 0 ? "" : t` with standardized ${what.join(t` and `)}`;
}

/** Settings that make it another experiment, in the order in which they are told. */
const TELLING = [
  "preset",
  "dataset",
  "data",
  "standardizeInputs",
  "standardizeTargets",
  "init",
  "normalize",
  "transform",
  "affine",
  "position",
  "ghostBatchSize",
].concat(["decay", "debias", "learningRate", "hiddenLayers", "width", "noise"]);
const MOST_IN_TITLE = 3;

/** "relu, decay 0.99": what tells this run's page from others'. */
export function titleOf(result: Result): string {
  const own = new Map<string, unknown>(Object.entries(shortest(result.config)));
  const told = TELLING.flatMap((key) => {
    const value = own.get(key);
    const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (value === undefined) return [];
    if (key === "data") return [result.config.image === undefined ? t`given points` : imagesText(result.config.image)];
    if (typeof value === "boolean") return [value ? words : t`no ${words}`];
    return [key === "preset" ? nameText(String(value)) : `${words} ${nameText(String(value))}`];
  });
  return [activationText(result), ...told.slice(0, MOST_IN_TITLE)].join(", ");
}

/** The tutorial's pair differs in one thing, however it normalizes; other arms are told one by one. */
function differenceOf(result: Result): string {
  if (!isTutorialPair(result)) return Object.keys(result.arms).length > 1 ? t`The table below describes each.` : "";
  const words = bnWords(result.config);
  if (words.length > 0) return t`They differ in one thing: batch normalization, here ${words.join(", ")}.`;
  const over = result.config.image === undefined ? "" : t` and its pixels, channel by channel`;
  return t`They differ in one thing: batch normalization brings the input, and what each activation receives, to mean 0 and variance 1 over the batch${over}, then scales and shifts it.`;
}

function isTutorialPair({ config, arms }: Pick<Result, "config" | "arms">): boolean {
  const isPair = isDeepStrictEqual(config.arms, TUTORIAL_ARMS) && Object.keys(arms).length === 2;
  return isPair && (config.normalizer ?? "batch") === "batch";
}

type Norm = Pick<
  ResolvedConfig,
  "normalize" | "normalizeOutput" | "axes" | "transform" | "affine" | "position" | "ghostBatchSize"
>;

/** In what a normalization is another than the tutorial's. */
function bnWords(norm: Norm): string[] {
  const { normalize, normalizeOutput, axes, transform, affine, position, ghostBatchSize } = norm;
  return [
    ...(normalize === "input" ? [t`of the input only`] : []),
    ...(normalize === "hidden" ? [t`of the hidden layers, not of the input`] : []),
    ...(normalize === "conv" ? [t`of the convolutions only`] : []),
    ...(normalize === "dense" ? [t`of the dense layers only`] : []),
    ...(normalizeOutput ? [t`of the output, too`] : []),
    ...(axes === "position" ? [t`pixel by pixel`] : []),
    ...(axes === "height" ? [t`row by row of the images`] : []),
    ...(transform === "center" ? [t`only subtracting the mean`] : []),
    ...(transform === "scale" ? [t`only dividing by the standard deviation`] : []),
    ...(affine ? [] : [t`without gamma and beta`]),
    ...(position === "after" ? [t`after the activation function`] : []),
    ...(position === "afterPooling" ? [t`after the pooling that follows`] : []),
    ...(ghostBatchSize === undefined ? [] : [t`with statistics of ${ghostBatchSize} samples at a time`]),
  ];
}

/** What each arm is, and what its effect is measured against; undefined of the tutorial's pair, which the text explains. */
export function armTable(result: Result): Rows | undefined {
  if (isTutorialPair(result)) return undefined;
  const names = Object.keys(result.arms);
  if (names.length < 2) return undefined;
  return {
    head: [t`arm`, t`what it is`, t`measured against`],
    rows: names.map((name) => [name, armText(result.config, name), ownEntry(result.effects, name)?.against ?? "–"]),
    left: 3,
  };
}

function armText(config: ResolvedConfig, name: string): string {
  const own = ownEntry(config.arms, name) ?? {};
  const whole = { ...config, ...own };
  const norm =
    whole.normalize === "none" ? t`no normalization` : [labelOf(whole.normalizer), ...bnWords(whole)].join(" ");
  const others = [
    ...(own.activation === undefined ? [] : [t`activation ${own.activation}`]),
    ...(own.init === undefined ? [] : [t`${own.init} weights`]),
    ...(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]).flatMap((key) => {
      const value = own[key];
      return value === undefined ? [] : [`${SETTINGS[key]} ${typeof value === "number" ? numberText(value) : value}`];
    }),
    ...(own.debias === undefined ? [] : [own.debias ? t`debiased averages` : t`averages not debiased`]),
  ];
  return [norm, ...others].join(", ");
}

/** A normalizer with its groups, as a sentence calls it. */
function labelOf(normalizer: unknown): string {
  const groups = namedNormalizer(String(normalizer))?.groups;
  const { label } = normalizerNamed(normalizer);
  return groups === undefined ? label : t`${label} in ${groups} groups`;
}

/** What else an arm may have of its own, in the order in which it is told. */
const SETTINGS = {
  initStd: t`standard deviation of the weights`,
  bias: t`biases`,
  biasStd: t`standard deviation of the biases`,
  decay: t`decay`,
  epsilon: "epsilon",
  frozenFrom: t`averages frozen from update`,
  renormMax: t`bound of r`,
  renormShift: t`bound of d`,
  learningRate: t`learning rate`,
  optimizer: "optimizer",
  momentum: "momentum",
  beta1: "beta1",
  beta2: "beta2",
  weightDecay: t`weight decay`,
} as const;
