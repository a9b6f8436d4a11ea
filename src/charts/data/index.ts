import { ownEntry } from "../../record/own-entry.js";
import type { Result } from "../../record/result.js";
import type { Statistic } from "../../record/values.js";
import { fits, points, truth } from "../../tables/fits.js";
import { t } from "../../text/language.js";
import { countedText, countText, numberText } from "../../text/numbers.js";
import { axisNumbers } from "../axis-numbers.js";
import type { Chart } from "../chart.js";
import { extentOf } from "../log-axis.js";
import { armsOf, endText, isSingle, type Runs, type StyledArm, styledArms } from "../runs.js";
import { activationText, lastUpdate } from "../wording.js";
import { columnNames, type Domain, dataDomains } from "./domain.js";
import { agreementSpec, curvesOfOne, curvesOfSeveral } from "./spec.js";

const SAMPLES = t`training samples`;

/** The training data and what each trained arm makes of them; of several runs where these have the same data. */
export const data: Chart = {
  name: "data",
  subject: t`The data and each arm's fit`,
  scope: "first seed",
  title: (runs) => {
    const [{ result }] = runs;
    if (!isSingle(runs)) return t`Data and fits — ${runs.length} runs`;
    return t`Data and fits after ${countedText(lastUpdate(result), "update")} — ${activationText(result)}`;
  },
  tables: [points, truth, fits],
  spec: (runs, view) => {
    const [{ result }] = runs;
    // A picture has one axis for what is predicted.
    if (runs.some(({ result }) => result.config.sizes.at(-1) !== 1)) return undefined;
    const { x, y } = dataDomains(result);
    if (isSingle(runs)) return x === undefined ? agreementSpec(runs, y, view) : curvesOfOne(result, view);
    const isTrained = runs.some(({ result }) => styledArms(result).some(({ arm }) => arm.status === "trained"));
    const isCommon = runs.every((run) => run.result.pairing.data === result.pairing.data);
    return x !== undefined && isTrained && isCommon ? curvesOfSeveral(runs, view) : undefined;
  },
  caption: (runs) =>
    isSingle(runs)
      ? { description: describe(runs[0].result), notes: [reading(runs[0].result)] }
      : { description: describeRuns(runs), notes: [readingOfRuns(runs)] },
};

function reading(record: Result): string {
  const { drawn, trainingSamples } = record.data;
  const { x, y } = dataDomains(record);
  const shown = drawn.y.length;
  const thinned = shown < trainingSamples ? t` of ${countText(trainingSamples)}` : "";
  const arms = styledArms(record);
  const outside = arms.flatMap(({ arm, label }) => {
    if (arm.status !== "trained") return [];
    const away = arm.fit.filter((value) => !isWithin(value, y)).length;
    const of = t`${countText(away)} of ${countText(arm.fit.length)}`;
    return away === 0 ? [] : [t`${of} predictions of ${label} lie outside the picture.`];
  });
  return [
    ...(x === undefined
      ? [t`Predicted against actual ${columnNames(record).y}, one point per sample; dotted: predicted = actual.`]
      : []),
    t`Points: ${countText(shown)}${thinned} ${SAMPLES}. Fits in inference mode.`,
    ...outside,
    // Curves have a legend that says it.
    ...(x === undefined ? arms.flatMap(lostText) : []),
  ].join(" ");
}

function lostText({ arm, label }: StyledArm): string[] {
  return arm.status === "diverged" ? [t`${label}: ${endText(arm)}, no fit.`] : [];
}

function isWithin(value: Statistic, [low, high]: Domain): boolean {
  return typeof value === "number" && value >= low && value <= high;
}

function describe(record: Result): string {
  const { y } = record.data.drawn;
  const isCurve = record.data.grid !== undefined;
  const extent = extentOf(y);
  const ends = extent?.map(axisNumbers(extent).full) ?? [];
  const range = extent === undefined ? "" : t`, ${columnNames(record).y} from ${ends.join(t` to `)}`;
  const curve = isCurve && record.data.truth !== undefined ? [t`The true curve is ${record.data.truth}.`] : [];
  const how = isCurve ? t`as a curve` : t`as predicted against actual values`;
  const arms = styledArms(record).flatMap((styled) =>
    styled.arm.status === "trained"
      ? [
          t`${styled.label} is drawn ${how}, with a cost of ${numberText(styled.arm.final.inference)} in inference mode.`,
        ]
      : lostText(styled),
  );
  return [`${countText(y.length)} ${SAMPLES}${range}.`, ...curve, ...arms].join(" ");
}

function readingOfRuns(runs: Runs): string {
  const { truth } = runs[0].result.data;
  const isSeveral = runs.some(({ result }) => result.seeds.length > 1);
  return [
    t`One panel for each arm, one line for each run's fit in inference mode; gray: training points.`,
    ...(truth === undefined ? [] : [t`Dotted: the true curve ${truth}.`]),
    ...(isSeveral ? [t`Of several seeds, the first one's nets.`] : []),
  ].join(" ");
}

function describeRuns(runs: Runs): string {
  const arms = armsOf(runs).map(({ name, label }) => {
    const ends = runs.flatMap(({ label: run, result }) => {
      const arm = ownEntry(result.arms, name);
      if (arm === undefined) return [];
      const isTrained = arm.status === "trained";
      return isTrained
        ? [t`${run} ends at a cost of ${numberText(arm.final.inference)}`]
        : [t`${run} ${endText(arm)} and has no fit`];
    });
    return `${label}: ${ends.join("; ")}.`;
  });
  return arms.join(" ");
}
