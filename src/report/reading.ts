import { accuracySeries } from "../charts/accuracy/series.js";
import { classes } from "../charts/classes/index.js";
import {
  costSeries,
  countDivergences,
  drawsOneMode,
  MODE_NAMES,
  type Series,
  seedArms,
} from "../charts/costs/series.js";
import { CHARTS } from "../charts/index.js";
import { kernelsClause, mapsClause } from "../charts/maps/findings.js";
import { imageText } from "../charts/maps/index.js";
import { alone } from "../charts/runs.js";
import { lastUpdate, listText } from "../charts/wording.js";
import type { Result } from "../record/result.js";
import { t } from "../text/language.js";
import { countedText, numberText, percentText } from "../text/numbers.js";
import { pointsWord } from "../text/places.js";
import { HOW_TO_READ } from "./how-to-read.js";
import { aboutArms, labeledArms, MOST_TOLD } from "./labeled-arms.js";
import { effectHere } from "./reading-effect.js";
import { gapHere } from "./reading-gap.js";
import { receivedHere, verdictsHere } from "./reading-layers.js";
import { drawsStep, storyOf } from "./story.js";

/** How a chart is read, and what it shows in this run. Arms stand in both as their marks. */
export type Reading = readonly [how: string, here: string];

const HERE: Readonly<Record<string, (result: Result) => string>> = {
  costs: costsHere,
  accuracy: accuracyHere,
  effect: effectHere,
  activations: receivedHere,
  verdicts: verdictsHere,
  gap: gapHere,
  maps: (result) => t`For ${imageText(result)} ${mappedText(result, mapsClause)}.`,
  kernels: (result) => `${mappedText(result, kernelsClause)}.`,
  classes: (result) => classes.caption(alone(result)).description,
};

/** What is said beside a chart, by its name; a step's picture shows what the step says. */
export function readingOf(chart: string, result: Result): Reading {
  const how = HOW_TO_READ[chart];
  const here = HERE[chart]?.(result) ?? storyOf(result)?.steps.find(({ id }) => drawsStep(id, chart))?.sentence;
  if (how === undefined) throw new RangeError(`no words for the chart ${chart}`);
  return [how(result), here ?? ""];
}

/** "Seed 1 alone", "All 5 seeds": whose nets a chart draws, where there are several. */
export function whoseNets(chart: string, { seeds, config }: Result): string | undefined {
  if (seeds.length < 2) return undefined;
  const isAll = CHARTS.find(({ name }) => name === chart)?.scope === "every seed";
  return isAll ? t`All ${seeds.length} seeds` : t`Seed ${config.seed} alone`;
}

function costsHere(result: Result): string {
  const several = result.seeds.length > 1;
  const arms = labeledArms(result);
  const series = costSeries(result);
  const modesOf = (name: string) => series.filter(({ style }) => style.name === name);
  const ways = aboutArms(arms, ({ name }) => {
    const [shown] = modesOf(name);
    const { diverged, of, first: at } = countDivergences(result, name);
    if (diverged === of && diverged > 0)
      return several
        ? t`diverges in all ${of} seeds, the first at update ${at}`
        : t`diverges at update ${at} and has no cost after it`;
    const first = shown?.points[0];
    if (shown === undefined || first === undefined) return t`has no finite cost`;
    if (shown.points.length === 1 && diverged === 0) return t`ends at ${endText(shown, measuredTo(result, name))}`;
    const start = `${numberText(first.cost)}${first.update === 0 ? "" : t` at update ${first.update}`}`;
    const lost = diverged === 0 ? "" : t`, but ${diverged} of ${of} seeds diverged, the first at update ${at}`;
    return t`goes from ${start} to ${endText(shown, measuredTo(result, name))}${lost}`;
  });
  const trained = arms.slice(0, MOST_TOLD).flatMap(({ name, mark }) => {
    const train = modesOf(name).find(({ mode }) => mode === "train");
    if (train === undefined || train.points.length === 0) return [];
    return [t`${mark} ends at ${endText(train, measuredTo(result, name))}`];
  });
  const mode = drawsOneMode(result)
    ? t` in inference mode (the only one drawn)`
    : trained.length === 0
      ? ""
      : t` in inference mode`;
  const over = `${several ? t`In the median of ${result.seeds.length} seeds, over` : t`Over`} ${countedText(lastUpdate(result), "update")}`;
  const inTraining = trained.length === 0 ? "" : t` In training mode, ${listText(trained)}.`;
  return `${over}${mode}: ${ways}.${inTraining}`;
}

function accuracyHere(result: Result): string {
  const series = accuracySeries(result);
  const ways = aboutArms(labeledArms(result), ({ name }) => {
    const ends = series.flatMap(({ style, mode, points }) => {
      const last = points.at(-1);
      if (style.name !== name || last === undefined) return [];
      return [{ mode, text: percentText(last.accuracy), update: last.update }];
    });
    const [first, ...others] = ends;
    if (first === undefined) return t`has no accuracy`;
    const end = t`classifies ${first.text} of the ${pointsWord(result.config)} correctly at update ${first.update}`;
    return others.length === 0
      ? end
      : t`${end} in inference mode (${others.map(({ mode, text }) => t`${text} in ${MODE_NAMES[mode]}`).join(", ")})`;
  });
  return `${result.seeds.length > 1 ? t`In the median of ${result.seeds.length} seeds, ` : ""}${ways}.`;
}

/** A clause about each of the two arms whose maps are drawn. */
function mappedText(result: Result, clause: (result: Result, arm: string) => string): string {
  const mapped = labeledArms(result).filter(({ arm }) => arm.maps !== undefined);
  return aboutArms(mapped.slice(0, 2), ({ name }) => clause(result, name));
}

/** The last update at which an arm's costs were measured, in any seed. */
function measuredTo(result: Result, name: string): number {
  return Math.max(0, ...seedArms(result, name).flatMap(({ costs }) => costs.at(-1)?.update ?? []));
}

/** Where a line ends, or that it ends before its arm does. */
function endText({ points }: Series, measuredTo: number): string {
  const last = points.at(-1);
  if (last === undefined) return t`no finite cost`;
  if (last.update === measuredTo) return numberText(last.cost);
  return t`no finite cost (the last one is ${numberText(last.cost)} at update ${last.update})`;
}
