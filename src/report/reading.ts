import { costSeries } from "../charts/cost-series.js";
import type { PictureName } from "../charts/picture-names.js";
import { countDivergences, hasSeveralSeeds } from "../charts/seed-costs.js";
import { lastUpdate, listText } from "../charts/wording.js";
import { factorText, percentText, shortNumber } from "../experiment/findings.js";
import type { PairedEffect, Result, Statistic } from "../experiment/result.js";
import { labelledArms, MOST_TOLD, type Reading } from "./labelled-arms.js";
import { readingOfGap } from "./reading-gap.js";
import { readingOfGradients, readingOfLayers, readingOfVerdicts } from "./reading-layers.js";

const READINGS: Readonly<Record<PictureName, (result: Result) => Reading>> = {
  "data.svg": readingOfData,
  "costs.svg": readingOfCosts,
  "effect.svg": readingOfEffect,
  "histograms.svg": (result) => readingOfLayers(result, "preActivation"),
  "activations.svg": (result) => readingOfLayers(result, "layerInput"),
  "verdicts.svg": readingOfVerdicts,
  "gradients.svg": readingOfGradients,
  "gap.svg": readingOfGap,
};

export function readingOf(picture: PictureName, result: Result): Reading {
  return READINGS[picture](result);
}

function readingOfData(result: Result): Reading {
  const { grid, truth } = result.data;
  const how =
    grid === undefined
      ? "Each dot is a training point: the closer it lies to the dotted diagonal, the nearer a net's prediction (up) comes to the true value (across)."
      : `Each grey dot is a training point${truth === undefined ? "" : `, the dotted line is the curve ${truth} that they were scattered around`}, and each coloured line is what a net predicts after training.`;
  const trained = labelledArms(result).flatMap(({ mark, arm }) =>
    arm.status === "trained" ? [{ mark, ...arm.final }] : [],
  );
  const lost = labelledArms(result).flatMap(({ mark, arm }) => (arm.status === "diverged" ? [mark] : []));
  const { noiseFloor, predictMean } = result.anchors;
  const judged = trained
    .slice(0, MOST_TOLD)
    .map(({ mark, inference }) => `${mark} ${judgement(inference, predictMean, noiseFloor)}`);
  const gone =
    lost.length === 0
      ? []
      : [
          `${listText(lost.slice(0, MOST_TOLD))} ${lost.length === 1 ? "has" : "have"} no fit, for ${lost.length === 1 ? "it" : "they"} diverged`,
        ];
  if (trained.length > MOST_TOLD) judged.push(`${trained.length - MOST_TOLD} more are drawn`);
  return [how, `${[...judged, ...gone].join("; ")}.`];
}

/** What a cost means beside those of knowing nothing and of knowing the truth. */
function judgement(cost: Statistic, predictMean: number, noiseFloor: number | undefined): string {
  if (typeof cost === "string") return `predicts values beyond all numbers (${cost})`;
  const at = `at a cost of ${shortNumber(cost)}`;
  if (cost >= predictMean)
    return `${at} fits no better than a flat line at the mean would (${shortNumber(predictMean)})`;
  if (noiseFloor !== undefined && cost < 1.25 * noiseFloor)
    return `${at} is as close as the noise allows (${shortNumber(noiseFloor)})`;
  if (cost < predictMean / 2) return `${at} has found most of the curve`;
  return `${at} has found little of the curve: a flat line at the mean costs ${shortNumber(predictMean)}`;
}

function readingOfCosts(result: Result): Reading {
  const { noiseFloor, predictMean } = result.anchors;
  const floor = noiseFloor === undefined ? "" : ` and what the noise alone costs (${shortNumber(noiseFloor)})`;
  const lines = hasSeveralSeeds(result)
    ? "A thick line is the median over the seeds and the area around it their middle half"
    : "Each line is one net";
  const how = `${lines}: lower is better, on a scale where equal steps are equal factors, between what predicting the mean costs (${shortNumber(predictMean)})${floor}.`;
  const several = hasSeveralSeeds(result);
  const arms = labelledArms(result);
  const series = costSeries(result);
  const told = arms.slice(0, MOST_TOLD).map(({ name, mark }) => {
    const [train, moving] = series.filter(({ style }) => style.name === name);
    const { diverged, of, first: at } = countDivergences(result, name);
    const [start, end] = [train?.points[0], train?.points.at(-1)];
    if (diverged === of || start === undefined || end === undefined)
      return several
        ? `${mark} diverges in all ${of} seeds, first at update ${at}`
        : `${mark} diverges at update ${at} and has no cost after it`;
    const other = moving?.points.at(-1);
    const modes =
      other === undefined
        ? ""
        : ` with the batch's own statistics and ${shortNumber(other.cost)} with the moving averages that prediction uses (dashed)`;
    const lost = diverged === 0 ? "" : `, where ${diverged} of ${of} seeds diverged, first at update ${at}`;
    return `${mark} goes from ${shortNumber(start.cost)} to ${shortNumber(end.cost)}${modes}${lost}`;
  });
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  const whose = several ? `In the median of ${result.seeds.length} seeds, over` : "Here, over";
  return [how, `${whose} ${lastUpdate(result)} updates: ${[...told, ...more].join("; ")}.`];
}

function readingOfEffect(result: Result): Reading {
  const how =
    "Each dot is one seed and says how many times lower the arm's final cost is than its control's, which had the same data and weights: right of the line the arm is better, left of it worse.";
  const marks = new Map(labelledArms(result).map(({ name, mark }) => [name, mark]));
  const effects = Object.entries(result.effects).map(([name, { against, train }]) => ({
    arm: marks.get(name) ?? "",
    control: marks.get(against) ?? "",
    train,
  }));
  const told = effects.length > MOST_EXPLAINED ? sortedEffects(effects) : effects.map(explainedEffect);
  return [how, `With batch statistics, ${told.join("; ")}.`];
}

interface Effect {
  readonly arm: string;
  readonly control: string;
  readonly train: PairedEffect;
}

/** More effects than these are sorted by what they tell. */
const MOST_EXPLAINED = 2;

const FINDINGS = {
  lower: "beyond what the choice of seeds explains",
  higher: "beyond what the choice of seeds explains",
  open: "the interval includes 1, so these seeds do not tell",
} as const;

function findingOf({ mean }: PairedEffect): keyof typeof FINDINGS | "single" | "none" {
  if (mean === undefined) return "none";
  if (mean.low === undefined || mean.high === undefined) return "single";
  return mean.low > 0 ? "lower" : mean.high < 0 ? "higher" : "open";
}

function explainedEffect({ arm, control, train }: Effect): string {
  const { mean, pairs, defined } = train;
  const lost = pairs - defined;
  const without = lost === 0 ? "" : ` (${lost} of ${pairs} pairs have no ratio, since an arm diverged)`;
  if (mean === undefined) return `no seed has a final cost for both ${arm} and ${control}, so there is no ratio`;
  const factor = factorText(mean);
  const finding = findingOf(train);
  if (finding === "single" || finding === "none")
    return `${arm} against ${control}: a factor of ${factor} in one seed, which tells nothing of others${without}`;
  const tells = finding === "open" ? `and ${FINDINGS.open}` : `so it ends ${finding} ${FINDINGS[finding]}`;
  return `${arm} against ${control}: a mean factor of ${factor} with its ${percentText(mean.confidence)} interval, ${tells}${without}`;
}

/** Each arm under what its interval tells, with its mean factor. */
function sortedEffects(effects: readonly Effect[]): string[] {
  const among = (finding: ReturnType<typeof findingOf>) => {
    const arms = effects.filter(({ train }) => findingOf(train) === finding);
    return listText(
      arms.map(({ arm, train: { mean } }) =>
        mean === undefined ? arm : `${arm} (${shortNumber(Math.exp(mean.estimate))})`,
      ),
    );
  };
  const [lower, higher, open] = (["lower", "higher", "open"] as const).map(among);
  return [
    ...(lower ? [`lower than its control ${FINDINGS.lower}, by the mean factor in brackets: ${lower}`] : []),
    ...(higher ? [`higher ${FINDINGS.higher}: ${higher}`] : []),
    ...(open ? [`${FINDINGS.open}: ${open}`] : []),
    ...(among("single") ? [`one seed alone, which tells nothing of others: ${among("single")}`] : []),
    ...(among("none") ? [`without a seed in which both end: ${among("none")}`] : []),
  ];
}
