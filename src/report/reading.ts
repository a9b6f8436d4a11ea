import type { PictureName } from "../charts/picture-names.js";
import { countDivergences, hasSeveralSeeds } from "../charts/seed-costs.js";
import { lastUpdate, listText } from "../charts/wording.js";
import { factorText, percentText, shortNumber } from "../experiment/findings.js";
import type { ArmResult, Result, Statistic } from "../experiment/result.js";
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
  const updates = lastUpdate(result);
  const arms = labelledArms(result);
  const told = arms.slice(0, MOST_TOLD).map(({ name, mark, arm }) => {
    const { diverged, of, first } = countDivergences(result, name);
    if (of > 1 && diverged > 0) return `${mark} diverges in ${diverged} of ${of} seeds, first at update ${first}`;
    if (arm.status === "diverged")
      return `${mark} diverges at update ${arm.divergence.update} and has no cost after it`;
    return `${mark} goes from ${shortNumber(arm.costs[0]?.train ?? Number.NaN)} to ${shortNumber(arm.final.train)}${modes(arm)}`;
  });
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  const whose = hasSeveralSeeds(result) ? `Of seed ${result.config.seed}` : "Here";
  return [how, `${whose}, in ${updates} updates: ${[...told, ...more].join("; ")}.`];
}

function modes({ final }: Extract<ArmResult, { status: "trained" }>): string {
  if (final.train === final.inference) return "";
  return ` with the batch's own statistics and ${shortNumber(final.inference)} with the moving averages that prediction uses (dashed)`;
}

function readingOfEffect(result: Result): Reading {
  const how =
    "Each dot is one seed and says how many times lower the arm's final cost is than its control's, which had the same data and weights: right of the line the arm is better, left of it worse.";
  const effects = Object.entries(result.effects);
  const marks = new Map(labelledArms(result).map(({ name, mark }) => [name, mark]));
  const told = effects.slice(0, MOST_TOLD).map(([name, { against, train }]) => {
    const [arm, control] = [marks.get(name) ?? "", marks.get(against) ?? ""];
    const undefinedPairs = train.pairs - train.defined;
    const without =
      undefinedPairs === 0 ? "" : ` (${undefinedPairs} of ${train.pairs} pairs have no ratio, since an arm diverged)`;
    if (train.mean === undefined)
      return `no seed has a final cost for both ${arm} and ${control}, so there is no ratio`;
    const { low, high } = train.mean;
    const factor = factorText(train.mean);
    if (low === undefined || high === undefined)
      return `${arm} against ${control}: a factor of ${factor} in one seed, which tells nothing of others${without}`;
    const certain =
      low > 0
        ? "so it ends lower beyond what the choice of seeds explains"
        : high < 0
          ? "so it ends higher beyond what the choice of seeds explains"
          : "and since the interval includes 1, these seeds do not tell which is better";
    return `${arm} against ${control}: a mean factor of ${factor} with its ${percentText(train.mean.confidence)} interval, ${certain}${without}`;
  });
  const more = effects.length > MOST_TOLD ? [`${effects.length - MOST_TOLD} more arms are drawn`] : [];
  return [how, `With batch statistics, ${[...told, ...more].join("; ")}.`];
}
