import type { Verdict } from "../experiment/result.js";
import { THRESHOLDS } from "../metrics/health.js";
import type { Table } from "./tables.js";

const percent = (share: number) => `${100 * share} %`;
const { share, growth, secondMoment, tinySecondMoment, gradientShare } = THRESHOLDS;

/** In the order in which they are asked; the first one that holds is the verdict. */
const RULES: readonly (readonly [verdict: Verdict, rule: string])[] = [
  ["exploding", "its second moment (the mean of its squared values) is not finite"],
  [
    "saturated",
    `more than ${percent(share)} of its values lie where the activation is all but flat: |tanh| above 0.97, sigmoid outside 0.03 to 0.97`,
  ],
  ["exploding", `its second moment is more than ${growth} times that of the layer before, and above ${secondMoment}`],
  ["dead", `more than ${percent(share)} of its ReLU units give 0 on every sample`],
  ["constant", `more than ${percent(share)} of its units have the same value on every sample`],
  [
    "vanishing",
    `its second moment is less than 1/${growth} of that of the layer before, and below ${tinySecondMoment}; or less than ${gradientShare} of the output layer's gradient arrives at it`,
  ],
  ["healthy", "none of these holds"],
];

/** What each verdict means, for a reader who has nothing but the page. */
export function verdictRules(): Table {
  return { head: ["verdict", "a hidden layer has it when"], rows: RULES.map((rule) => [...rule]), left: 2 };
}
