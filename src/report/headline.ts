import { armStyles } from "../charts/theme.js";
import { listText, nameText, numberText } from "../charts/wording.js";
import { endsText, factorsText, overText, timesText } from "../experiment/effect-words.js";
import { finalsOver } from "../experiment/effects.js";
import { divergedShortly, percentText, successOf } from "../experiment/findings.js";
import type { Result } from "../experiment/result.js";
import { type LabelledArm, labelledArms } from "./labelled-arms.js";
import { modeEnds, predictedApart } from "./mode-gap.js";
import { type Progress, progressOf, wayText } from "./progress-words.js";

/** With more arms a clause about each would be no headline. */
const MOST_IN_FULL = 2;

/** What came of it, in words that need no other part of the page: every claim is this run's, over all its seeds. */
export function headlineOf(result: Result): string {
  const arms = labelledArms(result);
  const names = titlesOf(result);
  const title = ({ name, label }: LabelledArm) => (arms.length > MOST_IN_FULL ? label : (names.get(name) ?? label));
  const apart = modesApart(result, arms, title);
  if (arms.length > MOST_IN_FULL) return [`${inShort(result, arms)}.`, ...apart].join(" ");
  const [one, other] = arms.map((arm) => ({ name: title(arm), fate: fateOf(result, arm) }));
  if (one === undefined) return "No arm was trained.";
  const fates = other === undefined ? `${one.name} ${fateText(one.fate)}` : bothText(one, other);
  return [`${capital(fates)}.`, ...apart, ...differences(result, names)].join(" ");
}

function titlesOf(result: Result): ReadonlyMap<string, string> {
  return new Map(
    armStyles(Object.keys(result.arms)).map(({ name, longName }) => [
      name,
      name === "plain" || name === "bn" ? `the ${longName} net` : `the net ${nameText(name)}`,
    ]),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Fate = Progress | { readonly kind: "diverged"; readonly text: string; readonly update?: number };

/**
 * Where an arm ended: in the median over the seeds, unless one of them diverged. By the cost of prediction, unless that is
 * lastingly another than training's, which is then told by itself.
 */
function fateOf(result: Result, { name, arm }: LabelledArm): Fate {
  const { anchors, seeds } = result;
  const { diverged } = finalsOver(seeds, name, "train");
  if (diverged > 0 && seeds.length > 1) {
    const text = `diverged in ${diverged === seeds.length ? "all " : `${diverged} of `}${seeds.length} seeds`;
    return { kind: "diverged", text };
  }
  if (arm.status === "diverged") {
    const { update, cause } = arm.divergence;
    return { kind: "diverged", text: divergedShortly(arm.divergence), ...(cause === undefined ? { update } : {}) };
  }
  const { train = 0, inference = train, isFar } = modeEnds(result, name);
  return progressOf(isFar ? train : inference, anchors);
}

function fateText(fate: Fate): string {
  switch (fate.kind) {
    case "diverged":
      return fate.text;
    case "lost":
      return "predicts values beyond all numbers";
    case "none":
      return "ended no better than always predicting the mean";
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
    return `${one.name} ${first}, ${other.name} ${wayText(other.fate.share)}`;
  if (one.fate.kind === "error" && other.fate.kind === "error")
    return `${one.name} ${first}, ${other.name} to ${percentText(other.fate.share)}`;
  if (one.fate.kind === "none" && other.fate.kind === "none")
    return "neither net ended better than always predicting the mean";
  if (one.fate.kind === "overfit" && other.fate.kind === "overfit")
    return "both nets ended at a cost below that of the noise alone, so their fits follow the noise itself";
  if (first === second) return `both nets ${first}`;
  if (one.fate.kind === "diverged" && other.fate.kind === "diverged" && other.fate.update !== undefined)
    return `both nets blew up, ${one.name} at update ${one.fate.update} and ${other.name} at update ${other.fate.update}`;
  return `${one.name} ${first}, while ${other.name} ${second}`;
}

/** The arms that predict lastingly worse than training says, or better. */
function modesApart(result: Result, arms: readonly LabelledArm[], title: (arm: LabelledArm) => string): string[] {
  const seeds = result.seeds.length;
  const told = arms.flatMap((arm) => {
    const { train, inference, lost, isFar } = modeEnds(result, arm.name);
    if (!isFar || train === undefined) return [];
    const median = seeds > 1 ? " in the median" : "";
    const instead = `instead of ${numberText(train)}${median}`;
    const cost = inference === undefined ? [] : [`costs ${numberText(inference)} ${instead}`];
    const gone = lost === 0 ? [] : [seeds > 1 ? `is lost in ${lost} of ${seeds} seeds` : "predicts nothing finite"];
    return [`${title(arm)} ${[...cost, ...gone].join(" and ")}`];
  });
  if (told.length === 0) return [];
  return [`With the moving averages that prediction uses, ${listText(told)}.`];
}

/** How far apart the two arms end, where both do. */
function differences({ effects, seeds }: Result, names: ReadonlyMap<string, string>): string[] {
  const [first] = Object.entries(effects);
  if (first === undefined) return [];
  const [name, { against, train, inference }] = first;
  const [arm, control] = [names.get(name) ?? "", names.get(against) ?? ""];
  if (train.mean === undefined) return [];
  const { estimate, low, high, confidence } = train.mean;
  const predicted = predictedApart({ train, inference });
  const ends = endsText(arm, control, estimate);
  const how = predicted !== undefined ? `With batch statistics, ${ends}` : capital(ends);
  const also = predicted !== undefined ? `; with moving averages it ends ${timesText(predicted)}` : "";
  if (seeds.length < 2) return [`${how}${also}.`];
  const over = `${how}${train.defined > 1 ? " on average" : ""} ${overText(train, seeds.length)}`;
  if (low === undefined || high === undefined || low === high) return [`${over}${also}.`];
  if (low <= 0 && high >= 0) return [`${over}, which chance among the seeds alone could explain${also}.`];
  return [`${over} (${percentText(confidence)} interval ${factorsText(low, high)} times)${also}.`];
}

/** Many arms, by what became of them. */
function inShort(result: Result, arms: readonly LabelledArm[]): string {
  const { anchors, seeds } = result;
  const all = arms.map(({ name, label }) => ({ label, ...finalsOver(seeds, name, "train") }));
  const ended = all.flatMap(({ label, diverged, quartiles }) =>
    quartiles === undefined || diverged > 0 ? [] : [{ label, cost: quartiles.median }],
  );
  const count = (fate: ReturnType<typeof successOf>) =>
    ended.filter(({ cost }) => successOf(cost, anchors.predictMean) === fate).length;
  const lost = all.filter(({ diverged }) => diverged > 0);
  const isPartly = lost.some(({ diverged }) => diverged < seeds.length);
  const groups = [
    { number: count("learned"), fate: "learned the data" },
    { number: count("learned little"), fate: "learned little" },
    { number: count("did not learn"), fate: "ended no better than always predicting the mean" },
    { number: lost.length, fate: isPartly ? "diverged in some seeds or all" : "diverged" },
  ].filter(({ number }) => number > 0);
  const [best] = ended.sort((a, b) => a.cost - b.cost);
  const cost = seeds.length > 1 ? "median final cost" : "final cost";
  const first = best === undefined ? "" : `; ${best.label} has the lowest ${cost}, ${numberText(best.cost)}`;
  const [only, ...others] = groups;
  const fates =
    only !== undefined && others.length === 0
      ? `All ${arms.length} nets ${only.fate}`
      : `Of ${arms.length} nets ${listText(groups.map(({ number, fate }) => `${number} ${fate}`))}`;
  return `${fates}${first}`;
}
