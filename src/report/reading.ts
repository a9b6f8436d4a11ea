import { costSeries, countDivergences, drawsTrainingModeOnly, type Series, seedArms } from "../charts/costs/series.js";
import { CHARTS } from "../charts/index.js";
import { lastUpdate, listText } from "../charts/wording.js";
import { endsText, factorsText, timesText } from "../experiment/effect-words.js";
import { ENOUGH_SEEDS } from "../experiment/effects.js";
import type { PairedEffect } from "../record/effects.js";
import type { Result } from "../record/result.js";
import { countedText, numberText, percentText } from "../text/numbers.js";
import { labeledArms, MOST_TOLD, type Reading } from "./labeled-arms.js";
import { predictedApart } from "./mode-gap.js";
import { progressOf, progressText, wayText } from "./progress-words.js";
import { readingOfGap } from "./reading-gap.js";
import { readingOfGradients, readingOfLayers, readingOfVerdicts } from "./reading-layers.js";

const READINGS: ReadonlyMap<string, (result: Result) => Reading> = new Map<string, (result: Result) => Reading>([
  ["data", readingOfData],
  ["costs", readingOfCosts],
  ["effect", readingOfEffect],
  ["histograms", (result) => readingOfLayers(result, "preActivation")],
  ["activations", (result) => readingOfLayers(result, "layerInput")],
  ["verdicts", readingOfVerdicts],
  ["gradients", readingOfGradients],
  ["gap", readingOfGap],
]);

/** What is said above a chart, by its name. */
export function readingOf(chart: string, result: Result): Reading {
  const reading = READINGS.get(chart);
  if (reading === undefined) throw new RangeError(`no words for the chart ${chart}`);
  return reading(result);
}

/** "seed 1 alone", "all 5 seeds": whose nets a chart draws, where there are several. */
export function whoseNets(chart: string, result: Result): string | undefined {
  if (result.seeds.length < 2) return undefined;
  return CHARTS.find(({ name }) => name === chart)?.scope === "every seed"
    ? `all ${result.seeds.length} seeds`
    : `seed ${result.config.seed} alone`;
}

function readingOfData(result: Result): Reading {
  const { grid, truth } = result.data;
  const isAnyTrained = labeledArms(result).some(({ arm }) => arm.status === "trained");
  const lines = isAnyTrained
    ? "and each colored line is what a net predicts after training, with moving averages where it normalizes"
    : "and a net that has diverged has no line";
  const around = result.referenceCosts.noiseFloor === 0 ? "lie on" : "were scattered around";
  const how =
    grid === undefined
      ? "Each dot is a training point: the closer it lies to the dotted diagonal, the nearer a net's prediction (up) comes to the true value (across)."
      : `Each gray dot is a training point${truth === undefined ? "" : `, the dotted line is the curve ${truth} that they ${around}`}, ${lines}.`;
  const trained = labeledArms(result).flatMap(({ mark, arm }) =>
    arm.status === "trained" ? [{ mark, ...arm.final }] : [],
  );
  const lost = labeledArms(result).flatMap(({ mark, arm }) => (arm.status === "diverged" ? [mark] : []));
  const all = trained.slice(0, MOST_TOLD).map(({ mark, inference }) => {
    const cost = typeof inference === "number" ? ` at a cost of ${numberText(inference)}` : "";
    return { whom: `${mark}${cost}`, progress: progressOf(inference, result.referenceCosts) };
  });
  const firstOnTheWay = all.findIndex(({ progress }) => progress.kind === "way");
  const judged = all.map(({ whom, progress }, place) =>
    progress.kind === "way" && place > firstOnTheWay
      ? `${whom} has come ${wayText(progress.share)} of it`
      : `${whom} ${progressText(progress, result.referenceCosts)}`,
  );
  const gone = lost.length === 0 ? [] : [`${listText(lost)} diverged and ${lost.length === 1 ? "has" : "have"} no fit`];
  if (trained.length > MOST_TOLD) judged.push(`${trained.length - MOST_TOLD} more are drawn`);
  return [how, `${[...judged, ...gone].join("; ")}.`];
}

function readingOfCosts(result: Result): Reading {
  const { noiseFloor, predictMean } = result.referenceCosts;
  const mean = `always predicting the mean (${numberText(predictMean)})`;
  const marks =
    noiseFloor === undefined || noiseFloor === 0
      ? `the dotted line marks ${mean}`
      : `the dotted lines mark ${mean} and the noise alone (${numberText(noiseFloor)})`;
  const lines =
    result.seeds.length > 1
      ? "A thick line is the median cost over the seeds and the area around it their middle half"
      : "Each line is the cost of one net";
  const how = `${lines}: lower is better, equal steps up are equal factors while the scale is logarithmic, and ${marks}.`;
  const several = result.seeds.length > 1;
  const arms = labeledArms(result);
  const series = costSeries(result);
  const told = arms.slice(0, MOST_TOLD).map(({ name, mark }) => {
    const [train, moving] = series.filter(({ style }) => style.name === name);
    const { diverged, of, first: at } = countDivergences(result, name);
    if (diverged === of && diverged > 0)
      return several
        ? `${mark} diverges in all ${of} seeds, first at update ${at}`
        : `${mark} diverges at update ${at} and has no cost after it`;
    const shown = moving ?? train;
    const first = shown?.points[0];
    if (shown === undefined || first === undefined) return `${mark} has no finite cost`;
    const start = `${numberText(first.cost)}${first.update === 0 ? "" : ` at update ${first.update}`}`;
    const dashed = moving === undefined ? "" : " (dashed)";
    const lost = diverged === 0 ? "" : `, where ${diverged} of ${of} seeds diverged, first at update ${at}`;
    return `${mark} goes from ${start} to ${endText(shown, measuredTo(result, name))}${dashed}${lost}`;
  });
  const inTraining = arms.slice(0, MOST_TOLD).flatMap(({ name, mark }) => {
    const [train, moving] = series.filter(({ style }) => style.name === name);
    if (moving === undefined || train === undefined || train.points.length === 0) return [];
    return [`${mark} ends at ${endText(train, measuredTo(result, name))}`];
  });
  const more = arms.length > MOST_TOLD ? [`${arms.length - MOST_TOLD} more arms are drawn`] : [];
  const whose = several ? `In the median of ${result.seeds.length} seeds, over` : "Here, over";
  const mode = drawsTrainingModeOnly(result)
    ? " and in training mode, which alone is drawn"
    : inTraining.length === 0
      ? ""
      : " and in inference mode";
  const predicted = `${whose} ${countedText(lastUpdate(result), "update")}${mode}: ${[...told, ...more].join("; ")}.`;
  return [
    how,
    [predicted, ...(inTraining.length === 0 ? [] : [`In training mode (solid), ${listText(inTraining)}.`])].join(" "),
  ];
}

/** The last update at which an arm's costs were measured, in any seed. */
function measuredTo(result: Result, name: string): number {
  return Math.max(0, ...seedArms(result, name).flatMap(({ costs }) => costs.at(-1)?.update ?? []));
}

/** Where a line ends, or that it ends before its arm does. */
function endText({ points }: Series, measuredTo: number): string {
  const last = points.at(-1);
  if (last === undefined) return "no finite cost";
  if (last.update === measuredTo) return numberText(last.cost);
  return `no finite cost (the last one, ${numberText(last.cost)}, is of update ${last.update})`;
}

function readingOfEffect(result: Result): Reading {
  const how =
    "Each dot is one seed and says how many times lower an arm ends than its control, which had the same data and the same random numbers for its weights: right of the line of no effect the arm is better, left of it worse, and a bar that crosses it leaves that open.";
  const marks = new Map(labeledArms(result).map(({ name, mark }) => [name, mark]));
  const effects = Object.entries(result.effects).map(([name, { against, train, inference }]) => ({
    arm: marks.get(name) ?? "",
    control: marks.get(against) ?? "",
    train,
    inference,
  }));
  const isSorted = effects.length > MOST_EXPLAINED;
  const told = isSorted ? sortedEffects(effects) : effects.map(explainedEffect).join("; ");
  const apart = effects.flatMap(({ arm, ...effect }) => {
    const trained = predictedApart(effect) === undefined ? undefined : effect.train.mean;
    return trained === undefined ? [] : [`${arm} ${timesText(trained.estimate)}`];
  });
  const inTraining = apart.length === 0 ? "" : ` In training mode: ${listText(apart)}.`;
  const over = isSorted && result.seeds.length > 1 ? ` over ${result.seeds.length} seeds:` : "";
  return [how, `In inference mode,${over} ${told}.${inTraining}`];
}

interface Effect {
  readonly arm: string;
  readonly control: string;
  readonly train: PairedEffect;
  readonly inference: PairedEffect;
}

/** More effects than these are sorted by what they tell. */
const MOST_EXPLAINED = 2;

const FEW_SEEDS = 10;

function findingText(finding: "lower" | "higher" | "open", seeds: number): string {
  if (finding === "open") return "so these seeds do not tell which ends lower";
  return seeds < FEW_SEEDS
    ? "which chance among so few seeds hardly explains"
    : "which is more than chance among the seeds explains";
}

function findingOf({ mean }: PairedEffect): "lower" | "higher" | "open" | "single" | "none" {
  if (mean === undefined) return "none";
  if (mean.low === undefined || mean.high === undefined) return "single";
  return mean.low > 0 ? "lower" : mean.high < 0 ? "higher" : "open";
}

function explainedEffect({ arm, control, inference }: Effect): string {
  const { mean, pairs, defined } = inference;
  const lost = pairs - defined;
  const without = lost === 0 ? "" : ` (${lost} of ${pairs} pairs have no ratio, since an arm diverged)`;
  if (mean === undefined) return `no seed has a final cost for both ${arm} and ${control}, so there is no ratio`;
  const finding = findingOf(inference);
  if (finding === "single" || finding === "none")
    return `${endsText(arm, control, mean.estimate)} in one seed, which tells nothing of others${without}`;
  const over = `${endsText(arm, control, mean.estimate)} in the geometric mean over ${defined} seeds`;
  if (mean.low === mean.high) return `${over}, as in each of them${without}`;
  return `${over} (${percentText(mean.confidence)} interval ${intervalText(mean)}), ${findingText(finding, defined)}${without}`;
}

/** "6.44 to 7.56", or with both directions where it holds both. */
function intervalText({ low = 0, high = 0 }: NonNullable<PairedEffect["mean"]>): string {
  if (low < 0 !== high < 0) return `from ${timesText(low)} to ${timesText(high)}`;
  return factorsText(low, high);
}

/** Each arm under what its interval tells, with its mean factor. */
function sortedEffects(effects: readonly Effect[]): string {
  const among = (finding: ReturnType<typeof findingOf>, text: (logRatio: number) => string) => {
    const arms = effects.filter(({ inference }) => findingOf(inference) === finding);
    return listText(
      arms.map(({ arm, inference: { mean } }) => (mean === undefined ? arm : `${arm} (${text(mean.estimate)})`)),
    );
  };
  const seeds = Math.max(...effects.map(({ inference }) => inference.pairs));
  const surely = seeds < ENOUGH_SEEDS ? "probably" : "clearly";
  const factor = (logRatio: number) => timesText(logRatio).replace(/ (lower|higher)$/, "");
  const [lower, higher] = [among("lower", factor), among("higher", factor)];
  const [open, single, none] = [among("open", timesText), among("single", timesText), among("none", timesText)];
  return [
    ...(lower ? [`${surely} lower than their controls end ${lower}`] : []),
    ...(higher ? [`${surely} higher ${lower ? "" : "than their controls end "}${higher}`] : []),
    ...(open ? [`undecided ${open}`] : []),
    ...(single ? [`one seed alone, which tells nothing of others, has ${single}`] : []),
    ...(none ? [`no seed in which both end, and so no ratio, have ${none}`] : []),
  ].join("; ");
}
