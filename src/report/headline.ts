import { armStyles } from "../charts/theme.js";
import { countedText, countText, listText, nameText, numberText } from "../charts/wording.js";
import { TUTORIAL_ARMS } from "../config/merge.js";
import { finalsOver } from "../experiment/effects.js";
import { percentText, successOf } from "../experiment/findings.js";
import type { ArmResult, Result } from "../experiment/result.js";
import { factorsText, timesText } from "./effect-words.js";
import { labelledArms } from "./labelled-arms.js";
import { type Progress, progressOf, wayText } from "./progress-words.js";
import { sameValue } from "./recipe.js";

/** Costs in the two modes that are further apart than this factor are worth a word at the top. */
const FAR = 1.25;
/** With more arms a clause about each would be no headline. */
const MOST_IN_FULL = 2;

/** What came of it, in words that need no other part of the page: every claim is this run's. */
export function headlineOf(result: Result): string {
  const arms = labelledArms(result);
  if (arms.length > MOST_IN_FULL) return `${inShort(result)}.`;
  const names = new Map(armStyles(Object.keys(result.arms)).map(({ name, longName }) => [name, longName]));
  const told = arms.map(({ name, arm }) => ({ name: titleOf(name, names), arm, fate: fateOf(result, name, arm) }));
  const [one, other] = told;
  if (one === undefined) return "No arm was trained.";
  const alone = `${capital(one.name)} ${fateText(one.fate)}`;
  if (other === undefined) return `${alone}${caveat(one.arm)}.`;
  return [`${bothText(one, other)}${caveat(other.arm)}.`, ...difference(result, names)].join(" ");
}

function titleOf(name: string, names: ReadonlyMap<string, string>): string {
  const long = names.get(name) ?? nameText(name);
  return name === "plain" || name === "bn" ? `the ${long} net` : `the net ${long}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Fate = Progress | { readonly kind: "diverged"; readonly text: string };

/** Where an arm ended: in the median over the seeds, unless one of them diverged. */
function fateOf({ anchors, seeds }: Result, name: string, arm: ArmResult): Fate {
  const { diverged, quartiles } = finalsOver(seeds, name, "train");
  if (diverged > 0 && seeds.length > 1) {
    const text = `diverged in ${diverged === seeds.length ? "all " : `${diverged} of `}${seeds.length} seeds`;
    return { kind: "diverged", text };
  }
  if (arm.status === "diverged")
    return { kind: "diverged", text: `blew up at update ${countText(arm.divergence.update)}` };
  return progressOf(quartiles?.median ?? arm.final.train, anchors);
}

function fateText(fate: Fate): string {
  switch (fate.kind) {
    case "diverged":
      return fate.text;
    case "lost":
      return "predicts values beyond all numbers";
    case "none":
      return "did not get below the cost of always predicting the mean";
    case "overfit":
      return "ended at a cost below that of the noise alone, so its fit follows the noise itself";
    case "noise":
      return "learned the data as closely as the noise allows";
    case "error":
      return `brought its error down to ${percentText(fate.share)} of that of always predicting the mean`;
    case "way":
      return `came ${wayText(fate.share)} of the way from a flat line to the true curve`;
  }
}

interface Told {
  readonly name: string;
  readonly fate: Fate;
}

function bothText(one: Told, other: Told): string {
  const [first, second] = [fateText(one.fate), fateText(other.fate)];
  if (one.fate.kind === "way" && other.fate.kind === "way")
    return `${capital(one.name)} ${first}, ${other.name} ${wayText(other.fate.share)}`;
  if (one.fate.kind === "none" && other.fate.kind === "none")
    return "Neither net got below the cost of always predicting the mean";
  if (one.fate.kind === "overfit" && other.fate.kind === "overfit")
    return "Both nets ended at a cost below that of the noise alone, so their fits follow the noise itself";
  if (first === second) return `Both nets ${first}`;
  return `${capital(one.name)} ${first}, while ${other.name} ${second}`;
}

/** That prediction is worse than training, or better, where it is so by much. */
function caveat(arm: ArmResult): string {
  if (arm.status === "diverged") return "";
  const { train, inference } = arm.final;
  if (typeof inference === "string") return `; with the moving averages that prediction uses it is lost (${inference})`;
  if (!(train > 0) || (inference < FAR * train && inference > train / FAR)) return "";
  return `; with the moving averages that prediction uses, its cost is ${numberText(inference)} instead of ${numberText(train)}`;
}

/** How far apart the two arms end, where both do. */
function difference({ effects, seeds }: Result, names: ReadonlyMap<string, string>): string[] {
  const [effect] = Object.entries(effects);
  const mean = effect?.[1].train.mean;
  if (effect === undefined || mean === undefined) return [];
  const [arm, { against }] = effect;
  const { estimate, low, high } = mean;
  const ends =
    Math.exp(Math.abs(estimate)) < 1.05
      ? `${capital(titleOf(arm, names))} and ${titleOf(against, names)} end about equal`
      : `${capital(titleOf(arm, names))} ends ${timesText(estimate)} than ${titleOf(against, names)}`;
  if (seeds.length < 2) return [`${ends}.`];
  const over = `${ends} on average over ${seeds.length} seeds`;
  if (low === undefined || high === undefined) return [`${over}.`];
  if (low <= 0 && high >= 0) return [`${over}, which the choice of seeds alone could explain.`];
  return [`${over} (95 % interval ${factorsText(low, high)} times).`];
}

/** Many arms, by what became of them. */
function inShort(result: Result): string {
  const { anchors } = result;
  const arms = labelledArms(result);
  const ended = arms.flatMap(({ label, arm }) => (arm.status === "trained" ? [{ label, cost: arm.final.train }] : []));
  const count = (fate: ReturnType<typeof successOf>) =>
    ended.filter(({ cost }) => successOf(cost, anchors.predictMean) === fate).length;
  const groups = [
    { number: count("learned"), fate: "learned the data" },
    { number: count("learned little"), fate: "learned little" },
    { number: count("did not learn"), fate: "did not get below the cost of always predicting the mean" },
    { number: arms.length - ended.length, fate: "diverged" },
  ].filter(({ number }) => number > 0);
  const [best] = ended.sort((a, b) => a.cost - b.cost);
  const first = best === undefined ? "" : `; ${best.label} has the lowest final cost, ${numberText(best.cost)}`;
  const whose = result.seeds.length > 1 ? ` (seed ${result.config.seed})` : "";
  return `Of ${arms.length} nets ${listText(groups.map(({ number, fate }) => `${number} ${fate}`))}${whose}${first}`;
}

/** What was run, for someone who has never seen it; every setting stands elsewhere on the page. */
export function setupOf(result: Result): string {
  const { config, data } = result;
  const hidden = config.sizes.slice(1, -1);
  const widths = [...new Set(hidden)];
  const count = Object.keys(result.arms).length;
  const number = ["No", "One", "Two", "Three", "Four"][count] ?? String(count);
  const units = widths.length === 1 ? `${widths[0]}` : `${Math.min(...widths)} to ${Math.max(...widths)}`;
  const nets = `${number} ${count === 1 ? "network" : "networks"} of ${hidden.length} hidden ${hidden.length === 1 ? "layer" : "layers of"} ${hidden.length === 1 ? `(${units} units)` : `${units} units`}`;
  const trained = `${count === 1 ? "was" : "were"} trained for ${countedText(config.updates, "update")} on the same ${countText(data.trainingSamples)} ${sourceOf(result)}, with weights from the same random numbers`;
  return `${nets} ${trained}. ${differenceOf(result)}`;
}

function sourceOf({ config, data }: Result): string {
  if (config.dataset === undefined) return "given points";
  return data.truth === undefined ? "noisy points" : `noisy points around the curve ${data.truth}`;
}

/** The tutorial's pair differs in one thing; other arms say for themselves. */
function differenceOf({ config, arms }: Result): string {
  const isPair = sameValue(config.arms, TUTORIAL_ARMS) && Object.keys(arms).length === 2;
  const isWhole =
    config.normalize === "all" &&
    config.transform === "standardize" &&
    config.affine &&
    config.position === "before" &&
    config.ghostBatchSize === undefined;
  if (!isPair || !isWhole) return "What each of them sets for itself is told under “Run it again”.";
  return "They differ in one thing: the batch-normalized one brings its input, and what each activation function receives, to mean 0 and variance 1 over the batch, and learns how far to scale and shift it from there.";
}
