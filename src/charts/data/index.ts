import type { Result } from "../../record/result.js";
import type { Statistic } from "../../record/values.js";
import { fits, points, truth } from "../../tables/fits.js";
import { divergedText } from "../../text/endings.js";
import { countedText, countText, numberText } from "../../text/numbers.js";
import { axisNumbers } from "../axis-numbers.js";
import type { Chart } from "../chart.js";
import { armStyles } from "../theme.js";
import { activationText, lastUpdate } from "../wording.js";
import { columnNames, type Domain, dataDomains } from "./domain.js";
import { dataSpec } from "./spec.js";

const SAMPLES = "training samples";

/** The training data and what each trained arm makes of them. */
export const data: Chart = {
  name: "data",
  subject: "The data and what each arm made of it",
  scope: "first seed",
  title: (record) => `Data and fits after ${countedText(lastUpdate(record), "update")} — ${activationText(record)}`,
  tables: [points, truth, fits],
  spec: dataSpec,
  caption: (record) => ({ description: describe(record), notes: [reading(record)] }),
};

function reading(record: Result): string {
  const { drawn, trainingSamples } = record.data;
  const { x, y } = dataDomains(record);
  const shown = drawn.y.length;
  const thinned = shown < trainingSamples ? ` of ${countText(trainingSamples)}` : "";
  const arms = armStyles(Object.keys(record.arms));
  const outside = arms.flatMap(({ name, label }) => {
    const arm = record.arms[name];
    if (arm?.status !== "trained") return [];
    const away = arm.fit.filter((value) => !isWithin(value, y)).length;
    return away === 0
      ? []
      : [`${countText(away)} of ${countText(arm.fit.length)} predictions of ${label} lie outside the picture.`];
  });
  // Curves have a legend that says it.
  const gone = x === undefined ? arms.flatMap(({ name, label }) => lostText(record, name, label)) : [];
  return [
    ...(x === undefined
      ? [`Predicted against actual ${columnNames(record).y}, one point a sample; dotted: predicted = actual.`]
      : []),
    `Points: ${countText(shown)}${thinned} ${SAMPLES}. Fits in inference mode.`,
    ...outside,
    ...gone,
  ].join(" ");
}

function lostText(record: Result, name: string, label: string): string[] {
  const arm = record.arms[name];
  return arm?.status === "diverged" ? [`${label}: ${divergedText(arm.divergence.update)}, no fit.`] : [];
}

function isWithin(value: Statistic, [low, high]: Domain): boolean {
  return typeof value === "number" && value >= low && value <= high;
}

function describe(record: Result): string {
  const { y } = record.data.drawn;
  const isCurve = record.data.grid !== undefined;
  const low = y.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = y.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const { full } = axisNumbers([low, high]);
  const range = y.length > 0 ? `, ${columnNames(record).y} from ${full(low)} to ${full(high)}` : "";
  const curve = isCurve && record.data.truth !== undefined ? [`The true curve is ${record.data.truth}.`] : [];
  const arms = armStyles(Object.keys(record.arms)).flatMap(({ name, label }) => {
    const arm = record.arms[name];
    if (arm?.status !== "trained") return lostText(record, name, label);
    return [
      `${label} is drawn ${isCurve ? "as a curve" : "as predicted against actual values"}, with a cost of ${numberText(arm.final.inference)} in inference mode.`,
    ];
  });
  return [`${countText(y.length)} ${SAMPLES}${range}.`, ...curve, ...arms].join(" ");
}
